"""Short stories of one document that tell what the table of life must say, step by step.

Each fails when an effect or a condition that it rests on is gone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from chalicelib.domain.causes import DropCause, LateChange, ReleaseCause
from chalicelib.domain.events import Actor, OrderStep
from chalicelib.domain.holds import HoldReason
from chalicelib.domain.ledger import (
    EntryState,
)
from tests.simulation.steps_by_hand import A_FILE, ANOTHER, DAY, HINTERS, MERCHANT, Ledger
from tests.unit.usecases.late import ORDER
from tests.unit.usecases.stage import SHOP_ID

WAITS_FROM = (
    *((step, state) for step in HINTERS for state in (EntryState.HELD, EntryState.DROPPED)),
    (OrderStep.RETRY, EntryState.HELD),
    (OrderStep.FREE, EntryState.HELD),
    (OrderStep.BOOK_BY_HAND, EntryState.HELD),
    (OrderStep.REOPEN, EntryState.DROPPED),
    (OrderStep.SEND_AGAIN, EntryState.PLACED),
)


def waits_since_it_was_asked_for() -> None:
    for step, state in WAITS_FROM:
        ledger = Ledger()
        ledger.bring_into(state)
        ledger.now += 10 * DAY
        asked_at = ledger.now
        ledger.let_wait(step)
        assert ledger.entry(ORDER).since == asked_at, step
        ledger.now += DAY
        ledger.claim()
        assert ledger.entry(ORDER).since == ledger.now, "claimed"
        assert ledger.take(OrderStep.RELEASE, cause=ReleaseCause.BUDGET, file=A_FILE)
        assert ledger.entry(ORDER).since == asked_at, step


def begins_anew_when_asked_for() -> None:
    for step, state in WAITS_FROM:
        ledger = Ledger()
        ledger.hint(Actor.WEBHOOK)
        ledger.claim()
        assert ledger.take(OrderStep.RELEASE, cause=ReleaseCause.NOT_FOUND, file=A_FILE)
        ledger.bring_into(state)
        if state is EntryState.PLACED:
            assert ledger.take(OrderStep.REPORT, Actor.SWEEP, cause=LateChange.CANCELLED)
        ledger.now += DAY
        ledger.let_wait(step)
        entry = ledger.entry(ORDER)
        outcome = (entry.file, entry.hold, entry.hold_detail, entry.drop_cause, entry.change)
        assert outcome == (None, None, "", None, None), step
        assert entry.missing_since is None, step
        assert entry.revision == (step is OrderStep.SEND_AGAIN)


def a_person_takes_back_what_was_done_by_hand() -> None:
    for step in (OrderStep.ASK, OrderStep.REOPEN):
        ledger = Ledger()
        ledger.bring_into(EntryState.HELD)
        ledger.let_wait(OrderStep.BOOK_BY_HAND)
        assert ledger.entry(ORDER).by_hand
        ledger.claim()
        assert ledger.take(OrderStep.DROP, cause=DropCause.BY_HAND, file=A_FILE)
        ledger.let_wait(step)
        assert not ledger.entry(ORDER).by_hand, step


def goes_on_missing_since_the_first_time() -> None:
    ledger = Ledger()
    ledger.hint(Actor.WEBHOOK)
    first = ledger.now
    for cause in (ReleaseCause.NOT_FOUND, ReleaseCause.NOT_FOUND, ReleaseCause.BUDGET):
        ledger.claim()
        assert ledger.take(OrderStep.RELEASE, cause=cause, file=A_FILE)
        ledger.now += DAY
    assert ledger.entry(ORDER).missing_since == first


def what_an_early_version_claimed_waits_since_it_is_given_back() -> None:
    ledger = Ledger()
    ledger.bring_into(EntryState.CLAIMED)
    ledger.entries.items[SHOP_ID][ORDER] = replace(ledger.entry(ORDER), asked_at=None)
    ledger.now += DAY
    first = ledger.now
    assert ledger.take(OrderStep.RELEASE, cause=ReleaseCause.TIME, file=A_FILE)
    ledger.now += DAY
    ledger.claim()
    assert ledger.take(OrderStep.RELEASE, cause=ReleaseCause.TIME, file=A_FILE)
    assert ledger.entry(ORDER).since == first


def what_a_budget_gives_back_is_not_missing() -> None:
    ledger = Ledger()
    ledger.hint(Actor.WEBHOOK)
    ledger.claim()
    released = ledger.take(OrderStep.RELEASE, cause=ReleaseCause.BUDGET, file=A_FILE)
    assert released is not None
    assert (released.missing_since, released.file) == (None, None)


def is_held_again_with_the_reason_and_the_detail_of_now() -> None:
    for detail in ("BE 21%", ""):
        ledger = Ledger()
        ledger.bring_into(EntryState.HELD)
        held_at = ledger.now
        ledger.now += DAY
        cause = HoldReason.RATE_FOREIGN
        again = ledger.take(OrderStep.HOLD_AGAIN, MERCHANT, cause=cause, detail=detail)
        assert again is not None
        assert (again.state, again.since) == (EntryState.HELD, held_at)
        assert (again.hold, again.hold_detail) == (cause, detail)
    for state in (EntryState.WAITING, EntryState.CLAIMED, EntryState.PLACED, EntryState.DROPPED):
        ledger = Ledger()
        ledger.bring_into(state)
        assert ledger.take(OrderStep.HOLD_AGAIN, MERCHANT, cause=HoldReason.NO_LINES) is None


def belongs_to_the_file_that_claimed_it() -> None:
    ledger = Ledger()
    ledger.bring_into(EntryState.CLAIMED)
    for step, cause in (
        (OrderStep.PLACE, None),
        (OrderStep.HOLD, HoldReason.NO_LINES),
        (OrderStep.DROP, DropCause.NOT_PAID),
        (OrderStep.RELEASE, ReleaseCause.TIME),
        (OrderStep.CLAIM, None),
    ):
        assert ledger.take(step, cause=cause, file=ANOTHER) is None, step
    _is_left_alone(ledger)


def is_left_alone_in_the_books() -> None:
    ledger = Ledger()
    ledger.bring_into(EntryState.PLACED)
    assert ledger.take(OrderStep.PLACE, file=A_FILE) is None
    assert ledger.take(OrderStep.CLAIM, file=ANOTHER) is None
    _is_left_alone(ledger, by_send_again=False)


def _is_left_alone(ledger: Ledger, *, by_send_again: bool = True) -> None:
    for by in HINTERS.values():
        assert not ledger.hint(by), by
    for step in (OrderStep.RETRY, OrderStep.BOOK_BY_HAND, OrderStep.REOPEN):
        assert ledger.take(step, MERCHANT) is None, step
    if by_send_again:
        assert ledger.take(OrderStep.SEND_AGAIN, MERCHANT) is None
        assert ledger.take(OrderStep.REPORT, Actor.SWEEP, cause=LateChange.EDITED) is None


def is_taken_up_only_while_it_waits() -> None:
    for state in (EntryState.HELD, EntryState.DROPPED):
        ledger = Ledger()
        ledger.bring_into(state)
        assert ledger.take(OrderStep.CLAIM, file=ANOTHER) is None, state
    waiting = Ledger()
    waiting.bring_into(EntryState.WAITING)
    assert waiting.take(OrderStep.SEND_AGAIN, MERCHANT) is None
    assert waiting.take(OrderStep.REPORT, Actor.SWEEP, cause=LateChange.EDITED) is None


def reports_and_withdraws_a_change_once() -> None:
    ledger = Ledger()
    ledger.bring_into(EntryState.PLACED)
    for cause in (LateChange.EDITED, LateChange.CANCELLED):
        reported = ledger.take(OrderStep.REPORT, Actor.SWEEP, cause=cause)
        assert reported is not None
        assert (reported.change, reported.reported_at) == (cause, ledger.now)
        assert (reported.refund_reported_at, reported.details_reported_at) == (None, None)
        assert ledger.take(OrderStep.REPORT, Actor.SWEEP, cause=cause) is None
    assert ledger.take(OrderStep.ACCEPT, MERCHANT, cause=LateChange.EDITED) is None
    withdrawn = ledger.take(OrderStep.WITHDRAW, Actor.SWEEP)
    assert withdrawn is not None
    assert withdrawn.change is None
    assert ledger.take(OrderStep.WITHDRAW, Actor.SWEEP) is None


def reports_a_refund_and_nothing_else_with_the_booking() -> None:
    for cause in (None, LateChange.EDITED, LateChange.REFUNDED):
        ledger = Ledger()
        ledger.bring_into(EntryState.CLAIMED)
        placed = ledger.take(OrderStep.PLACE, file=A_FILE, cause=cause)
        assert placed is not None
        is_refund = cause is LateChange.REFUNDED
        assert placed.change == (cause if is_refund else None)
        reported_at = ledger.now if is_refund else None
        assert (placed.reported_at, placed.refund_reported_at) == (reported_at, reported_at)


def keeps_what_the_watch_reported_until_somebody_deals_with_it() -> None:
    for cause, name in (
        (LateChange.REFUNDED, "refund_reported_at"),
        (LateChange.DETAILS, "details_reported_at"),
        (LateChange.VAT_NUMBER, "vat_reported_at"),
    ):
        ledger = Ledger()
        ledger.bring_into(EntryState.PLACED)
        ledger.take(OrderStep.REPORT, Actor.WATCH, cause=cause, fingerprint="seen")
        ledger.take(OrderStep.REPORT, Actor.SWEEP, cause=LateChange.CANCELLED)
        entry = ledger.entry(ORDER)
        assert (getattr(entry, name), entry.fingerprint) == (ledger.now, "seen")
        assert ledger.take(OrderStep.ACCEPT, MERCHANT, cause=LateChange.CANCELLED)
        entry = ledger.entry(ORDER)
        assert (entry.change, getattr(entry, name), entry.refund_accepted_at) == (None, None, None)


STEP_STORIES: tuple[Callable[[], None], ...] = (
    waits_since_it_was_asked_for,
    begins_anew_when_asked_for,
    a_person_takes_back_what_was_done_by_hand,
    goes_on_missing_since_the_first_time,
    what_an_early_version_claimed_waits_since_it_is_given_back,
    what_a_budget_gives_back_is_not_missing,
    is_held_again_with_the_reason_and_the_detail_of_now,
    belongs_to_the_file_that_claimed_it,
    is_left_alone_in_the_books,
    is_taken_up_only_while_it_waits,
    reports_and_withdraws_a_change_once,
    reports_a_refund_and_nothing_else_with_the_booking,
    keeps_what_the_watch_reported_until_somebody_deals_with_it,
)
