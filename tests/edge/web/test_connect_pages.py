"""The merchant connects Asperion: there and back, administration, proposal, try-out, on, off."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from html import unescape
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest

from chalicelib.axml import load_profile
from chalicelib.domain.administrations import Administration, LedgerAccount
from chalicelib.domain.connection import AsperionTokens, Connection
from chalicelib.domain.ledger import FileState
from chalicelib.domain.policy import VatClass
from chalicelib.domain.refused_fields import RefusedField
from chalicelib.domain.shops import ShopState
from chalicelib.domain.ways import Way
from chalicelib.web.http.http_messages import Response
from chalicelib.web.pages.fresh_session import FRESH
from chalicelib.web.pages.page_templates import TEMPLATES
from tests.edge.web.filled_forms import read_filled_form
from tests.edge.web.markup import read, read_text
from tests.edge.web.stored_orders import hold, place, state_of
from tests.fakes.asperion_faults import Fault
from tests.fakes.asperion_lists import CHOICES, FOREIGN_SALES, SALES
from tests.fakes.documents_of_shop import order, order_line
from tests.fakes.memory_asperion import DE_WILG, TESTING, MemoryAsperion
from tests.fakes.office import Office
from tests.fakes.web import NOW, OURS, PUBLIC_URL, SHOP_ID, Browser, World, callback

PROFILE = load_profile(Path(TEMPLATES) / "axml" / "reconstructed-1.4")
LEAD = "Rechtstreeks in Asperion"
NEWEST = {"what": "newest"}


@pytest.fixture
def asperion(world: World) -> MemoryAsperion:
    world.profile = PROFILE
    return world.asperion


@pytest.fixture
def merchant(asperion: MemoryAsperion, browser: Browser) -> Browser:
    browser.install()
    return browser


def leave(browser: Browser) -> str:
    """The merchant presses the button; where his browser goes."""
    answer = browser.post("/connect")
    assert answer.status == 303
    return str(answer.headers["Location"])


def come_back(browser: Browser, address: str) -> Response:
    """The browser comes back from another site."""
    parts = urlsplit(address.removeprefix(PUBLIC_URL))
    return browser.get(parts.path, dict(parse_qsl(parts.query)), sec_fetch_site="cross-site")


def sign_in(browser: Browser, asperion: MemoryAsperion) -> Response:
    """There, and back with consent."""
    return come_back(browser, asperion.identity.consent(leave(browser)))


def press(browser: Browser, path: str, **changes: str) -> Response:
    """Press the button of a page's form, with these fields changed."""
    form = read_filled_form(browser.get(path).body)
    return browser.post(form.action.removeprefix(PUBLIC_URL), form.values | changes)


def find(world: World) -> Connection:
    connection = world.shop.connection
    assert connection is not None
    return connection


def sell(world: World, number: int, **changes: object) -> None:
    facts = {"created_at": NOW, "paid_at": NOW, **changes}
    line = order_line("12.10", "0.21")
    world.api.put(order(line, id=number, number=f"ORD{number:05}", **facts))


def settings_line(browser: Browser) -> str:
    text = read_text(browser.get("/settings").body)
    return text.partition(LEAD)[2][:250]


def notice(page: Response) -> str:
    return read_text(page.body)


# ---- where it is offered -------------------------------------------------------------------------


def test_without_an_account_of_ours_at_asperion_it_is_not_offered(
    world: World, browser: Browser
) -> None:
    world.connector = replace(world.connector, front_door=None)
    browser.install()

    assert LEAD not in browser.get("/settings").body
    assert LEAD not in browser.get("/").body
    page = browser.get("/connect")
    assert page.status == 404
    assert "Deze installatie van de koppeling biedt het niet aan." in page.body
    assert browser.post("/connect").status == 404
    for path in ("administration", "proposal", "try", "done", "off"):
        assert browser.get(f"/connect/{path}").status == 303


