"""Who is signed in, for how long, and from where something may be changed."""

from __future__ import annotations

import pytest

from chalicelib.domain.shops import ShopState
from chalicelib.web.http.http_messages import read_cookies
from chalicelib.web.http.session_cookies import SESSION, SessionCookies
from chalicelib.web.http.tickets import SWITCH
from tests.fakes.web import Browser, World, callback, cookies_of

PAGES = ["/", "/settings", "/orders/ORD1", "/files/x.xml"]
ACTIONS = ["/install", "/settings", "/held", "/pause", "/resume", "/orders/ORD1"]


@pytest.mark.parametrize("path", PAGES)
def test_nobody_sees_a_page_without_signing_in(browser: Browser, path: str) -> None:
    page = browser.get(path)

    assert page.status == 401
    assert "AppCenter" in page.body


@pytest.mark.parametrize("path", ACTIONS)
def test_nobody_changes_anything_without_signing_in(browser: Browser, path: str) -> None:
    assert browser.post(path, {"licence": "A1"}).status == 401


def test_a_session_lasts_twelve_hours(browser: Browser, world: World) -> None:
    browser.install()

    for _ in range(24):
        world.clock.advance(minutes=30)
        assert browser.get("/").status == 200
    world.clock.advance(seconds=1)
    assert browser.get("/").status == 401


def test_who_keeps_a_cookie_beyond_its_time_is_signed_out_all_the_same(
    browser: Browser, world: World
) -> None:
    browser.install()
    for _ in range(36):
        world.clock.advance(minutes=19, seconds=59)
        assert browser.get("/").status == 200
    kept = browser.session
    world.clock.advance(seconds=37)  # twelve hours and a second

    browser.session = kept

    assert browser.get("/").status == 401


def test_half_an_hour_without_a_page_ends_a_session(browser: Browser, world: World) -> None:
    browser.install()

    world.clock.advance(minutes=30, seconds=1)

    assert browser.get("/").status == 401


def test_a_cookie_is_written_anew_before_it_is_idle_and_lasts_no_longer_by_that(
    browser: Browser, world: World
) -> None:
    browser.install()
    browser.get("/")  # which forgets the notice of the installation
    world.clock.advance(seconds=59)
    assert not cookies_of(browser.get("/settings"))
    world.clock.advance(minutes=20)

    (line,) = cookies_of(browser.get("/settings"))

    assert line.startswith(f"{browser.session_name}=")
    assert "; Max-Age=41941" in line
    assert "; Secure" in line


def test_a_cookie_that_was_tampered_with_signs_nobody_in(browser: Browser) -> None:
    browser.install()
    value = browser.session
    browser.session = ("A" if value[0] != "A" else "B") + value[1:]

    assert browser.get("/").status == 401


def test_the_cookie_of_another_deployment_signs_nobody_in(browser: Browser, world: World) -> None:
    browser.install()
    world.secrets.session = ("another",)

    assert browser.get("/").status == 401


def test_a_notice_is_no_session(browser: Browser, world: World) -> None:
    browser.get("/install", callback(world.clock))
    browser.post("/install", {"licence": "A1"})
    browser.session = browser.cookies["__Host-notice"]

    assert browser.get("/").status == 401


def test_a_cookie_ends_with_the_uninstallation(browser: Browser) -> None:
    browser.install()
    stolen = dict(browser.cookies)
    browser.uninstall()
    assert browser.session_name not in browser.cookies

    browser.cookies = stolen

    assert browser.get("/").status == 401


def test_a_cookie_from_before_a_new_installation_signs_nobody_in(
    browser: Browser, world: World
) -> None:
    browser.install()
    old = dict(browser.cookies)
    browser.uninstall()
    world.clock.advance(minutes=1)
    browser.install()
    assert browser.get("/").status == 200

    browser.cookies = old

    assert browser.get("/").status == 401


def test_a_new_token_ends_older_sessions(browser: Browser, world: World) -> None:
    browser.install()
    old = dict(browser.cookies)
    browser.get("/install", callback(world.clock, token="f" * 32))
    assert browser.get("/").status == 200

    browser.cookies = old

    assert browser.get("/").status == 401


def test_the_cookie_is_out_of_reach_for_scripts_other_sites_and_plain_http(
    browser: Browser, world: World
) -> None:
    line, _ = cookies_of(browser.get("/install", callback(world.clock)))

    assert "; HttpOnly" in line
    assert "; SameSite=Lax" in line
    assert "; Secure" in line
    assert "; Path=/;" in line
    assert "Domain" not in line
    assert line.startswith("__Host-merchant=")
    assert "; Max-Age=43200" in line


def test_a_cookie_that_a_neighbouring_domain_may_set_signs_nobody_in(
    browser: Browser, world: World
) -> None:
    browser.install()
    victim = Browser(world)

    for name in ("merchant", "__Secure-merchant", "__host-merchant", "\u2000__Host-merchant"):
        victim.cookies = {name: browser.session}
        assert victim.get("/").status == 401


def test_a_cookie_that_comes_twice_signs_nobody_in(browser: Browser) -> None:
    browser.install()
    header = f"__Host-merchant={browser.session}; \u2000__Host-merchant=x; \xa0a=1;"

    assert read_cookies(header)["__Host-merchant"] == browser.session
    assert "__Host-merchant" not in read_cookies(f"__Host-merchant=x; {header}")


def test_a_cookie_as_an_earlier_version_wrote_it_signs_nobody_in(
    browser: Browser, world: World
) -> None:
    browser.install()
    sessions = SessionCookies(world.connector.settings, world.secrets, world.clock)

    browser.session = sessions.sign(SESSION, list(sessions.describe(world.shop)))

    assert browser.get("/").status == 401


def test_a_ticket_is_no_session(browser: Browser, world: World) -> None:
    browser.install()
    sessions = SessionCookies(world.connector.settings, world.secrets, world.clock)
    content = [*sessions.describe(world.shop), "a-name", world.clock().timestamp()]

    browser.session = sessions.sign(SWITCH, content)

    assert browser.get("/").status == 401
    browser.session = sessions.sign(SESSION, content)
    assert browser.get("/").status == 200


@pytest.mark.parametrize(
    ("url", "secure"),
    [
        ("http://127.0.0.1:4566/stage", False),
        ("http://localhost:4566/stage", False),
        ("http://koppeling.example", True),
    ],
)
def test_only_on_loopback_the_cookie_travels_by_plain_http(url: str, *, secure: bool) -> None:
    world = World(public_url=url)

    line, _ = cookies_of(Browser(world).get("/install", callback(world.clock)))

    assert ("; Secure" in line) is secure


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site", "origin": "https://evil.example"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "none"},
        {"origin": "https://evil.example"},
        {"origin": "https://koppeling.example.evil.example"},
        {"origin": "null"},
    ],
)
def test_another_sites_form_changes_nothing(
    browser: Browser, world: World, headers: dict[str, str]
) -> None:
    browser.install()

    page = browser.post("/pause", headers=headers)

    assert page.status == 403
    assert world.shop.state is ShopState.ACTIVE


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "same-origin", "origin": "null"},
        {"origin": "https://koppeling.example"},
    ],
)
def test_our_own_form_does(browser: Browser, world: World, headers: dict[str, str]) -> None:
    browser.install()

    assert browser.post("/pause", headers=headers).status == 303
    assert world.shop.state is ShopState.PAUSED
