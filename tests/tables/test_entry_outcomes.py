"""The port `Entries`: what becomes of a claimed order, and of a booked one afterwards."""

from __future__ import annotations

import pytest

from chalicelib.domain.causes import DropCause, LateChange, ReleaseCause, RequestCause
from chalicelib.domain.events import Actor, OrderStep
from chalicelib.domain.holds import HoldReason
from chalicelib.domain.ledger import EntryState
from tests.tables.conftest import FILE, Ledger, after, stored, taken, waiting
from tests.tables.entry_life import (
    ENDINGS,
    MISSING_ORDER,
    OTHER_FILE,
    accept,
    claim,
    end,
    ended,
    report,
    retry,
    send_again,
    story,
)

W, C, P, H, D = EntryState
S = OrderStep


def test_a_placed_order_keeps_its_file_and_fingerprint(ledger: Ledger, shop_id: int) -> None:
    key = ended(ledger, shop_id, P)
    entry = stored(ledger, shop_id, key)
    assert (entry.state, entry.file, entry.fingerprint) == (P, FILE, "f" * 64)
    assert (entry.since, entry.hold) == (after(2), None)
    assert story(ledger, shop_id, key)[-1] == (S.PLACE, Actor.EXPORT, None, FILE, "")


def test_an_order_placed_with_a_refund_is_on_the_list_of_changes_at_once(
    ledger: Ledger, shop_id: int
) -> None:
    entry = waiting(ledger, shop_id)
    claim(ledger, shop_id, entry.key)
    refunded = LateChange.REFUNDED
    placed = taken(entry.key, S.PLACE, 2, by=Actor.EXPORT, cause=refunded, file=FILE)

    assert ledger.entries.record(shop_id, placed)
    assert ledger.entries.record(shop_id, placed) is None, "doing it again changes nothing"

    placed_one = stored(ledger, shop_id, entry.key)
    assert (placed_one.state, placed_one.change) == (P, refunded)
    assert placed_one.reported_at == placed_one.refund_reported_at == after(2)
    assert [each.key for each in ledger.entries.list_changed(shop_id)] == [entry.key]
    assert accept(ledger, shop_id, entry.key, refunded, minutes=3)
    assert ledger.entries.list_changed(shop_id) == []


def test_a_held_order_says_why(ledger: Ledger, shop_id: int) -> None:
    entry = waiting(ledger, shop_id)
    claim(ledger, shop_id, entry.key)

    assert end(ledger, shop_id, entry.key, H, detail="DE 19")

    held = stored(ledger, shop_id, entry.key)
    assert (held.state, held.hold, held.hold_detail) == (H, "email_missing", "DE 19")
    assert (held.file, held.since) == (None, after(2))
    assert story(ledger, shop_id, entry.key)[-1] == (
        *(S.HOLD, Actor.EXPORT, HoldReason.EMAIL_MISSING, FILE, ""),
    )


@pytest.mark.parametrize("to", [D, W])
def test_a_dropped_or_released_order_leaves_its_file(
    ledger: Ledger, shop_id: int, to: EntryState
) -> None:
    key = ended(ledger, shop_id, to)

    left = stored(ledger, shop_id, key)
    step, cause = ENDINGS[to]
    assert (left.state, left.file, left.hold, left.hold_detail) == (to, None, None, "")
    assert left.drop_cause == (DropCause.CANCELLED if to is D else None)
    assert story(ledger, shop_id, key)[-1] == (step, Actor.EXPORT, cause, FILE, "")


@pytest.mark.parametrize("to", ENDINGS)
def test_only_the_file_that_claimed_an_order_says_what_becomes_of_it(
    ledger: Ledger, shop_id: int, to: EntryState
) -> None:
    entry = waiting(ledger, shop_id)
    assert not end(ledger, shop_id, entry.key, to)
    ledger.entries.record(shop_id, taken(entry.key, S.CLAIM, 1, file=OTHER_FILE))
    assert not end(ledger, shop_id, entry.key, to)
    assert not end(ledger, shop_id, MISSING_ORDER, to)
    assert stored(ledger, shop_id, entry.key).state is C
    assert ledger.entries.get(shop_id, MISSING_ORDER) is None


def test_what_becomes_of_an_order_is_recorded_once(ledger: Ledger, shop_id: int) -> None:
    key = ended(ledger, shop_id, P)
    assert not end(ledger, shop_id, key, H)
    assert stored(ledger, shop_id, key).state is P


def test_a_step_of_somebody_who_never_takes_it_is_a_mistake(ledger: Ledger, shop_id: int) -> None:
    with pytest.raises(ValueError, match="webhook may not take the step place"):
        ledger.entries.record(shop_id, taken("order-301", S.PLACE, 1, by=Actor.WEBHOOK))


def test_a_cause_of_another_step_is_a_mistake(ledger: Ledger, shop_id: int) -> None:
    dropped = taken("order-301", S.DROP, 1, cause=ReleaseCause.BUDGET)
    with pytest.raises(ValueError, match="drop is not caused by"):
        ledger.entries.record(shop_id, dropped)


@pytest.mark.parametrize(
    ("step", "file"), [(S.HOLD, FILE), (S.DROP, FILE), (S.CLAIM, None), (S.PLACE, None)]
)
def test_a_step_that_does_not_say_its_cause_or_file_is_a_mistake(
    ledger: Ledger, shop_id: int, step: OrderStep, file: str | None
) -> None:
    with pytest.raises(ValueError, match="needs a cause or a file"):
        ledger.entries.record(shop_id, taken("order-301", step, 1, file=file))