def test_the_settings_say_how_it_stands_at_each_step(
    merchant: Browser, world: World, asperion: MemoryAsperion
) -> None:
    assert "Niet gekoppeld" in settings_line(merchant)
    sign_in(merchant, asperion)
    assert "ga verder bij stap 2" in settings_line(merchant)
    press(merchant, "/connect/administration", administration=str(DE_WILG.id))
    assert "ga verder bij stap 3" in settings_line(merchant)
    asperion.connect(world.shops, is_on=False)
    assert "ga verder bij stap 4" in settings_line(merchant)
    asperion.connect(world.shops)
    line = settings_line(merchant)
    assert f"Gekoppeld met {DE_WILG.name} sinds 23 november 2026" in line
    tokens = world.shops.load(SHOP_ID, AsperionTokens)
    assert tokens is not None
    world.shops.save(SHOP_ID, replace(tokens, refused_since=world.clock()))
    assert "koppel opnieuw. Tot dan wachten uw bestellingen" in settings_line(merchant)


def test_the_overview_and_the_end_of_the_installation_mention_it_in_a_line(
    asperion: MemoryAsperion, browser: Browser
) -> None:
    browser.install()
    overview = browser.get("/")
    assert read(overview.body).link("Rechtstreeks in Asperion").href == f"{PUBLIC_URL}/connect"
    done = read_text(browser.get("/install/done").body)
    assert "koppel later onder Instellingen, ‘Rechtstreeks in Asperion’" in done


def test_a_shop_that_delivers_straight_is_not_asked_to_synchronise(
    merchant: Browser, world: World, asperion: MemoryAsperion
) -> None:
    assert "Synchroniseren" in merchant.get("/").body
    asperion.connect(world.shops)
    body = merchant.get("/").body
    assert "Im- Export Basis" not in body
    assert "Facturatie" in body


# ---- there and back ------------------------------------------------------------------------------


def test_the_page_says_what_it_does_and_the_button_leads_to_asperion(merchant: Browser) -> None:
    page = merchant.get("/connect")

    assert page.status == 200
    for text in ("Wat er verandert", "Wat u doet", "terug naar bestanden", "Stap 1 van 4"):
        assert text in read_text(page.body)
    assert leave(merchant).startswith("https://identity.asperion.example/connect/authorize?")


def test_browsers_may_follow_the_button_to_asperion_and_no_other_page_s(merchant: Browser) -> None:
    policy = str(merchant.get("/connect").headers["Content-Security-Policy"])
    assert "form-action 'self' https://identity.asperion.nl;" in policy
    other = str(merchant.get("/settings").headers["Content-Security-Policy"])
    assert "form-action 'self';" in other


def test_back_with_consent_the_address_is_clean(
    merchant: Browser, asperion: MemoryAsperion
) -> None:
    answer = sign_in(merchant, asperion)

    assert (answer.status, answer.headers["Location"]) == (
        303,
        f"{PUBLIC_URL}/connect/administration",
    )
    assert "code-" not in str(answer.headers)


def test_a_borrowed_session_that_is_old_connects_nothing(merchant: Browser, world: World) -> None:
    world.clock.advance(seconds=FRESH.total_seconds() + 1)
    page = merchant.get("/connect")
    assert not read(page.body).says("Koppelen met Asperion")
    assert "Open eerst de app vanuit het AppCenter" in read_text(page.body)
    answer = merchant.post("/connect")
    assert answer.status == 403
    assert "Location" not in answer.headers


def test_without_consent_nothing_is_changed(merchant: Browser, world: World) -> None:
    state = dict(parse_qsl(urlsplit(leave(merchant)).query))["state"]
    answer = merchant.get("/connect/callback", {"state": state, "error": "access_denied"})

    assert answer.headers["Location"] == f"{PUBLIC_URL}/connect"
    assert "U gaf in Asperion geen toestemming" in notice(merchant.follow(answer))
    assert world.shops.load(SHOP_ID, AsperionTokens) is None


@pytest.mark.parametrize(
    "query",
    [{}, {"code": "x"}, {"state": "y"}, {"state": "y", "code": "x"}, {"state": "\x7f" * 30}],
)
def test_whatever_else_comes_back_is_refused_in_words(
    merchant: Browser, world: World, query: dict[str, str]
) -> None:
    answer = merchant.get("/connect/callback", query)

    assert answer.status == 303
    assert "De koppeling is niet gemaakt" in notice(merchant.follow(answer))
    assert world.shops.load(SHOP_ID, AsperionTokens) is None


