"""A link of the AppCenter signs one browser in, once, and leaves no trace of itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.events import ShopStep
from chalicelib.domain.shop_records import UsedLinks
from chalicelib.domain.shops import Shop, ShopState
from chalicelib.errors import LedgerThrottled, ShopUnavailable
from chalicelib.usecases.shop.links import MOST_LINKS
from chalicelib.web.http.http_messages import Response
from tests.edge.web.markup import read
from tests.fakes.open_vault import look_into
from tests.fakes.web import PUBLIC_URL, SHOP_ID, TOKEN, Browser, World, callback, cookies_of

OTHER_TOKEN = "f" * 32


def used_links(world: World) -> UsedLinks:
    return world.shops.load(SHOP_ID, UsedLinks) or UsedLinks()


def is_signed_in(browser: Browser) -> bool:
    return browser.get("/settings").status == 200


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


# ---- another shop than the one in the session ----------------------------------------------------

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
