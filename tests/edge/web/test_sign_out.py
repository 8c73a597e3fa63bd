"""Signing out: the session is over, wherever its cookie is."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chalicelib.domain.events import ShopStep
from chalicelib.domain.shop_records import EndedSessions
from chalicelib.usecases.shop.sessions import MOST_ENDED, SESSION_TIME, end_session
from chalicelib.usecases.workspace import open_workspace
from tests.edge.web.markup import read
from tests.fakes.web import PUBLIC_URL, SHOP_ID, Browser, World, cookies_of


def copy_of(browser: Browser) -> Browser:
    """Another browser with the same cookies, as a thief has them."""
    thief = Browser(browser.world)
    thief.cookies = dict(browser.cookies)
    return thief


@pytest.mark.parametrize("path", ["/", "/settings", "/help", "/orders/none"])
def test_every_page_of_who_is_signed_in_has_the_button(browser: Browser, path: str) -> None:
    browser.install()

    press = read(browser.get(path).body).press("Afmelden")

    assert press.action == f"{PUBLIC_URL}/sign-out"
    assert press.fields == {}


def test_the_form_of_an_installation_has_it_too(browser: Browser) -> None:
    assert read(browser.arrive().body).says("Afmelden")


def test_who_is_not_signed_in_has_none(browser: Browser) -> None:
    for path in ("/", "/help", "/sign-out"):
        assert not read(browser.get(path).body).says("Afmelden")


def test_signing_out_removes_the_cookies_and_tells_how_to_come_back(browser: Browser) -> None:
    browser.install()

    answer = browser.post("/sign-out")
    page = browser.follow(answer)

    assert answer.headers["Location"] == f"{PUBLIC_URL}/sign-out"
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert [*browser.cookies] == ["__Host-shop"]  # where its AppCenter is, and nothing else
    assert any("Max-Age=0" in line and "__Host-merchant" in line for line in cookies_of(answer))
    assert "U bent afgemeld" in page.body
    assert "AppCenter" in page.body
    assert browser.get("/").status == 401


def test_a_cookie_that_was_copied_is_worth_nothing_afterwards(browser: Browser) -> None:
    browser.install()
    thief = copy_of(browser)
    assert thief.get("/").status == 200

    browser.post("/sign-out")

    assert thief.get("/").status == 401
    assert thief.post("/pause").status == 401


def test_a_colleague_stays_signed_in(browser: Browser, world: World) -> None:
    browser.install()
    world.clock.advance(seconds=1)
    colleague = Browser(world)
    colleague.arrive()

    browser.post("/sign-out")

    assert colleague.get("/").status == 200


def test_signing_out_everywhere_ends_every_session_of_the_shop_and_is_in_its_audit(
    browser: Browser, world: World
) -> None:
    browser.install()
    world.clock.advance(seconds=1)
    colleague, thief = Browser(world), copy_of(browser)
    colleague.arrive()
    button = read(browser.get("/settings").body).press("Overal afmelden")

    browser.post("/sign-out", button.fields)

    assert [each.get("/").status for each in (browser, colleague, thief)] == [401, 401, 401]
    assert world.shops.audit(SHOP_ID)[-1].step is ShopStep.END_SESSIONS
    world.clock.advance(seconds=1)
    browser.arrive()
    assert browser.get("/").status == 200


@pytest.mark.parametrize("fields", [{}, {"everywhere": "yes"}])
def test_another_site_signs_nobody_out(browser: Browser, fields: dict[str, str]) -> None:
    browser.install()

    answer = browser.post("/sign-out", fields, headers={"sec-fetch-site": "cross-site"})

    assert answer.status == 403
    assert browser.get("/").status == 200


def test_who_is_not_signed_in_may_press_it_all_the_same(browser: Browser, world: World) -> None:
    assert browser.post("/sign-out").status == 303
    assert browser.post("/sign-out", {"everywhere": "yes"}).status == 303
    assert not world.shops.kept


def test_who_is_still_signed_in_does_not_read_that_he_is_not(browser: Browser) -> None:
    browser.install()

    assert browser.get("/sign-out").headers["Location"] == f"{PUBLIC_URL}/"


def test_a_page_that_was_under_way_does_not_sign_in_again(browser: Browser, world: World) -> None:
    browser.install()
    world.clock.advance(minutes=5)
    slow = copy_of(browser)
    slow.get("/settings")  # its cookie is written anew

    browser.post("/sign-out")

    assert slow.get("/").status == 401


def test_a_form_sent_after_the_session_is_not_lost(browser: Browser, world: World) -> None:
    browser.install()
    world.clock.advance(hours=1)

    page = browser.post("/settings", {"on_account": "yes"})

    assert page.status == 401
    assert "Wat u invulde is niet weg" in page.body
    browser.arrive()
    assert browser.post("/settings", {"on_account": "yes"}).status == 303


def test_sign_outs_without_end_do_not_swell_a_shops_record(browser: Browser, world: World) -> None:
    browser.install()
    last, workspace = copy_of(browser), open_workspace(world.connector, SHOP_ID)
    for number in range(MOST_ENDED + 5):
        world.clock.advance(seconds=1)
        end_session(workspace, f"session-{number}", world.clock())

    ended = world.shops.load(SHOP_ID, EndedSessions)
    assert ended is not None
    assert len(ended.begun_at) == MOST_ENDED
    # What is no longer named is over by its age, and what is older still with it.
    assert ended.before is not None
    assert last.get("/").status == 401
    world.clock.advance(seconds=1)
    browser.arrive()
    assert browser.get("/").status == 200


def test_an_ended_session_is_forgotten_when_it_would_be_over_anyway(
    browser: Browser, world: World
) -> None:
    browser.install()
    workspace = open_workspace(world.connector, SHOP_ID)
    end_session(workspace, "old", world.clock())
    world.clock.now += SESSION_TIME + timedelta(seconds=1)

    end_session(workspace, "new", world.clock())

    ended = world.shops.load(SHOP_ID, EndedSessions)
    assert ended is not None
    assert set(ended.begun_at) == {"new"}
