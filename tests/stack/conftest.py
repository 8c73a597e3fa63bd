"""A shop of its own for every test of the stack."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.stack.world import World
from tools.played_day import Day

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.stack)


@pytest.fixture
def day(world: World) -> Iterator[Day]:
    """A shop that has not installed the connector yet; gone when the test ends."""
    day = world.day()
    yield day
    remove(day)


def remove(day: Day) -> None:
    """The shop leaves, and so do its messages: no later night has to visit it, and one that failed
    and is to come back keeps nobody waiting.
    """
    day.shop("POST", "faults", {"clear": True})
    day.client("sqs").purge_queue(QueueUrl=day.stack.queue_url)
    signed = day.shop("POST", "uninstall-url", {"shop_id": day.shop_id})["url"]
    day.browser.get(signed, timeout=60)