def test_sending_again_raises_the_revision_and_keeps_the_reason(
    ledger: Ledger, shop_id: int
) -> None:
    key = ended(ledger, shop_id, P)
    report(ledger, shop_id, key, LateChange.EDITED, 3)

    assert send_again(ledger, shop_id, key, 4, "deleted by mistake")

    entry = stored(ledger, shop_id, key)
    assert (entry.state, entry.revision, entry.file, entry.change) == (W, 1, None, None)
    assert (entry.fingerprint, entry.reported_at) == ("f" * 64, after(3))
    assert story(ledger, shop_id, key)[-1] == (
        *(S.SEND_AGAIN, Actor.MERCHANT, RequestCause.ON_PURPOSE, None, "deleted by mistake"),
    )
    assert ledger.entries.list_changed(shop_id) == []


def test_a_reported_change_takes_its_print_along_unless_it_was_booked_anew(
    ledger: Ledger, shop_id: int
) -> None:
    key = ended(ledger, shop_id, P)
    before = stored(ledger, shop_id, key)

    def report_details(known: str) -> bool:
        details = taken(
            key,
            S.REPORT,
            3,
            by=Actor.WATCH,
            cause=LateChange.DETAILS,
            file=None,
            fingerprint="g" * 64,
            read_fingerprint=known,
        )
        return ledger.entries.record(shop_id, details) is not None

    assert not report_details("e" * 64)
    assert stored(ledger, shop_id, key) == before
    assert report_details("f" * 64)
    entry = stored(ledger, shop_id, key)
    assert (entry.change, entry.fingerprint) == (LateChange.DETAILS, "g" * 64)
    assert entry.details_reported_at == entry.reported_at == after(3)
    assert story(ledger, shop_id, key)[-1] == (
        *(S.REPORT, Actor.WATCH, LateChange.DETAILS, None, ""),
    )


def test_asking_again_for_a_held_order_leaves_the_revision(ledger: Ledger, shop_id: int) -> None:
    key = ended(ledger, shop_id, H)

    assert retry(ledger, shop_id, key)
    assert not retry(ledger, shop_id, key)
    again = stored(ledger, shop_id, key)
    assert (again.state, again.revision, again.hold) == (W, 0, None)


def test_an_unknown_order_is_not_sent_again(ledger: Ledger, shop_id: int) -> None:
    assert not send_again(ledger, shop_id, MISSING_ORDER, 1)
    assert ledger.entries.get(shop_id, MISSING_ORDER) is None


def test_a_waiting_or_claimed_order_is_never_pulled_out_of_its_file_by_a_request(
    ledger: Ledger, shop_id: int
) -> None:
    entry = waiting(ledger, shop_id)
    assert not send_again(ledger, shop_id, entry.key, 1)
    claim(ledger, shop_id, entry.key)
    assert not send_again(ledger, shop_id, entry.key, 2)
    assert not retry(ledger, shop_id, entry.key)
    assert stored(ledger, shop_id, entry.key).state is C


def test_a_late_change_is_listed_until_somebody_accepts_it(ledger: Ledger, shop_id: int) -> None:
    key = ended(ledger, shop_id, P)

    assert report(ledger, shop_id, key, LateChange.CANCELLED, 3)
    assert not report(ledger, shop_id, key, LateChange.CANCELLED, 4)
    assert [e.change for e in ledger.entries.list_changed(shop_id)] == [LateChange.CANCELLED]

    assert not accept(ledger, shop_id, key, LateChange.EDITED, 5)
    assert accept(ledger, shop_id, key, LateChange.CANCELLED, 5)
    assert not accept(ledger, shop_id, key, LateChange.CANCELLED, 6)
    assert ledger.entries.list_changed(shop_id) == []
    assert stored(ledger, shop_id, key).since == after(2)
    assert story(ledger, shop_id, key)[-2:] == [
        (S.REPORT, Actor.SWEEP, LateChange.CANCELLED, None, ""),
        (S.ACCEPT, Actor.MERCHANT, LateChange.CANCELLED, None, ""),
    ]


def test_a_change_that_is_gone_is_withdrawn_once(ledger: Ledger, shop_id: int) -> None:
    key = ended(ledger, shop_id, P)
    gone = taken(key, S.WITHDRAW, 4, by=Actor.SWEEP, file=None)
    assert not ledger.entries.record(shop_id, gone)
    report(ledger, shop_id, key, LateChange.UNPAID, 3)
    assert ledger.entries.record(shop_id, gone)
    assert not ledger.entries.record(shop_id, gone)
    entry = stored(ledger, shop_id, key)
    assert (entry.change, entry.reported_at) == (None, after(3))
    assert ledger.entries.list_changed(shop_id) == []


def test_only_placed_orders_can_have_changed_afterwards(ledger: Ledger, shop_id: int) -> None:
    entry = waiting(ledger, shop_id)
    assert not report(ledger, shop_id, entry.key, LateChange.EDITED, 1)
    assert not report(ledger, shop_id, MISSING_ORDER, LateChange.EDITED, 1)
    assert ledger.entries.list_changed(shop_id) == []
    assert ledger.entries.get(shop_id, MISSING_ORDER) is None
