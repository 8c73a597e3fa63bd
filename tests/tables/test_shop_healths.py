"""The port `Healths`: what is wrong with a shop, and all such shops, the worst first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.adapters.dynamodb import Tables
from chalicelib.domain.shop_health import HealthCause, Severity, ShopHealth, list_partitions
from tests.chance import brisk
from tests.healths import drawn_health, health
from tests.tables.conftest import Ledger, new_shop_id, shop, tables_at


def clear(ledger: Ledger) -> None:
    while found := ledger.shops.list_worst(1000):
        for one in found:
            ledger.shops.forget_health(one.shop_id)


def test_a_health_comes_back_as_it_was_kept(ledger: Ledger, shop_id: int) -> None:
    assert ledger.shops.find_health(shop_id) is None
    kept = health(shop_id, HealthCause.DOUBLE_FILES)
    ledger.shops.save_health(health(shop_id))
    ledger.shops.save_health(kept)
    assert ledger.shops.find_health(shop_id) == kept
    assert ledger.shops.find_healths([shop_id, new_shop_id()]) == {shop_id: kept}
    assert ledger.shops.forget_health(shop_id)
    assert not ledger.shops.forget_health(shop_id)
    assert ledger.shops.find_health(shop_id) is None


def test_a_health_is_erased_with_its_shop(ledger: Ledger, shop_id: int) -> None:
    ledger.shops.save_health(health(shop_id))
    assert [kept.key for kept in ledger.shops.extract(shop_id)] == ["health"]
    assert ledger.shops.erase(shop_id, limit=10) == 1
    assert shop_id not in [one.shop_id for one in ledger.shops.list_worst(1000)]


def test_a_health_does_not_make_a_shop_known(ledger: Ledger, shop_id: int) -> None:
    ledger.shops.save_health(health(shop_id))
    assert shop_id not in [known.shop_id for known in ledger.shops.everyone()]
    ledger.shops.add(shop(shop_id))
    assert [known.shop_id for known in ledger.shops.everyone()].count(shop_id) == 1
    ledger.shops.forget_health(shop_id)


@brisk
@given(data=st.data())
def test_pages_are_the_sorted_list_of_all(ledger: Ledger, data: st.DataObject) -> None:
    clear(ledger)
    numbers = [new_shop_id() for _ in range(data.draw(st.integers(0, 25)))]
    drawn = [data.draw(drawn_health(number)) for number in numbers]
    for one in drawn:
        ledger.shops.save_health(one)
    wanted = sorted(drawn, key=lambda one: (-one.severity, one.since, one.shop_id))

    pages = list_pages(ledger, data.draw(st.integers(1, 10)))

    assert [one for page in pages for one in page] == wanted
    assert ledger.shops.count_ranked() == Counter(one.severity for one in drawn)


def list_pages(ledger: Ledger, limit: int) -> list[Sequence[ShopHealth]]:
    pages: list[Sequence[ShopHealth]] = []
    after = ""
    while page := ledger.shops.list_worst(limit, after=after):
        assert len(page) <= limit
        pages.append(page)
        after = page[-1].rank
    return pages


def test_the_worst_are_spread_over_all_partitions() -> None:
    with tables_at("moto") as tables:
        for number in range(100, 140):
            tables.shops.save_health(health(number))
        assert len(list_partitions()) == len(partitions_of(tables))
        assert len(tables.shops.list_worst(100)) == 40


def partitions_of(tables: Tables) -> set[str]:
    model = tables.shops._model
    return {item.ranked for item in model.scan(model.part == "health")}


def test_a_rank_tells_its_severity(ledger: Ledger, shop_id: int) -> None:
    clear(ledger)
    ledger.shops.save_health(health(shop_id, HealthCause.QUIET))
    assert ledger.shops.count_ranked() == {Severity.LOOK: 1}
