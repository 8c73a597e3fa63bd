"""Changing the licence code: typed, shown once with what follows, confirmed, and seen after."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chalicelib.domain.events import Actor, ShopStep
from chalicelib.domain.notified_changes import MOST_A_DAY
from chalicelib.domain.shops import ShopState
from chalicelib.usecases.connector import Post
from chalicelib.usecases.shop.leaving import pause_shop
from chalicelib.usecases.workspace import open_workspace
from chalicelib.web.http.http_messages import Response
from chalicelib.web.pages.fresh_session import FRESH
from chalicelib.web.pages.page_templates import LOCALE
from chalicelib.web.texts.mail_texts import MailWriter
from tests.edge.web.markup import read
from tests.fakes.open_vault import look_into
from tests.fakes.post import MemoryMailer
from tests.fakes.web import PUBLIC_URL, SHOP_ID, Browser, World, callback, cookies_of

OLD, NEW = "LICENTIE-0042", "LICENTIE-0017"
SUPPORT = "hulp@koppeling.example"


@pytest.fixture
def mailer() -> MemoryMailer:
    return MemoryMailer()


@pytest.fixture
def world(mailer: MemoryMailer) -> World:
    world = World()
    writer = MailWriter(public_url=PUBLIC_URL, support=SUPPORT, locale=LOCALE)
    world.connector = replace(
        world.connector,
        post=Post(mailer=mailer, word=writer.word),
        settings=replace(world.connector.settings, support_address=SUPPORT),
    )
    return world


@pytest.fixture
def browser(world: World) -> Browser:
    browser = Browser(world)
    browser.install(licence=OLD)
    return browser


def code(world: World) -> str | None:
    return look_into(world.shop.licence)


def confirmation(page: Response) -> dict[str, str]:
    """What the button of the page posts that asks for confirmation."""
    presses = read(page.body).presses
    [press] = [one for one in presses if one.text in ("Ja, wijzig de code", "Yes, change the code")]
    return press.fields


def change(browser: Browser, new: str = NEW) -> Response:
    """Both steps; the answer to the second."""
    return browser.post("/licence", confirmation(browser.post("/licence", {"licence": new})))


def test_the_settings_lead_to_a_step_of_its_own(browser: Browser) -> None:
    body = browser.get("/settings").body

    assert 'name="licence"' not in body
    assert "••••••42" in body
    assert read(body).link("Licentiecode wijzigen").href == f"{PUBLIC_URL}/licence"
    page = browser.get("/licence")
    assert page.status == 200
    assert 'name="licence"' in page.body
    assert "••••••42" in page.body
    assert OLD not in body + page.body


def test_the_first_step_shows_old_ending_new_code_and_what_follows_and_changes_nothing(
    browser: Browser, world: World
) -> None:
    page = browser.post("/licence", {"licence": f" {NEW} "})

    assert page.status == 200
    assert "••••••42" in page.body
    assert NEW in page.body
    for text in ("naar de nieuwe code", "bekijken we opnieuw", "blijft waar het is", "e-mail"):
        assert text in page.body
    assert code(world) == OLD
    assert world.shop.licence_changes == ()
    again = browser.post("/licence", {"licence": NEW})  # the page is loaded again
    assert (again.status, code(world)) == (200, OLD)


def test_confirmed_it_is_changed_audited_notified_and_shown_masked(
    browser: Browser, world: World, mailer: MemoryMailer
) -> None:
    answer = change(browser)
    page = browser.follow(answer)

    assert code(world) == NEW
    assert "De licentiecode is gewijzigd" in page.body
    assert "••••••17" in page.body
    [event] = [e for e in world.shops.audit(SHOP_ID) if e.step is ShopStep.CHANGE_LICENCE]
    assert (event.note, event.by, event.at) == ("••42 → ••17", Actor.MERCHANT, world.clock())
    [(address, mail)] = mailer.sent
    assert address == world.api.contact
    assert OLD not in mail.text
    assert NEW not in mail.text


def test_the_code_is_in_no_other_answer_and_in_no_address_cookie_or_log(
    browser: Browser, world: World, caplog: pytest.LogCaptureFixture
) -> None:
    shown = browser.post("/licence", {"licence": NEW})
    answer = browser.post("/licence", confirmation(shown))
    pages = [browser.get(path) for path in ("/", "/settings", "/licence", "/help", "/")]

    for page in (answer, *pages):
        said = page.body + str(dict(page.headers))
        for secret in (OLD, NEW, world.api.contact):
            assert secret not in said
    assert not any(NEW in line for line in cookies_of(shown))
    assert NEW not in str(browser.cookies)
    for secret in (OLD, NEW, world.api.contact):
        assert secret not in caplog.text
        assert secret not in str(world.shops.audits)
        assert secret not in str(world.shop)


def test_sent_again_the_confirmation_changes_nothing_more(
    browser: Browser, world: World, mailer: MemoryMailer
) -> None:
    fields = confirmation(browser.post("/licence", {"licence": NEW}))
    browser.post("/licence", fields)

    again = browser.post("/licence", fields)

    assert again.status == 200
    assert "al in gebruik" in again.body
    assert NEW not in again.body
    assert len(world.shop.licence_changes) == len(mailer.sent) == 1


def test_the_same_code_is_no_change_and_that_is_said(browser: Browser, world: World) -> None:
    page = browser.post("/licence", {"licence": OLD})

    assert page.status == 200
    assert "al in gebruik" in page.body
    assert 'name="confirm"' not in page.body
    assert world.shop.licence_changes == ()


@pytest.mark.parametrize("typed", ["", "../A", "a/b", "twee woorden", "%2e", "x" * 65])
def test_what_cannot_be_a_code_is_pointed_out_and_still_there(
    browser: Browser, world: World, typed: str
) -> None:
    page = browser.post("/licence", {"licence": typed})

    assert page.status == 400
    assert 'id="licence-problem"' in page.body
    assert f'name="licence" value="{typed}"' in page.body
    assert code(world) == OLD


@pytest.mark.parametrize("confirm", ["", "x", "yes", "WzFd.x.y"])
def test_without_having_been_shown_nothing_is_confirmed(
    browser: Browser, world: World, confirm: str
) -> None:
    page = browser.post("/licence", {"licence": NEW, "confirm": confirm})

    assert (page.status, code(world)) == (200, OLD)
    assert "Is dit de juiste code?" in page.body


def test_a_confirmation_is_of_one_code_in_place_of_one_other(
    browser: Browser, world: World
) -> None:
    fields = confirmation(browser.post("/licence", {"licence": NEW}))
    other = browser.post("/licence", {**fields, "licence": "LICENTIE-0666"})
    assert (other.status, code(world)) == (200, OLD)

    change(browser, "LICENTIE-0099")
    late = browser.post("/licence", fields)
    assert (late.status, code(world)) == (200, "LICENTIE-0099")
    assert "••••••99" in late.body  # what is in its place by now is shown, and asked for again


def test_a_confirmation_lasts_no_longer_than_the_sign_in(browser: Browser, world: World) -> None:
    fields = confirmation(browser.post("/licence", {"licence": NEW}))
    world.clock.advance(minutes=16)
    browser.get("/install", callback(world.clock))

    page = browser.post("/licence", fields)

    assert (page.status, code(world)) == (200, OLD)


# ---- who may -------------------------------------------------------------------------------------


def test_a_session_that_is_not_fresh_changes_nothing(browser: Browser, world: World) -> None:
    fields = confirmation(browser.post("/licence", {"licence": NEW}))
    world.clock.advance(seconds=FRESH.total_seconds() + 1)

    shown = browser.get("/licence")
    typed = browser.post("/licence", {"licence": "LICENTIE-0666"})
    confirmed = browser.post("/licence", fields)

    assert "Open eerst de app vanuit het AppCenter" in shown.body
    assert 'name="licence"' not in shown.body
    assert (typed.status, confirmed.status) == (403, 403)
    assert "LICENTIE-0666" in typed.body  # nothing that was typed is lost
    assert code(world) == OLD
    browser.get("/install", callback(world.clock))
    assert change(browser).status == 303


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none"])
def test_another_sites_page_changes_nothing(browser: Browser, world: World, site: str) -> None:
    fields = confirmation(browser.post("/licence", {"licence": NEW}))

    answer = browser.post("/licence", fields, headers={"sec-fetch-site": site})

    assert (answer.status, code(world)) == (403, OLD)


def test_who_is_not_signed_in_changes_nothing(browser: Browser, world: World) -> None:
    fields = confirmation(browser.post("/licence", {"licence": NEW}))
    stranger = Browser(world)

    assert stranger.get("/licence").status == 401
    assert stranger.post("/licence", fields).status == 401
    assert code(world) == OLD


def test_a_shop_that_is_not_installed_fills_in_its_form(world: World) -> None:
    browser = Browser(world)
    browser.get("/install", callback(world.clock))

    for answer in (browser.get("/licence"), browser.post("/licence", {"licence": NEW})):
        assert answer.status == 303
        assert answer.headers["Location"] == f"{PUBLIC_URL}/settings"
    assert world.shop.licence is None


def test_after_ten_changes_a_day_it_is_enough(browser: Browser, world: World) -> None:
    for number in range(MOST_A_DAY):
        assert change(browser, f"LICENTIE-1{number:03}").status == 303

    page = change(browser)

    assert page.status == 429
    assert "tien keer" in page.body
    assert code(world) == f"LICENTIE-1{MOST_A_DAY - 1:03}"


# ---- the form of the settings --------------------------------------------------------------------


def test_a_settings_form_with_another_code_saves_the_rest_and_asks_for_the_step(
    browser: Browser, world: World
) -> None:
    page = browser.post("/settings", {"licence": NEW, "on_account": "yes"})

    assert page.status == 200
    assert "Uw andere keuzes zijn opgeslagen" in page.body
    assert NEW in page.body
    assert world.shop.policy.on_account
    assert code(world) == OLD
    assert browser.post("/licence", confirmation(page)).status == 303
    assert code(world) == NEW


@pytest.mark.parametrize("path", ["/settings", "/install"])
def test_no_form_changes_the_code_of_an_installed_shop_silently(
    browser: Browser, world: World, path: str
) -> None:
    browser.post(path, {"licence": NEW})
    assert code(world) == OLD
    assert browser.post(path, {"licence": OLD}).status == 303
    assert world.shop.licence_changes == ()


def test_a_settings_form_that_has_to_be_mended_keeps_the_typed_code(browser: Browser) -> None:
    page = browser.post("/settings", {"licence": NEW, "accepted_currencies": "euro's"})

    assert page.status == 400
    assert f'name="licence" value="{NEW}"' in page.body


def test_a_settings_form_of_a_stale_session_saves_the_rest_and_says_what_to_do(
    browser: Browser, world: World
) -> None:
    for _ in range(2):  # long ago, but never idle
        world.clock.advance(minutes=25)
        browser.get("/")

    page = browser.post("/settings", {"licence": NEW, "on_account": "yes"})

    assert page.status == 403
    assert "Open eerst de app vanuit het AppCenter" in page.body
    assert world.shop.policy.on_account
    assert code(world) == OLD


# ---- what is seen afterwards ---------------------------------------------------------------------


def test_the_overview_shows_every_change_for_14_days(browser: Browser, world: World) -> None:
    change(browser)
    world.clock.advance(days=1)
    browser.get("/install", callback(world.clock))
    change(browser, OLD)

    body = browser.get("/").body

    assert "van ••42 naar ••17" in body
    assert "van ••17 naar ••42" in body  # who changes it back cannot hide that it was changed
    assert "heeft een e-mail gekregen" in body
    assert SUPPORT in body
    assert body.index('id="licence-changes"') < body.index(f'action="{PUBLIC_URL}/pause"')
    world.clock.advance(days=12, hours=23)
    browser.get("/install", callback(world.clock))
    assert "van ••42 naar ••17" in browser.get("/").body
    world.clock.advance(hours=2)
    browser.get("/install", callback(world.clock))
    body = browser.get("/").body
    assert "van ••42 naar ••17" not in body
    assert "van ••17 naar ••42" in body
    world.clock.advance(days=2)
    browser.get("/install", callback(world.clock))
    assert 'id="licence-changes"' not in browser.get("/").body


def test_a_mail_that_failed_is_owned_up_to(
    browser: Browser, world: World, mailer: MemoryMailer
) -> None:
    mailer.is_down = True
    assert "kon nog niet worden gemaild" in browser.follow(change(browser)).body


def test_without_a_sender_the_pages_say_that_no_mail_is_sent(
    browser: Browser, world: World, mailer: MemoryMailer
) -> None:
    world.connector = replace(world.connector, post=None)

    page = browser.post("/licence", {"licence": NEW})
    after = browser.follow(browser.post("/licence", confirmation(page)))

    assert "deze installatie verstuurt er geen" in page.body
    assert "deze installatie verstuurt geen e-mail" in after.body
    assert mailer.sent == []


def test_an_installation_is_no_change(browser: Browser, world: World) -> None:
    assert 'id="licence-changes"' not in browser.get("/").body
    audit = world.shops.audit(SHOP_ID)
    assert [e.note for e in audit if e.step is ShopStep.COMPLETE] == ["••42"]
    assert not any(e.step is ShopStep.CHANGE_LICENCE for e in audit)


def test_a_code_typed_at_a_new_installation_is_no_change(browser: Browser, world: World) -> None:
    change(browser)
    browser.uninstall()
    assert (world.shop.licence, world.shop.licence_changes) == (None, ())
    world.clock.advance(days=1)

    browser.get("/install", callback(world.clock, token="f" * 32))
    page = browser.follow(browser.post("/install", {"licence": "LICENTIE-0099"}))

    assert 'id="licence-changes"' not in page.body
    audit = world.shops.audit(SHOP_ID)
    assert [e.note for e in audit if e.step is ShopStep.COMPLETE] == ["", "••99"]
    assert sum(e.step is ShopStep.CHANGE_LICENCE for e in audit) == 1


@pytest.mark.parametrize("state", [ShopState.PAUSED, ShopState.DISCONNECTED])
def test_a_shop_that_sends_nothing_may_change_its_code_and_reads_so(
    browser: Browser, world: World, state: ShopState
) -> None:
    if state is ShopState.PAUSED:
        pause_shop(open_workspace(world.connector, SHOP_ID), by=Actor.MERCHANT)
    else:
        world.shops.update(SHOP_ID, lambda shop: replace(shop, state=state))

    page = browser.post("/licence", {"licence": NEW})

    assert "Op dit moment worden er geen bestanden verstuurd" in page.body
    assert browser.post("/licence", confirmation(page)).status == 303
    assert (code(world), world.shop.state) == (NEW, state)


# ---- the mail ------------------------------------------------------------------------------------


@pytest.fixture(params=["nl", "en"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_the_mail_says_in_the_shops_language_what_was_changed_and_what_to_do(
    world: World, mailer: MemoryMailer, language: str
) -> None:
    browser = Browser(world)
    browser.install(language=language, licence=OLD)
    change(browser)

    [(_, mail)] = mailer.sent
    said = {
        "nl": ("van ••42 naar ••17", "Was u het niet?", "Pauzeer", "23 november 2026, 15:05"),
        "en": ("from ••42 to ••17", "Was it not you?", "Pause", "23 November 2026, 15:05"),
    }[language]
    for text in (*said, SUPPORT, f"{PUBLIC_URL}/", world.shop.title):
        assert text in mail.text
    assert "\r" not in mail.subject + mail.text
    assert "\n" not in mail.subject
    assert len(mail.text) < 2000
