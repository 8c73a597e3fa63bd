"""Where the connection with Asperion is offered, and how it stands."""

from __future__ import annotations

from dataclasses import replace

from chalicelib.domain.connection import AsperionTokens
from tests.edge.web.connect.connect_deeds import LEAD, press, settings_line, sign_in
from tests.edge.web.markup import read, read_text
from tests.fakes.memory_asperion import DE_WILG, MemoryAsperion
from tests.fakes.web import PUBLIC_URL, SHOP_ID, Browser, World


def test_without_an_account_of_ours_at_asperion_it_is_not_offered(
    world: World, browser: Browser
) -> None:
    world.connector = replace(world.connector, front_door=None)
    browser.install()

    assert LEAD not in browser.get("/settings").body
    assert LEAD not in browser.get("/").body
    page = browser.get("/connect")
    assert page.status == 404
    assert "Deze installatie van de koppeling biedt het niet aan." in page.body
    assert browser.post("/connect").status == 404
    for path in ("administration", "proposal", "try", "done", "off"):
        assert browser.get(f"/connect/{path}").status == 303


def test_where_it_is_offered_no_more_orders_are_not_said_to_go_by_file(
    merchant: Browser, world: World, asperion: MemoryAsperion
) -> None:
    asperion.connect(world.shops)
    world.connector = replace(world.connector, front_door=None)
    text = read_text(merchant.get("/connect").body)
    assert "Uw bestellingen wachten" in text
    assert "met een bestand in Asperion" not in text
    assert not read(merchant.get("/settings").body).says("Koppelen met Asperion")


def test_the_settings_say_how_it_stands_at_each_step(
    merchant: Browser, world: World, asperion: MemoryAsperion
) -> None:
    assert "Niet gekoppeld" in settings_line(merchant)
    sign_in(merchant, asperion)
    assert "ga verder bij stap 2" in settings_line(merchant)
    press(merchant, "/connect/administration", administration=str(DE_WILG.id))
    assert "ga verder bij stap 3" in settings_line(merchant)
    asperion.connect(world.shops, is_on=False)
    assert "ga verder bij stap 4" in settings_line(merchant)
    asperion.connect(world.shops)
    line = settings_line(merchant)
    assert f"Sinds 23 november 2026 gaan uw bestellingen rechtstreeks naar {DE_WILG.name}" in line
    tokens = world.shops.load(SHOP_ID, AsperionTokens)
    assert tokens is not None
    world.shops.save(SHOP_ID, replace(tokens, refused_since=world.clock()))
    assert "koppel opnieuw. Tot dan wachten uw bestellingen" in settings_line(merchant)


def test_the_overview_and_the_end_of_the_installation_mention_it_in_a_line(
    asperion: MemoryAsperion, browser: Browser
) -> None:
    browser.install()
    overview = browser.get("/")
    assert read(overview.body).link("Rechtstreeks in Asperion").href == f"{PUBLIC_URL}/connect"
    done = read_text(browser.get("/install/done").body)
    assert "koppel later onder Instellingen, ‘Rechtstreeks in Asperion’" in done


def test_a_shop_that_delivers_straight_need_not_synchronise(
    merchant: Browser, world: World, asperion: MemoryAsperion
) -> None:
    assert "Synchroniseren" in merchant.get("/").body
    asperion.connect(world.shops)
    body = merchant.get("/").body
    assert "Im- Export Basis" not in body
    assert "Facturatie" in body
