"""What went straight into Asperion, on the pages that otherwise speak of files."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from chalicelib.domain.administrations import Administration
from chalicelib.domain.connection import Connection
from chalicelib.domain.events import FileStep
from chalicelib.domain.ledger import FileState
from chalicelib.domain.statement import Verdict
from chalicelib.domain.ways import Way
from tests.edge.web.markup import read, read_text
from tests.edge.web.stored_orders import FIRST_DRAFT, advance, place, state
from tests.fakes.journals import closed_day
from tests.fakes.web import SHOP_ID, Browser, World

NAME = "rechtstreekse levering 1 van 23 november"


def connect(world: World, *, is_on: bool = True) -> None:
    """The shop is connected with an administration."""
    connection = Connection(
        administration=Administration(id=7001, name="Kaasboerderij De Wilg B.V."),
        is_on=is_on,
        connected_at=world.clock(),
    )
    world.shops.update(SHOP_ID, lambda shop: replace(shop, connection=connection))


@pytest.fixture
def browser(browser: Browser, world: World) -> Browser:
    browser.install()
    connect(world)
    return browser


def test_a_delivery_has_a_name_in_words_and_its_drafts_have_numbers(
    browser: Browser, world: World
) -> None:
    cover = closed_day(date(2026, 11, 23)).cover
    delivery = place(world, "ORD1", "ORD2", way=Way.API, cover=cover)
    page = browser.get(f"/files/{delivery.name}").body
    text = read_text(page)

    assert f"<h1>{NAME.capitalize()}</h1>" in page
    assert delivery.name not in text
    assert "Totalen van de levering" in text
    assert f"{FIRST_DRAFT + 1}" in text
    assert "Facturatie › Facturen" in text
    assert "bytes" not in text
    assert "het bestand" not in text.partition("Wat er gebeurde")[2]
    assert not read(page).says("Dit bestand downloaden")


def test_there_is_no_file_to_download_and_the_page_says_so(browser: Browser, world: World) -> None:
    delivery = place(world, "ORD1", way=Way.API)
    page = browser.get(f"/files/{delivery.name}/download")

    assert page.status == 404
    assert "Er is geen bestand om te downloaden" in page.body
    assert read(page.body).link("Terug naar de levering").href.endswith(f"/files/{delivery.name}")


def test_a_delivery_that_is_not_known_is_not_said_to_be_one(browser: Browser) -> None:
    page = browser.get("/files/axml-orders-20261123-184520-404.api/download")
    assert (page.status, "Dit bestand is hier niet bekend" in page.body) == (404, True)


def test_an_order_says_its_number_in_asperion(browser: Browser, world: World) -> None:
    place(world, "ORD1", way=Way.API)
    text = read_text(browser.get("/orders/ORD1").body)

    assert f"In Asperion gezet als concept nr. {FIRST_DRAFT}, met {NAME}" in text
    assert f"Als concept in Asperion gezet met {NAME}" in text
    assert f"Opgenomen in {NAME}" in text
    assert f"De eerste is concept nr. {FIRST_DRAFT} in Asperion." in text
    assert ".api" not in text


def test_the_lists_have_deliveries_and_files_side_by_side(browser: Browser, world: World) -> None:
    file = place(world, "ORD1")
    place(world, "ORD2", way=Way.API)
    for path in ("/files", "/"):
        body = browser.get(path).body
        text = read_text(body)
        assert file.name in text
        assert "Rechtstreekse levering 2 van 23 november" in text
        assert read(body).link("Leveringen").href.endswith("/files")


def test_a_shop_on_files_still_reads_of_files(world: World) -> None:
    browser = Browser(world)
    browser.install()
    place(world, "ORD1")
    body = browser.get("/files").body

    assert "<h1>Bestanden</h1>" in body
    assert "rechtstreeks" not in read_text(body).lower()


def test_a_draft_in_doubt_is_being_checked(browser: Browser, world: World) -> None:
    delivery = place(world, "ORD1", way=Way.API, state=FileState.UNKNOWN)
    assert (
        "Asperion heeft deze factuur niet bevestigd" in browser.get(f"/files/{delivery.name}").body
    )
    overview = read_text(browser.get("/").body)
    assert "Leveringen die worden nagegaan" in overview
    assert NAME.capitalize() in overview


def test_a_draft_of_another_amount_is_for_a_person(browser: Browser, world: World) -> None:
    delivery = place(world, "ORD1", way=Way.API, state=FileState.UNKNOWN)
    file = world.files.get(SHOP_ID, delivery.name)
    assert file is not None
    file = advance(world, file, FileStep.CONTRADICT)
    page = browser.get(f"/files/{delivery.name}").body
    shown = "Deze factuur staat anders in Asperion" in page
    assert shown is (file.acknowledged_at is not None)


def test_a_day_names_its_deliveries_in_words(browser: Browser, world: World) -> None:
    delivery = place(world, "ORD1", way=Way.API)
    facts = {"placed": 1, "files": {delivery.name: 1}, "unfinished": (delivery.name,)}
    state(world, "2026-11-23", Verdict.RIGHT, **facts)
    text = read_text(browser.get("/days/2026-11-23").body)

    assert NAME in text
    assert "Leveringen die toen nog niet klaar waren" in text
    assert delivery.name not in text


def test_the_year_is_said_of_another_one(browser: Browser, world: World) -> None:
    place(world, "ORD1", way=Way.API)
    world.clock.advance(days=60)
    browser.arrive()
    assert f"{NAME} 2026" in read_text(browser.get("/orders/ORD1").body)
