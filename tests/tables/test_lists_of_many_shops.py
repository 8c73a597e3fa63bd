"""With thousands of shops no answer of the operator's function reads them all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from botocore.client import BaseClient

from chalicelib.adapters.dynamodb import Tables
from chalicelib.domain.shop_health import RANKS, HealthCause
from chalicelib.domain.slots import SLOTS
from chalicelib.usecases.operating.fleet import shops
from tests.healths import health
from tests.tables.conftest import shop, tables_at

SHOPS = 3_000
SICK = 700
FIRST = 500_000

pytestmark = pytest.mark.slow


@dataclass
class Ledger:
    """As much of a connector as lists need."""

    shops: Any


@pytest.fixture(scope="module")
def fleet() -> Iterator[Ledger]:
    """Shops of which some need somebody."""
    with tables_at("moto") as tables:
        store_shops(tables)
        yield Ledger(tables.shops)


def store_shops(tables: Tables) -> None:
    causes = [*HealthCause]
    causes.remove(HealthCause.TROUBLE)
    for place in range(SHOPS):
        tables.shops.add(shop(FIRST + place))
        if place < SICK:
            cause = causes[place % len(causes)]
            tables.shops.save_health(health(FIRST + place, cause, hours=place % 50))


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """The calls of AWS, counted by name."""
    counted: Counter[str] = Counter()
    ask = BaseClient._make_api_call  # type: ignore[attr-defined]

    def count(client: Any, operation: str, given: Any) -> Any:
        counted[operation] += 1
        return ask(client, operation, given)

    monkeypatch.setattr(BaseClient, "_make_api_call", count)
    return counted


def test_the_worst_cost_two_queries_a_partition(fleet: Any, calls: Counter[str]) -> None:
    answer = shops(fleet, {})
    assert len(answer["shops"]) == 50
    assert sum(answer["counts"].values()) == SICK
    assert calls["Query"] == 2 * RANKS, calls
    assert calls["GetItem"] <= 2, calls
    assert calls.keys() <= {"Query", "GetItem", "DescribeTable"}


def test_a_page_of_all_costs_no_more_than_its_slots(fleet: Any, calls: Counter[str]) -> None:
    answer = shops(fleet, {"action": "list", "limit": 100})
    assert len(answer["shops"]) == 100
    assert calls["Query"] <= 2 * SLOTS, calls
    assert calls["Query"] <= 12, calls
    assert calls["BatchGetItem"] == 2, calls


def follow(fleet: Any, wish: dict[str, Any]) -> list[dict[str, Any]]:
    found, after = list[dict[str, Any]](), None
    while True:
        answer = shops(fleet, wish if after is None else {**wish, "after": after})
        found += answer["shops"]
        after = answer["next"]
        if after is None:
            return found


def test_all_pages_of_the_worst_are_the_sorted_list_of_all(fleet: Any) -> None:
    found = follow(fleet, {"action": "worst", "limit": 100})
    order = ["wrong", "stuck", "late", "look"]
    ranks = [(order.index(one["severity"]), one["since"], one["shop_id"]) for one in found]
    assert ranks == sorted(ranks)
    assert len({one["shop_id"] for one in found}) == len(found) == SICK


def test_a_filter_reads_a_bounded_part_of_the_index(fleet: Any, calls: Counter[str]) -> None:
    answer = shops(fleet, {"action": "worst", "state": "paused", "after": "0#0000000000#1"})
    assert answer["shops"] == []
    assert calls["Query"] <= 10 * RANKS, calls
    assert len(follow(fleet, {"cause": "quiet"})) == len(
        [place for place in range(SICK) if place % 8 == 7]
    )


def test_all_pages_of_all_shops_are_all_shops_once(fleet: Any) -> None:
    found = [one["shop_id"] for one in follow(fleet, {"action": "list", "limit": 100})]
    assert sorted(found) == list(range(FIRST, FIRST + SHOPS))