@pytest.mark.parametrize(
    ("changes", "address"),
    [
        ({"code": "c" * 6_000}, "/connect"),
        ({"scope": "api\noffline_access", "session_state": "s" * 3_000}, "/connect/administration"),
        (
            {"code": "", "error": "server_error", "error_description": "<b>\r\n\u202e" * 900},
            "/connect",
        ),
        ({"code": "\ud800"}, "/connect"),
        ({"state": "\ud800"}, "/connect"),
    ],
)
def test_however_long_or_odd_what_comes_back_is_it_is_answered(
    merchant: Browser, asperion: MemoryAsperion, changes: dict[str, str], address: str
) -> None:
    """A code may be a whole sealed record of the identity server's."""
    parts = urlsplit(asperion.identity.consent(leave(merchant)).removeprefix(PUBLIC_URL))
    answer = merchant.get(parts.path, dict(parse_qsl(parts.query)) | changes)
    assert (answer.status, answer.headers["Location"]) == (303, f"{PUBLIC_URL}{address}")
    assert "<b>" not in merchant.follow(answer).body


def test_loaded_again_the_callback_changes_nothing(
    merchant: Browser, world: World, asperion: MemoryAsperion
) -> None:
    address = asperion.identity.consent(leave(merchant))
    come_back(merchant, address)
    tokens = world.shops.load(SHOP_ID, AsperionTokens)
    page = merchant.follow(come_back(merchant, address))
    assert "twee keer geladen" in notice(page)
    assert world.shops.load(SHOP_ID, AsperionTokens) == tokens


def test_the_way_back_of_another_browser_is_worth_nothing(
    merchant: Browser, world: World, asperion: MemoryAsperion
) -> None:
    """Who begins, and lets the merchant finish, gets nothing; nor the other way round."""
    world.clock.advance(seconds=1)
    other = Browser(world)
    other.arrive()
    address = asperion.identity.consent(leave(other))
    page = merchant.follow(come_back(merchant, address))
    assert "in een andere browser" in notice(page)
    assert world.shops.load(SHOP_ID, AsperionTokens) is None


def test_without_a_session_nobody_comes_back(merchant: Browser, asperion: MemoryAsperion) -> None:
    address = asperion.identity.consent(leave(merchant))
    nobody = Browser(merchant.world)
    assert come_back(nobody, address).status == 401


def test_a_browser_that_loads_ahead_does_not_use_the_code_up(
    merchant: Browser, asperion: MemoryAsperion
) -> None:
    parts = urlsplit(asperion.identity.consent(leave(merchant)).removeprefix(PUBLIC_URL))
    query = dict(parse_qsl(parts.query))
    assert merchant.get(parts.path, query, sec_purpose="prefetch").status == 425
    assert merchant.head(parts.path, query).status == 200
    answer = merchant.get(parts.path, query)
    assert answer.headers["Location"] == f"{PUBLIC_URL}/connect/administration"


def test_when_asperion_does_not_answer_the_page_says_so(
    merchant: Browser, asperion: MemoryAsperion
) -> None:
    address = asperion.identity.consent(leave(merchant))
    asperion.fail(Fault.UNAVAILABLE, "exchange_code")
    answer = come_back(merchant, address)
    assert answer.headers["Location"] == f"{PUBLIC_URL}/connect"
    assert "Asperion antwoordt niet" in notice(merchant.follow(answer))


# ---- the administration --------------------------------------------------------------------------


def test_several_administrations_are_chosen_from(
    merchant: Browser, world: World, asperion: MemoryAsperion
) -> None:
    page = merchant.follow(sign_in(merchant, asperion))
    assert DE_WILG.name in page.body
    assert TESTING.name in page.body
    assert "checked" not in page.body.partition("<form method")[2].partition("submit")[0]

    answer = press(merchant, "/connect/administration", administration=str(TESTING.id))
    assert answer.headers["Location"] == f"{PUBLIC_URL}/connect/proposal"
    assert find(world).administration == TESTING
    assert not find(world).is_on


def test_the_only_one_is_chosen_already(merchant: Browser, asperion: MemoryAsperion) -> None:
    del asperion.administrations[TESTING.id]
    page = merchant.follow(sign_in(merchant, asperion))
    assert read_filled_form(page.body).values["administration"] == str(DE_WILG.id)


