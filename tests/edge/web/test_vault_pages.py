"""Pages while token and licence code cannot be sealed or opened."""

from __future__ import annotations

from chalicelib.domain.sealed import SecretKind
from chalicelib.errors import VaultUnavailable
from tests.edge.web.markup import read
from tests.fakes.open_vault import look_into
from tests.fakes.web import TOKEN, Browser, World, callback

OUT_OF_REACH = VaultUnavailable("The token of shop 184520 cannot be sealed at the moment")


def test_arriving_is_put_off_and_nothing_is_stored(browser: Browser, world: World) -> None:
    world.vault.trouble = OUT_OF_REACH
    link = callback(world.clock)
    page = browser.get("/install", link)

    assert page.status == 503
    assert "De koppeling heeft op dit moment een storing" in page.body
    assert world.shops.records == {}
    world.vault.trouble = None
    assert browser.get("/install", link).status == 303
    assert look_into(world.shop.token) == TOKEN


def test_a_code_that_cannot_be_sealed_is_not_stored(browser: Browser, world: World) -> None:
    browser.install(licence="ASP-2026-4711")
    shown = browser.post("/licence", {"licence": "ASP-2026-4712"})
    [confirm] = [one for one in read(shown.body).presses if "confirm" in one.fields]
    world.vault.trouble = OUT_OF_REACH
    page = browser.post("/licence", confirm.fields)

    assert page.status == 503
    assert "Er gaat niets verloren: uw bestellingen wachten." in page.body
    assert look_into(world.shop.licence) == "ASP-2026-4711"


def test_the_overview_needs_no_secret(browser: Browser, world: World) -> None:
    browser.install()
    world.vault.trouble = OUT_OF_REACH
    assert browser.get("/").status == 200


def test_settings_show_a_masked_code_without_opening_it(browser: Browser, world: World) -> None:
    browser.install(licence="ASP-2026-4711")
    world.vault.opened.clear()
    page = browser.get("/settings")
    assert "••••••11" in page.body
    assert SecretKind.LICENCE not in world.vault.opened


def test_choices_are_saved_without_opening_the_code(browser: Browser, world: World) -> None:
    browser.install(licence="ASP-2026-4711")
    world.vault.opened.clear()
    assert browser.post("/settings", {"licence": ""}).status == 303
    assert look_into(world.shop.licence) == "ASP-2026-4711"
    assert SecretKind.LICENCE not in world.vault.opened
