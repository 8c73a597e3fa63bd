"""Cancelled and uninstalled, as SEOshop tells it."""

from __future__ import annotations

import pytest

from chalicelib.domain.events import ShopStep
from chalicelib.domain.shops import ShopState
from chalicelib.errors import ShopError, ShopForbidden, ShopUnavailable
from tests.fakes.web import SHOP_ID, Browser, World, callback


def test_a_cancelled_shop_reads_that_it_works_on(browser: Browser, world: World) -> None:
    browser.install()

    page = browser.get("/cancel", callback(world.clock, token=None))

    assert page.status == 200
    assert "De koppeling is opgezegd" in page.body
    assert world.shop.state is ShopState.CANCELLED
    assert "De koppeling is opgezegd" in browser.get("/").body


def test_an_uninstalled_shop_loses_token_and_licence_code(browser: Browser, world: World) -> None:
    browser.install()

    page = browser.uninstall()

    assert page.status == 200
    assert "De koppeling is verwijderd" in page.body
    assert (world.shop.token, world.shop.licence) == (None, None)
    assert browser.get("/uninstall", callback(world.clock, token=None)).status == 200
    assert browser.session_name not in browser.cookies


def test_a_cancelled_shop_that_is_gone_reads_that_it_is(browser: Browser, world: World) -> None:
    browser.install()
    browser.uninstall()

    page = browser.get("/cancel", callback(world.clock, token=None))

    assert "De koppeling is verwijderd" in page.body


def test_a_cancel_link_sent_to_the_uninstall_address_erases_nothing(
    browser: Browser, world: World
) -> None:
    browser.install()
    link = callback(world.clock, token=None)
    browser.get("/cancel", link)
    before = world.shop

    page = browser.get("/uninstall", link)

    assert page.status == 200
    assert "De koppeling wordt verwijderd" in page.body
    assert world.shop.state is ShopState.CANCELLED
    assert (world.shop.token, world.shop.licence) == (before.token, before.licence)
    assert world.shop.leaving_since == world.clock()
    steps = [event.step for event in world.shops.audit(SHOP_ID)]
    assert steps[-1] is ShopStep.LEAVE
    assert "SEOshop heeft gemeld dat de koppeling is verwijderd" in browser.get("/").body


@pytest.mark.parametrize(
    "error",
    [
        ShopUnavailable("SEOshop gave no usable answer (503).", status=503),
        ShopForbidden("SEOshop does not permit this.", status=403),
    ],
    ids=["out of reach", "forbidden"],
)
def test_a_shop_that_seoshop_does_not_refuse_is_leaving(
    browser: Browser, world: World, error: ShopError
) -> None:
    browser.install()
    world.api.fail(error)

    assert browser.get("/uninstall", callback(world.clock, token=None)).status == 200

    assert world.shop.state is ShopState.ACTIVE
    assert world.shop.leaving_since == world.clock()


def test_called_removed_again_after_the_token_was_revoked_it_is_erased_at_once(
    browser: Browser, world: World
) -> None:
    browser.install()
    browser.get("/uninstall", callback(world.clock, token=None))
    world.clock.advance(minutes=1)

    assert "De koppeling is verwijderd" in browser.uninstall().body

    assert world.shop.state is ShopState.UNINSTALLED


def test_a_new_installation_ends_leaving_and_opening_the_app_does_not(
    browser: Browser, world: World
) -> None:
    browser.install()
    browser.get("/uninstall", callback(world.clock, token=None))
    world.clock.advance(minutes=1)
    browser.get("/install", callback(world.clock))
    assert world.shop.leaving_since is not None

    browser.get("/install", callback(world.clock, token="f" * 32))

    assert world.shop.leaving_since is None
    assert "SEOshop heeft gemeld" not in browser.get("/").body


def test_a_signature_that_covers_a_token_does_not_uninstall(browser: Browser, world: World) -> None:
    browser.install()

    assert browser.get("/uninstall", callback(world.clock)).status == 401
    assert world.shop.state is ShopState.ACTIVE
    assert world.shop.leaving_since is None


def test_an_old_uninstall_link_does_not_remove_a_new_installation(
    browser: Browser, world: World
) -> None:
    browser.install()
    link = callback(world.clock, token=None)
    browser.uninstall()
    world.clock.advance(minutes=5)
    browser.install()

    assert browser.get("/uninstall", link).status == 401
    assert world.shop.state is ShopState.ACTIVE
    assert world.shop.leaving_since is None


def test_a_shop_nobody_knows_is_not_found(browser: Browser, world: World) -> None:
    for path in ("/cancel", "/uninstall"):
        assert browser.get(path, callback(world.clock, token=None)).status == 404