@pytest.mark.parametrize("typed", ["", "404", "-1", "7001; DROP", "9" * 40])
def test_one_that_is_not_there_is_refused(
    merchant: Browser, world: World, asperion: MemoryAsperion, typed: str
) -> None:
    sign_in(merchant, asperion)
    page = merchant.post("/connect/administration", {"administration": typed})

    assert page.status == 400
    assert "<title>Fout: " in page.body
    assert 'href="#administration-1"' in page.body
    assert 'id="administration-1"' in page.body
    assert "Kies een van deze administraties." in page.body
    assert world.shop.connection is None


def test_another_one_says_what_follows_and_counts_from_then(
    merchant: Browser, world: World, asperion: MemoryAsperion
) -> None:
    asperion.connect(world.shops)
    place(world, "ORD1", way=Way.API, state=FileState.UNKNOWN)
    text = read_text(merchant.get("/connect/administration").body)
    assert f"Wat in {DE_WILG.name} staat, blijft daar" in text
    assert "Van 1 factuur wordt nog nagegaan" in text

    press(merchant, "/connect/administration", administration=str(TESTING.id))
    connection = find(world)
    assert (connection.administration, connection.is_on, connection.choices) == (
        TESTING,
        False,
        None,
    )


def test_a_form_of_before_a_change_changes_nothing(
    merchant: Browser, world: World, asperion: MemoryAsperion
) -> None:
    asperion.connect(world.shops)
    answer = merchant.post(
        "/connect/administration", {"administration": str(TESTING.id), "seen": "of another tab"}
    )
    assert answer.status == 409
    assert "in een ander tabblad" in read_text(answer.body)
    assert find(world).administration == DE_WILG


def test_a_step_before_its_turn_leads_to_the_one_whose_turn_it_is(
    merchant: Browser, world: World, asperion: MemoryAsperion
) -> None:
    assert merchant.get("/connect/try").headers["Location"] == f"{PUBLIC_URL}/connect"
    sign_in(merchant, asperion)
    for path in ("proposal", "try", "done"):
        for answer in (merchant.get(f"/connect/{path}"), merchant.post(f"/connect/{path}")):
            assert answer.status in (303, 405)
            if answer.status == 303:
                assert answer.headers["Location"] == f"{PUBLIC_URL}/connect/administration"
    assert world.shop.connection is None


# ---- the proposal --------------------------------------------------------------------------------


@pytest.fixture
def chosen(merchant: Browser, world: World, asperion: MemoryAsperion) -> Browser:
    """An administration is chosen, nothing is confirmed."""
    asperion.connect(world.shops, choices=None, is_on=False)
    return merchant


def test_everything_can_be_picked_and_is_filled_in(chosen: Browser, world: World) -> None:
    body = chosen.get("/connect/proposal").body
    form = read_filled_form(body)

    assert form.values["journal"] == SALES
    assert form.values["code:domestic:NL:0.21"] == "H"
    assert form.values["account:high"] == "8000"
    assert set(form.options["payment_condition"]) == {"", "0", "14"}
    assert "8099" not in form.options["account:high"]
    assert "IH" not in form.options["code:domestic:NL:0.21"]
    for mark in ("Zeker", "Kijk dit na"):
        assert mark in body
    assert 'type="text"' not in body.partition("<main")[2]
    answer = chosen.post("/connect/proposal", form.values)
    assert answer.headers["Location"] == f"{PUBLIC_URL}/connect/try"
    choices = find(world).choices
    assert choices is not None
    assert choices.journal_id == SALES
    assert choices.ledger_accounts[VatClass.HIGH] == 8000


def test_what_was_confirmed_is_filled_in_again(
    merchant: Browser, world: World, asperion: MemoryAsperion
) -> None:
    accounts = {"CADEAU": FOREIGN_SALES, "BON": FOREIGN_SALES}
    asperion.connect(world.shops, choices=replace(CHOICES, article_accounts=accounts))
    page = merchant.get("/connect/proposal")
    assert "Uw keuze" in page.body
    assert "BON\nCADEAU" in page.body
    assert read_filled_form(page.body).values["exception:0"] == str(FOREIGN_SALES)


