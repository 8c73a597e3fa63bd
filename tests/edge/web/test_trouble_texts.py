"""While nothing arrives in Asperion no page says that everything is in."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.domain.causes import ReleaseCause, RequestCause
from chalicelib.domain.events import Actor, OrderStep
from chalicelib.domain.shop_records import FollowUp, Trouble
from chalicelib.domain.shops import ShopState, TroubleCause
from chalicelib.usecases.operating.overview import Overview, read_overview
from chalicelib.usecases.shop.leaving import pause_shop, resume_shop
from chalicelib.usecases.workspace import open_workspace
from tests.edge.web.markup import read
from tests.edge.web.stored_orders import finish, hint, hold, take, wait
from tests.fakes.web import PUBLIC_URL, SHOP_ID, Browser, World, callback

SINCE = datetime(2026, 11, 22, 1, 15, tzinfo=UTC)


@pytest.fixture(autouse=True)
def installed(browser: Browser) -> None:
    browser.install()


def trouble(world: World, cause: str) -> None:
    """What an export notes while its files do not arrive."""
    world.shops.save(SHOP_ID, Trouble(cause=TroubleCause(cause), since=SINCE))


def put_back(world: World, number: str) -> None:
    """A run takes an order up, and its file does not arrive."""
    finish(world, OrderStep.RELEASE, ReleaseCause.INBOX_REFUSED, number)


def overview_of(world: World) -> Overview:
    """What the overview shows."""
    return read_overview(open_workspace(world.connector, SHOP_ID))


@pytest.mark.parametrize(
    ("cause", "title", "cure"),
    [
        ("inbox_refused", "Asperion neemt de bestanden niet aan", "Controleer de licentiecode;"),
        ("inbox_unavailable", "Asperion is op dit moment niet bereikbaar", "U hoeft niets"),
        (
            "unfinished",
            "Al meer dan een dag komt het werk van de nacht niet",
            "gaat vanzelf verder",
        ),
        ("shop_unavailable", "Uw webwinkel geeft de koppeling geen antwoord", "U hoeft niets"),
        ("shop_forbidden", "De koppeling mist een toestemming", "installeer die opnieuw"),
        ("vault_unavailable", "De koppeling heeft op dit moment een storing", "U hoeft niets"),
        ("seal_broken", "De koppeling kan uw webwinkel of Asperion niet", "vul in de instellingen"),
        ("shop_refused", "Er komt nu niets aan in Asperion", "meld het dan bij de supportdesk"),
    ],
)
def test_the_page_says_why_nothing_arrives_since_when_and_what_to_do(
    browser: Browser, world: World, cause: str, title: str, cure: str
) -> None:
    trouble(world, cause)

    body = browser.get("/").body

    assert "<h1>Er komt nu niets aan in Asperion</h1>" in body
    assert title in body
    assert cure in body
    assert "Sinds gisteren" in body or "Sinds 22 november, 02:15." in body
    assert read(body).says("Controleer de licentiecode") is (cause == "inbox_refused")


def test_the_page_says_how_often_it_was_tried_again_and_when_the_next_try_is(
    browser: Browser, world: World
) -> None:
    trouble(world, "shop_unavailable")
    at = world.clock()
    world.shops.save(SHOP_ID, FollowUp(failed_at=at, next_at=at + timedelta(minutes=15)))
    body = browser.get("/").body
    assert "De volgende poging staat gepland voor vandaag" in body
    assert "keer opnieuw geprobeerd" not in body

    world.shops.save(SHOP_ID, FollowUp(failed_at=at, tries=3))
    body = browser.get("/").body
    assert "Sindsdien 3 keer opnieuw geprobeerd." in body
    assert "De volgende poging" not in body


def test_a_try_that_never_came_is_not_announced(browser: Browser, world: World) -> None:
    trouble(world, "shop_unavailable")
    late = world.clock() - timedelta(hours=1)
    world.shops.save(SHOP_ID, FollowUp(failed_at=SINCE, tries=1, next_at=late))
    assert "De volgende poging" not in browser.get("/").body


def test_the_licence_code_is_one_click_away(browser: Browser, world: World) -> None:
    trouble(world, "inbox_refused")

    link = read(browser.get("/").body).link("Controleer de licentiecode")

    assert link.href == f"{PUBLIC_URL}/licence"
    assert 'id="licence"' in browser.get("/licence").body


@pytest.mark.parametrize("kept", [None, Trouble(), Trouble(since=SINCE)])
def test_without_a_cause_there_is_no_trouble(
    browser: Browser, world: World, kept: Trouble | None
) -> None:
    if kept is not None:
        world.shops.save(SHOP_ID, kept)

    assert overview_of(world).trouble is None
    assert "<h1>De koppeling staat klaar</h1>" in browser.get("/").body


def test_orders_that_wait_because_of_it_are_no_second_thing(browser: Browser, world: World) -> None:
    wait(world, "ORD1", "ORD2")
    world.clock.advance(hours=37)
    trouble(world, "inbox_refused")

    seen = overview_of(world)

    kept = Trouble(cause=TroubleCause.INBOX_REFUSED, since=SINCE)
    assert (seen.trouble, seen.overdue, seen.attention) == (kept, 2, 0)
    browser.get("/install", callback(world.clock))
    assert "2 bestellingen wachten al langer dan anderhalve dag" in browser.get("/").body


@pytest.mark.parametrize(("hours", "overdue"), [(36, 1), (35.9, 0)])
def test_an_order_waits_too_long_after_a_day_and_a_half(
    browser: Browser, world: World, hours: float, overdue: int
) -> None:
    wait(world, "ORD1")
    world.clock.advance(hours=hours)
    browser.get("/install", callback(world.clock))

    assert overview_of(world).overdue == overdue
    body = browser.get("/").body
    assert ("1 bestelling wacht al langer" in body) is bool(overdue)
    assert ("<h1>1 bestelling wacht te lang</h1>" in body) is bool(overdue)


def test_being_put_back_every_night_does_not_make_an_order_young(world: World) -> None:
    wait(world, "ORD1")
    for _ in range(2):
        world.clock.advance(hours=20)
        put_back(world, "ORD1")

    assert overview_of(world).overdue == 1


def test_an_order_that_was_held_meanwhile_waits_from_its_release(world: World) -> None:
    hold(world, "email_missing", "ORD1")
    world.clock.advance(hours=40)
    key = hint("ORD1").key
    take(world, key, OrderStep.RETRY, by=Actor.MERCHANT, cause=RequestCause.ASKED)
    world.clock.advance(hours=20)
    assert overview_of(world).overdue == 0

    world.clock.advance(hours=20)
    assert overview_of(world).overdue == 1


def test_a_pause_is_no_delay(world: World) -> None:
    wait(world, "ORD1")
    workspace = open_workspace(world.connector, SHOP_ID)
    pause_shop(workspace, by=Actor.MERCHANT)
    world.clock.advance(hours=100)
    assert overview_of(world).overdue == 0

    resume_shop(workspace, by=Actor.MERCHANT)
    assert overview_of(world).overdue == 0
    world.clock.advance(hours=37)
    assert overview_of(world).overdue == 1


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (ShopState.PAUSED, "De koppeling staat op pauze"),
        (ShopState.DISCONNECTED, "De koppeling heeft geen toegang tot uw webwinkel"),
    ],
)
def test_a_shop_that_does_not_export_has_that_one_thing_to_do(
    browser: Browser, world: World, state: ShopState, said: str
) -> None:
    trouble(world, "shop_unavailable")
    world.shops.update(SHOP_ID, lambda shop: replace(shop, state=state))

    body = browser.get("/").body

    assert f"<h1>{said}</h1>" in body
    assert "geeft de koppeling geen antwoord" not in body


def test_an_installation_has_nothing_to_say_yet(world: World) -> None:
    visitor = Browser(World())

    body = visitor.arrive().body

    assert "Stap 1 van 4" in body
    assert 'class="strip' not in body
