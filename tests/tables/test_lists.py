"""The port `Entries`: what asks for something, in the order in which it is dealt with."""

from __future__ import annotations

from datetime import date

import pytest

from chalicelib.domain.ledger import EntryState
from tests.tables.conftest import NOW, Ledger, after, heard, hint, stored
from tests.tables.test_entries import FILE, settled

W, C, P, H, D = EntryState


def test_open_orders_come_oldest_first_whatever_the_length_of_their_ids(
    ledger: Ledger, shop_id: int
) -> None:
    heard(ledger, shop_id, 1000)
    heard(ledger, shop_id, 999)
    heard(ledger, shop_id, 20000, day=date(2026, 1, 22))

    assert [e.document_id for e in ledger.entries.open(shop_id, W)] == [20000, 999, 1000]
    assert [e.document_id for e in ledger.entries.open(shop_id, W, limit=2)] == [20000, 999]


def test_open_orders_are_complete_but_for_their_biography(ledger: Ledger, shop_id: int) -> None:
    entry = heard(ledger, shop_id)
    ledger.entries.claim(entry, FILE, at=after(1))
    settled(ledger, shop_id, entry.key, H, code="payment", detail="klarna")

    (listed,) = ledger.entries.open(shop_id, H)

    full = stored(ledger, shop_id, entry.key)
    assert listed.history == ()
    assert all(
        getattr(listed, name) == getattr(full, name)
        for name in type(full).__slots__
        if name != "history"
    )


def test_each_state_is_counted_apart(ledger: Ledger, shop_id: int) -> None:
    for number in range(301, 306):
        heard(ledger, shop_id, number)
    first, second, *_ = ledger.entries.open(shop_id, W)
    for entry in (first, second):
        ledger.entries.claim(entry, FILE, at=after(1))
    settled(ledger, shop_id, second.key, H, code="payment")

    counts = {state: ledger.entries.count(shop_id, state) for state in (W, C, H)}
    assert counts == {W: 3, C: 1, H: 1}
    assert [e.key for e in ledger.entries.open(shop_id, C)] == [first.key]
    assert [e.key for e in ledger.entries.open(shop_id, H)] == [second.key]


@pytest.mark.parametrize("state", [P, D])
def test_finished_orders_are_in_no_list(ledger: Ledger, shop_id: int, state: EntryState) -> None:
    with pytest.raises(ValueError, match="in no index"):
        ledger.entries.open(shop_id, state)
    with pytest.raises(ValueError, match="in no index"):
        ledger.entries.count(shop_id, state)


def test_all_documents_of_a_number_are_found(ledger: Ledger, shop_id: int) -> None:
    for document_id in (302, 301):
        ledger.entries.hear(shop_id, hint(document_id), at=NOW, by="webhook")
    ledger.entries.hear(shop_id, hint(303, "ORD00413"), at=NOW, by="webhook")
    ledger.entries.hear(shop_id + 1_000_000, hint(304), at=NOW, by="webhook")

    found = ledger.entries.by_number(shop_id, "ORD00412")

    assert [e.key for e in found] == ["order-301", "order-302"]
    assert found[0] == stored(ledger, shop_id, "order-301")
    assert ledger.entries.by_number(shop_id, "ORD99999") == []
