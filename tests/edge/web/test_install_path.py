"""The installation, page by page: every step, back without loss, refusals, a shop that does not
answer, and all of it at once.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from chalicelib.axml import load_profile
from chalicelib.domain.events import ShopStep
from chalicelib.domain.installation_progress import InstallationProgress
from chalicelib.domain.migrations import Migration, MigrationState
from chalicelib.domain.orders import PaymentMethod
from chalicelib.domain.payments import is_new
from chalicelib.domain.policy import NOT_CHOSEN
from chalicelib.domain.sealed import Sealed, SecretKind
from chalicelib.domain.shops import ShopState
from chalicelib.errors import QueueError, ShopUnauthorised, ShopUnavailable
from chalicelib.web.http.http_messages import Response
from tests.edge.web.filled_forms import FilledForm, read_filled_form
from tests.fakes.documents_of_shop import order
from tests.fakes.open_vault import look_into
from tests.fakes.web import NOW, OURS, PUBLIC_URL, SHOP_ID, Browser, World, callback
from tools.build import ROOT

LICENCE = "ASP-2026-4711"
STEPS = ("about", "licence", "payments", "start")
SINCE = {"start": "since", "since": "2026-11-01"}


@pytest.fixture
def world() -> World:
    """A shop with the profile's own payment codes, and a method that nobody can guess."""
    world = World()
    profile = load_profile(ROOT / "templates" / "axml" / "reconstructed-1.4")
    world.profile.payments = profile.payments
    world.api.methods.append(PaymentMethod(key="spaarpunten", title="Spaarpunten"))
    return world


def form_of(page: Response) -> FilledForm:
    return read_filled_form(page.body)


def press(browser: Browser, page: Response, **typed: str) -> Response:
    """Press the page's button after typing; gives the page that follows."""
    form = form_of(page)
    path = form.action.removeprefix(PUBLIC_URL)
    if form.method == "get":
        return browser.get(path)
    answer = browser.post(path, {**form.values, **typed})
    return browser.follow(answer) if answer.status == 303 else answer


def reach(browser: Browser, step: str) -> Response:
    """The page of a step, after all that comes before it was answered by taking what is there."""
    page = browser.arrive()
    if step == "about":
        return page
    page = press(browser, page)
    if step == "licence":
        return page
    page = press(browser, press(browser, page, licence=LICENCE))
    return page if step == "payments" else press(browser, page)


def make_order(world: World, id_: int, made: datetime, status: str = "paid") -> None:
    bought = order(
        id=id_, number=f"ORD{id_:05}", created_at=made, paid_at=made, payment_status=status
    )
    world.api.orders[id_] = replace(bought, updated_at=made)


# ---- the path --------------------------------------------------------------------------------


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


# ---- going back, and coming back -----------------------------------------------------------------


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


# ---- refusals --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed", ["", "   ", "a/b", "..", "two words", "x" * 65, "a%2fb", "\u202eabc"]
)
def test_a_code_that_cannot_be_one_is_said_first_and_what_was_typed_stays(
    browser: Browser, world: World, typed: str
) -> None:
    page = press(browser, reach(browser, "licence"), licence=typed)

    assert page.status == 400
    assert "<title>Fout: " in page.body
    assert 'problems" role="alert" tabindex="-1" autofocus' in page.body
    assert '<a href="#licence">' in page.body
    assert 'id="licence-problem"' in page.body
    assert 'aria-invalid="true"' in page.body
    assert form_of(page).values["licence"] == typed
    assert world.shop.licence is None
    assert page.body.index("problems-title") < page.body.index("<h1>")


def test_an_impossible_code_leaves_the_one_that_was_kept(browser: Browser, world: World) -> None:
    reach(browser, "payments")

    assert press(browser, browser.get("/install/licence"), licence="a b").status == 400
    assert look_into(world.shop.licence) == LICENCE