def test_each_list_is_read_once_where_the_proposal_is_confirmed(
    chosen: Browser, asperion: MemoryAsperion
) -> None:
    """A page has the time to read a large administration once."""
    form = read_filled_form(chosen.get("/connect/proposal").body)
    asperion.calls.clear()
    assert chosen.post("/connect/proposal", form.values).status == 303
    names = [call.name for call in asperion.calls]
    assert len(names) == len(set(names)) == 5


def test_a_large_administration_fits_the_page(
    chosen: Browser, world: World, asperion: MemoryAsperion
) -> None:
    """AWS lets no answer of more than 6 MB through, and the lists stand on the page many times."""
    lists = asperion.books.lists
    many = [LedgerAccount(id=10_000 + n, description="Rekening " * 40) for n in range(5_000)]
    late = LedgerAccount(id=99_999, description="Omzet cadeaubonnen", rcsfi="WOmzNop")
    accounts = (*many, *lists.ledger_accounts, late)
    asperion.books.lists = replace(lists, ledger_accounts=accounts)
    articles = {f"ART{n}": 14_900 + n for n in range(18)}
    asperion.connect(world.shops, choices=replace(CHOICES, article_accounts=articles))
    body = chosen.get("/connect/proposal").body

    assert len(body) < 5_000_000
    form = read_filled_form(body)
    assert {"8000", "99999", "14917"} <= set(form.options["account:high"])
    assert form.values["exception:17"] == "14917"
    assert "meer rekeningen dan deze lijsten kunnen tonen" in read_text(body)
    typed = {f"articles:{n}": f"ART{n}" for n in range(18)}
    assert chosen.post("/connect/proposal", form.values | typed).status == 303


def test_names_of_asperion_s_are_shown_as_text(
    chosen: Browser, world: World, asperion: MemoryAsperion
) -> None:
    """Whoever has a hand in the administration writes nothing into our pages."""
    bad, lists = '"><script>alert(1)</script>', asperion.books.lists
    asperion.books.lists = replace(
        lists,
        vat_codes=tuple(replace(each, description=bad) for each in lists.vat_codes),
        daybooks=(*lists.daybooks, replace(lists.daybooks[0], id=bad, description=bad)),
        ledger_accounts=tuple(replace(each, description=bad) for each in lists.ledger_accounts),
        payment_conditions=(replace(lists.payment_conditions[0], description=bad),),
        debtor_kinds=(bad,),
    )
    hostile = Administration(id=DE_WILG.id, name=bad)
    asperion.connect(world.shops, is_on=False)
    connection = replace(find(world), administration=hostile)
    world.shops.update(SHOP_ID, lambda shop: replace(shop, connection=connection))
    form = read_filled_form(chosen.get("/connect/proposal").body)
    pages = [chosen.post("/connect/proposal", form.values | {"journal": bad, "sure": "yes"})]
    press(chosen, "/connect/try")
    steps = ("", "/administration", "/proposal", "/try", "/done", "/off")
    pages += [chosen.get(f"/connect{path}") for path in steps]
    pages += [chosen.get("/settings"), chosen.get("/")]
    assert {page.status for page in pages} <= {200, 303, 400}
    assert all("<script" not in page.body for page in pages)
    assert sum("&lt;script" in page.body for page in pages) > 3


def test_articles_with_an_account_of_their_own(chosen: Browser, world: World) -> None:
    fields = {"exception:0": str(FOREIGN_SALES), "articles:0": "BON, CADEAU\nBON-50"}
    press(chosen, "/connect/proposal", **fields)
    choices = find(world).choices
    assert choices is not None
    assert choices.article_accounts == dict.fromkeys(["BON", "CADEAU", "BON-50"], FOREIGN_SALES)


