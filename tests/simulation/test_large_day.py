"""A shop of 12,000 orders in a day, under SEOshop's own three windows: more than a day allows."""

from __future__ import annotations

import logging
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

import pytest

from chalicelib.domain.ledger import FileState
from chalicelib.domain.orders import PaymentStatus
from chalicelib.domain.statement import Verdict
from tests.simulation.sim_world import SHOP_ID, World
from tests.simulation.starting import deliver_messages, start_nightly_run

ORDERS, PER_FILE = 12_000, 250
WINDOWS = [(300, 300), (3000, 3600), (12_000, 86_400)]  # calls, seconds


@pytest.fixture
def world() -> World:
    """Nothing goes wrong in it."""
    world = World(7, start=datetime(2026, 1, 5, 9, tzinfo=UTC))
    world.weather.clear()
    world.quiet = True
    world.inbox.mute = False
    world.indexes.catch_up()
    world.settings = replace(world.settings, orders_per_file=PER_FILE)
    world.install()
    world.shop.windows = WINDOWS
    deliver_messages(world)
    return world


def test_all_are_in_files_of_250_and_no_call_is_refused(world: World) -> None:
    def sell() -> None:
        for number in range(ORDERS):
            one = world.shop.create(1000 + number, 1500)
            world.shop.change(one, payment_status=PaymentStatus.PAID, paid_at=world.shop.clock())

    world.machine.at(60.0, sell)
    world.machine.at(16 * 3600.0, partial(start_nightly_run, world))
    logging.disable(logging.CRITICAL)
    try:
        assert world.machine.run(5_000_000)
    finally:
        logging.disable(logging.NOTSET)

    states = Counter(entry.state.value for entry in world.entries.items[SHOP_ID].values())
    files = [file for file in world.files.items[SHOP_ID].values() if file.state is FileState.PLACED]
    (statement,) = world.shops.statements(SHOP_ID, 1)
    assert states == {"placed": ORDERS}
    assert max(len(file.keys) for file in files) == PER_FILE
    assert world.counts["api allowance used up"] == 0
    assert world.wrong == []
    assert (statement.verdict, statement.placed) == (Verdict.RIGHT, ORDERS)
