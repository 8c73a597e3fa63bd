"""A link into another shop than the one that is signed in asks first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from chalicelib.domain.shops import Shop, ShopState
from chalicelib.web.http.http_messages import Response
from tests.edge.web.link_arrivals import OTHER_TOKEN, is_signed_in
from tests.edge.web.markup import read
from tests.fakes.web import PUBLIC_URL, SHOP_ID, Browser, World, callback, cookies_of

THEIRS = 184999


@pytest.fixture
def open_theirs(browser: Browser, world: World) -> Callable[[], Response]:
    """The merchant, signed in to his shop, follows a link into another one."""
    browser.install()
    world.clock.advance(minutes=2)
    mine, theirs = world.api.shop, replace(world.api.shop, title="Fietsenmaker Bos", domain="bos")

    def follow_link() -> Response:
        world.api.shop = theirs
        link = callback(world.clock, token=OTHER_TOKEN, shop_id=str(THEIRS))
        answer = browser.get("/install", link)
        world.api.shop = mine
        return answer

    return follow_link


def ticket_of(page: Response) -> str:
    return page.body.partition('name="ticket" value="')[2].partition('"')[0]


def shop_of(browser: Browser) -> str:
    """The title of the shop that is signed in."""
    return browser.get("/settings").body.partition('class="shop" title="')[2].partition('"')[0]


def test_a_link_into_another_shop_asks_first_and_names_both(
    browser: Browser, world: World, open_theirs: Callable[[], Response]
) -> None:
    answer = open_theirs()
    page = browser.follow(answer)

    assert answer.headers["Location"] == f"{PUBLIC_URL}/switch"
    assert page.status == 200
    for said in ("Kaasboerderij De Wilg", "Fietsenmaker Bos", str(SHOP_ID), str(THEIRS), "bos"):
        assert said in page.body
    assert OTHER_TOKEN not in page.body + str(dict(answer.headers))
    assert shop_of(browser) == "Kaasboerderij De Wilg"
    assert is_signed_in(browser)


def test_who_stays_is_in_his_own_shop_as_before(
    browser: Browser, open_theirs: Callable[[], Response]
) -> None:
    page = browser.follow(open_theirs())

    answer = browser.post("/switch", {"ticket": ticket_of(page)})

    assert answer.headers["Location"] == f"{PUBLIC_URL}/"
    assert shop_of(browser) == "Kaasboerderij De Wilg"
    assert browser.get("/switch").status == 303


def test_who_goes_on_is_in_the_other_shop_with_a_session_of_its_own(
    browser: Browser, world: World, open_theirs: Callable[[], Response]
) -> None:
    page = browser.follow(open_theirs())
    before = browser.session

    answer = browser.post("/switch", {"ticket": ticket_of(page), "go": "yes"})

    assert answer.headers["Location"] == f"{PUBLIC_URL}/install"
    assert browser.session != before
    assert shop_of(browser) == "Fietsenmaker Bos"


def test_the_link_of_the_question_is_the_askeds_alone_and_asks_again_when_loaded_again(
    browser: Browser, world: World, open_theirs: Callable[[], Response]
) -> None:
    open_theirs()

    assert open_theirs().headers["Location"] == f"{PUBLIC_URL}/switch"
    stranger = Browser(world)
    link = callback(world.clock, token=OTHER_TOKEN, shop_id=str(THEIRS))
    assert stranger.get("/install", link).status == 401
    assert shop_of(browser) == "Kaasboerderij De Wilg"


def test_after_going_on_the_link_leads_to_where_the_session_is(
    browser: Browser, open_theirs: Callable[[], Response]
) -> None:
    page = browser.follow(open_theirs())
    browser.post("/switch", {"ticket": ticket_of(page), "go": "yes"})

    again = open_theirs()

    assert again.headers["Location"] == f"{PUBLIC_URL}/install"
    assert not cookies_of(again)


@pytest.mark.parametrize("headers", [{}, {"sec-fetch-site": "cross-site"}])
def test_another_site_cannot_press_the_button(
    browser: Browser, open_theirs: Callable[[], Response], headers: dict[str, str]
) -> None:
    page = browser.follow(open_theirs())
    fields = {"ticket": ticket_of(page), "go": "yes"}

    answer = browser.post("/switch", fields, headers={"origin": "https://evil.example", **headers})

    assert answer.status == 403
    assert shop_of(browser) == "Kaasboerderij De Wilg"


def test_a_ticket_is_worth_nothing_in_another_session_or_later(
    browser: Browser, world: World, open_theirs: Callable[[], Response]
) -> None:
    page = browser.follow(open_theirs())
    fields = {"ticket": ticket_of(page), "go": "yes"}

    victim = Browser(world)
    assert victim.post("/switch", fields).status == 401
    world.clock.advance(seconds=5)
    victim.arrive()
    assert victim.post("/switch", fields).status == 401
    assert shop_of(victim) == "Kaasboerderij De Wilg"
    for forged in ("", fields["ticket"][:-1], browser.session):
        assert browser.post("/switch", {"ticket": forged, "go": "yes"}).status == 401

    world.clock.advance(minutes=10)
    assert browser.post("/switch", fields).status == 401
    assert shop_of(browser) == "Kaasboerderij De Wilg"


def test_the_button_goes_into_the_shop_that_its_page_names(
    browser: Browser, world: World, open_theirs: Callable[[], Response]
) -> None:
    page = browser.follow(open_theirs())
    third = callback(world.clock, token="e" * 32, shop_id="184777")
    browser.get("/install", third)  # meanwhile, in another tab

    browser.post("/switch", {"ticket": ticket_of(page), "go": "yes"})

    assert shop_of(browser) == "Fietsenmaker Bos"


def test_the_question_ends_with_the_installation_of_the_other_shop(
    browser: Browser, world: World, open_theirs: Callable[[], Response]
) -> None:
    page = browser.follow(open_theirs())
    world.shops.update(THEIRS, lambda shop: replace(shop, state=ShopState.UNINSTALLED, token=None))

    answer = browser.post("/switch", {"ticket": ticket_of(page), "go": "yes"})

    assert answer.status == 401
    assert browser.get("/switch").headers["Location"] == f"{PUBLIC_URL}/"


def test_a_title_cannot_become_markup_of_the_question(
    browser: Browser, world: World, open_theirs: Callable[[], Response]
) -> None:
    answer = open_theirs()

    def rename(shop: Shop) -> Shop:
        return replace(shop, title="<script>alert(1)</script>")

    world.shops.update(THEIRS, rename)

    assert "<script" not in browser.follow(answer).body


def test_a_form_of_one_shop_is_not_taken_while_another_is_signed_in(
    browser: Browser, world: World, open_theirs: Callable[[], Response]
) -> None:
    form = read(browser.get("/settings").body)
    page = browser.follow(open_theirs())
    browser.post("/switch", {"ticket": ticket_of(page), "go": "yes"})
    before = world.shops.get(THEIRS)

    answer = browser.post("/settings", {"licence": "A-SECRET", "shop": form.shops[0]})

    assert answer.status == 409
    assert "Deze pagina is van een andere webwinkel" in answer.body
    assert world.shops.get(THEIRS) == before


@pytest.mark.parametrize("path", ["/", "/settings", "/switch"])
def test_every_form_names_the_shop_that_it_is_of(
    browser: Browser, open_theirs: Callable[[], Response], path: str
) -> None:
    open_theirs()

    page = browser.get(path)

    forms = page.body.count('method="post"')
    assert forms > 1
    assert read(page.body).shops == [str(SHOP_ID)] * forms


def test_who_is_not_signed_in_is_not_asked(browser: Browser, world: World) -> None:
    browser.install()
    stranger = Browser(world)

    link = callback(world.clock, token=OTHER_TOKEN, shop_id=str(THEIRS))

    assert stranger.get("/install", link).headers["Location"] == f"{PUBLIC_URL}/install"
    assert stranger.get("/switch").status == 303
