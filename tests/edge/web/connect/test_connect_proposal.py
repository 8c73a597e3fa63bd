"""How invoices are booked there, filled in and confirmed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.administrations import Administration, LedgerAccount
from chalicelib.domain.policy import VatClass
from tests.edge.web.connect.connect_deeds import find, press
from tests.edge.web.filled_forms import read_filled_form
from tests.edge.web.markup import read, read_text
from tests.edge.web.stored_orders import hold, state_of
from tests.fakes.asperion_faults import Fault
from tests.fakes.asperion_lists import CHOICES, FOREIGN_SALES, SALES
from tests.fakes.memory_asperion import DE_WILG, MemoryAsperion
from tests.fakes.web import PUBLIC_URL, SHOP_ID, Browser, World


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


def test_a_kind_that_no_debtor_has_any_more_stays_chosen(
    merchant: Browser, world: World, asperion: MemoryAsperion
) -> None:
    asperion.connect(world.shops, choices=replace(CHOICES, debtor_kind="OUD"))
    form = read_filled_form(merchant.get("/connect/proposal").body)
    assert form.values["debtor_kind"] == "OUD"
    merchant.post("/connect/proposal", form.values)
    choices = find(world).choices
    assert choices is not None
    assert choices.debtor_kind == "OUD"


def test_each_list_is_read_once_where_the_proposal_is_confirmed(
    chosen: Browser, asperion: MemoryAsperion
) -> None:
    """A page has the time to read a large administration once."""
    form = read_filled_form(chosen.get("/connect/proposal").body)
    asperion.calls.clear()
    assert chosen.post("/connect/proposal", form.values).status == 303
    names = [call.name for call in asperion.calls]
    assert len(names) == len(set(names)) == 5


@pytest.mark.slow
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
    pages += [
        chosen.get(path) for path in (*(f"/connect{step}" for step in steps), "/settings", "/")
    ]
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


def test_what_was_chosen_otherwise_is_not_called_certain(chosen: Browser) -> None:
    mark = 'id="code-domestic-NL-0-21-mark"'
    assert mark in chosen.get("/connect/proposal").body
    assert mark not in press(chosen, "/connect/proposal", **{"code:domestic:NL:0.21": "L"}).body


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
    text = read_text(page.body)
    assert "was daar zojuist niet te lezen" in text
    assert "zojuist gelezen" not in text
    assert read(page.body).link("Opnieuw proberen").href.endswith("/connect/proposal")
    assert "<select" not in page.body
