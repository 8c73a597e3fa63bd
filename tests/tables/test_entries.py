"""The port `Entries`: hints, claims, and who may take a step."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.events import Actor, OrderStep
from chalicelib.domain.ledger import DocumentKind, EntryState, Hint
from tests.tables.conftest import DAY, FILE, NOW, Ledger, after, hint, stored, taken, waiting
from tests.tables.entry_life import (
    ENDINGS,
    MISSING_ORDER,
    OTHER_FILE,
    claim,
    end,
    ended,
    story,
)

W, C, P, H, D = EntryState
S = OrderStep


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
    found = ledger.entries.find_by_numbers(shop_id, [order.number])
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


RIGHT = Hint(
    kind=DocumentKind.ORDER, document_id=301, number="20260013", day=DAY - timedelta(days=2)
)


@pytest.mark.parametrize("state", [W, C, P, H, D])
def test_number_and_day_are_put_right_in_every_state(
    ledger: Ledger, shop_id: int, state: EntryState
) -> None:
    key = waiting(ledger, shop_id).key
    if state is not W:
        claim(ledger, shop_id, key)
    if state not in (W, C):
        end(ledger, shop_id, key, state)
    before = stored(ledger, shop_id, key)

    corrected = ledger.entries.correct_hint(shop_id, RIGHT)

    after_it = stored(ledger, shop_id, key)
    assert corrected == after_it == replace(before, number=RIGHT.number, day=RIGHT.day)
    assert ledger.entries.find_by_numbers(shop_id, [RIGHT.number]) == [after_it]
    assert ledger.entries.find_by_numbers(shop_id, [before.number]) == []


def test_what_waits_is_listed_by_its_right_day(ledger: Ledger, shop_id: int) -> None:
    waiting(ledger, shop_id)
    other = replace(RIGHT, document_id=300, number="ORD00400", day=DAY - timedelta(days=1))
    ledger.entries.record_hint(shop_id, other, at=NOW, by=Actor.WEBHOOK)
    ledger.entries.correct_hint(shop_id, RIGHT)
    listed = ledger.entries.list_waiting(shop_id)
    assert [(one.number, one.day) for one in listed] == [
        ("20260013", DAY - timedelta(days=2)),
        ("ORD00400", DAY - timedelta(days=1)),
    ]


def test_what_nobody_hinted_at_is_not_made_by_putting_it_right(
    ledger: Ledger, shop_id: int
) -> None:
    assert ledger.entries.correct_hint(shop_id, RIGHT) is None
    assert ledger.entries.get(shop_id, RIGHT.key) is None


def test_other_prints_are_noted_of_a_placed_document_that_is_as_it_was_read(
    ledger: Ledger, shop_id: int
) -> None:
    key = ended(ledger, shop_id, EntryState.PLACED)
    before = stored(ledger, shop_id, key)
    read = str(before.fingerprint)
    assert not ledger.entries.note_prints(shop_id, key, "b.c", read="another")
    assert stored(ledger, shop_id, key) == before
    assert ledger.entries.note_prints(shop_id, key, "b.c", read=read)
    assert stored(ledger, shop_id, key) == replace(before, fingerprint="b.c")
    assert not ledger.entries.note_prints(shop_id, key, "d.e", read=read)


@pytest.mark.parametrize("state", [EntryState.HELD, EntryState.DROPPED])
def test_no_prints_are_noted_of_what_is_not_in_the_books(
    ledger: Ledger, shop_id: int, state: EntryState
) -> None:
    key = ended(ledger, shop_id, state)
    before = stored(ledger, shop_id, key)
    assert not ledger.entries.note_prints(shop_id, key, "b.c", read=str(before.fingerprint))
    assert not ledger.entries.note_prints(shop_id, "order-9", "b.c", read="a")
    assert stored(ledger, shop_id, key) == before
