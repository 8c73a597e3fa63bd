"""The installation, page by page: every step, and back without loss."""

from __future__ import annotations

import pytest

from chalicelib.domain.shops import ShopState
from tests.edge.web.install.answered_steps import LICENCE, SINCE, STEPS, form_of, press, reach
from tests.fakes.open_vault import look_into
from tests.fakes.web import PUBLIC_URL, Browser, World


def test_the_path_leads_from_what_it_does_to_an_active_shop(browser: Browser, world: World) -> None:
    about = browser.arrive()
    licence = press(browser, about)
    check = press(browser, licence, licence=f"  {LICENCE} ")
    payments = press(browser, check)
    start = press(browser, payments)
    done = press(browser, start)

    for number, page in enumerate((about, licence, payments, start), start=1):
        assert page.status == 200
        assert f"Stap {number} van 4" in page.body
    assert "De koppeling leest alleen in uw webwinkel." in about.body
    assert '<label for="licence">Uw licentiecode</label>' in licence.body
    assert 'name="licence"' in licence.body
    assert "Installeer de koppeling</button>" in start.body
    assert "De koppeling is actief" in done.body
    assert world.shop.state is ShopState.ACTIVE
    assert look_into(world.shop.licence) == LICENCE
    assert [each.topic for each in world.api.subscriptions] == ["orders/paid"]
    assert browser.get("/").status == 200


def test_the_code_is_shown_in_full_once_and_then_only_as_it_ends(browser: Browser) -> None:
    licence = reach(browser, "licence")
    check = press(browser, licence, licence=LICENCE)
    later = [browser.get(f"/install/{step}") for step in STEPS]
    done = press(browser, press(browser, later[2]))

    assert f'<code class="licence">{LICENCE}</code>' in check.body
    assert LICENCE not in str(check.headers)
    for page in (*later, done):
        assert LICENCE not in page.body
    for page in (later[2], done):
        assert "••••••11" in page.body


def test_the_last_page_says_what_happens_tonight_and_where_to_look(browser: Browser) -> None:
    done = press(browser, reach(browser, "start"))

    assert "Vannacht om 02:15" in done.body
    assert "Extra › Im- Export Basis › Import orders (xml)" in done.body
    assert "Webwinkelfacturen.nl" in done.body
    for address in ("/try-out", "/"):
        assert f'href="{PUBLIC_URL}{address}"' in done.body
    assert f"{PUBLIC_URL}/migration" not in done.body


def test_what_it_shows_of_asperion_has_words_and_no_script(browser: Browser) -> None:
    page = reach(browser, "licence")

    assert '<svg viewBox="0 0 400 168" aria-hidden="true"' in page.body
    assert "de code staat bovenaan, naast het woord Administratie" in page.body
    assert "<script" not in page.body
    assert " style=" not in page.body


@pytest.mark.parametrize(
    ("step", "number"),
    # Before the licence code nothing is answered, so that it begins with what the app does.
    [("about", 1), ("licence", 1), ("payments", 3), ("start", 4)],
)
def test_who_closes_the_browser_goes_on_where_he_was(
    browser: Browser, world: World, step: str, number: int
) -> None:
    reach(browser, step)
    world.clock.advance(minutes=1)

    assert f"Stap {number} van 4" in Browser(world).arrive().body


def test_every_page_leads_back_and_what_was_answered_is_still_there(
    browser: Browser, world: World
) -> None:
    reach(browser, "payments")
    payments = browser.get("/install/payments")
    changed = press(browser, payments, **{"payment:ideal": "PayPal", "payment:spaarpunten": ""})
    press(browser, changed, **SINCE)

    assert f'href="{PUBLIC_URL}/install/payments">Terug' in changed.body
    assert form_of(browser.get("/install/payments")).values["payment:ideal"] == "PayPal"
    start = form_of(browser.get("/install/start")).values
    assert (start["start"], start["since"]) == ("since", "2026-11-01")
    licence = browser.get("/install/licence")
    assert "Al ingevuld:" in licence.body
    assert form_of(licence).values["licence"] == ""
    assert "Stap 3 van 4" in press(browser, licence).body
    assert look_into(world.shop.licence) == LICENCE


def test_another_code_may_be_typed_until_the_app_is_installed(
    browser: Browser, world: World
) -> None:
    reach(browser, "start")
    check = press(browser, browser.get("/install/licence"), licence="OTHER-99")

    assert "OTHER-99" in check.body
    assert look_into(world.shop.licence) == "OTHER-99"
    assert "Stap 4 van 4" in browser.get("/install").body


@pytest.mark.parametrize(
    ("reached", "asked", "number"),
    [("about", "payments", 1), ("about", "start", 1), ("payments", "start", 3)],
)
def test_no_page_is_shown_before_its_turn(
    browser: Browser, reached: str, asked: str, number: int
) -> None:
    reach(browser, reached)

    assert f"Stap {number} van 4" in browser.follow(browser.get(f"/install/{asked}")).body
    assert browser.post(f"/install/{asked}", {"start": "today"}).status == 303


def test_nothing_is_installed_without_a_licence_code(browser: Browser, world: World) -> None:
    browser.arrive()
    for step in ("payments", "start", "count"):
        browser.post(f"/install/{step}", {"start": "today"})

    assert world.shop.state is ShopState.INSTALLING
    assert not world.api.subscriptions


@pytest.mark.parametrize("step", ["nope", "check", "done", "about"])
def test_what_is_no_page_or_has_no_answer_takes_none(
    browser: Browser, world: World, step: str
) -> None:
    reach(browser, "start")

    assert browser.post(f"/install/{step}", {"start": "today"}).status == 404
    assert world.shop.state is ShopState.INSTALLING


def test_a_page_that_is_no_step_does_not_exist(browser: Browser) -> None:
    browser.arrive()

    assert browser.get("/install/nope").status == 404
    assert browser.follow(browser.get("/install/done")).status == 200
