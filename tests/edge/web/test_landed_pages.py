"""What Asperion shows of direct deliveries, on the pages: the third column of a day, the sentence
that matters, sending again knowing of the first invoice, and taking back.
"""

from __future__ import annotations

import dataclasses
from dataclasses import replace
from decimal import Decimal

import pytest

from chalicelib.asperion_guesses import AsperionGuesses, Deletion
from chalicelib.domain.causes import LateChange
from chalicelib.domain.concepts import CodeTotal, InvoiceStatus, ShownInvoice
from chalicelib.domain.events import Actor, OrderStep
from chalicelib.domain.landed import (
    LandedDelivery,
    LandedPart,
    ReadBack,
    UnreadCause,
    landing_name,
)
from chalicelib.domain.ledger import EntryState, FileEntry
from chalicelib.domain.statement import Verdict
from chalicelib.domain.ways import Way
from chalicelib.usecases.operating import return_look
from chalicelib.usecases.operating.seen_in_asperion import SeenOfPeriod
from chalicelib.usecases.workspace import open_workspace
from tests.edge.web.markup import read_text
from tests.edge.web.stored_orders import hint, place, report, state, state_of, take
from tests.edge.web.test_day_sheet import COVER
from tests.fakes.asperion_faults import Fault
from tests.fakes.asperion_lists import CHOICES
from tests.fakes.memory_administration import StoredInvoice
from tests.fakes.memory_asperion import TESTING
from tests.fakes.web import OURS, SHOP_ID, Browser, World
from tests.fakes.workbooks import read_workbook

DAY = "2026-11-23"


def code(excl: str, vat: str) -> CodeTotal:
    return CodeTotal(excl=Decimal(excl), vat=Decimal(vat))


AS_DELIVERED = {"H": code("1000.00", "210.00"), "L": code("-10.00", "-0.90")}


@pytest.fixture
def connected(world: World, browser: Browser) -> World:
    """A merchant whose orders go straight into Asperion."""
    browser.install()
    world.asperion.connect(world.shops, SHOP_ID)
    return world


@pytest.fixture
def delivery(connected: World) -> FileEntry:
    """Two orders of a stated day, delivered directly."""
    file = place(connected, "ORD1", "ORD2", cover=COVER, way=Way.API)
    state(connected, DAY, Verdict.RIGHT, placed=2, files={file.name: 2})
    return file


def show(world: World, file: FileEntry, **part: object) -> None:
    """Asperion was read back, a little later."""
    world.clock.advance(minutes=5)
    at = world.clock()
    facts = {"at": at, "delivered": 2, "landed": 2, "codes": AS_DELIVERED, **part}
    shown = LandedPart(**facts)  # type: ignore[arg-type]
    codes = CHOICES.vat_codes
    landed = LandedDelivery(at=at, documents=2, parts={file.day: shown}, vat_codes=codes)
    world.shops.change(SHOP_ID, LandedDelivery, lambda _: landed, landing_name(file.name))
    world.shops.save(SHOP_ID, ReadBack(at=at, until=at))


def see(browser: Browser, page: str) -> str:
    answer = browser.get(page)
    assert answer.status == 200, page
    return read_text(answer.body)


def test_a_day_has_what_asperion_shows_beside_what_was_delivered(
    browser: Browser, world: World, delivery: FileEntry
) -> None:
    show(world, delivery, definitive=1)
    for page in (f"/days/{DAY}", f"/files/{delivery.name}"):
        text = see(browser, page)
        assert "Wat Asperion laat zien" in text
        assert (
            "2 bestellingen zijn rechtstreeks afgeleverd; Asperion laat ze allemaal zien." in text
        )
        assert "1 is definitief." in text
        assert "H 21% btw" in text
        assert "Verschil" in text
        assert "Niet" not in text.partition("Wat Asperion laat zien")[2].partition("Zoals")[0]


def test_a_difference_is_named(browser: Browser, world: World, delivery: FileEntry) -> None:
    less = {"H": code("500.00", "105.00")}
    show(world, delivery, landed=1, gone=("ORD2",), twice=("ORD1",), codes=less)
    text = see(browser, f"/days/{DAY}")
    assert "Asperion laat er 1 zien zoals afgeleverd." in text
    assert "In Asperion verwijderd: ORD2" in text
    assert "Dubbel in Asperion: ORD1" in text
    assert "-605,00" in text.replace("\u2212", "-").replace("€\u00a0", "").replace("€ ", "")


def test_a_difference_that_is_explained_is_no_fault(
    browser: Browser, world: World, delivery: FileEntry
) -> None:
    less = {"H": code("500.00", "105.00")}
    show(world, delivery, landed=1, moved=1, codes=less)
    answer = browser.get(f"/days/{DAY}")
    assert "opnieuw zijn verstuurd of niet te vergelijken zijn" in read_text(answer.body)
    assert 'class="sum wrong"' not in answer.body.partition('id="landed"')[2]


