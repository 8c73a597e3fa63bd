"""From the AppCenter to an active connector, and what goes wrong on the way."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chalicelib.domain.days import local_day
from chalicelib.domain.events import ShopStep
from chalicelib.domain.orders import PaymentMethod
from chalicelib.domain.payments import is_new
from chalicelib.domain.shops import ShopState
from chalicelib.errors import ShopUnauthorised, ShopUnavailable
from chalicelib.web.http.session_cookies import SessionCookies
from tests.fakes.open_vault import look_into
from tests.fakes.web import SHOP_ID, TOKEN, Browser, World, callback, cookies_of

LICENCE = "ASP-2026-4711"


def test_a_merchant_from_the_appcenter_sees_where_the_installation_begins_at_once(
    browser: Browser, world: World
) -> None:
    answer = browser.get("/install", callback(world.clock))
    page = browser.follow(answer)

    assert page.status == 200
    assert '<html lang="nl">' in page.body
    assert "Stap 1 van 4" in page.body
    assert world.shop.state is ShopState.INSTALLING
    assert any(line.startswith("__Host-merchant=") for line in cookies_of(answer))


@pytest.mark.parametrize(("language", "shown"), [("nl", "nl"), ("en", "en"), ("de", "en")])
def test_the_form_speaks_the_shops_language(
    browser: Browser, world: World, language: str, shown: str
) -> None:
    page = browser.arrive(language=language)

    assert f'<html lang="{shown}">' in page.body


@pytest.mark.parametrize("missing", ["language", "shop_id", "timestamp", "token", "signature"])
def test_a_call_without_one_of_its_parameters_is_refused_and_nothing_stored(
    browser: Browser, world: World, missing: str
) -> None:
    query = callback(world.clock)
    del query[missing]

    page = browser.get("/install", query)

    assert page.status == 401
    assert "Deze link is niet geldig" in page.body or "This link is not valid" in page.body
    assert not world.shops.records
    assert not cookies_of(page)


def test_a_wrong_signature_is_refused_and_nothing_stored(browser: Browser, world: World) -> None:
    page = browser.get("/install", {**callback(world.clock), "signature": "0" * 32})

    assert page.status == 401
    assert "Er is niets opgeslagen" in page.body
    assert not world.shops.records


@pytest.mark.parametrize("minutes", [-16, 16])
def test_a_call_more_than_a_quarter_of_an_hour_off_is_refused(
    browser: Browser, world: World, minutes: int
) -> None:
    query = callback(world.clock)
    world.clock.advance(minutes=minutes)

    assert browser.get("/install", query).status == 401
    assert not world.shops.records


def test_loading_the_install_address_again_later_goes_on_to_the_form(
    browser: Browser, world: World
) -> None:
    query = callback(world.clock)
    browser.get("/install", query)
    world.clock.advance(minutes=16)

    page = browser.get("/install", query)

    assert page.status == 303
    assert page.headers["Location"] == "https://koppeling.example/api/install"
    assert browser.follow(page).status == 200


@pytest.mark.parametrize(
    "changes",
    [{"shop_id": "184521"}, {"signature": "0" * 32}, {"timestamp": "9999999999"}],
)
def test_an_old_address_of_another_shop_or_without_proof_is_refused_all_the_same(
    browser: Browser, world: World, changes: dict[str, str]
) -> None:
    browser.install()
    signed = {name: value for name, value in changes.items() if name != "signature"}
    query = {**callback(world.clock, **signed), **changes}
    world.clock.advance(minutes=16)

    assert browser.get("/install", query).status == 401


def test_an_old_address_signs_nobody_in(browser: Browser, world: World) -> None:
    query = callback(world.clock)
    browser.get("/install", query)
    browser.cookies.clear()
    world.clock.advance(minutes=16)

    assert browser.get("/install", query).status == 401
    assert not browser.cookies


def test_a_token_seoshop_refuses_installs_nothing(browser: Browser, world: World) -> None:
    world.api.fail(ShopUnauthorised("refused", status=401))

    page = browser.get("/install", callback(world.clock))

    assert page.status == 502
    assert not world.shops.records


def test_installing_stores_the_choices_and_shows_how_the_licence_code_ends(
    browser: Browser, world: World
) -> None:
    browser.get("/install", callback(world.clock))

    answer = browser.post(
        "/install",
        {"licence": f"  {LICENCE} ", "payment:ideal": "IDEAL", "payment:banktransfer": ""},
    )
    confirmation = browser.follow(answer)
    again = browser.get("/")

    assert answer.headers["Location"] == "https://koppeling.example/api/"
    assert "De koppeling is actief" in confirmation.body
    assert "••••••11" in confirmation.body
    assert "Klopt dit?" in confirmation.body
    assert LICENCE not in confirmation.body + again.body
    assert world.shop.state is ShopState.ACTIVE
    assert look_into(world.shop.licence) == LICENCE
    assert dict(world.shop.policy.payments) == {"ideal": "IDEAL"}
    assert [each.topic for each in world.api.subscriptions] == ["orders/paid"]


def test_pressing_twice_installs_once(browser: Browser, world: World) -> None:
    browser.get("/install", callback(world.clock))

    first = browser.post("/install", {"licence": LICENCE})
    second = browser.post("/install", {"licence": LICENCE})

    assert (first.status, second.status) == (303, 303)
    assert len(world.api.subscriptions) == 1
    assert [event.step for event in world.shops.audit(SHOP_ID)].count(ShopStep.COMPLETE) == 1


def test_who_finishes_the_form_days_later_stays_signed_in(browser: Browser, world: World) -> None:
    browser.get("/install", callback(world.clock))
    world.clock.advance(days=9)
    browser.get("/install", callback(world.clock))
    opened = dict(browser.cookies)
    world.clock.advance(minutes=29)

    assert browser.follow(browser.post("/install", {"licence": LICENCE})).status == 200
    assert world.shop.installed_at == world.clock()
    browser.cookies = opened  # the same button once more, sent before the answer came
    assert browser.post("/install", {"licence": LICENCE}).status == 303


def test_a_session_from_before_tokens_were_dated_outlasts_the_button(
    browser: Browser, world: World
) -> None:
    browser.get("/install", callback(world.clock))
    world.shops.update(SHOP_ID, lambda shop: replace(shop, token_since=None))
    world.clock.advance(minutes=1)
    sessions = SessionCookies(world.connector.settings, world.secrets, world.clock)
    line = sessions.sign_in(world.shop, "a-name")
    browser.session = line.partition("=")[2].partition(";")[0]

    assert browser.follow(browser.post("/install", {"licence": LICENCE})).status == 200


@pytest.mark.parametrize(
    "licence", ["", "   ", "a/b", "..", "a%2fb", "two words", "x" * 65, "a\tb"]
)
def test_an_impossible_licence_code_is_refused_with_the_form_kept_filled_in(
    browser: Browser, world: World, licence: str
) -> None:
    browser.get("/install", callback(world.clock))

    page = browser.post(
        "/install",
        {"licence": licence, "payment:ideal": "Op factuur", "accepted_currencies": "EUR, GBP"},
    )

    assert page.status == 400
    assert 'id="licence-problem"' in page.body
    assert f'name="licence" value="{licence}"' in page.body
    assert 'name="payment:ideal" value="Op factuur"' in page.body
    assert 'name="accepted_currencies" value="EUR, GBP"' in page.body
    assert world.shop.state is ShopState.INSTALLING
    assert world.shop.licence is None
    assert not world.api.subscriptions


def test_a_shop_that_does_not_answer_still_gets_its_form(browser: Browser, world: World) -> None:
    browser.get("/install", callback(world.clock))
    world.api.fail(ShopUnavailable("no answer"))

    page = browser.get("/settings")

    assert page.status == 200
    assert "Uw webwinkel antwoordt op dit moment niet" in page.body
    assert "Installeer de koppeling</button>" in page.body


def test_a_subscription_that_fails_keeps_the_choices_and_a_second_press_goes_on(
    browser: Browser, world: World
) -> None:
    browser.get("/install", callback(world.clock))
    world.api.fail(ShopUnavailable("no answer"))

    page = browser.post("/install", {"licence": LICENCE, "payment:ideal": "IDEAL"})

    assert page.status == 503
    assert "Uw keuzes zijn opgeslagen" in page.body
    stored = world.shop
    assert (look_into(stored.licence), stored.state) == (LICENCE, ShopState.INSTALLING)
    world.api.recover()
    assert browser.post("/install", {}).status == 303
    assert world.shop.state is ShopState.ACTIVE
    assert dict(world.shop.policy.payments) == {"ideal": "IDEAL"}


def test_choices_for_methods_not_shown_survive_saving(browser: Browser, world: World) -> None:
    browser.install()
    browser.post("/settings", {"payment:ideal": "IDEAL"})
    world.api.fail(ShopUnavailable("no answer"))
    assert '<option value="IDEAL" selected>' in browser.get("/settings").body
    world.api.recover()

    browser.post("/settings", {"on_account": "yes"})

    assert dict(world.shop.policy.payments) == {"ideal": "IDEAL"}
    assert world.shop.policy.on_account
    assert world.shop.policy.ideal_is_wero


def test_a_scheme_counts_for_all_orders_or_from_the_day_it_is_ticked(
    browser: Browser, world: World
) -> None:
    browser.get("/install", callback(world.clock))
    browser.post("/install", {"licence": LICENCE, "small_business_scheme": "yes"})
    assert world.shop.policy.kor_since is None

    browser.post("/settings", {"small_business_scheme": "yes", "one_stop_shop": "yes"})
    assert world.shop.policy.kor_since is None
    assert world.shop.policy.oss_since == local_day(world.clock())

    wrong = browser.post("/settings", {"one_stop_shop": "yes", "oss_since": "1 juli"})
    assert wrong.status == 400
    assert 'value="1 juli"' in wrong.body


def test_a_method_that_came_later_is_new_until_it_was_seen_in_the_form(
    browser: Browser, world: World
) -> None:
    browser.get("/install", callback(world.clock))
    shown = {"payment:ideal": "IDEAL", "payment:banktransfer": "", "default_payment": "-auto"}
    browser.post("/install", {"licence": LICENCE, **shown})
    world.api.methods.append(PaymentMethod(key="klarna", title="Klarna"))

    body = browser.get("/settings").body
    assert body.count("Nieuw: wordt vastgehouden") == 1
    assert is_new(world.shop.policy, "klarna")
    assert not is_new(world.shop.policy, "banktransfer")

    browser.post("/settings", {**shown, "payment:klarna": ""})

    assert "Nieuw: wordt vastgehouden" not in browser.get("/settings").body
    assert not is_new(world.shop.policy, "klarna")


def test_opening_the_app_again_leads_to_the_overview_and_the_settings_hide_the_licence_code(
    browser: Browser, world: World
) -> None:
    browser.install(licence=LICENCE)
    world.clock.advance(seconds=1)

    answer = browser.get("/install", callback(world.clock))
    assert answer.headers["Location"] == "https://koppeling.example/api/"
    assert browser.follow(answer).status == 200
    page = browser.get("/settings")

    assert page.status == 200
    assert "Opslaan</button>" in page.body
    assert LICENCE not in page.body
    assert "••••••11" in page.body
    assert world.shop.state is ShopState.ACTIVE


def test_saving_without_a_code_keeps_the_stored_one(browser: Browser, world: World) -> None:
    browser.install(licence=LICENCE)

    page = browser.follow(browser.post("/settings", {"licence": "", "default_payment": "-hold"}))

    assert "Uw keuzes zijn opgeslagen" in page.body
    assert LICENCE not in page.body
    assert look_into(world.shop.licence) == LICENCE
    assert world.shop.policy.default_payment is None


def test_what_a_shop_calls_its_payment_methods_cannot_become_markup(
    browser: Browser, world: World
) -> None:
    evil = '"><script>alert(1)</script>'
    world.api.shop = replace(world.api.shop, title=evil)
    world.api.methods = [PaymentMethod(key=evil, title=evil)]

    page = browser.arrive()
    refused = browser.post("/install", {"licence": evil, f"payment:{evil}": evil})

    for shown in (page, refused):
        assert "<script" not in shown.body
        assert "&lt;script&gt;" in shown.body


def test_no_page_of_an_installation_holds_the_token(browser: Browser, world: World) -> None:
    pages = [
        browser.get("/install", callback(world.clock)),
        browser.get("/install"),
        browser.post("/install", {"licence": "a/b"}),
        browser.install(),
        browser.get("/settings"),
        browser.get("/"),
    ]

    for page in pages:
        assert TOKEN not in page.body
        assert TOKEN not in str(dict(page.headers))