@pytest.mark.parametrize(
    ("changes", "field", "says"),
    [
        ({"journal": ""}, "journal", "Kies een dagboek."),
        ({"journal": "NIET"}, "journal", "Kies er een uit de lijst."),
        ({"journal": "INK"}, "journal", "Dit is geen verkoopboek."),
        ({"account:high": ""}, "account-high", "Kies een grootboekrekening."),
        ({"account:high": "x"}, "account-high", "Kies er een uit de lijst."),
        ({"account:high": "8099"}, "account-high", "is in Asperion geblokkeerd"),
        ({"code:domestic:NL:0.21": "IH"}, "code-domestic-NL-0-21", "is voor inkopen"),
        ({"code:domestic:NL:0.21": "L"}, "code-domestic-NL-0-21", "een ander percentage"),
        ({"code:domestic:NL:0.21": "H19"}, "code-domestic-NL-0-21", "geldt niet meer"),
        ({"payment_condition": "99"}, "payment_condition", "Kies er een uit de lijst."),
        ({"debtor_kind": "ZZ"}, "debtor_kind", "Kies er een uit de lijst."),
        ({"articles:0": "BON"}, "exception-0", "Kies er een uit de lijst."),
        ({"exception:0": "8030"}, "articles-0", "Vul de artikelcodes in"),
        (
            {"exception:0": "8030", "articles:0": "B", "exception:1": "8020", "articles:1": "B"},
            "articles-1",
            "staat al in een andere groep",
        ),
        (
            {"exception:0": "8030", "articles:0": " ".join(f"A{n}" for n in range(600))},
            "articles-0",
            "meer artikelen",
        ),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_kept(
    chosen: Browser, world: World, changes: dict[str, str], field: str, says: str
) -> None:
    page = press(chosen, "/connect/proposal", **changes)

    assert page.status == 400
    assert "<title>Fout: " in page.body
    assert f'href="#{field}"' in page.body
    assert f'id="{field}"' in page.body
    assert f'id="{field}-problem"' in page.body
    assert says in read_text(page.body)
    assert find(world).choices is None


def test_what_is_odd_may_be_right(chosen: Browser, world: World) -> None:
    changes = {"code:domestic:NL:0.21": "L"}
    page = press(chosen, "/connect/proposal", **changes)
    assert 'name="sure"' in page.body
    answer = press(chosen, "/connect/proposal", **changes, sure="yes")
    assert answer.status == 303
    assert find(world).choices is not None


def test_choices_that_orders_waited_for_free_them(
    merchant: Browser, world: World, asperion: MemoryAsperion
) -> None:
    asperion.connect(world.shops)
    hold(world, "vat_code_missing", "ORD1", detail="BE oss 21%")
    page = merchant.get("/connect/proposal").body
    form = read_filled_form(page)
    assert form.values["code:oss:BE:0.21"] == "OSS-BE-21"
    page = read_text(merchant.follow(merchant.post("/connect/proposal", form.values)).body)
    assert "Uw keuzes voor Asperion zijn opgeslagen" in page
    assert state_of(world, "ORD1").value != "held"


@pytest.mark.parametrize("fault", [Fault.NOT_SENT, Fault.UNAVAILABLE, Fault.BUSY, Fault.FORBIDDEN])
def test_what_asperion_does_not_answer_is_said(
    chosen: Browser, world: World, asperion: MemoryAsperion, fault: Fault
) -> None:
    asperion.fail(fault, "list_vat_codes", until=world.clock() + timedelta(minutes=1))
    page = chosen.get("/connect/proposal")
    assert page.status in (502, 503)
    assert "Asperion" in read_text(page.body)
    assert "<select" not in page.body


# ---- try-out and on ------------------------------------------------------------------------------


@pytest.fixture
def ready(merchant: Browser, world: World, asperion: MemoryAsperion) -> Browser:
    """Everything is confirmed, and not turned on."""
    asperion.connect(world.shops, is_on=False)
    return merchant


def test_the_try_out_shows_what_would_be_booked_and_stores_nothing(
    ready: Browser, world: World, asperion: MemoryAsperion
) -> None:
    sell(world, 1)
    before = len(asperion.books.invoices)
    asked = ready.get("/connect/try")
    assert not asperion.calls
    assert read(asked.body).says("Probeer de laatste 10")

    page = read_text(ready.get("/connect/try", NEWEST, **OURS).body)
    assert "ORD00001" in page
    assert "H € 10,00 en € 2,10 btw" in page.replace("\xa0", " ")
    assert "Asperion zou alles aannemen" in page
    assert len(asperion.books.invoices) == before
    assert not world.entries.find_by_number(SHOP_ID, "ORD00001")


def test_a_refused_order_is_worded_by_its_field(
    ready: Browser, world: World, asperion: MemoryAsperion
) -> None:
    sell(world, 1)
    refused = (RefusedField.LEDGER_ACCOUNT.value, RefusedField.VAT_CODE.value)
    asperion.fail(Fault.INVALID, "add_invoice", fields=refused)
    page = read_text(ready.get("/connect/try", NEWEST, **OURS).body)
    assert "Niet alles zou aankomen" in page
    assert "Asperion neemt de grootboekrekening die u koos niet aan" in page
    assert "Geweigerd" in page


def test_what_lacks_a_vat_code_is_asked_for_and_tried_again(ready: Browser, world: World) -> None:
    """An order of before 2019 has a rate of before, which the proposal did not ask for."""
    chosen = [each for each in CHOICES.vat_codes if each.rate != Decimal("0.06")]
    connection = replace(find(world), choices=replace(CHOICES, vat_codes=tuple(chosen)))
    world.shops.update(SHOP_ID, lambda shop: replace(shop, connection=connection))
    long_ago = datetime(2018, 5, 3, 12, tzinfo=UTC)
    line = order_line("10.60", "0.06")
    facts = {"created_at": long_ago, "paid_at": long_ago, "updated_at": NOW}
    world.api.put(order(line, id=1, number="ORD00001", **facts))
    page = ready.get("/connect/try", NEWEST, **OURS).body
    assert "Voor deze btw hebt u nog geen btw-code gekozen." in read_text(page)
    query = urlsplit(unescape(read(page).link("De keuzes wijzigen").href)).query
    assert dict(parse_qsl(query)) == {"also": "NL domestic 6%"}
    form = read_filled_form(ready.get("/connect/proposal", dict(parse_qsl(query))).body)
    assert form.values["code:domestic:NL:0.06"] == "L6"
    assert ready.post("/connect/proposal", form.values).status == 303
    again = read_text(ready.get("/connect/try", NEWEST, **OURS).body)
    assert "L6 € 10,00 en € 0,60 btw" in again.replace("\xa0", " ")


@pytest.mark.parametrize("also", ["x", "NL domestic 6%," * 99, "../..", "NL domestic 6", ","])
def test_what_else_an_address_asks_for_is_left_out(ready: Browser, also: str) -> None:
    assert ready.get("/connect/proposal", {"also": also}).status == 200


def test_an_order_that_would_be_held_says_why(ready: Browser, world: World) -> None:
    sell(world, 1, email="")
    page = read_text(ready.get("/connect/try", NEWEST, **OURS).body)
    assert "Zou worden vastgehouden" in page


def test_without_an_order_it_can_be_turned_on_all_the_same(ready: Browser, world: World) -> None:
    page = ready.get("/connect/try", NEWEST, **OURS)
    assert "Er is nog geen bestelling om uit te proberen" in read_text(page.body)
    assert read(page.body).says("Aanzetten")


def test_turned_on_the_page_says_what_happens_tonight(ready: Browser, world: World) -> None:
    button = read(ready.get("/connect/try").body).press("Aanzetten")
    answer = ready.post("/connect/try", button.fields)

    assert answer.headers["Location"] == f"{PUBLIC_URL}/connect/done"
    page = read_text(ready.follow(answer).body)
    assert "Vannacht om 02:15" in page
    assert "Synchroniseren hoeft niet" in page
    assert find(world).is_on
    assert world.shop.way is Way.API


def test_what_is_gone_in_asperion_is_chosen_again_first(
    ready: Browser, world: World, asperion: MemoryAsperion
) -> None:
    press = read(ready.get("/connect/try").body).press("Aanzetten")
    gone = [each for each in asperion.books.lists.daybooks if each.id != SALES]
    asperion.books.lists = replace(asperion.books.lists, daybooks=tuple(gone))
    answer = ready.post("/connect/try", press.fields)
    assert answer.headers["Location"] == f"{PUBLIC_URL}/connect/proposal"
    assert "Iets wat u koos, staat niet meer in Asperion" in notice(ready.follow(answer))
    assert not find(world).is_on


def test_a_stale_form_turns_nothing_on(ready: Browser, world: World) -> None:
    answer = ready.post("/connect/try", {"seen": "x"})
    assert answer.status == 409
    assert not find(world).is_on


def test_a_try_out_from_another_site_asks_nobody(
    ready: Browser, world: World, asperion: MemoryAsperion
) -> None:
    sell(world, 1)
    ready.get("/connect/try", NEWEST, sec_fetch_site="cross-site")
    assert not asperion.calls


# ---- off, and again ------------------------------------------------------------------------------


@pytest.fixture
def connected(merchant: Browser, world: World, asperion: MemoryAsperion) -> Browser:
    asperion.connect(world.shops)
    return merchant


def test_back_to_files_keeps_the_connection(connected: Browser, world: World) -> None:
    page = read_text(connected.get("/connect/off").body)
    assert "Er is nog niets gewijzigd." in page
    answer = connected.post("/connect/off", {"action": "turn_off"})
    assert "Er wordt weer elke nacht een bestand gemaakt" in notice(connected.follow(answer))
    assert world.shop.way is Way.FILE
    assert find(world).choices == CHOICES


def test_without_a_licence_code_there_are_no_files_to_go_back_to(
    connected: Browser, world: World
) -> None:
    world.shops.update(SHOP_ID, lambda shop: replace(shop, licence=None))
    page = connected.get("/connect/off").body
    assert not read(page).says("Ja, terug naar bestanden")
    assert connected.post("/connect/off", {"action": "turn_off"}).status == 409
    assert find(world).is_on


def test_disconnected_nothing_opens_the_account_any_more(connected: Browser, world: World) -> None:
    answer = connected.post("/connect/off", {"action": "disconnect"})
    assert "De koppeling met Asperion is beëindigd" in notice(connected.follow(answer))
    assert world.shops.load(SHOP_ID, AsperionTokens) is None
    assert world.shop.way is Way.FILE
    assert "Niet gekoppeld" in settings_line(connected)


def test_while_an_invoice_is_in_doubt_the_page_says_what_becomes_of_it(
    connected: Browser, world: World
) -> None:
    place(world, "ORD1", way=Way.API, state=FileState.UNKNOWN)
    page = read_text(connected.get("/connect/off").body)
    assert "Van 1 factuur wordt nog nagegaan of die in Asperion staat" in page
    connected.post("/connect/off", {"action": "disconnect"})
    assert "Niet gekoppeld" in settings_line(connected)
    assert connected.get("/connect").status == 200


def test_a_way_out_is_chosen_by_name(connected: Browser, world: World) -> None:
    assert connected.post("/connect/off", {"action": "explode"}).status == 400
    assert connected.post("/connect/off").status == 400
    assert find(world).is_on


def test_connecting_again_keeps_what_was_chosen(
    connected: Browser, world: World, asperion: MemoryAsperion
) -> None:
    tokens = world.shops.load(SHOP_ID, AsperionTokens)
    assert tokens is not None
    world.shops.save(SHOP_ID, replace(tokens, refused_since=world.clock()))
    page = connected.get("/connect")
    assert "Tot dan wachten uw bestellingen" in read_text(page.body)
    assert connected.get("/connect/proposal").status == 303
    answer = sign_in(connected, asperion)
    assert "U bent opnieuw gekoppeld" in notice(connected.follow(answer))
    assert find(world).is_on
    assert "Gekoppeld met" in settings_line(connected)


def test_another_account_that_does_not_open_it_changes_nothing(
    connected: Browser, world: World, asperion: MemoryAsperion
) -> None:
    connection = replace(find(world), administration=Administration(id=9, name="Elders B.V."))
    world.shops.update(SHOP_ID, lambda shop: replace(shop, connection=connection))
    tokens = world.shops.load(SHOP_ID, AsperionTokens)
    page = connected.follow(sign_in(connected, asperion))
    assert "opent de administratie niet" in notice(page)
    assert world.shops.load(SHOP_ID, AsperionTokens) == tokens


def test_while_a_run_is_at_work_nothing_is_changed(connected: Browser, world: World) -> None:
    until = world.clock() + timedelta(minutes=5)
    world.shops.lease(SHOP_ID, "run", now=world.clock(), until=until, serves_wish=False)
    answer = connected.post("/connect/off", {"action": "disconnect"})
    assert answer.status == 409
    assert "aan het werk" in read_text(answer.body)
    assert find(world).is_on


# ---- who may -------------------------------------------------------------------------------------


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
