"""What a page costs: at most two queries of our tables, and at most one call of SEOshop. Reads by
key are no queries. A new page joins `PAGES`; one that cannot do with so little says why.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.adapters.dynamodb import Tables
from chalicelib.domain.causes import LateChange
from chalicelib.domain.ledger import FileState
from chalicelib.domain.open_records import JoinedLists
from chalicelib.domain.shop_records import SharedAddresses, Trouble
from chalicelib.domain.shops import TroubleCause
from chalicelib.domain.statement import Verdict
from tests.edge.web.stored_orders import hint, hold, place, report, state, wait
from tests.fakes.web import SHOP_ID, Browser, World
from tests.tables.conftest import tables_at
from tests.tables.test_calls import counted

MOST = 2
QUERIES = ("Query", "Scan")
DAY = "2026-11-23"
FILE = "axml-orders-20261123-184520-001.xml"

PAGES = ("/", "/settings", "/licence", "/orders/ORD1", "/orders/ORD9", f"/files/{FILE}", "/help")
"""The addresses that a merchant may open, in a shop where everything is going on."""


@pytest.fixture(scope="module")
def desk() -> Iterator[Browser]:
    """A merchant who is signed in; the shop, in tables of moto, has something of everything."""
    with tables_at("moto") as tables:
        yield _fill(tables)


def _fill(tables: Tables) -> Browser:
    world: Any = World()
    world.shops, world.entries, world.files = tables.shops, tables.entries, tables.files
    world.connector = replace(
        world.connector, shops=tables.shops, entries=tables.entries, files=tables.files
    )
    browser = Browser(world)
    browser.install()
    hold(world, "email_missing", "ORD1", "ORD2")
    hold(world, "country_missing", "ORD3")
    wait(world, "ORD4", "ORD5")
    world.clock.advance(hours=37)
    report(world, LateChange.EDITED, "ORD6")
    file = place(world, "ORD7", "ORD8")
    unknown = place(world, "ORD9", state=FileState.UNKNOWN)
    for n in range(9):
        day = (world.clock() - timedelta(days=n)).date().isoformat()
        state(world, day, Verdict.RIGHT, placed=2, files={file.name: 2}, unfinished=(unknown.name,))
    shown = {"a" * 32: (hint("ORD4").key, hint("ORD5").key)}
    tables.shops.save(SHOP_ID, SharedAddresses(reported=("a" * 32,), shown=shown))
    tables.shops.save(SHOP_ID, Trouble(cause=TroubleCause.INBOX_REFUSED, since=world.clock()))
    assert tables.entries.join_lists(SHOP_ID) == 0
    tables.shops.save(SHOP_ID, JoinedLists(at=world.clock()))
    browser.arrive()
    return browser


@pytest.mark.parametrize("page", PAGES)
def test_a_page_costs_two_queries_at_most(desk: Browser, page: str) -> None:
    asked = desk.world.api.calls.total()
    with counted() as calls:
        assert desk.get(page).status == 200
    queries = [call for call in calls if call in QUERIES]
    assert len(queries) <= MOST, queries
    assert desk.world.api.calls.total() - asked <= 1


def test_the_overview_shows_all_that_it_costs(desk: Browser) -> None:
    """What it leaves unread would cost nothing."""
    body = desk.get("/").body
    for number in ("ORD1", "ORD3", "ORD6"):
        assert f"/orders/{number}" in body
    assert "<h1>Er komt nu niets aan in Asperion</h1>" in body
    assert "4 bestellingen vragen uw aandacht." in body
    assert "2 bestellingen wachten al langer dan anderhalve dag" in body
    assert "1 bestelling wordt nagegaan." in body
