"""An address without a page, or a page that does not take what was done, gets our own answer."""

from __future__ import annotations

import pytest

from chalicelib.errors import LedgerThrottled
from chalicelib.web.http.client_routes import list_methods
from chalicelib.web.http.routes import HANDLERS, METHODS
from tests.edge.web.markup import read
from tests.fakes.web import PUBLIC_URL, Browser, World

NOWHERE = [
    "/nope",
    "/nope/",
    "/settings/",
    "//",
    "//settings",
    "/orders",
    "/orders/",
    "/orders/a/b/c",
    "/orders/a%2Fb/c",
    "/files/x.xml/download/now",
    "/static/../app.py",
    "/%2e%2e/%2e%2e/etc/passwd",
    "/.git/config",
    "/wp-login.php",
    "/%00",
    "/%ff%fe",
    "/orders/%E2%80%AEDRO",
    "/" + "a/" * 500,
    "/" + "x" * 8000,
    "/<script>alert(1)</script>",
]


@pytest.mark.parametrize("path", NOWHERE)
@pytest.mark.parametrize("signed_in", [True, False])
def test_an_address_without_a_page_gets_a_page_with_a_way_home(
    browser: Browser, path: str, *, signed_in: bool
) -> None:
    if signed_in:
        browser.install()

    answer = browser.get(path)

    page = read(answer.body)
    assert answer.status == 404
    assert "<h1>Deze pagina bestaat niet</h1>" in answer.body
    assert page.link("Naar het overzicht").href == f"{PUBLIC_URL}/"
    assert page.says("Afmelden") == signed_in
    assert "alert(1)" not in answer.body
    assert str(answer.headers["Content-Security-Policy"]).startswith("default-src 'none'")


@pytest.mark.parametrize("method", METHODS)
def test_no_method_finds_a_page_where_there_is_none(world: World, method: str) -> None:
    answer = Browser(world).send(method, "/orders/a/b/c")

    assert answer.status == 404
    assert bool(answer.body) == (method != "HEAD")


@pytest.mark.parametrize(
    ("method", "path", "takes"),
    [
        ("DELETE", "/", "GET, HEAD"),
        ("PUT", "/settings", "GET, POST, HEAD"),
        ("GET", "/pause", "POST"),
        ("HEAD", "/pause", "POST"),
        ("POST", "/help", "GET, HEAD"),
        ("PATCH", "/orders/ORD1", "GET, POST, HEAD"),
    ],
)
def test_a_page_that_does_not_take_a_method_says_which_it_takes(
    browser: Browser, method: str, path: str, takes: str
) -> None:
    browser.install()

    answer = browser.send(method, path)

    assert answer.status == 405
    assert answer.headers["Allow"] == takes
    if method != "HEAD":
        page = read(answer.body)
        assert "<h1>Dat kan niet op dit adres</h1>" in answer.body
        assert page.link("Naar het overzicht").href == f"{PUBLIC_URL}/"


def test_every_page_that_is_read_answers_head() -> None:
    for method, pattern in HANDLERS:
        methods = list_methods(pattern)
        assert method in methods
        assert ("HEAD" in methods) == ("GET" in methods)


@pytest.mark.parametrize("path", ["/nope", "/orders/a/b/c"])
def test_a_mistyped_address_signs_nobody_out(browser: Browser, path: str) -> None:
    browser.install()

    browser.get(path)

    assert browser.get("/").status == 200


def test_a_mistyped_address_gets_its_page_also_while_the_tables_are_out_of_reach(
    browser: Browser, world: World
) -> None:
    browser.install()

    def fail(*_: object) -> None:
        raise LedgerThrottled("busy")

    world.shops.get = fail  # type: ignore[method-assign, assignment]

    assert browser.get("/nope").status == 404
