"""The port `Entries`: what asks for something, in the order in which it is dealt with."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date, timedelta

import pytest

from chalicelib.adapters.dynamodb import Tables
from chalicelib.domain.biography import ENTRY_DEFAULTS
from chalicelib.domain.causes import LateChange
from chalicelib.domain.events import Actor, OrderStep
from chalicelib.domain.ledger import DocumentKind, Entry, EntryState, Hint
from tests.fakes.ledger_entries import LISTED
from tests.tables.conftest import DAY, NOW, Ledger, after, hint, stored, taken, waiting
from tests.tables.entry_life import claim, end, ended

W, C, P, H, D = EntryState


def as_listed(entry: Entry) -> Entry:
    """An entry as a list shows it: without facts and biography."""
    unlisted = {f.name: ENTRY_DEFAULTS[f.name] for f in fields(Entry) if f.name not in LISTED}
    return replace(entry, **{**unlisted, "history": ()})  # type: ignore[arg-type]


def test_waiting_orders_come_oldest_first_whatever_the_length_of_their_ids(
    ledger: Ledger, shop_id: int
) -> None:
    waiting(ledger, shop_id, 1000)
    waiting(ledger, shop_id, 999)
    waiting(ledger, shop_id, 20000, day=date(2026, 1, 22))

    assert [e.document_id for e in ledger.entries.list_waiting(shop_id)] == [20000, 999, 1000]
    assert [e.document_id for e in ledger.entries.list_waiting(shop_id, limit=2)] == [20000, 999]


@pytest.mark.parametrize("state", [W, H])
def test_open_orders_are_listed_complete_but_for_biography_and_facts(
    ledger: Ledger, shop_id: int, state: EntryState
) -> None:
    entry = waiting(ledger, shop_id)
    claim(ledger, shop_id, entry.key)
    end(ledger, shop_id, entry.key, state, detail="klarna")

    lists = {W: ledger.entries.list_waiting, H: ledger.entries.list_held}
    (listed,) = lists[state](shop_id)

    assert listed == as_listed(stored(ledger, shop_id, entry.key))


def test_a_list_shows_what_a_file_has_claimed_as_waiting(ledger: Ledger, shop_id: int) -> None:
    entry = waiting(ledger, shop_id)
    claim(ledger, shop_id, entry.key)
    assert ledger.entries.list_waiting(shop_id) == [as_listed(entry)]


def test_what_waits_and_what_is_held_are_counted_apart(ledger: Ledger, shop_id: int) -> None:
    keys = [waiting(ledger, shop_id, number).key for number in range(301, 306)]
    for key in keys[:2]:
        claim(ledger, shop_id, key)
    end(ledger, shop_id, keys[1], H)

    assert ledger.entries.count_waiting(shop_id) == 4
    assert ledger.entries.count_held(shop_id) == 1
    assert [e.key for e in ledger.entries.list_waiting(shop_id)] == [keys[0], *keys[2:]]
    assert [e.key for e in ledger.entries.list_held(shop_id)] == [keys[1]]


def test_what_asks_for_somebody_is_one_list(ledger: Ledger, shop_id: int) -> None:
    """Held, or changed after it was placed; what waits is not in it."""
    keys = [waiting(ledger, shop_id, number).key for number in range(301, 306)]
    for key, state in zip(keys, (P, H, P, H), strict=False):
        claim(ledger, shop_id, key)
        end(ledger, shop_id, key, state)
    report = taken(keys[2], OrderStep.REPORT, 9, by=Actor.SWEEP, cause=LateChange.EDITED, file=None)
    assert ledger.entries.record(shop_id, report)

    entries = ledger.entries
    assert [each.key for each in entries.list_asking(shop_id)] == keys[1:4]
    assert [each.key for each in entries.list_asking(shop_id, limit=2)] == keys[1:3]
    assert [each.key for each in entries.list_held(shop_id)] == [keys[1], keys[3]]
    assert [each.key for each in entries.list_changed(shop_id)] == [keys[2]]
    assert entries.count_held(shop_id) == 2
    assert [each.key for each in entries.list_waiting(shop_id, is_joined=True)] == keys[4:]


def test_what_an_earlier_version_listed_apart_is_moved_once(tables: Tables, shop_id: int) -> None:
    ledger = Ledger(tables.shops, tables.entries, tables.files)
    key = waiting(ledger, shop_id).key
    claim(ledger, shop_id, key)
    end(ledger, shop_id, key, P)
    report = taken(key, OrderStep.REPORT, 9, by=Actor.SWEEP, cause=LateChange.EDITED, file=None)
    tables.entries.record(shop_id, report)
    model = tables.entries._model
    model(shop_id, key).update([model.queue.set(f"{shop_id}#changed")])
    assert tables.entries.list_asking(shop_id) == []
    assert [each.key for each in tables.entries.list_changed(shop_id)] == [key]

    assert [tables.entries.join_lists(shop_id) for _ in range(2)] == [1, 0]

    assert [each.key for each in tables.entries.list_asking(shop_id)] == [key]
    assert [each.key for each in tables.entries.list_changed(shop_id)] == [key]


@pytest.mark.parametrize("state", [P, D])
def test_finished_orders_ask_for_nothing(ledger: Ledger, shop_id: int, state: EntryState) -> None:
    ended(ledger, shop_id, state)
    entries = ledger.entries
    assert entries.list_waiting(shop_id) == entries.list_held(shop_id) == []
    assert entries.list_changed(shop_id) == []
    assert (entries.count_waiting(shop_id), entries.count_held(shop_id)) == (0, 0)


def test_dropped_orders_are_listed_by_the_day_in_amsterdam(ledger: Ledger, shop_id: int) -> None:
    """`NOW` is a quarter past eleven in the evening there."""
    for number, minutes in ((302, 44), (301, 2), (303, 45)):
        entry = waiting(ledger, shop_id, number)
        claim(ledger, shop_id, entry.key)
        end(ledger, shop_id, entry.key, D, minutes)
    dropped = [stored(ledger, shop_id, f"order-{number}") for number in (301, 302, 303)]

    entries = ledger.entries
    assert entries.list_dropped(shop_id, DAY) == [as_listed(entry) for entry in dropped[:2]]
    tomorrow = DAY + timedelta(days=1)
    assert entries.list_dropped(shop_id, tomorrow) == [as_listed(dropped[2])]
    assert entries.list_dropped(shop_id + 1_000_000, DAY) == []

    entries.record_hint(shop_id, dropped[0].hint, at=after(50), by=Actor.SWEEP)
    assert [entry.key for entry in entries.list_dropped(shop_id, DAY)] == [dropped[1].key]


def test_all_documents_of_a_number_are_found(ledger: Ledger, shop_id: int) -> None:
    entries = ledger.entries

    def record(shop: int, hinted: Hint) -> None:
        entries.record_hint(shop, hinted, at=NOW, by=Actor.WEBHOOK)

    for document_id in (302, 301):
        record(shop_id, hint(document_id))
    record(shop_id, hint(303, "ORD00413"))
    record(shop_id + 1_000_000, hint(304))
    record(shop_id, Hint(kind=DocumentKind.REVERSAL, document_id=301, number="ORD00412", day=DAY))

    found = entries.find_by_numbers(shop_id, ["ORD00412"])

    assert [e.key for e in found] == ["order-301", "order-302", "reversal-301"]
    assert found[0] == stored(ledger, shop_id, "order-301")
    assert entries.find_by_numbers(shop_id, ["ORD99999"]) == []


def test_the_newest_numbers_are_listed_whatever_the_state(ledger: Ledger, shop_id: int) -> None:
    entries = ledger.entries
    for number, days in ((301, 2), (302, 0), (303, 1), (304, 1)):
        hinted = replace(hint(number, f"ORD{number}"), day=DAY - timedelta(days=days))
        entries.record_hint(shop_id, hinted, at=NOW, by=Actor.WEBHOOK)
    other = replace(hint(305, "ORD305"), day=DAY)
    entries.record_hint(shop_id + 1_000_000, other, at=NOW, by=Actor.WEBHOOK)
    claim(ledger, shop_id, "order-302")
    end(ledger, shop_id, "order-302", P, 5)

    listed = entries.list_numbers(shop_id)
    assert [each.number for each in listed] == ["ORD302", "ORD304", "ORD303", "ORD301"]
    assert listed[0].key == "order-302"
    assert entries.list_numbers(shop_id, limit=2) == listed[:2]
    of_day = entries.list_numbers(shop_id, day=DAY - timedelta(days=1))
    assert [each.number for each in of_day] == ["ORD304", "ORD303"]
    assert entries.list_numbers(shop_id, day=DAY + timedelta(days=9)) == []


def test_a_number_that_is_put_right_is_listed_as_it_is(ledger: Ledger, shop_id: int) -> None:
    entries = ledger.entries
    entries.record_hint(shop_id, hint(301, "301"), at=NOW, by=Actor.WEBHOOK)

    entries.correct_hint(shop_id, replace(hint(301, "ORD1"), day=DAY - timedelta(days=3)))

    assert [each.number for each in entries.list_numbers(shop_id)] == ["ORD1"]
    assert entries.list_numbers(shop_id, day=DAY) == []
