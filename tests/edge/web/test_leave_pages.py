"""Cancelled and uninstalled, as SEOshop tells it."""

from __future__ import annotations

from chalicelib.domain.shops import ShopState
from tests.fakes.web import Browser, World, callback


def test_a_cancelled_shop_reads_that_it_works_on(browser: Browser, world: World) -> None:
    browser.install()

    page = browser.get("/cancel", callback(world.clock, token=None))

    assert page.status == 200
    assert "De koppeling is opgezegd" in page.body
    assert world.shop.state is ShopState.CANCELLED
    assert "De koppeling is opgezegd" in browser.get("/").body


def test_an_uninstalled_shop_loses_token_and_licence_code(browser: Browser, world: World) -> None:
    browser.install()

    page = browser.get("/uninstall", callback(world.clock, token=None))

    assert page.status == 200
    assert "De koppeling is verwijderd" in page.body
    assert (world.shop.token, world.shop.licence) == (None, None)
    assert browser.get("/uninstall", callback(world.clock, token=None)).status == 200


def test_a_signature_that_covers_a_token_does_not_uninstall(browser: Browser, world: World) -> None:
    browser.install()

    assert browser.get("/uninstall", callback(world.clock)).status == 401
    assert world.shop.state is ShopState.ACTIVE


def test_an_old_uninstall_link_does_not_remove_a_new_installation(
    browser: Browser, world: World
) -> None:
    browser.install()
    link = callback(world.clock, token=None)
    browser.get("/uninstall", link)
    world.clock.advance(minutes=5)
    browser.install()

    assert browser.get("/uninstall", link).status == 401
    assert world.shop.state is ShopState.ACTIVE


def test_a_shop_nobody_knows_is_not_found(browser: Browser, world: World) -> None:
    for path in ("/cancel", "/uninstall"):
        assert browser.get(path, callback(world.clock, token=None)).status == 404
