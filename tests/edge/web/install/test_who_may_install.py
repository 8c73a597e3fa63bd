"""Nobody installs for another, and nobody who comes again goes on with old answers."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from chalicelib.domain.installation_progress import InstallationProgress
from chalicelib.domain.shops import ShopState
from tests.edge.web.install.answered_steps import LICENCE, SINCE, STEPS, form_of, press, reach
from tests.fakes.open_vault import look_into
from tests.fakes.web import NOW, SHOP_ID, Browser, World


@pytest.mark.parametrize("step", [*STEPS, "count", "done"])
def test_who_is_not_signed_in_sees_and_keeps_nothing(
    browser: Browser, world: World, step: str
) -> None:
    browser.arrive()
    stranger = Browser(world)

    assert stranger.get(f"/install/{step}").status == 401
    assert stranger.post(f"/install/{step}", {"licence": LICENCE}).status == 401
    assert world.shop.licence is None


def test_another_site_cannot_answer_in_the_merchants_name(browser: Browser, world: World) -> None:
    reach(browser, "licence")

    for headers in ({"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}):
        answer = browser.post("/install/licence", {"licence": "THIEF"}, headers=headers)
        assert answer.status == 403
    assert world.shop.licence is None


def test_a_page_of_another_shop_answers_nothing_for_this_one(
    browser: Browser, world: World
) -> None:
    reach(browser, "start")

    for step in ("licence", "payments", "start", "count"):
        answer = browser.post(f"/install/{step}", {"shop": "184999", "licence": "THIEF", **SINCE})
        assert answer.status == 409
    assert browser.post("/install", {"shop": "184999", "licence": "THIEF"}).status == 409
    assert look_into(world.shop.licence) == LICENCE
    assert world.shop.state is ShopState.INSTALLING


def test_another_shop_in_the_same_tables_is_not_touched(browser: Browser, world: World) -> None:
    other = Browser(world)
    other.arrive(shop_id="184999", token="f" * 32)

    reach(browser, "start")

    assert world.shops.records[184999].licence is None
    assert world.shops.load(184999, InstallationProgress) is None


def test_a_merchant_who_comes_again_begins_anew_and_is_asked_everything(
    browser: Browser, world: World
) -> None:
    press(browser, press(browser, reach(browser, "start"), **SINCE))
    world.clock.advance(days=3)
    browser.uninstall()
    world.clock.advance(minutes=5)
    assert world.shop.state is ShopState.UNINSTALLED

    again = browser.arrive(token="e" * 32)

    assert "Stap 1 van 4" in again.body
    assert world.shop.licence is None
    payments = press(browser, press(browser, press(browser, again), licence="NEW-CODE-22"))
    assert form_of(payments).values["payment:ideal"] == "IDEAL"
    start = press(browser, payments)
    assert form_of(start).values["start"] == "today"
    done = press(browser, start)
    assert "De koppeling is actief" in done.body
    assert "opgehaald" not in done.body
    assert look_into(world.shop.licence) == "NEW-CODE-22"


def test_answers_of_an_earlier_coming_count_no_more(browser: Browser, world: World) -> None:
    left = InstallationProgress(
        began_at=NOW - timedelta(days=9), has_payments=True, since=date(2026, 1, 1)
    )
    reach(browser, "licence")
    world.shops.save(SHOP_ID, left)
    browser.post("/install/licence", {"licence": LICENCE})

    assert "Stap 3 van 4" in browser.get("/install").body
    start = press(browser, browser.get("/install/payments"))
    assert form_of(start).values["since"] == ""
