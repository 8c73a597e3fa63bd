"""A biography that grows long is shortened, in memory and on DynamoDB alike."""

from __future__ import annotations

import logging

import pytest

from chalicelib.domain.bounds import MOST_EVENTS
from chalicelib.domain.events import Actor, OrderStep
from chalicelib.domain.holds import HoldReason
from chalicelib.domain.ledger import EntryState
from tests.tables.conftest import FILE, Ledger, stored, taken, waiting
from tests.tables.entry_life import claim, retry

S = OrderStep


def go_round(ledger: Ledger, shop_id: int, key: str, times: int) -> None:
    """Taken up by a file, held, and released by a person, so many times."""
    for number in range(times):
        claim(ledger, shop_id, key)
        hold = taken(
            key, S.HOLD, number, by=Actor.EXPORT, cause=HoldReason.EMAIL_MISSING, file=FILE
        )
        assert ledger.entries.record(shop_id, hold) is not None
        assert retry(ledger, shop_id, key)


def test_it_keeps_its_beginning_and_its_end(
    ledger: Ledger, shop_id: int, caplog: pytest.LogCaptureFixture
) -> None:
    key = waiting(ledger, shop_id).key
    go_round(ledger, shop_id, key, 20)
    before = stored(ledger, shop_id, key)
    with caplog.at_level(logging.WARNING):
        go_round(ledger, shop_id, key, 60)
    entry = stored(ledger, shop_id, key)

    assert 100 < len(entry.history) <= MOST_EVENTS
    assert entry.history[:20] == before.history[:20]
    assert [event.step for event in entry.history[-3:]] == [S.CLAIM, S.HOLD, S.RETRY]
    assert entry.state is EntryState.WAITING
    assert entry.asked_by is Actor.MERCHANT
    assert all("zzyzx" not in record.getMessage() for record in caplog.records)


def test_one_that_is_short_stays_as_it_is(ledger: Ledger, shop_id: int) -> None:
    key = waiting(ledger, shop_id).key
    go_round(ledger, shop_id, key, 20)
    assert len(stored(ledger, shop_id, key).history) == 1 + 3 * 20
