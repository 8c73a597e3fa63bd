"""The port `Entries`: the way of an order through its states."""

from __future__ import annotations

import pytest

from chalicelib.domain.causes import DropCause, LateChange, ReleaseCause, RequestCause
from chalicelib.domain.events import Actor, Cause, OrderStep
from chalicelib.domain.holds import HoldReason
from chalicelib.domain.ledger import DocumentKind, Entry, EntryState, Hint
from tests.tables.conftest import DAY, FILE, NOW, Ledger, after, hint, stored, taken, waiting

W, C, P, H, D = EntryState
S = OrderStep
OTHER_FILE = "axml-orders-20260123-184520-002.xml"
MISSING_ORDER = "order-999"
ENDINGS: dict[EntryState, tuple[OrderStep, Cause | None]] = {
    P: (S.PLACE, None),
    H: (S.HOLD, HoldReason.EMAIL_MISSING),
    D: (S.DROP, DropCause.CANCELLED),
    W: (S.RELEASE, ReleaseCause.BUDGET),
}


def claim(ledger: Ledger, shop_id: int, key: str, minutes: float = 1) -> Entry | None:
    return ledger.entries.record(shop_id, taken(key, S.CLAIM, minutes))


def end(
    ledger: Ledger,
    shop_id: int,
    key: str,
    to: EntryState,
    minutes: float = 2,
    *,
    detail: str = "",
    fingerprint: str | None = None,
) -> Entry | None:
    """What its file makes of a claimed order."""
    step, cause = ENDINGS[to]
    ended = taken(key, step, minutes, cause=cause, detail=detail, fingerprint=fingerprint)
    return ledger.entries.record(shop_id, ended)


def ended(ledger: Ledger, shop_id: int, to: EntryState, document_id: int = 301) -> str:
    """The key of an order that went through a file."""
    entry = waiting(ledger, shop_id, document_id)
    assert claim(ledger, shop_id, entry.key)
    assert end(ledger, shop_id, entry.key, to, fingerprint="f" * 64 if to is P else None)
    return entry.key


def report(ledger: Ledger, shop_id: int, key: str, change: LateChange, minutes: float) -> bool:
    seen = taken(key, S.REPORT, minutes, by=Actor.SWEEP, cause=change, file=None)
    return ledger.entries.record(shop_id, seen) is not None


def accept(ledger: Ledger, shop_id: int, key: str, change: LateChange, minutes: float) -> bool:
    accepted = taken(key, S.ACCEPT, minutes, by=Actor.MERCHANT, cause=change, file=None)
    return ledger.entries.record(shop_id, accepted) is not None


def send_again(ledger: Ledger, shop_id: int, key: str, minutes: float, note: str = "") -> bool:
    cause, by = RequestCause.ON_PURPOSE, Actor.MERCHANT
    again = taken(key, S.SEND_AGAIN, minutes, by=by, cause=cause, file=None, note=note)
    return ledger.entries.record(shop_id, again) is not None


def retry(ledger: Ledger, shop_id: int, key: str, minutes: float = 4) -> Entry | None:
    cause, by = RequestCause.ASKED, Actor.MERCHANT
    again = taken(key, S.RETRY, minutes, by=by, cause=cause, file=None)
    return ledger.entries.record(shop_id, again)


def story(ledger: Ledger, shop_id: int, key: str) -> list[tuple[object, ...]]:
    events = stored(ledger, shop_id, key).history
    return [(e.step, e.by, e.cause, e.file, e.note) for e in events]


def test_a_new_order_waits(ledger: Ledger, shop_id: int) -> None:
    assert ledger.entries.record_hint(shop_id, hint(), at=NOW, by=Actor.WEBHOOK)

    entry = stored(ledger, shop_id, "order-301")
    assert (entry.shop_id, entry.kind, entry.document_id) == (shop_id, DocumentKind.ORDER, 301)
    assert (entry.number, entry.day, entry.state, entry.since) == ("ORD00412", DAY, W, NOW)
    assert (entry.file, entry.hold, entry.hold_detail, entry.revision) == (None, None, "", 0)
    assert (entry.asked_at, entry.asked_by, entry.has_evidence) == (NOW, Actor.WEBHOOK, True)
    assert story(ledger, shop_id, entry.key) == [(S.HINT, Actor.WEBHOOK, None, None, "")]


def test_an_order_hinted_at_twice_is_one_order(ledger: Ledger, shop_id: int) -> None:
    entry = waiting(ledger, shop_id)

    assert not ledger.entries.record_hint(shop_id, hint(), at=after(1), by=Actor.SWEEP)

    assert stored(ledger, shop_id, entry.key) == entry
    assert ledger.entries.count_waiting(shop_id) == 1


def test_the_list_of_the_sweep_is_no_evidence(ledger: Ledger, shop_id: int) -> None:
    ledger.entries.record_hint(shop_id, hint(), at=NOW, by=Actor.SWEEP)
    entry = stored(ledger, shop_id, hint().key)
    assert (entry.asked_by, entry.has_evidence) == (Actor.SWEEP, False)
    assert [event.step for event in entry.history] == [S.DISCOVER]


@pytest.mark.parametrize("by", [Actor.EXPORT, Actor.WATCH, Actor.PLATFORM, Actor.CONNECTOR])
def test_who_records_no_hints_is_refused(ledger: Ledger, shop_id: int, by: Actor) -> None:
    with pytest.raises(ValueError, match="records no hints"):
        ledger.entries.record_hint(shop_id, hint(), at=NOW, by=by)


