"""Whatever address is asked for through API Gateway, by whatever method: a page of ours answers."""

from __future__ import annotations

from contextlib import closing
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest

from chalicelib.web.http.client_routes import EVERY_HANDLER
from tests.stack.world import World
from tools.played_day import Day

READ = [path for method, path in EVERY_HANDLER if method == "GET"]
NOWHERE = ["/nope", "/nope/", "/orders/a/b/c", "/orders/a%2Fb/c", "/settings/x/", "/webhooks/1"]


@pytest.fixture(scope="module")
def api(world: World) -> str:
    return world.stack.api_url


def ask(api: str, method: str, path: str) -> tuple[int, dict[str, str], str]:
    """Status, headers by lower-cased names, and body, of an address exactly as it is written."""
    parts = urlsplit(api)
    with closing(HTTPConnection(str(parts.hostname), parts.port, timeout=60)) as connection:
        connection.request(method, parts.path + path)
        answer = connection.getresponse()
        headers = {name.lower(): value for name, value in answer.getheaders()}
        return answer.status, headers, answer.read().decode()


def test_every_page_answers_head_as_get(api: str) -> None:
    for pattern in READ:
        path = pattern.replace("{", "").replace("}", "")
        status, headers, body = ask(api, "GET", path)
        asked = ask(api, "HEAD", path)
        assert asked[0] == status < 500, path
        assert asked[2] == "", path
        assert body or "location" in headers, path
        for name in ("content-type", "content-security-policy", "cache-control"):
            assert asked[1][name] == headers[name], path


@pytest.mark.parametrize("path", NOWHERE)
def test_an_address_without_a_page_gets_our_own_page(api: str, path: str) -> None:
    status, headers, body = ask(api, "GET", path)

    assert status == 404
    assert headers["content-type"].startswith("text/html")
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "<h1>Deze pagina bestaat niet</h1>" in body
    assert f'href="{api}/"' in body
    assert ask(api, "HEAD", path)[0] == 404


@pytest.mark.parametrize("root", ["", "/", "//"])
def test_the_root_is_the_overview_however_its_slash_is_written(api: str, root: str) -> None:
    status, _, body = ask(api, "GET", root)

    assert status == 401  # nobody is signed in
    assert "<h1>Meld u aan</h1>" in body


@pytest.mark.parametrize(
    ("method", "path"), [("DELETE", "/settings"), ("PUT", "/"), ("GET", "/held")]
)
def test_a_method_that_a_page_does_not_take_gets_a_page_that_says_so(
    api: str, method: str, path: str
) -> None:
    status, headers, body = ask(api, method, path)

    assert status == 405
    assert headers["allow"]
    assert "<h1>Dat kan niet op dit adres</h1>" in body


def test_what_api_gateway_turns_away_by_itself_gets_a_page_too(api: str) -> None:
    status, headers, body = ask(api, "BREW", "/settings")

    assert status == 404
    assert headers["content-type"] == "text/html; charset=utf-8"
    assert headers["x-frame-options"] == "DENY"
    assert headers["content-security-policy"].startswith("default-src;")
    assert "<h1>Deze pagina bestaat niet</h1>" in body
    assert f'href="{api}/"' in body


def test_opening_an_active_shop_leads_to_its_overview(day: Day) -> None:
    day.install()

    opened = day.browser.post(f"{day.shop_url}/apps/{day.shop_id}/open", timeout=60)

    assert opened.url == f"{day.stack.api_url}/"
    assert 'aria-current="page">Overzicht' in opened.text
