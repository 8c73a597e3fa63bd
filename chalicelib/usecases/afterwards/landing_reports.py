"""What Asperion shows otherwise than it was delivered, put in front of the merchant; nothing is put
right by itself.
"""

from __future__ import annotations

from collections.abc import Iterable

from chalicelib.domain.causes import LateChange
from chalicelib.domain.concepts import ShownInvoice
from chalicelib.domain.events import Actor, Event, OrderStep
from chalicelib.domain.landing import amounts_print
from chalicelib.domain.ledger import Entry, EntryState
from chalicelib.ports import StepTaken
from chalicelib.usecases.judging.comparing import hidden_change, report_change
from chalicelib.usecases.workspace import Workspace


def report_landing(
    workspace: Workspace, entry: Entry, found: LateChange | None, shown: ShownInvoice | None
) -> bool:
    """Report what was found of a document (None: it is as it was delivered), or take it back.
    Whether there is news for somebody.

    `entry` is as it was before Asperion was read: one that was booked anew meanwhile is left for
    another night, and so is an amount changed in Asperion while the shop shows a change that may be
    the reason for it.
    """
    now = workspace.entry(entry.key)
    if now is None or now.state is not EntryState.PLACED or now.asperion_id != entry.asperion_id:
        return False
    if found is None:
        _take_back(workspace, now)
        return False
    if found is now.change or _is_known(now, found, shown, workspace.prints_keys):
        return False
    if found is LateChange.CHANGED_THERE and now.change is not None:
        return False
    key = workspace.prints_keys[0]
    event = Event(at=workspace.now(), step=OrderStep.REPORT, by=Actor.WATCH, cause=found)
    taken = StepTaken(
        key=now.key,
        event=event,
        fingerprint=now.fingerprint,
        read_fingerprint=now.fingerprint,
        shown_print=None if shown is None else amounts_print(shown.codes, shown.day, key),
    )
    return workspace.connector.entries.record(workspace.shop_id, taken) is not None


def _is_known(
    entry: Entry, found: LateChange, shown: ShownInvoice | None, keys: Iterable[bytes]
) -> bool:
    """Whether this very thing was reported before, or a person did it by the connector."""
    if entry.there is not found:
        return False
    if found is not LateChange.CHANGED_THERE or shown is None:
        return True
    prints = [amounts_print(shown.codes, shown.day, key) for key in keys]
    return entry.shown_print in prints


def _take_back(workspace: Workspace, entry: Entry) -> None:
    """Asperion shows the document as it was delivered: what was reported of it is over, and a
    change in the shop that it hid is shown again.
    """
    if entry.there is None:
        return
    is_shown = entry.change is not None and entry.change.is_in_asperion
    cause = entry.change if is_shown else None
    step = OrderStep.SHOW_RIGHT
    right = workspace.record(entry.key, step, by=Actor.WATCH, cause=cause)
    if right is not None and is_shown:
        report_change(workspace, right, hidden_change(right), by=Actor.WATCH)
