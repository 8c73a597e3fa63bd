"""Documents and files in any state, and any step of the table of life."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from chalicelib.domain.causes import DropCause, LateChange, ReleaseCause, RequestCause
from chalicelib.domain.concepts import SoughtInvoice
from chalicelib.domain.events import Actor, Cause, Event, FileStep, OrderStep
from chalicelib.domain.file_content import FileContent
from chalicelib.domain.holds import HoldReason
from chalicelib.domain.ledger import Entry, EntryState, FileEntry, FileState
from chalicelib.domain.life import ORDER_LIFE
from chalicelib.domain.transitions import Transition
from chalicelib.ports import StepTaken
from tests.tables.conftest import DAY, FILE, NOW, Ledger, after, hint, stored, taken
from tests.tables.returns import RETURNS

KEY = hint().key
HINTS = frozenset(t.step for t in ORDER_LIFE if None in t.sources)
STATES = (None, *EntryState)
STEPS = [
    (transition, source)
    for transition in ORDER_LIFE
    for source in transition.sources
    if source is not None and transition.step not in HINTS
]
"""Every step that `record` records, from every state that it is taken from."""

HINTED_BY = [
    (source, by)
    for transition in ORDER_LIFE
    for source in transition.sources
    for by in sorted(transition.by)
    if transition.step in HINTS
]
"""Likewise every hint, and by whom."""

CAUSES: dict[OrderStep, Cause] = {
    OrderStep.HOLD: HoldReason.EMAIL_MISSING,
    OrderStep.HOLD_AGAIN: HoldReason.RATE_FOREIGN,
    OrderStep.DROP: DropCause.NOT_PAID,
    OrderStep.RELEASE: ReleaseCause.NOT_FOUND,
    OrderStep.RETRY: RequestCause.ASKED,
    OrderStep.FREE: RequestCause.ORIGINAL_PLACED,
    OrderStep.REOPEN: RequestCause.RERUN,
    OrderStep.SEND_AGAIN: RequestCause.ON_PURPOSE,
    OrderStep.REPORT: LateChange.REFUNDED,
    OrderStep.ACCEPT: LateChange.REFUNDED,
    OrderStep.SHOW_RIGHT: LateChange.DELETED_THERE,
    OrderStep.DELETE_THERE: LateChange.DELETED_THERE,
}
WAYS: dict[EntryState | None, tuple[OrderStep, ...]] = {
    EntryState.WAITING: (),
    EntryState.CLAIMED: (OrderStep.CLAIM,),
    EntryState.PLACED: (OrderStep.CLAIM, OrderStep.PLACE),
    EntryState.HELD: (OrderStep.CLAIM, OrderStep.HOLD),
    EntryState.DROPPED: (OrderStep.CLAIM, OrderStep.DROP),
}
NEEDS_A_REPORT = {
    OrderStep.WITHDRAW: LateChange.REFUNDED,
    OrderStep.ACCEPT: LateChange.REFUNDED,
    OrderStep.SHOW_RIGHT: LateChange.DELETED_THERE,
}
"""The steps before which something has to be reported, and what."""

FILE_WAYS: dict[FileState, tuple[FileStep, ...]] = {
    FileState.CLAIMED: (),
    FileState.PLACING: (FileStep.FIX,),
    FileState.PLACED: (FileStep.FIX, FileStep.DELIVER),
    FileState.UNKNOWN: (FileStep.FIX, FileStep.LOSE),
    FileState.VOID: (FileStep.FIX, FileStep.MISS),
    FileState.DOUBLE: (FileStep.FIX, FileStep.MISS, FileStep.SURFACE),
}
SOUGHT = SoughtInvoice(
    administration_id=7001,
    day=DAY,
    debtor_id=12,
    description_print="k.d",
    amounts_print="k.a",
    others=(4000,),
    invoice_id=4001,
)
CONTENT = FileContent(
    keys={"order-1": "a", "order-2": "b"},
    sha256="a",
    size=1,
    inbox="i",
    profile="p",
    terms="t",
    returns=RETURNS,
    days={"order-1": DAY, "order-2": date(2026, 1, 2)},
    sales={"invoice-3": "order-3"},
    locked_until=date(2025, 12, 31),
    sought=SOUGHT,
)


def step_of(transition: Transition[EntryState], by: Actor, minutes: float = 60) -> StepTaken:
    """A step of the document `KEY` by somebody, with a cause where it has one."""
    return step(OrderStep(transition.step), by, minutes)


def step(of: OrderStep, by: Actor, minutes: float, key: str = KEY) -> StepTaken:
    """Likewise by its name, and of any document."""
    cause = CAUSES.get(of)
    return taken(
        key,
        of,
        minutes,
        by=by,
        cause=cause,
        note="n",
        detail="d",
        fingerprint=f"p{minutes}",
        booked_on=DAY,
        asperion_id=4001,
        delivered_print="k.p",
        former_file=FILE,
        shown_print="k.s",
    )


def entry_in(
    ledger: Ledger,
    shop_id: int,
    state: EntryState | None,
    *,
    for_step: OrderStep | None = None,
    document_id: int = hint().document_id,
) -> Entry | None:
    """A document in that state, with a reported change where the step needs one."""
    if state is None:
        return None
    hinted = hint(document_id)
    assert ledger.entries.record_hint(shop_id, hinted, at=NOW, by=Actor.WEBHOOK)
    for minutes, of in enumerate(WAYS[state], start=1):
        assert ledger.entries.record(shop_id, step(of, Actor.EXPORT, minutes, hinted.key)), of
    reported = None if for_step is None else NEEDS_A_REPORT.get(for_step)
    if reported is not None:
        report = step(OrderStep.REPORT, Actor.WATCH, len(WAYS[state]) + 1, hinted.key)
        report = replace(report, event=replace(report.event, cause=reported))
        assert ledger.entries.record(shop_id, report), reported
    return stored(ledger, shop_id, hinted.key)


def file_in(ledger: Ledger, shop_id: int, state: FileState) -> FileEntry:
    """A file in that state."""
    file = ledger.files.create(shop_id, DAY, at=NOW, by=Actor.EXPORT)
    for minutes, of in enumerate(FILE_WAYS[state], start=1):
        event = Event(at=after(minutes), step=of, by=Actor.EXPORT)
        moved = ledger.files.record(file, event, CONTENT if of is FileStep.FIX else None)
        assert moved is not None
        file = moved
    return file
