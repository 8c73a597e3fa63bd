"""Who may connect, and what an installation or another language makes of it."""

from __future__ import annotations

import pytest

from chalicelib.domain.shops import ShopState
from tests.edge.web.connect.connect_deeds import find
from tests.fakes.memory_asperion import MemoryAsperion
from tests.fakes.office import Office
from tests.fakes.web import PUBLIC_URL, SHOP_ID, Browser, World, callback


def test_a_bookkeeper_sees_and_changes_nothing_of_it(connected: Browser, world: World) -> None:
    office = Office(world)
    office.take_seat(SHOP_ID)
    client = f"/clients/{SHOP_ID}"
    assert office.browser.get(f"{client}/connect").status == 404
    assert office.browser.post(f"{client}/connect/off", {"action": "disconnect"}).status == 404
    assert "/connect" not in office.browser.get(f"{client}/settings").body
    assert office.browser.post("/connect/off", {"action": "disconnect"}).status == 401
    assert find(world).is_on


def test_a_form_of_another_shop_is_refused(connected: Browser, world: World) -> None:
    answer = connected.post("/connect/off", {"action": "disconnect", "shop": str(SHOP_ID + 1)})
    assert answer.status == 409
    assert find(world).is_on


@pytest.mark.parametrize("path", ["", "/administration", "/proposal", "/try", "/off"])
def test_a_form_of_another_site_is_refused(connected: Browser, world: World, path: str) -> None:
    headers = {"sec-fetch-site": "cross-site", "origin": "https://elders.example"}
    answer = connected.post(f"/connect{path}", {"action": "disconnect"}, headers=headers)
    assert answer.status == 403
    assert find(world).is_on


def test_a_shop_that_is_being_installed_is_installed_first(
    world: World, asperion: MemoryAsperion, browser: Browser
) -> None:
    browser.get("/install", callback(world.clock))
    assert world.shop.state is ShopState.INSTALLING
    for path in ("", "/administration", "/proposal", "/try", "/done", "/off"):
        assert browser.get(f"/connect{path}").headers["Location"] == f"{PUBLIC_URL}/settings"


def test_the_english_pages_are_whole(world: World, asperion: MemoryAsperion) -> None:
    browser = Browser(world)
    browser.install(language="en")
    assert "Straight into Asperion" in browser.get("/connect").body
    asperion.connect(world.shops)
    for path in ("", "/administration", "/proposal", "/try", "/done", "/off"):
        page = browser.get(f"/connect{path}")
        assert page.status == 200
        assert 'lang="en"' in page.body
