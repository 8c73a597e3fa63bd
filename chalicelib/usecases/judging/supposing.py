"""Judges documents as if the next run took them up now, and writes nothing.

The judgement is the heart's own (`isolating.read_isolated`); what differs is the ledger that it
sees: documents that are looked at wait for a file there, unless they are booked already.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, field, replace
from typing import cast

from chalicelib.axml import Profile, find_unwritable, render, verify
from chalicelib.domain.causes import DropCause
from chalicelib.domain.holds import Hold, HoldReason
from chalicelib.domain.invoices import Invoice
from chalicelib.domain.judgement import NotDue, Verdict
from chalicelib.domain.ledger import DocumentKind, Entry, EntryState, Hint
from chalicelib.domain.shops import Shop
from chalicelib.domain.ways import Way
from chalicelib.errors import RenderedWrong, ShopNotFound, ShopRateLimited, ShopUnavailable
from chalicelib.lazy_dataclass import dataclass
from chalicelib.ports import ShopApi
from chalicelib.usecases.judging.isolating import read_isolated
from chalicelib.usecases.judging.obstacles import find_choice_obstacle
from chalicelib.usecases.judging.read_once import ReadOnce
from chalicelib.usecases.judging.reading import Reading, hold_credit_notes
from chalicelib.usecases.workspace import Workspace

_IN_FILES = (EntryState.CLAIMED, EntryState.PLACED)


@dataclass
class SupposedWorkspace(Workspace):
    """A shop at work as it might be, with a ledger in which `supposed` documents stand as if a run
    had them in hand. `known` are entries as the tables have them; `hidden` is a kind of document
    that counts as unknown.
    """

    known: dict[str, Entry | None] = field(default_factory=dict)
    supposed: dict[str, Entry] = field(default_factory=dict)
    hidden: DocumentKind | None = None

    def entry(self, key: str) -> Entry | None:
        """The document of that key, as it is supposed or else stored; each is read once."""
        if key in self.supposed:
            return self.supposed[key]
        entry = self.stored(key)
        return None if entry is not None and entry.kind is self.hidden else entry

    def stored(self, key: str) -> Entry | None:
        """The document as the tables have it."""
        if key not in self.known:
            self.known[key] = super().entry(key)
        return self.known[key]

    def read_stored(self, keys: Iterable[str]) -> None:
        """Read these documents from the tables in one go."""
        wanted = {key for key in keys if key not in self.known}
        found = self.connector.entries.get_all(self.shop_id, wanted) if wanted else {}
        self.known |= {key: found.get(key) for key in wanted}


def suppose_shop(
    workspace: Workspace,
    api: ReadOnce,
    shop: Shop,
    *,
    known: dict[str, Entry | None],
    hidden: DocumentKind | None = None,
) -> SupposedWorkspace:
    """The shop at work as if it were `shop`, which has other choices or another behaviour, reading
    SEOshop by `api`.
    """
    reader = cast("ShopApi", api)  # judging calls nothing else
    connector = replace(
        workspace.connector, open_shop=lambda shop: reader, open_for_page=lambda shop: reader
    )
    return SupposedWorkspace(
        connector=connector, shop=shop, is_page=workspace.is_page, known=known, hidden=hidden
    )


def judge_supposed(workspace: SupposedWorkspace, hints: Iterable[Hint]) -> dict[str, Reading]:
    """Judge documents, by their keys, the oldest first, as a run does. Those that cannot be read
    are left out; one that is no longer in the shop is `NotDue`.
    """
    ordered = sorted(hints, key=lambda hint: (hint.day, hint.document_id))
    waiting = [_suppose_waiting(workspace, hint) for hint in ordered]
    readings: dict[str, Reading] = {}
    for entry in waiting:
        try:
            reading = read_isolated(workspace, entry)
        except ShopNotFound:
            reading = Reading(verdict=NotDue(DropCause.NOT_FOUND), summary="")
        except (ShopUnavailable, ShopRateLimited):
            continue
        readings[entry.key] = reading
        if entry.key in workspace.supposed:
            workspace.supposed[entry.key] = _suppose_judged(entry, reading.verdict)
    return readings | _hold_unwritable(workspace, readings)


def _suppose_waiting(workspace: SupposedWorkspace, hint: Hint) -> Entry:
    """A document as if a person asked for it just now. In the ledger that others of its sale see it
    waits too, unless it is in a file or was booked by hand.
    """
    stored = workspace.stored(hint.key)
    known = stored or Entry(
        shop_id=workspace.shop_id,
        state=EntryState.WAITING,
        since=workspace.now(),
        **asdict(hint),
    )
    waiting = replace(
        known,
        state=EntryState.WAITING,
        file=None,
        hold=None,
        drop_cause=None,
        asked_at=None,
        has_evidence=True,
        by_hand=False,
    )
    if stored is None or not (stored.state in _IN_FILES or stored.by_hand):
        workspace.supposed[hint.key] = waiting
    return waiting


def _suppose_judged(waiting: Entry, verdict: Verdict) -> Entry:
    """A document after its verdict, on which a credit note that follows depends."""
    if isinstance(verdict, Hold):
        return replace(waiting, state=EntryState.HELD, hold=verdict.reason)
    if isinstance(verdict, NotDue):
        return replace(waiting, state=EntryState.DROPPED, drop_cause=verdict.cause)
    return waiting


def _hold_unwritable(
    workspace: SupposedWorkspace, readings: dict[str, Reading]
) -> dict[str, Reading]:
    """The readings that are held because they cannot go out in the shop's way, or what they
    credit.
    """
    held = {
        key: obstacle
        for key, reading in readings.items()
        if isinstance(reading.verdict, Invoice)
        and (obstacle := _find_obstacle(workspace, reading.verdict))
    }
    held = hold_credit_notes(held, readings) | held
    return {key: replace(readings[key], verdict=hold) for key, hold in held.items()}


def _find_obstacle(workspace: SupposedWorkspace, invoice: Invoice) -> Hold | None:
    """Why an invoice cannot go out, or would be written wrong; None if it can."""
    if workspace.shop.way is Way.API:
        return find_choice_obstacle(workspace, invoice)
    profile = workspace.profile
    try:
        render_invoices(profile, [invoice])
    except RenderedWrong as error:
        wrong = find_unwritable(profile, invoice) or error
        return Hold(HoldReason.UNWRITABLE, wrong.field)
    return None


def render_invoices(profile: Profile, invoices: Sequence[Invoice]) -> bytes:
    """The bytes of a file with these invoices, read back and compared, as a run makes it. Raises
    `ProfileError`, `RenderedWrong`.
    """
    content = render(profile, invoices)
    verify(profile, content, invoices)
    return content
