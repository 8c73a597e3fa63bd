"""What signs nobody in uses no link up: a fault, a forged link, a browser that reads ahead."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.domain.shops import ShopState
from chalicelib.errors import LedgerThrottled, ShopUnavailable
from chalicelib.usecases.shop.links import MOST_LINKS
from tests.edge.web.link_arrivals import is_signed_in, used_links
from tests.fakes.web import TOKEN, Browser, World, callback


def test_a_link_is_not_used_up_by_a_shop_that_does_not_answer(
    browser: Browser, world: World
) -> None:
    link = callback(world.clock)
    world.api.fail(ShopUnavailable("no answer"))
    assert browser.get("/install", link).status == 503
    world.api.recover()

    assert browser.get("/install", link).status == 303
    assert is_signed_in(browser)


@pytest.mark.parametrize("is_written", [False, True])
def test_a_link_is_not_used_up_by_a_table_whose_answer_is_lost(
    browser: Browser, world: World, *, is_written: bool
) -> None:
    link, thief, change = callback(world.clock), Browser(world), world.shops.change

    def lose(*given: Any) -> Any:
        world.shops.change = change  # type: ignore[method-assign]
        if is_written:
            change(*given)
        raise LedgerThrottled("the answer was lost")

    world.shops.change = lose  # type: ignore[method-assign, assignment]
    assert browser.get("/install", link).status == 503
    assert not is_signed_in(browser)
    if is_written:
        assert thief.get("/install", link).status == 401

    assert browser.get("/install", link).status == 303
    assert is_signed_in(browser)
    assert thief.get("/install", link).status == 401


def alter(link: dict[str, str]) -> list[dict[str, str]]:
    """A link with one thing another than SEOshop signed."""
    return [
        {**link, "signature": "0" * 32},
        {**link, "signature": link["signature"].upper()},
        {**link, "signature": link["signature"] + "0"},
        {**link, "token": link["token"].upper()},
        {**link, "language": "NL"},
        {**link, "shop_id": "0" + link["shop_id"]},
        {**link, "timestamp": "0" + link["timestamp"]},
        {**link, "cluster_id": "eu2"},
        {**link, "cluster_id": "EU1"},
        {name: value for name, value in link.items() if name != "token"},
    ]


def test_what_is_not_signed_so_stores_nothing(browser: Browser, world: World) -> None:
    for wrong in alter(callback(world.clock)):
        assert browser.get("/install", wrong).status == 401, wrong

    assert (world.shops.records, world.shops.kept, world.shops.audits) == ({}, {}, {})


@pytest.mark.parametrize("name", ["shop_id", "token", "signature", "cluster_id", "more"])
@pytest.mark.parametrize("path", ["/install", "/cancel", "/uninstall"])
def test_a_parameter_that_comes_twice_is_refused(
    browser: Browser, world: World, path: str, name: str
) -> None:
    browser.install()
    before = world.shop
    world.clock.advance(seconds=1)
    link = callback(world.clock, token=TOKEN if path == "/install" else None)

    page = browser._send("GET", path, query=link, repeated=frozenset({name}))

    assert page.status == 401
    assert world.shop == before


def test_head_uses_no_link_up(browser: Browser, world: World) -> None:
    link = callback(world.clock)

    assert browser.head("/install", link).status == 200
    assert not world.shops.records
    assert browser.get("/install", link).status == 303


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec_Purpose": "prefetch"},
        {"Sec_Purpose": "prefetch;prerender"},
        {"Purpose": "prefetch"},
        {"X_Moz": "prefetch"},
        {"Sec_Fetch_Dest": "image"},
        {"Sec_Fetch_Dest": "iframe"},
        {"Sec_Fetch_Dest": "empty"},
    ],
)
def test_a_browser_that_reads_ahead_or_embeds_uses_no_link_up(
    browser: Browser, world: World, headers: dict[str, str]
) -> None:
    link = callback(world.clock)

    page = browser.get("/install", link, **{name.lower(): each for name, each in headers.items()})

    assert page.status == 425
    assert not world.shops.records
    assert not browser.cookies
    assert browser.get("/install", link, sec_fetch_dest="document").status == 303


@pytest.mark.parametrize("path", ["/cancel", "/uninstall"])
def test_a_browser_that_reads_ahead_neither_cancels_nor_uninstalls(
    browser: Browser, world: World, path: str
) -> None:
    browser.install()

    page = browser.get(path, callback(world.clock, token=None), sec_purpose="prefetch")

    assert page.status == 425
    assert world.shop.state is ShopState.ACTIVE


def test_links_without_end_do_not_swell_a_shops_record(browser: Browser, world: World) -> None:
    start = world.clock()
    for second in range(MOST_LINKS):
        stamp = str(int(start.timestamp()) - second)
        assert browser.get("/install", callback(world.clock, timestamp=stamp)).status == 303

    stamp = str(int(start.timestamp()) - MOST_LINKS)
    assert browser.get("/install", callback(world.clock, timestamp=stamp)).status == 400

    assert len(used_links(world).by_link) == MOST_LINKS
    world.clock.advance(minutes=21)
    assert browser.get("/install", callback(world.clock)).status == 303
    assert len(used_links(world).by_link) == 1
