"""Without a session a page says what to do, and leads to the AppCenter of the right cluster."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from chalicelib.settings import APP_CENTERS
from chalicelib.web.http.routes import HANDLERS
from tests.edge.web.markup import read
from tests.fakes.web import Browser, World, callback

EUROPE = "https://seoshop.webshopapp.com/backoffice"
AMERICA = "https://store.shoplightspeed.com/backoffice"
OF_THE_SHOP = "https://de-wilg.webshopapp.com/admin"
NAMES = {"{step}": "licence", "{subject}": "vat", "{day}": "2026-11-23"}
PAGES = [
    re.sub(r"\{\w+\}", lambda part: NAMES.get(part[0], "name"), path)
    for method, path in HANDLERS
    if method == "GET" and path not in ("/cancel", "/uninstall")
    if not path.startswith("/clients")  # a bookkeeper's, who comes by mail
]
OPEN_TO_ALL = {
    *("/health", "/help", "/help/name", "/sign-out", "/static/name"),
    *("/unsubscribe", "/confirm-address"),  # by a ticket
    "/verify",
}


def doors(browser: Browser, path: str) -> list[str]:
    links = read(browser.get(path).body).links
    return [link.href for link in links if "AppCenter" in link.text]


@pytest.mark.parametrize("path", [path for path in PAGES if path not in OPEN_TO_ALL])
def test_who_is_not_signed_in_reads_how_and_is_led_to_every_cluster(
    browser: Browser, path: str
) -> None:
    page = browser.get(path)

    assert page.status == 401
    assert "kies in de backoffice Apps, dan deze koppeling en dan ‘Openen’" in page.body
    assert doors(browser, path) == [EUROPE, AMERICA]


def test_a_browser_that_was_signed_in_is_led_to_its_own_shop(
    browser: Browser, world: World
) -> None:
    browser.install()
    world.clock.advance(hours=13)

    assert browser.get("/").status == 401
    assert doors(browser, "/settings") == [OF_THE_SHOP]


def test_a_shop_of_the_other_cluster_is_led_to_that(browser: Browser, world: World) -> None:
    browser.get("/install", callback(world.clock) | {"cluster_id": "us1"})
    world.clock.advance(hours=13)

    assert doors(browser, "/") == ["https://de-wilg.shoplightspeed.com/admin"]


def test_who_signed_out_leaves_no_shop_behind_but_its_cluster(browser: Browser) -> None:
    browser.install()

    page = browser.follow(browser.post("/sign-out"))

    assert "de-wilg" not in page.body
    assert doors(browser, "/sign-out") == doors(browser, "/") == [EUROPE]


def test_who_removed_the_app_leaves_nothing_behind(browser: Browser) -> None:
    browser.install()

    browser.uninstall()

    assert doors(browser, "/") == [EUROPE, AMERICA]


def test_a_cookie_that_somebody_else_wrote_leads_nowhere(browser: Browser) -> None:
    for forged in ("eu1", '["eu1","evil.example/x"]', "WyJldTEiLCJldmlsIl0.aaaa.bbbb"):
        browser.cookies["__Host-shop"] = forged
        assert doors(browser, "/") == [EUROPE, AMERICA]


def test_the_address_is_a_setting(browser: Browser, world: World) -> None:
    here = {**APP_CENTERS, "eu1": "http://127.0.0.1:8071/apps"}
    settings = replace(world.connector.settings, app_centers=here)
    object.__setattr__(world.connector, "settings", settings)

    assert doors(browser, "/") == ["http://127.0.0.1:8071/apps", AMERICA]


def test_opening_an_active_shops_app_leads_to_its_overview(browser: Browser, world: World) -> None:
    browser.install()
    world.clock.advance(hours=13)

    page = browser.arrive()

    assert page.status == 200
    assert "<h1>" in page.body
    assert 'aria-current="page">Overzicht' in page.body
