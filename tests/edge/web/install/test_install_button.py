"""The last button of the installation installs once, and keeps what was chosen until it can."""

from __future__ import annotations

import pytest

from chalicelib.domain.events import ShopStep
from chalicelib.domain.migrations import Migration
from chalicelib.domain.sealed import Sealed, SecretKind
from chalicelib.domain.shops import ShopState
from chalicelib.errors import ShopUnauthorised, ShopUnavailable
from tests.edge.web.install.answered_steps import LICENCE, SINCE, form_of, press, reach
from tests.fakes.open_vault import look_into
from tests.fakes.web import PUBLIC_URL, SHOP_ID, Browser, World


def test_pressing_the_last_button_twice_installs_once(browser: Browser, world: World) -> None:
    form = form_of(reach(browser, "start")).values

    first = browser.post("/install/start", form)
    second = browser.post("/install/start", form)

    assert [first.headers["Location"], second.headers["Location"]] == [
        f"{PUBLIC_URL}/install/done"
    ] * 2
    assert len(world.api.subscriptions) == 1
    assert [event.step for event in world.shops.audit(SHOP_ID)].count(ShopStep.COMPLETE) == 1


@pytest.mark.parametrize("step", ["start", "count"])
def test_a_subscription_that_fails_keeps_all_and_a_second_press_goes_on(
    browser: Browser, world: World, step: str
) -> None:
    page = reach(browser, "start")
    if step == "count":
        page = press(browser, page, **SINCE)
    world.api.fail(ShopUnavailable("no answer"), "webhooks", "create_webhook")

    refused = press(browser, page)

    assert refused.status == 503
    assert "Uw keuzes zijn opgeslagen" in refused.body
    assert world.shop.state is ShopState.INSTALLING
    world.api.recover()
    assert "De koppeling is actief" in press(browser, refused).body


def test_a_refused_token_at_the_end_sends_nobody_away_for_nothing(
    browser: Browser, world: World
) -> None:
    page = reach(browser, "start")
    world.api.fail(ShopUnauthorised("refused", status=401), "webhooks", "create_webhook")

    assert press(browser, page).status == 502
    assert world.shop.state is ShopState.INSTALLING


def test_an_installed_shop_goes_to_its_overview_from_every_page(
    browser: Browser, world: World
) -> None:
    browser.install(licence=LICENCE)

    for step in ("about", "licence", "payments", "count"):
        assert browser.get(f"/install/{step}").headers["Location"] == f"{PUBLIC_URL}/"
    assert browser.get("/install").headers["Location"] == f"{PUBLIC_URL}/"
    assert browser.get("/install/done").status == 200


def test_no_page_of_the_path_changes_an_installed_shops_code_or_choices(
    browser: Browser, world: World
) -> None:
    payments = form_of(reach(browser, "payments")).values
    press(browser, browser.get("/install/payments"))
    press(browser, browser.get("/install/start"))
    before = world.shop

    browser.post("/install/licence", {"licence": "THIEF-666"})
    browser.post("/install/payments", {**payments, "payment:ideal": "PayPal"})
    browser.post("/install/start", SINCE)
    browser.post("/install/count", {})

    assert world.shop == before
    assert look_into(world.shop.licence) == LICENCE
    assert world.shops.load(SHOP_ID, Migration) is None


def test_a_code_that_is_sent_while_another_tab_installs_is_not_taken(
    browser: Browser, world: World
) -> None:
    reach(browser, "start")
    seal = world.vault.seal

    def install_meanwhile(shop_id: int, what: SecretKind, text: str) -> Sealed:
        world.vault.seal = seal  # type: ignore[method-assign]
        browser.post("/install/start", {"start": "today"})
        return seal(shop_id, what, text)

    world.vault.seal = install_meanwhile  # type: ignore[method-assign]

    assert browser.post("/install/licence", {"licence": "THIEF-666"}).status == 409
    assert look_into(world.shop.licence) == LICENCE
    assert world.shop.state is ShopState.ACTIVE


def test_a_paused_shop_has_no_last_page(browser: Browser, world: World) -> None:
    browser.install(licence=LICENCE)
    browser.post("/pause")

    assert browser.get("/install/done").headers["Location"] == f"{PUBLIC_URL}/"
