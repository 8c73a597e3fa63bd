"""The list of files: every number is there, in pages, with what each file adds up to."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest

from chalicelib.domain.causes import ReleaseCause
from chalicelib.domain.cover_sheet import CoverSheet, TreatmentTotal
from chalicelib.domain.events import Actor, Event, FileStep
from chalicelib.domain.invoices import VatKind, VatTreatment
from chalicelib.domain.ledger import FileEntry, FileState
from chalicelib.domain.policy import Policy, VatClass
from chalicelib.domain.statement import Verdict
from chalicelib.usecases.operating.file_list import FILES_A_PAGE
from tests.edge.web.markup import read
from tests.edge.web.stored_orders import advance, claim, place, state
from tests.fakes.web import SHOP_ID, Browser, World

HIGH = VatTreatment(
    rate=Decimal("0.21"), vat_class=VatClass.HIGH, kind=VatKind.DOMESTIC, country="NL"
)


@pytest.fixture(autouse=True)
def installed(browser: Browser) -> None:
    browser.install()


def cover(excl: str) -> CoverSheet:
    base = Decimal(excl)
    total = TreatmentTotal(treatment=HIGH, documents=1, excl=base, vat=base * Decimal("0.21"))
    return CoverSheet(currency="EUR", documents=1, totals=(total,))


def discard(world: World, *numbers: str, cause: ReleaseCause | None) -> FileEntry:
    file, _ = claim(world, *numbers)
    event = Event(at=world.clock(), step=FileStep.DISCARD, by=Actor.EXPORT, cause=cause)
    moved = world.files.record(file, event)
    assert moved is not None
    return moved


def names_on(body: str) -> list[str]:
    return [link.text for link in read(body).links if link.text.startswith("axml-orders-")]


def walk(browser: Browser, word: str, body: str) -> Iterator[str]:
    """The pages that follow one another by this link."""
    yield body
    while links := [link.href for link in read(body).links if link.text == word]:
        name, _, value = links[0].partition("?")[2].partition("=")
        body = browser.get("/files", {name: value}).body
        yield body


def test_a_shop_without_files_learns_when_the_first_one_comes(browser: Browser) -> None:
    page = browser.get("/files")
    assert page.status == 200
    assert "Er is nog geen bestand" in page.body


def test_each_file_shows_what_it_adds_up_to(browser: Browser, world: World) -> None:
    place(world, "ORD1", cover=cover("1000.00"))
    body = browser.get("/files").body
    for amount in (
        "€\N{NO-BREAK SPACE}1.000,00",
        "€\N{NO-BREAK SPACE}210,00",
        "€\N{NO-BREAK SPACE}1.210,00",
    ):
        assert amount in body
    assert "Afgeleverd" in body
    assert "Samen afgeleverd" not in body


def test_the_delivered_files_of_a_day_are_added_up(browser: Browser, world: World) -> None:
    place(world, "ORD1", cover=cover("1000.00"))
    place(world, "ORD2", cover=cover("100.00"))
    place(world, "ORD3", cover=cover("7.00"), state=FileState.UNKNOWN)
    total = browser.get("/files").body.partition("Samen afgeleverd")[2]
    assert "€\N{NO-BREAK SPACE}1.100,00" in total


def test_unknown_totals_are_said_to_be_unknown(browser: Browser, world: World) -> None:
    place(world, "ORD1")
    place(world, "ORD2", cover=cover("100.00"))
    body = browser.get("/files").body
    assert "Totalen onbekend" in body
    assert "Totalen onbekend" in body.partition("Samen afgeleverd")[2]


def test_who_wants_no_totals_sees_none(browser: Browser, world: World) -> None:
    place(world, "ORD1", cover=cover("1000.00"))
    browser.post("/settings", {"keep_totals": ""})
    assert world.shop.policy != Policy()
    body = browser.get("/files").body
    assert "1.000,00" not in body
    assert "Totalen niet bewaard" in body


@pytest.mark.parametrize(
    ("cause", "says"),
    [
        (ReleaseCause.NOTHING_LEFT, "geen van de bestellingen kon mee"),
        (ReleaseCause.RUN_FAILED, "het maken is afgebroken"),
        (ReleaseCause.BROKEN_OFF, "het maken is afgebroken"),
        (ReleaseCause.SHOP_UNAVAILABLE, "uw webwinkel antwoordde niet"),
        (None, "er is niets van verstuurd"),
    ],
)
def test_a_discarded_file_is_listed_with_the_reason(
    browser: Browser, world: World, cause: ReleaseCause | None, says: str
) -> None:
    file = discard(world, "ORD1", cause=cause)
    body = browser.get("/files").body
    assert file.name in names_on(body)
    assert "Niet verstuurd: " in body
    assert says in body


def test_a_file_that_never_arrived_says_so(browser: Browser, world: World) -> None:
    file = place(world, "ORD1", state=FileState.UNKNOWN)
    advance(world, file, FileStep.MISS)
    assert "het kwam niet aan in Asperion" in browser.get("/files").body


def test_every_number_is_on_exactly_one_page_in_both_directions(
    browser: Browser, world: World
) -> None:
    made = []
    for day in range(3):
        for number in range(FILES_A_PAGE - 4):
            cause = ReleaseCause.NOTHING_LEFT
            made.append(discard(world, f"ORD{day}-{number}", cause=cause).name)
        world.clock.advance(days=1)
    browser.arrive()
    down = list(walk(browser, "Oudere bestanden", browser.get("/files").body))
    assert [name for body in down for name in names_on(body)] == made[::-1]
    up = list(walk(browser, "Nieuwere bestanden", down[-1]))
    assert sorted({name for body in up for name in names_on(body)}) == made
    assert all("niet meer bewaard" not in body for body in (*down, *up))


def test_a_number_without_a_file_is_explained(browser: Browser, world: World) -> None:
    names = [place(world, f"ORD{number}").name for number in range(4)]
    del world.files.items[SHOP_ID][names[0]]
    del world.files.items[SHOP_ID][names[2]]
    assert "Nummers 1, 3 van deze dag worden niet meer bewaard" in browser.get("/files").body


def test_the_day_is_a_link_once_it_has_a_statement(browser: Browser, world: World) -> None:
    place(world, "ORD1")
    assert not [one for one in read(browser.get("/files").body).links if "/days/" in one.href]
    state(world, "2026-11-23", Verdict.RIGHT)
    assert [one for one in read(browser.get("/files").body).links if "/days/2026-11-23" in one.href]


@pytest.mark.parametrize(
    "query",
    [
        {"before": "x"},
        {"after": "axml-orders-20261123-1-001.xml"},
        {"before": f"axml-orders-2026112३-{SHOP_ID}-001.xml"},
        {
            "before": f"axml-orders-20261123-{SHOP_ID}-001.xml",
            "after": f"axml-orders-20261123-{SHOP_ID}-001.xml",
        },
    ],
)
def test_a_key_that_is_no_file_of_the_shop_is_no_page(
    browser: Browser, query: dict[str, str]
) -> None:
    assert browser.get("/files", query).status == 404


def test_a_page_beyond_the_last_file_leads_back(browser: Browser, world: World) -> None:
    place(world, "ORD1")
    page = browser.get("/files", {"before": f"axml-orders-20200101-{SHOP_ID}-001.xml"})
    assert page.status == 200
    assert "Hier staat niets" in page.body


def test_nobody_sees_the_list_without_signing_in(world: World) -> None:
    assert Browser(world).get("/files").status == 401


def test_a_day_that_goes_on_on_the_next_page_is_not_added_up(
    browser: Browser, world: World
) -> None:
    for number in range(FILES_A_PAGE + 2):
        place(world, f"ORD{number}", cover=cover("1.00"))
    pages = list(walk(browser, "Oudere bestanden", browser.get("/files").body))
    assert len(pages) == 2
    assert all("Samen afgeleverd" not in body for body in pages)