def test_a_code_that_the_profile_has_not_is_refused_with_a_link_to_its_method(
    browser: Browser, world: World
) -> None:
    form = form_of(reach(browser, "payments"))
    page = browser.post(
        "/install/payments", {**form.values, "payment:ideal": "BITCOIN", "payment:banktransfer": ""}
    )

    assert page.status == 400
    row = re.search(r'<label for="(payment-\d+)">iDEAL', page.body)
    assert row
    assert f'<a href="#{row[1]}">iDEAL: Kies een van de betaalmethoden' in page.body
    assert form_of(page).values["payment:banktransfer"] == ""
    assert "Ons voorstel" not in page.body
    assert dict(world.shop.policy.payments) == {}


@pytest.mark.parametrize(
    ("typed", "field", "said"),
    [
        ({"start": "since", "since": ""}, "since", "Vul een datum in"),
        ({"start": "since", "since": "gisteren"}, "since", "Vul een datum in"),
        ({"start": "since", "since": "2026-13-45"}, "since", "Vul een datum in"),
        ({"start": "since", "since": "0001-01-01"}, "since", "Vul een datum in"),
        ({"start": "since", "since": "2026-11-24"}, "since", "moet nog komen"),
        ({"start": "today", "since": "2026-11-01"}, "since", "Kies een van de twee"),
        ({"start": "later", "since": ""}, "start", "Kies vanaf wanneer"),
    ],
)
def test_a_start_that_cannot_be_is_refused_and_nothing_installed(
    browser: Browser, world: World, typed: dict[str, str], field: str, said: str
) -> None:
    page = press(browser, reach(browser, "start"), **typed)

    assert page.status == 400
    assert said in page.body
    target = "start-today" if field == "start" else field
    assert f'<a href="#{target}">' in page.body
    assert f'id="{target}"' in page.body
    assert world.shop.state is ShopState.INSTALLING


# ---- payment methods -----------------------------------------------------------------------------


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


# ---- from when -------------------------------------------------------------------------------


def test_from_a_date_on_what_comes_along_is_counted_before_the_button(
    browser: Browser, world: World
) -> None:
    for id_, days in ((1, 40), (2, 10), (3, 2), (4, 1)):
        make_order(world, id_, NOW - timedelta(days=days), "not_paid" if id_ == 4 else "paid")
    amount = world.api.orders[2].price_incl + world.api.orders[3].price_incl

    page = press(browser, reach(browser, "start"), **SINCE)

    assert "Dit gaat mee vanaf 1 november 2026" in page.body
    assert "2 bestellingen" in page.body
    assert f"{amount:.2f}".replace(".", ",") in page.body
    assert "al geboekt?" in page.body
    assert "Installeer de koppeling</button>" in page.body
    assert world.shops.load(SHOP_ID, Migration) is None

    done = press(browser, page)

    migration = world.shops.load(SHOP_ID, Migration)
    assert migration is not None
    assert migration.state is MigrationState.RUNNING
    assert (migration.first, migration.last) == (
        datetime.fromisoformat("2026-10-31T23:00:00+00:00"),
        datetime.fromisoformat("2026-11-23T23:00:00+00:00"),
    )
    assert "De bestellingen vanaf 1 november 2026 worden nu opgehaald" in done.body
    assert f'href="{PUBLIC_URL}/migration"' in done.body
    assert world.shop.state is ShopState.ACTIVE


@pytest.mark.parametrize("typed", ["1-11-2026", "01/11/2026", "2026-11-01"])
def test_a_date_may_be_written_as_people_write_it(browser: Browser, typed: str) -> None:
    page = press(browser, reach(browser, "start"), start="since", since=typed)

    assert "vanaf 1 november 2026" in page.body


def test_who_changes_his_mind_begins_today_after_all(browser: Browser, world: World) -> None:
    page = press(browser, reach(browser, "start"), **SINCE)
    assert f'href="{PUBLIC_URL}/install/start">Terug' in page.body

    done = press(browser, browser.get("/install/start"), start="today")

    assert "De koppeling is actief" in done.body
    assert world.shops.load(SHOP_ID, Migration) is None


def test_a_shop_that_cannot_count_leaves_two_ways(browser: Browser, world: World) -> None:
    start = reach(browser, "start")
    world.api.fail(ShopUnavailable("no answer"), "orders_created_between")

    page = press(browser, start, **SINCE)

    assert page.status == 200
    assert "niet kunnen tellen" in page.body
    assert "Installeer de koppeling</button>" not in page.body
    assert f'href="{PUBLIC_URL}/install/count"' in page.body
    assert f'href="{PUBLIC_URL}/install/start"' in page.body
    world.api.recover()
    assert "0 bestellingen" in browser.get("/install/count").body