@pytest.fixture
def seen(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> Browser:
    """A period of which two invoices are in Asperion otherwise than they were delivered."""
    browser.install()
    found = SeenOfPeriod(
        delivered=5,
        landed=3,
        definitive=1,
        gone=("ORD2",),
        changed=("ORD3",),
        difference=code("-20.00", "-4.20"),
    )
    monkeypatch.setattr(return_look, "count_seen", lambda *_: found)
    return browser


def test_the_vat_return_says_what_asperion_shows_less_than_it_counts(seen: Browser) -> None:
    text = see(seen, "/vat").replace("\u2212", "-").replace("\u00a0", " ")
    assert "Verschil met Asperion: € -20,00 zonder btw en € -4,20 btw" in text
    assert "In Asperion verwijderd: ORD2" in text
    assert "In Asperion gewijzigd: ORD3" in text


def test_the_workbook_of_the_return_has_the_difference_as_well(seen: Browser) -> None:
    book = read_workbook(seen.get("/vat/sheet.xlsx", {}, **OURS).content or b"")
    (row,) = [cells for cells in book["Bestanden"] if "Verschil met Asperion" in cells]
    assert row[-2:] == [-20.0, -4.2]


def test_a_delivery_that_was_not_read_yet_says_so(browser: Browser, delivery: FileEntry) -> None:
    text = see(browser, f"/days/{DAY}")
    assert "2 rechtstreeks afgeleverde bestellingen zijn nog niet in Asperion opgezocht." in text


def test_of_a_file_it_is_not_known(browser: Browser, world: World) -> None:
    browser.install()
    file = place(world, "ORD1", cover=COVER)
    state(world, DAY, Verdict.RIGHT, placed=1, files={file.name: 1})
    assert "van een bestand is dat niet na te vragen" in see(browser, f"/days/{DAY}")
    assert "Wat Asperion laat zien" not in see(browser, f"/files/{file.name}")


def test_who_keeps_no_totals_sees_counts_alone(
    browser: Browser, world: World, delivery: FileEntry
) -> None:
    policy = replace(world.shop.policy, keep_totals=False)
    world.shops.update(SHOP_ID, lambda shop: replace(shop, policy=policy))
    show(world, delivery, codes=None)
    text = see(browser, f"/days/{DAY}")
    assert "Asperion laat ze allemaal zien" in text
    assert "Btw-code" not in text


def test_everything_is_in_once_asperion_shows_it(
    browser: Browser, world: World, delivery: FileEntry
) -> None:
    text = see(browser, "/")
    assert "Alles is afgeleverd" in text
    assert "Vannacht controleren we of Asperion alles laat zien." in text
    assert "Alles is binnen" not in text
    show(world, delivery)
    text = see(browser, "/")
    assert "Alles is binnen" in text
    assert "alles zien" in text


def test_while_asperion_cannot_be_read_it_is_not_called_in(
    browser: Browser, world: World, delivery: FileEntry
) -> None:
    show(world, delivery)
    failing = ReadBack(
        at=world.clock(),
        until=world.clock(),
        unread_since=world.clock(),
        cause=UnreadCause.UNAVAILABLE,
    )
    world.shops.save(SHOP_ID, failing)
    text = see(browser, "/")
    assert "Alles is binnen" not in text
    assert "niet te lezen" in text


def test_a_shop_by_files_is_in_as_before(browser: Browser, world: World) -> None:
    browser.install()
    file = place(world, "ORD1")
    state(world, DAY, Verdict.RIGHT, placed=1, files={file.name: 1})
    assert "Alles is binnen" in see(browser, "/")


@pytest.mark.parametrize(
    ("change", "says", "cure"),
    [
        (LateChange.DELETED_THERE, "Na de aflevering in Asperion verwijderd", "met opzet"),
        (LateChange.CHANGED_THERE, "Na de aflevering in Asperion gewijzigd", "wijzig het daar"),
        (LateChange.TWICE_THERE, "Dubbel in Asperion gevonden", "Verwijder een van de twee"),
    ],
)
def test_what_is_otherwise_is_shown_with_what_can_be_done(
    browser: Browser, world: World, change: LateChange, says: str, cure: str
) -> None:
    browser.install()
    report(world, change)
    text = see(browser, "/")
    assert says in text
    assert cure in text
    assert "Afgehandeld" in text
    assert ("Naar opnieuw versturen" in text) is (change is LateChange.DELETED_THERE)
    browser.post("/orders/ORD1", {"action": "accept"})
    assert says not in see(browser, "/")


def store(world: World, status: InvoiceStatus = InvoiceStatus.CONCEPT) -> int:
    """The first order's invoice is in Asperion."""
    entry = world.entries.get(SHOP_ID, hint("ORD1").key)
    assert entry is not None
    assert entry.asperion_id is not None
    shown = ShownInvoice(
        id=entry.asperion_id,
        day=world.clock().date(),
        description="Bestelling ORD1",
        debtor_id=1,
        debtor_number="10001",
        status=status,
        number="",
        excl=Decimal(20),
        vat=Decimal("4.20"),
        incl=Decimal("24.20"),
    )
    now = world.clock()
    stored = StoredInvoice(shown=shown, concept=None, stored_at=now, listed_from=now)  # type: ignore[arg-type]
    world.asperion.books.invoices[shown.id] = stored
    return shown.id


@pytest.fixture
def booked(connected: World) -> World:
    """One order, in the administration of now."""
    place(connected, "ORD1", way=Way.API)
    name = next(iter(connected.files.items[SHOP_ID]))
    file = connected.files.items[SHOP_ID][name]
    print_ = open_prints(connected)
    connected.files.items[SHOP_ID][name] = replace(file, inbox=print_)
    return connected


def open_prints(world: World) -> str:
    workspace = open_workspace(world.connector, SHOP_ID)
    connection = workspace.shop.connection
    assert connection is not None
    return workspace.list_administration_prints(connection.administration.id)[0]


def test_sending_again_says_that_the_first_is_there_and_asks_once_more(
    browser: Browser, booked: World
) -> None:
    store(booked)
    asked = browser.post("/orders/ORD1", {"action": "again", "reason": "fout"})
    assert asked.status == 409
    text = read_text(asked.body)
    assert "nog zien, als concept" in text
    assert "Omzet en btw tellen dubbel" in text
    assert state_of(booked, "ORD1") is EntryState.PLACED
    again = {"action": "again", "reason": "fout", "first": "concept"}
    assert browser.post("/orders/ORD1", again).status == 303
    assert state_of(booked, "ORD1") is EntryState.WAITING


def test_sending_again_goes_on_when_the_first_is_gone(browser: Browser, booked: World) -> None:
    answer = browser.post("/orders/ORD1", {"action": "again", "reason": "fout"})
    assert answer.status == 303
    assert "stond niet meer in Asperion" in see(browser, "/orders/ORD1")


def test_a_reason_is_not_lost_and_does_no_harm_on_the_page_in_between(
    browser: Browser, booked: World
) -> None:
    store(booked)
    asked = browser.post("/orders/ORD1", {"action": "again", "reason": '"><b>fout'})
    assert "&#34;&gt;&lt;b&gt;fout" in asked.body


def test_an_order_is_credited_from_its_page(browser: Browser, booked: World) -> None:
    store(booked)
    page = browser.get("/orders/ORD1").body
    assert "Deze verkoop terugnemen" in page
    assert "Het concept verwijderen" not in page, "the operator did not switch that on"
    form = {"action": "take_back", "document": hint("ORD1").key, "way": "credit", "reason": "proef"}
    assert browser.post("/orders/ORD1", form).status == 303
    text = see(browser, "/orders/ORD1")
    assert "De creditering gaat mee met de volgende levering" in text
    assert "Teruggenomen met een creditering. Reden: proef" in text
    assert "Waarom neemt u de bestelling terug?" not in text


def test_a_draft_is_deleted_from_its_page(browser: Browser, booked: World) -> None:
    on = next(each for each in Deletion if each is not Deletion.OFF)
    settings = dataclasses.replace(
        booked.connector.settings, asperion_guesses=AsperionGuesses(deletion=on)
    )
    booked.connector = dataclasses.replace(booked.connector, settings=settings)
    invoice_id = store(booked)
    form = {"action": "take_back", "document": hint("ORD1").key, "way": "delete", "reason": "proef"}
    booked.asperion.fail(Fault.UNAVAILABLE, times=1)
    refused = browser.post("/orders/ORD1", form)
    assert refused.status == 409
    assert "Asperion gaf geen betrouwbaar antwoord" in read_text(refused.body)
    assert browser.post("/orders/ORD1", form).status == 303
    assert invoice_id not in booked.asperion.books.invoices
    assert "Het concept is in Asperion verwijderd" in see(browser, "/orders/ORD1")


@pytest.mark.parametrize("document", ["", "order-1", "order-999"])
def test_nothing_else_than_a_document_of_the_order_is_taken_back(
    browser: Browser, booked: World, document: str
) -> None:
    form = {"action": "take_back", "document": document, "way": "credit", "reason": "proef"}
    assert browser.post("/orders/ORD1", form).status == 400
    assert state_of(booked, "ORD1") is EntryState.PLACED


def test_what_went_to_a_former_administration_is_not_deleted(
    browser: Browser, booked: World
) -> None:
    store(booked)
    booked.asperion.connect(booked.shops, SHOP_ID, administration=TESTING)
    asked = browser.post("/orders/ORD1", {"action": "again", "reason": "fout"})
    assert asked.status == 409
    assert "antwoordt nu niet" in read_text(asked.body)


def test_a_deleted_one_that_was_dealt_with_can_be_sent_again(
    browser: Browser, booked: World
) -> None:
    step, cause = OrderStep.REPORT, LateChange.DELETED_THERE
    take(booked, hint("ORD1").key, step, by=Actor.WATCH, cause=cause)
    text = see(browser, "/orders/ORD1")
    assert "Deze verkoop terugnemen" not in text, "there is nothing to take back"
    assert "Opnieuw versturen" in text
