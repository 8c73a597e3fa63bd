"""The payment methods of a shop, as the installation asks about them."""

from __future__ import annotations

import pytest

from chalicelib.domain.orders import PaymentMethod
from chalicelib.domain.payments import is_new
from chalicelib.domain.policy import NOT_CHOSEN
from chalicelib.errors import ShopUnavailable
from tests.edge.web.install.answered_steps import LICENCE, form_of, press, reach
from tests.fakes.web import Browser, World


def test_what_is_likely_is_filled_in_as_a_suggestion_and_the_unknown_is_asked(
    browser: Browser, world: World
) -> None:
    page = reach(browser, "payments")
    form = form_of(page)

    assert form.values["payment:ideal"] == "IDEAL"
    assert form.values["payment:banktransfer"] == "Overboeking"
    assert form.values["payment:spaarpunten"] == ""
    assert page.body.count("Ons voorstel") == 2
    assert page.body.count("Deze kennen wij niet. Kies zelf") == 1
    assert page.body.index("Spaarpunten") < page.body.index("iDEAL</label>")
    assert page.body.count("Voegt u later een betaalmethode toe") == 1
    assert set(form.options["payment:ideal"]) == {
        "",
        *(each.code for each in world.profile.payments),
    }
    assert dict(world.shop.policy.payments) == {}


def test_a_guess_counts_once_it_is_sent_and_what_was_seen_is_not_new(
    browser: Browser, world: World
) -> None:
    page = reach(browser, "payments")
    assert world.shop.policy.seen_payments == frozenset()

    press(browser, page)
    policy = world.shop.policy

    assert dict(policy.payments) == {"ideal": "IDEAL", "banktransfer": "Overboeking"}
    assert policy.seen_payments == {"spaarpunten"}
    assert policy.default_payment == NOT_CHOSEN
    assert not is_new(policy, "spaarpunten")
    assert is_new(policy, "klarna")
    again = browser.get("/install/payments")
    assert "Ons voorstel" not in again.body
    assert "Deze kennen wij niet" not in again.body


def test_who_leaves_all_to_asperion_is_not_asked_about_new_ones(
    browser: Browser, world: World
) -> None:
    form = form_of(reach(browser, "payments"))

    browser.post("/install/payments", dict.fromkeys(form.values, ""))

    assert dict(world.shop.policy.payments) == {}
    assert not is_new(world.shop.policy, "klarna")


def test_a_shop_that_does_not_answer_lets_its_merchant_go_on(
    browser: Browser, world: World
) -> None:
    reach(browser, "licence")
    browser.post("/install/licence", {"licence": LICENCE})
    world.api.fail(ShopUnavailable("no answer"), "payment_methods")

    page = browser.get("/install/payments")
    done = press(browser, press(browser, page))

    assert page.status == 200
    assert "Uw webwinkel antwoordt op dit moment niet" in page.body
    assert "payment:" not in page.body
    assert "De koppeling is actief" in done.body
    assert dict(world.shop.policy.payments) == {}
    assert not is_new(world.shop.policy, "ideal")


@pytest.mark.parametrize("length", [3, 110])
def test_a_shop_with_more_methods_than_can_be_kept_is_installed_all_the_same(
    browser: Browser, world: World, length: int
) -> None:
    world.api.methods = [
        PaymentMethod(key=f"{number:0{length}}", title=f"iDEAL {number}") for number in range(260)
    ]

    page = reach(browser, "payments")
    start = press(browser, page)

    assert "betaalmethoden staan hier niet" in page.body
    assert "Stap 4 van 4" in start.body
    shown = page.body.count("Ons voorstel")
    assert 50 < shown <= 200
    assert len(world.shop.policy.payments) == shown
    assert "Stap 4 van 4" in press(browser, browser.get("/install/payments")).body


def test_what_a_shop_calls_a_method_cannot_become_markup(browser: Browser, world: World) -> None:
    evil = '"><script>alert(1)</script>'
    world.api.methods = [PaymentMethod(key=evil, title=evil)]

    page = reach(browser, "payments")
    refused = press(browser, page, **{f"payment:{evil}": evil})

    for shown in (page, refused):
        assert "<script" not in shown.body
    assert refused.status == 400