def test_the_same_number_in_two_shops_is_two_orders(ledger: Ledger, shop_id: int) -> None:
    waiting(ledger, shop_id)
    assert ledger.entries.get(shop_id + 1_000_000, "order-301") is None


def test_an_order_and_an_invoice_of_one_id_are_two_documents(ledger: Ledger, shop_id: int) -> None:
    waiting(ledger, shop_id)
    invoice = Hint(kind=DocumentKind.INVOICE, document_id=301, number="INV00301", day=DAY)
    assert ledger.entries.record_hint(shop_id, invoice, at=NOW, by=Actor.SWEEP)
    assert ledger.entries.count_waiting(shop_id) == 2


def test_an_order_and_its_reversal_share_a_number_and_are_two_documents(
    ledger: Ledger, shop_id: int
) -> None:
    order = waiting(ledger, shop_id)
    reversal = Hint(kind=DocumentKind.REVERSAL, document_id=301, number=order.number, day=DAY)
    assert ledger.entries.record_hint(shop_id, reversal, at=NOW, by=Actor.MERCHANT)
    assert not ledger.entries.record_hint(shop_id, reversal, at=NOW, by=Actor.MERCHANT)
    found = ledger.entries.find_by_number(shop_id, order.number)
    assert [entry.kind for entry in found] == [DocumentKind.ORDER, DocumentKind.REVERSAL]
    assert found[1].key == reversal.key == "reversal-301"


@pytest.mark.parametrize("state", [H, D])
def test_a_held_or_dropped_order_waits_again_after_another_hint(
    ledger: Ledger, shop_id: int, state: EntryState
) -> None:
    key = ended(ledger, shop_id, state)

    other = hint(number="ORD-OTHER")
    assert ledger.entries.record_hint(shop_id, other, at=after(3), by=Actor.SWEEP)

    again = stored(ledger, shop_id, key)
    assert (again.state, again.since, again.file) == (W, after(3), None)
    assert (again.hold, again.hold_detail, again.number) == (None, "", "ORD00301")
    assert (again.drop_cause, again.asked_at, again.asked_by) == (None, after(3), Actor.SWEEP)
    steps = [event.step for event in again.history]
    assert steps == [S.HINT, S.CLAIM, ENDINGS[state][0], S.DISCOVER]


def test_a_claimed_or_placed_order_stays_so_whoever_hints(ledger: Ledger, shop_id: int) -> None:
    entry = waiting(ledger, shop_id)
    claim(ledger, shop_id, entry.key)
    assert not ledger.entries.record_hint(shop_id, hint(), at=after(2), by=Actor.WEBHOOK)
    end(ledger, shop_id, entry.key, P)
    assert not ledger.entries.record_hint(shop_id, hint(), at=after(3), by=Actor.WEBHOOK)
    assert stored(ledger, shop_id, entry.key).state is P


def test_a_claim_takes_a_waiting_order_once(ledger: Ledger, shop_id: int) -> None:
    entry = waiting(ledger, shop_id)

    claimed = claim(ledger, shop_id, entry.key)
    other = ledger.entries.record(shop_id, taken(entry.key, S.CLAIM, 1, file=OTHER_FILE))

    assert other is None
    assert claimed is not None
    assert claimed == stored(ledger, shop_id, entry.key)
    assert (claimed.state, claimed.file, claimed.since) == (C, FILE, after(1))
    assert claimed.claimed_at == after(1)
    assert story(ledger, shop_id, entry.key)[-1] == (S.CLAIM, Actor.EXPORT, None, FILE, "")


def test_an_order_that_nobody_hinted_at_cannot_be_claimed(ledger: Ledger, shop_id: int) -> None:
    assert claim(ledger, shop_id, MISSING_ORDER) is None
    assert ledger.entries.get(shop_id, MISSING_ORDER) is None


def test_many_orders_are_claimed_each_for_itself(ledger: Ledger, shop_id: int) -> None:
    first, second = waiting(ledger, shop_id, 301), waiting(ledger, shop_id, 302)
    claim(ledger, shop_id, first.key)
    keys = [first.key, MISSING_ORDER, second.key]

    answers = ledger.entries.record_all(
        shop_id, [taken(key, S.CLAIM, 2, file=OTHER_FILE) for key in keys]
    )

    assert answers == [None, None, stored(ledger, shop_id, second.key)]
    assert stored(ledger, shop_id, first.key).file == FILE
    assert stored(ledger, shop_id, second.key).file == OTHER_FILE


def test_entries_are_found_by_their_keys(ledger: Ledger, shop_id: int) -> None:
    keys = [waiting(ledger, shop_id, number).key for number in (301, 302)]
    found = ledger.entries.get_all(shop_id, [*keys, MISSING_ORDER, keys[0]])
    assert found == {key: stored(ledger, shop_id, key) for key in keys}
    assert ledger.entries.get_all(shop_id, []) == {}


def test_a_placed_order_keeps_its_file_and_fingerprint(ledger: Ledger, shop_id: int) -> None:
    key = ended(ledger, shop_id, P)
    entry = stored(ledger, shop_id, key)
    assert (entry.state, entry.file, entry.fingerprint) == (P, FILE, "f" * 64)
    assert (entry.since, entry.hold) == (after(2), None)
    assert story(ledger, shop_id, key)[-1] == (S.PLACE, Actor.EXPORT, None, FILE, "")


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
