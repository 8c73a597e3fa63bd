"""Since when a document waits: a file that gives it back does not make it younger."""

from __future__ import annotations

from typing import Any

from chalicelib.adapters.dynamodb import Tables
from chalicelib.domain.causes import ReleaseCause
from chalicelib.domain.events import Actor, OrderStep
from chalicelib.domain.ledger import Entry, EntryState
from tests.tables.conftest import NOW, Ledger, after, hint, stored, taken, waiting
from tests.tables.entry_life import claim, end, send_again

W, C, P, H, D = EntryState


def through_a_file(ledger: Ledger, entry: Entry, to: EntryState, *, at: float) -> Entry:
    assert claim(ledger, entry.shop_id, entry.key, at)
    ended = end(ledger, entry.shop_id, entry.key, to, at + 1)
    assert ended is not None
    assert ended == stored(ledger, entry.shop_id, entry.key)
    return ended


def test_given_back_it_waits_since_it_was_asked_for(ledger: Ledger, shop_id: int) -> None:
    entry = waiting(ledger, shop_id)
    for night in (10, 20, 30):
        entry = through_a_file(ledger, entry, W, at=night)
        assert (entry.since, entry.history[-1].at) == (NOW, after(night + 1))
        assert entry.claimed_at == after(night)
    (listed,) = ledger.entries.list_waiting(shop_id)
    assert listed.since == NOW


def test_in_a_file_it_is_since_it_was_claimed(ledger: Ledger, shop_id: int) -> None:
    entry = through_a_file(ledger, waiting(ledger, shop_id), W, at=10)
    claimed = claim(ledger, shop_id, entry.key, 20)
    assert claimed is not None
    assert claimed.since == after(20)


def test_asked_for_again_it_waits_anew(ledger: Ledger, shop_id: int) -> None:
    entry = through_a_file(ledger, waiting(ledger, shop_id), H, at=10)
    assert entry.since == after(11)
    ledger.entries.record_hint(shop_id, hint(), at=after(20), by=Actor.SWEEP)
    entry = through_a_file(ledger, stored(ledger, shop_id, entry.key), W, at=30)
    assert entry.since == after(20)
    entry = through_a_file(ledger, entry, P, at=40)
    assert send_again(ledger, shop_id, entry.key, 50)
    entry = through_a_file(ledger, stored(ledger, shop_id, entry.key), W, at=60)
    assert entry.since == after(50)


def test_missing_it_is_since_it_was_not_found_first(ledger: Ledger, shop_id: int) -> None:
    entry = waiting(ledger, shop_id)

    def give_back(minutes: float, cause: ReleaseCause) -> Entry:
        claim(ledger, shop_id, entry.key, minutes)
        released = ledger.entries.record(
            shop_id, taken(entry.key, OrderStep.RELEASE, minutes + 1, cause=cause)
        )
        assert released is not None
        return released

    assert give_back(10, ReleaseCause.BUDGET).missing_since is None
    assert give_back(20, ReleaseCause.NOT_FOUND).missing_since == after(21)
    assert give_back(30, ReleaseCause.NOT_FOUND).missing_since == after(21)
    assert give_back(40, ReleaseCause.BUDGET).missing_since == after(21)
    dropped = through_a_file(ledger, entry, D, at=50)
    assert dropped.missing_since == after(21)
    ledger.entries.record_hint(shop_id, entry.hint, at=after(60), by=Actor.SWEEP)
    assert stored(ledger, shop_id, entry.key).missing_since is None


def test_a_record_from_before_that_was_kept_waits_since_it_was_given_back(
    tables: Tables, shop_id: int
) -> None:
    ledger = Ledger(tables.shops, tables.entries, tables.files)
    entry = waiting(ledger, shop_id)
    model: Any = tables.entries._model
    model(shop_id, entry.key).update([model.asked_at.remove()])
    assert through_a_file(ledger, entry, W, at=10).since == after(11)
    entry = stored(ledger, shop_id, entry.key)
    assert through_a_file(ledger, entry, W, at=20).since == after(11)
