"""From when on the app books, as the installation asks it; older orders are counted first."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from chalicelib.domain.migrations import Migration, MigrationState
from chalicelib.domain.shops import ShopState
from chalicelib.errors import QueueError, ShopUnavailable
from tests.edge.web.install.answered_steps import SINCE, make_order, press, reach
from tests.fakes.web import NOW, PUBLIC_URL, SHOP_ID, Browser, World


def test_from_a_date_on_what_comes_along_is_counted_before_the_button(
    browser: Browser, world: World
) -> None:
    for id_, days in ((1, 40), (2, 10), (3, 2), (4, 1)):
        make_order(world, id_, NOW - timedelta(days=days), "not_paid" if id_ == 4 else "paid")
    amount = world.api.orders[2].price_incl + world.api.orders[3].price_incl

    page = press(browser, reach(browser, "start"), **SINCE)

    assert "Dit gaat mee vanaf 1 november 2026" in page.body
    assert "2 bestellingen" in page.body
    assert f"{amount:.2f}".replace(".", ",") in page.body
    assert "al geboekt?" in page.body
    assert "Installeer de koppeling</button>" in page.body
    assert world.shops.load(SHOP_ID, Migration) is None

    done = press(browser, page)

    migration = world.shops.load(SHOP_ID, Migration)
    assert migration is not None
    assert migration.state is MigrationState.RUNNING
    assert (migration.first, migration.last) == (
        datetime.fromisoformat("2026-10-31T23:00:00+00:00"),
        datetime.fromisoformat("2026-11-23T23:00:00+00:00"),
    )
    assert "De bestellingen vanaf 1 november 2026 worden nu opgehaald" in done.body
    assert f'href="{PUBLIC_URL}/migration"' in done.body
    assert world.shop.state is ShopState.ACTIVE


@pytest.mark.parametrize("typed", ["1-11-2026", "01/11/2026", "2026-11-01"])
def test_a_date_may_be_written_as_people_write_it(browser: Browser, typed: str) -> None:
    page = press(browser, reach(browser, "start"), start="since", since=typed)

    assert "vanaf 1 november 2026" in page.body


def test_who_changes_his_mind_begins_today_after_all(browser: Browser, world: World) -> None:
    page = press(browser, reach(browser, "start"), **SINCE)
    assert f'href="{PUBLIC_URL}/install/start">Terug' in page.body

    done = press(browser, browser.get("/install/start"), start="today")

    assert "De koppeling is actief" in done.body
    assert world.shops.load(SHOP_ID, Migration) is None


def test_a_shop_that_cannot_count_leaves_two_ways(browser: Browser, world: World) -> None:
    start = reach(browser, "start")
    world.api.fail(ShopUnavailable("no answer"), "orders_created_between")

    page = press(browser, start, **SINCE)

    assert page.status == 200
    assert "niet kunnen tellen" in page.body
    assert "Installeer de koppeling</button>" not in page.body
    assert f'href="{PUBLIC_URL}/install/count"' in page.body
    assert f'href="{PUBLIC_URL}/install/start"' in page.body
    world.api.recover()
    assert "0 bestellingen" in browser.get("/install/count").body


def test_a_count_without_a_date_asks_for_one(browser: Browser, world: World) -> None:
    reach(browser, "start")

    assert "Vanaf wanneer" in browser.follow(browser.get("/install/count")).body
    browser.post("/install/count", {})
    assert world.shop.state is ShopState.INSTALLING


def test_older_orders_go_along_tonight_when_the_queue_takes_no_message(
    browser: Browser, world: World
) -> None:
    count = press(browser, reach(browser, "start"), **SINCE)
    world.queue.error = QueueError("no queue")

    done = press(browser, count)

    # The message is lost, and the night takes the orders along all the same.
    assert "worden nu opgehaald" in done.body
    migration = world.shops.load(SHOP_ID, Migration)
    assert migration is not None
    assert migration.state is MigrationState.RUNNING


def test_another_migration_under_way_is_not_replaced_and_the_last_page_says_so(
    browser: Browser, world: World
) -> None:
    count = press(browser, reach(browser, "start"), **SINCE)
    former = Migration(
        state=MigrationState.RUNNING, first=NOW - timedelta(days=90), last=NOW, at=NOW
    )
    world.shops.save(SHOP_ID, former)

    done = press(browser, count)

    assert world.shops.load(SHOP_ID, Migration) == former
    assert "zijn nog niet onderweg" in done.body
    assert world.shop.state is ShopState.ACTIVE