def test_a_count_without_a_date_asks_for_one(browser: Browser, world: World) -> None:
    reach(browser, "start")

    assert "Vanaf wanneer" in browser.follow(browser.get("/install/count")).body
    browser.post("/install/count", {})
    assert world.shop.state is ShopState.INSTALLING


def test_older_orders_go_along_tonight_when_the_queue_takes_no_message(
    browser: Browser, world: World
) -> None:
    count = press(browser, reach(browser, "start"), **SINCE)
    world.queue.error = QueueError("no queue")

    done = press(browser, count)

    # The message is lost, and the night takes the orders along all the same.
    assert "worden nu opgehaald" in done.body
    migration = world.shops.load(SHOP_ID, Migration)
    assert migration is not None
    assert migration.state is MigrationState.RUNNING


def test_another_migration_under_way_is_not_replaced_and_the_last_page_says_so(
    browser: Browser, world: World
) -> None:
    count = press(browser, reach(browser, "start"), **SINCE)
    former = Migration(
        state=MigrationState.RUNNING, first=NOW - timedelta(days=90), last=NOW, at=NOW
    )
    world.shops.save(SHOP_ID, former)

    done = press(browser, count)

    assert world.shops.load(SHOP_ID, Migration) == former
    assert "zijn nog niet onderweg" in done.body
    assert world.shop.state is ShopState.ACTIVE


# ---- the last button -----------------------------------------------------------------------------


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


# ---- who may -----------------------------------------------------------------------------------


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


# ---- all at once ---------------------------------------------------------------------------------


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


# ---- for everybody -------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_control_of_every_page_has_a_label_and_an_id_of_its_own(
    browser: Browser, language: str
) -> None:
    pages = [
        browser.arrive(language=language),
        browser.get("/install/licence"),
        browser.post("/install/licence", {"licence": "a b"}),
        browser.post("/install/licence", {"licence": LICENCE}),
        browser.get("/install/payments"),
        browser.post("/install/payments", {"payment:ideal": "nope"}),
        browser.follow(browser.post("/install/payments", {"payment:ideal": "IDEAL"})),
        browser.post("/install/start", {"start": "since"}),
        browser.follow(browser.post("/install/start", SINCE)),
        browser.post("/install", {"licence": "a b", "payment:ideal": "nope", "source": "nope"}),
        browser.follow(browser.post("/install/count")),
    ]

    for page in pages:
        assert page.body.startswith("<!doctype html>")
        assert f'<html lang="{language}">' in page.body
        assert "%(" not in page.body
        ids = re.findall(r'\bid="([^"]+)"', page.body)
        assert len(ids) == len(set(ids))
        labels = set(re.findall(r'<label for="([^"]+)"', page.body))
        for control in re.findall(r"<(?:input|select|textarea)\b[^>]*>", page.body):
            found = re.search(r'\bid="([^"]+)"', control)
            assert 'type="hidden"' in control or (found and found[1] in labels), control
        for names in re.findall(r'aria-(?:describedby|labelledby)="([^"]+)"', page.body):
            assert set(names.split()) <= set(ids), names


def test_each_page_costs_one_call_of_the_shop_at_most(browser: Browser, world: World) -> None:
    reach(browser, "start")
    for step in STEPS:
        world.api.calls.clear()
        browser.get(f"/install/{step}")
        assert world.api.calls.total() <= 1


def test_pages_answer_head_as_get(browser: Browser) -> None:
    reach(browser, "start")
    for step in STEPS:
        shown, asked = browser.get(f"/install/{step}"), browser.head(f"/install/{step}")
        assert (asked.status, asked.headers, asked.body) == (shown.status, shown.headers, "")


def test_a_form_of_garbage_keeps_nothing(browser: Browser, world: World) -> None:
    reach(browser, "start")
    before = world.shop

    for step in ("licence", "payments", "start"):
        answer = browser._send(
            "POST", f"/install/{step}", headers=OURS, body=b"licence=%ff&start=today"
        )
        assert answer.status == 400
    assert world.shop == before
