"""Since when a document waits: a file that gives it back does not make it younger."""

from __future__ import annotations

from typing import Any

from chalicelib.adapters.dynamodb import Tables
from chalicelib.domain.ledger import Entry, EntryState, Outcome, ReleaseCause
from tests.tables.conftest import NOW, Ledger, after, heard, hint, stored

FILE = "axml-orders-20260123-184520-001.xml"


def through_a_file(ledger: Ledger, entry: Entry, to: EntryState, *, at: float) -> Entry:
    assert ledger.entries.claim(entry, FILE, at=after(at))
    outcome = Outcome(code=ReleaseCause.INBOX_REFUSED)
    ledger.entries.settle(
        entry.shop_id, entry.key, file=FILE, to=to, outcome=outcome, at=after(at + 1)
    )
    return stored(ledger, entry.shop_id, entry.key)


def test_given_back_it_waits_since_it_was_heard_of(ledger: Ledger, shop_id: int) -> None:
    entry = heard(ledger, shop_id)
    for night in (10, 20, 30):
        entry = through_a_file(ledger, entry, EntryState.WAITING, at=night)
        assert (entry.since, entry.history[-1].at) == (NOW, after(night + 1))
    (listed,) = ledger.entries.open(shop_id, EntryState.WAITING)
    assert listed.since == NOW


def test_in_a_file_it_is_since_it_was_claimed(ledger: Ledger, shop_id: int) -> None:
    entry = through_a_file(ledger, heard(ledger, shop_id), EntryState.WAITING, at=10)
    claimed = ledger.entries.claim(entry, FILE, at=after(20))
    assert claimed is not None
    assert claimed.since == after(20)


def test_heard_of_or_asked_for_again_it_waits_anew(ledger: Ledger, shop_id: int) -> None:
    entry = through_a_file(ledger, heard(ledger, shop_id), EntryState.HELD, at=10)
    assert entry.since == after(11)
    ledger.entries.hear(shop_id, hint(), at=after(20), by="sweep")
    entry = through_a_file(ledger, stored(ledger, shop_id, entry.key), EntryState.WAITING, at=30)
    assert entry.since == after(20)
    entry = through_a_file(ledger, entry, EntryState.PLACED, at=40)
    assert ledger.entries.requeue(
        shop_id, entry.key, expect=EntryState.PLACED, at=after(50), by="merchant", reason="again"
    )
    entry = through_a_file(ledger, stored(ledger, shop_id, entry.key), EntryState.WAITING, at=60)
    assert entry.since == after(50)


def test_a_record_from_before_that_was_kept_waits_since_it_was_given_back(
    tables: Tables, shop_id: int
) -> None:
    ledger = Ledger(tables.shops, tables.entries, tables.files)
    entry = heard(ledger, shop_id)
    model: Any = tables.entries._model
    model(shop_id, entry.key).update([model.waits_since.remove()])
    assert through_a_file(ledger, entry, EntryState.WAITING, at=10).since == after(11)
    entry = stored(ledger, shop_id, entry.key)
    assert through_a_file(ledger, entry, EntryState.WAITING, at=20).since == after(11)
