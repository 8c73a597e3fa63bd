"""A biography that grows long is shortened, in memory and on DynamoDB alike."""

from __future__ import annotations

import pytest

from chalicelib.domain import biography
from chalicelib.domain.events import Actor, OrderStep
from chalicelib.domain.holds import HoldReason
from chalicelib.domain.ledger import EntryState
from tests.tables.conftest import FILE, Ledger, stored, taken, waiting
from tests.tables.entry_life import claim, retry

S = OrderStep


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Thirty events are many here."""
    monkeypatch.setattr(biography, "MOST_EVENTS", 30)
    monkeypatch.setattr(biography, "_KEPT_FIRST", 4)
    monkeypatch.setattr(biography, "_KEPT_LAST", 9)


def go_round(ledger: Ledger, shop_id: int, key: str, times: int) -> None:
    """Taken up by a file, held, and released by a person, so many times."""
    for number in range(times):
        claim(ledger, shop_id, key)
        hold = taken(
            key, S.HOLD, number, by=Actor.EXPORT, cause=HoldReason.EMAIL_MISSING, file=FILE
        )
        assert ledger.entries.record(shop_id, hold) is not None
        assert retry(ledger, shop_id, key)


def test_it_keeps_its_start_and_its_end(ledger: Ledger, shop_id: int) -> None:
    key = waiting(ledger, shop_id).key
    go_round(ledger, shop_id, key, 9)
    before = stored(ledger, shop_id, key)
    assert len(before.history) == 1 + 3 * 9

    go_round(ledger, shop_id, key, 2)

    entry = stored(ledger, shop_id, key)
    assert len(entry.history) < 20
    assert entry.history[:4] == before.history[:4]
    assert [event.step for event in entry.history[-6:]] == [S.CLAIM, S.HOLD, S.RETRY] * 2
    assert entry.state is EntryState.WAITING
    assert entry.asked_by is Actor.MERCHANT
