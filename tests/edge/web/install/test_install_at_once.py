"""All of the installation in one form."""

from __future__ import annotations

from chalicelib.domain.orders import PaymentMethod
from chalicelib.domain.payments import is_new
from chalicelib.domain.policy import NOT_CHOSEN
from chalicelib.domain.shops import ShopState
from chalicelib.errors import ShopUnavailable
from tests.edge.web.install.answered_steps import LICENCE, form_of, press, reach
from tests.fakes.web import PUBLIC_URL, Browser, World, callback


def test_one_form_with_everything_in_it_installs_at_once(browser: Browser, world: World) -> None:
    browser.follow(browser.get("/install", callback(world.clock)))

    answer = browser.post(
        "/install",
        {
            "licence": LICENCE,
            "payment:ideal": "PayPal",
            "payment:banktransfer": "",
            "default_payment": "-hold",
            "on_account": "yes",
        },
    )

    assert answer.headers["Location"] == f"{PUBLIC_URL}/"
    policy = world.shop.policy
    assert world.shop.state is ShopState.ACTIVE
    assert dict(policy.payments) == {"ideal": "PayPal"}
    assert policy.seen_payments >= {"banktransfer"}
    assert policy.default_payment is None
    assert policy.on_account


def test_at_once_a_shop_that_does_not_answer_leaves_the_last_page_to_press_again(
    browser: Browser, world: World
) -> None:
    browser.arrive()
    world.api.fail(ShopUnavailable("no answer"))

    page = browser.post("/install", {"licence": LICENCE, "payment:ideal": "PayPal"})

    assert page.status == 503
    assert "Stap 4 van 4" in page.body
    world.api.recover()
    assert "De koppeling is actief" in press(browser, page).body
    assert dict(world.shop.policy.payments) == {"ideal": "PayPal"}


def test_at_once_no_guess_is_made(browser: Browser, world: World) -> None:
    browser.arrive()
    browser.post("/install", {"licence": LICENCE})

    assert dict(world.shop.policy.payments) == {}
    assert world.shop.policy.seen_payments == frozenset()
    assert world.shop.policy.default_payment == NOT_CHOSEN


def test_at_once_only_methods_that_come_later_are_new(browser: Browser, world: World) -> None:
    world.api.methods = [PaymentMethod(key=key, title=key) for key in ("ideal", "paypal")]
    browser.arrive()

    browser.post("/install", {"licence": LICENCE, "payment:ideal": "IDEAL"})

    policy = world.shop.policy
    assert not is_new(policy, "paypal")
    assert is_new(policy, "klarna")


def test_at_once_halfway_keeps_what_was_answered(browser: Browser, world: World) -> None:
    reach(browser, "start")

    assert browser.post("/install", {}).status == 303
    assert world.shop.state is ShopState.ACTIVE
    assert dict(world.shop.policy.payments) == {"ideal": "IDEAL", "banktransfer": "Overboeking"}


def test_at_once_with_something_wrong_keeps_nothing_and_gives_all_of_it_back(
    browser: Browser, world: World
) -> None:
    browser.arrive()
    posted = {
        "licence": "a b",
        "payment:ideal": "IDEAL",
        "payment:banktransfer": "BITCOIN",
        "accepted_currencies": "EURO",
        "service_articles": "HULP\nUUR",
        "on_account": "yes",
    }

    page = browser.post("/install", posted)

    assert page.status == 400
    assert "<title>Fout: " in page.body
    for name in ("licence", "payment:banktransfer", "accepted_currencies"):
        assert f'<a href="#{name}">' in page.body
        assert f'id="{name}"' in page.body
    assert world.shop.policy.payments == {}
    assert world.shop.licence is None
    form = form_of(page)
    assert form.action == f"{PUBLIC_URL}/install"
    for name in ("licence", "payment:ideal", "service_articles", "on_account"):
        assert form.values[name].split() == posted[name].split()
    mended = {"licence": LICENCE, "payment:banktransfer": "", "accepted_currencies": "EUR, USD"}
    assert browser.post("/install", {**form.values, **mended}).status == 303
    assert world.shop.policy.accepted_currencies == {"EUR", "USD"}
    assert world.shop.policy.service_articles == {"HULP", "UUR"}
