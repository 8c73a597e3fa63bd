"""A link of the AppCenter signs one browser in, once, and leaves no trace of itself."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.events import ShopStep
from chalicelib.domain.shops import ShopState
from chalicelib.errors import ShopUnavailable
from chalicelib.web.http.http_messages import Response
from tests.edge.web.link_arrivals import OTHER_TOKEN, is_signed_in, used_links
from tests.fakes.open_vault import look_into
from tests.fakes.web import PUBLIC_URL, SHOP_ID, TOKEN, Browser, World, callback, cookies_of


def test_a_link_leads_to_an_address_without_it_where_the_installation_begins(
    browser: Browser, world: World
) -> None:
    answer = browser.get("/install", callback(world.clock))
    page = browser.get("/install")

    assert (answer.status, answer.headers["Location"]) == (303, f"{PUBLIC_URL}/install")
    assert answer.body == ""
    assert page.status == 200
    assert "Stap 1 van 4" in page.body


@pytest.mark.parametrize(
    "state", [ShopState.ACTIVE, ShopState.PAUSED, ShopState.CANCELLED, ShopState.DISCONNECTED]
)
def test_a_shop_that_is_installed_is_led_to_its_overview(
    browser: Browser, world: World, state: ShopState
) -> None:
    browser.install()
    world.shops.update(SHOP_ID, lambda shop: replace(shop, state=state))
    world.clock.advance(seconds=1)

    answer = browser.get("/install", callback(world.clock))

    assert (answer.status, answer.headers["Location"]) == (303, f"{PUBLIC_URL}/")
    assert browser.get("/install").headers["Location"] == f"{PUBLIC_URL}/"


def test_the_clean_address_shows_nothing_to_who_is_not_signed_in(browser: Browser) -> None:
    for query in ({}, {"language": "nl"}, {"utm_source": "x"}):
        page = browser.get("/install", query)
        assert page.status == 401
        assert "Meld u aan" in page.body


def test_nothing_that_is_sent_back_holds_token_or_signature(browser: Browser, world: World) -> None:
    link = callback(world.clock)

    answer = browser.get("/install", link)

    for secret in (TOKEN, link["signature"]):
        assert secret not in str(dict(answer.headers)) + answer.body


def test_of_a_used_link_only_a_hash_is_kept_until_it_is_too_old(
    browser: Browser, world: World
) -> None:
    link = callback(world.clock)
    browser.get("/install", link)
    (used,) = used_links(world).by_link.items()

    assert link["signature"] not in str(used)
    assert TOKEN not in str(used)
    world.clock.advance(minutes=21)
    browser.get("/install", callback(world.clock))
    assert len(used_links(world).by_link) == 1
    assert used[0] not in used_links(world).by_link


def test_the_same_browser_may_load_its_link_again_and_is_not_signed_in_anew(
    browser: Browser, world: World
) -> None:
    link = callback(world.clock)
    browser.get("/install", link)
    browser.post("/install", {"licence": "A1"})
    cookies, audit = dict(browser.cookies), world.shops.audit(SHOP_ID)
    world.api.fail(ShopUnavailable("not asked"))

    again = browser.get("/install", link)

    assert (again.status, again.headers["Location"]) == (303, f"{PUBLIC_URL}/")
    assert not cookies_of(again)
    assert (browser.cookies, world.shops.audit(SHOP_ID)) == (cookies, audit)


@pytest.mark.parametrize("minutes", [0, 14])
@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"cluster_id": "us1"},
        {"cluster_id": "live"},
        {"cluster_id": ""},
        {"more": "1"},
        {"utm_source": "x", "language_": "nl"},
    ],
)
def test_another_browser_is_refused_whatever_the_signature_leaves_out(
    browser: Browser, world: World, changes: dict[str, str], minutes: int
) -> None:
    link = callback(world.clock)
    browser.get("/install", link)
    world.clock.advance(minutes=minutes)
    before, kept = world.shop, used_links(world)
    thief = Browser(world)

    page = thief.get("/install", {**link, **changes})

    assert page.status == 401
    assert "Deze link is al gebruikt" in page.body
    assert "AppCenter" in page.body
    assert not thief.cookies
    assert not is_signed_in(thief)
    assert (world.shop, used_links(world)) == (before, kept)


def test_a_browser_that_signed_out_cannot_use_its_link_again(
    browser: Browser, world: World
) -> None:
    link = callback(world.clock)
    browser.get("/install", link)
    browser.post("/sign-out")

    assert browser.get("/install", link).status == 401
    assert not is_signed_in(browser)


def test_a_used_link_does_not_bring_an_older_token_back(browser: Browser, world: World) -> None:
    link = callback(world.clock)
    browser.get("/install", link)
    world.clock.advance(seconds=5)
    browser.get("/install", callback(world.clock, token=OTHER_TOKEN))

    assert browser.get("/install", link).status == 303
    assert Browser(world).get("/install", link).status == 401
    assert look_into(world.shop.token) == OTHER_TOKEN


def test_of_two_browsers_at_once_exactly_one_is_signed_in(browser: Browser, world: World) -> None:
    link, second, answers = callback(world.clock), Browser(world), list[Response]()
    profile = world.api.profile

    def meanwhile() -> Any:
        """While SEOshop answers the one, the other comes from start to end."""
        world.api.profile = profile  # type: ignore[method-assign]
        answers.append(second.get("/install", link))
        return profile()

    world.api.profile = meanwhile  # type: ignore[method-assign]

    answers.append(browser.get("/install", link))

    assert [answer.status for answer in answers] == [303, 401]
    assert is_signed_in(second)
    assert not is_signed_in(browser)
    assert [event.step for event in world.shops.audit(SHOP_ID)] == [ShopStep.ARRIVE]
