"""The list of supplies to businesses in other EU countries, as a bookkeeper sees it: by VAT number,
with its proof, equal to the VAT sheet to the cent.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.events import Actor
from chalicelib.domain.ledger import Hint
from chalicelib.domain.orders import OrderStatus
from chalicelib.domain.policy import UnansweredNumbers
from chalicelib.domain.shops import ShopState
from chalicelib.domain.vat_answers import Silence
from chalicelib.domain.vat_numbers import VatNumber
from chalicelib.errors import VaultUnavailable
from chalicelib.usecases.afterwards.corrections import request_correction
from chalicelib.usecases.afterwards.watch import watch_shop
from chalicelib.usecases.filing.export import Job, export_shop
from chalicelib.usecases.operating import icp_reading
from chalicelib.usecases.shop.seals import renew_number_seals
from chalicelib.usecases.workspace import open_workspace
from tests.edge.web.markup import read_table, read_text
from tests.fakes.documents_of_shop import HOME, order, order_line
from tests.fakes.memory_ledger import MemoryShops
from tests.fakes.web import SHOP_ID, Browser, World
from tests.fakes.workbooks import read_workbook
from tests.unit.usecases.eu_customers import AUSTRIAN, BELGIAN, GERMAN, OWN
from tests.unit.usecases.stage import PROFILE

PERIOD = {"period": "2026-Q4"}


@pytest.fixture
def books(world: World) -> Books:
    return Books(world)


class Books:
    """A shop that sells to businesses abroad, and its nights."""

    def __init__(self, world: World) -> None:
        self.world = world
        world.profile = PROFILE
        self.browser = Browser(world)
        self.browser.install(language="en")
        self.sold = 0
        self.nights = 0

    def choose(self, **policy: Any) -> None:
        shop = self.world.shop
        self.world.shops.records[SHOP_ID] = replace(
            shop, policy=replace(shop.policy, **policy), version=shop.version + 1
        )

    def sell(self, number: str, price: str, *, service: bool = False) -> str:
        """A business abroad orders and pays."""
        self.sold += 1
        self.world.clock.advance(minutes=1)
        code = "ADVIES" if service else "MOK"
        address = replace(HOME, country=number[:2], postal_code="1000", city="Elders")
        sold = order(
            order_line(price, "0", article_code=code),
            id=1000 + self.sold,
            number=f"ORD{1000 + self.sold}",
            created_at=self.world.clock(),
            updated_at=self.world.clock(),
            company_name="Firma",
            company_vat_number=number,
            billing=address,
            shipping=address,
        )
        self.world.api.put(sold)
        hint = Hint.of_order(sold)
        self.world.entries.record_hint(SHOP_ID, hint, at=self.world.clock(), by=Actor.WEBHOOK)
        return sold.number

    def night(self) -> None:
        self.nights += 1
        self.world.clock.advance(hours=6)
        job = Job(shop_id=SHOP_ID, run=f"night-{self.nights}")
        assert export_shop(self.world.connector, job).trouble is None
        self.come_again()

    def come_again(self) -> None:
        """The merchant comes from the AppCenter, by a link of this second."""
        self.world.clock.advance(seconds=1)
        self.browser.arrive(language="en")

    def take_back(self, number: str) -> None:
        """The order is cancelled, and the merchant books the correction."""
        order_id = int(number.removeprefix("ORD"))
        sold = self.world.api.orders[order_id]
        now = self.world.clock()
        self.world.api.put(replace(sold, status=OrderStatus.CANCELLED, updated_at=now))
        self.night()
        workspace = open_workspace(self.world.connector, SHOP_ID)
        assert request_correction(workspace, number, by=Actor.MERCHANT) == 1
        self.night()

    def read(self, **query: str) -> str:
        answer = self.browser.get("/vat/icp", query or PERIOD)
        assert answer.status == 200, answer
        return read_text(str(answer.body))

    def table(self) -> list[list[str]]:
        answer = self.browser.get("/vat/icp.csv", PERIOD)
        assert answer.status == 200
        assert "icp-2026-Q4" in str(answer.headers["Content-Disposition"])
        return read_table(answer.body)


HEADINGS = ["Country code", "VAT number", "Supplies", "Services"]


def test_each_customer_has_a_row_with_goods_services_and_proof(books: Books) -> None:
    books.choose(own_vat_number=OWN, service_articles=frozenset({"ADVIES"}))
    books.sell(BELGIAN, "100.40")
    books.sell(BELGIAN, "50.20")
    books.sell(BELGIAN, "20.00", service=True)
    books.sell(GERMAN, "10.50", service=True)
    books.night()
    page = books.read()
    assert "BE 0403019261" in page
    assert "€ 150.60 2 invoices € 20.00 1 invoice" in page
    assert "In use on" in page
    assert "consultation number WAPI0001" in page
    assert "Equal to 3b of the VAT sheet, to the cent: € 181.10." in page
    assert books.table() == [
        HEADINGS,
        ["BE", BELGIAN[2:], "151", "20"],
        ["DE", GERMAN[2:], "0", "11"],
    ]
    assert "come to € 182 together, where the sum is € 181.10" in page
    book = read_workbook(books.browser.get("/vat/icp.xlsx", PERIOD).content or b"")
    assert (
        book
        == {
            "EU businesses": [
                ["Kaasboerderij De Wilg"],
                ["Intra-Community supplies, 4th quarter of 2026"],
                [],
                HEADINGS,
                ["BE", BELGIAN[2:], 151.0, 20.0],  # a text, which keeps its first zero
                ["DE", GERMAN[2:], 0.0, 11.0],
                ["Together", None, ("SUBTOTAL(9,C5:C6)", 151.0), ("SUBTOTAL(9,D5:D6)", 31.0)],
            ]
        }
    )


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_list_of_months_in_a_row_is_named_after_their_days(books: Books, ending: str) -> None:
    answer = books.browser.get(f"/vat/icp.{ending}", {"period": "2026-10-01_2026-11-30"})
    named = f'attachment; filename="icp-2026-10-01-2026-11-30-{SHOP_ID}.{ending}"'
    assert answer.headers["Content-Disposition"] == named


def test_a_correction_is_taken_off(books: Books) -> None:
    number = books.sell(BELGIAN, "100.00")
    books.sell(GERMAN, "70.00")
    books.night()
    books.take_back(number)
    page = books.read()
    assert "to the cent: € 70.00." in page
    assert books.table()[1:] == [["BE", BELGIAN[2:], "0", "0"], ["DE", GERMAN[2:], "70", "0"]]


def test_what_is_not_proven_says_so(books: Books) -> None:
    books.world.register.silent["DE"] = Silence.STATE
    books.sell(GERMAN, "70.00")
    books.sell(BELGIAN, "30.00")
    books.night()
    page = books.read()
    assert "Of 1 customer VIES has not answered yet." in page
    assert "Not proven: no answer yet" in page
    assert "Your own VAT number is not filled in." in page
    assert "without consultation number" in page


def test_a_number_that_turned_out_not_to_be_in_use_says_so(books: Books) -> None:
    books.world.register.silent["DE"] = Silence.STATE
    books.sell(GERMAN, "70.00")
    books.night()
    books.world.register.silent.clear()
    books.world.register.not_in_use.add(GERMAN)
    watch_shop(books.world.connector, SHOP_ID)
    page = books.read()
    assert "1 customer has a VAT number that is not in use." in page
    assert "Not in use on" in page


def test_where_numbers_are_not_checked_the_list_says_so(books: Books) -> None:
    books.choose(vies=UnansweredNumbers.OFF)
    books.sell(GERMAN, "70.00")
    books.night()
    page = books.read()
    assert "You chose that VAT numbers are not checked in VIES." in page
    assert "Not proven: not asked" in page


def test_the_shops_own_number_is_not_taken(books: Books) -> None:
    books.choose(own_vat_number=OWN)
    books.world.register.strangers.add(OWN)
    books.sell(GERMAN, "70.00")
    books.night()
    assert "VIES does not take your own VAT number." in books.read()


def test_an_erased_number_leaves_its_country_and_the_sum(books: Books) -> None:
    books.sell(BELGIAN, "100.00")
    books.sell(GERMAN, "70.00")
    books.night()
    names = books.world.shops.load_each(SHOP_ID, VatNumber)
    gone = [name for name, record in names.items() if record.country == "BE"]
    for name in gone:
        books.world.shops.forget_if(SHOP_ID, VatNumber, lambda _: True, name)
    page = books.read()
    assert "BE number erased" in page
    assert BELGIAN[2:] not in page
    assert "to the cent: € 170.00." in page
    assert books.table()[1:] == [["BE", "", "100", "0"], ["DE", GERMAN[2:], "70", "0"]]


def test_turning_the_secret_of_marks_does_not_divide_a_customer(books: Books) -> None:
    books.sell(BELGIAN, "100.00")
    books.night()
    books.world.secrets.prints = ("turned-secret-of-marks", *books.world.secrets.prints)
    books.sell(BELGIAN, "20.00")
    books.night()
    books.world.secrets.prints = books.world.secrets.prints[:1]  # the former one is retired
    kept = books.world.shops.load_each(SHOP_ID, VatNumber)
    renew_number_seals(open_workspace(books.world.connector, SHOP_ID), kept)
    assert len(kept) == 2
    assert books.table()[1:] == [["BE", BELGIAN[2:], "120", "0"]]
    assert "€ 120.00 2 invoices" in books.read()


def test_only_whole_months_are_listed(books: Books) -> None:
    books.sell(BELGIAN, "100.00")
    books.night()
    for asked in ("2026-11", "2026-Q4", "2026", "2026-11-03_2026-11-05"):
        assert "to the cent: € 100.00." in books.read(period=asked)
    assert "Nothing was sold without VAT" in books.read(period="2026-10")
    assert books.browser.get("/vat/icp", {"period": "2026-13"}).status == 400
    for page in ("/vat/icp.csv", "/vat/icp.xlsx"):
        assert books.browser.get(page, {"period": "2026-13"}).status == 303


def test_a_list_that_is_too_long_shows_sums_by_country(
    books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(icp_reading, "MOST_OPENED", 2)
    for number in (BELGIAN, GERMAN, AUSTRIAN):
        books.sell(number, "10.00")
    books.night()
    page = books.read()
    assert "There are 3 customers in this period" in page
    assert "Choose a shorter period" in page
    assert GERMAN[2:] not in page
    assert "to the cent: € 30.00." in page
    for file in ("/vat/icp.csv", "/vat/icp.xlsx"):
        assert books.browser.get(file, PERIOD).status == 303


def test_without_totals_there_is_no_list(books: Books) -> None:
    books.choose(keep_totals=False)
    books.sell(BELGIAN, "100.00")
    books.night()
    assert "You chose to keep no totals, so this sheet cannot be drawn up." in books.read()
    assert books.world.shops.load_each(SHOP_ID, VatNumber) == {}


def test_numbers_that_cannot_be_opened_are_no_broken_page(books: Books) -> None:
    books.sell(BELGIAN, "100.00")
    books.night()
    [(name, record)] = books.world.shops.load_each(SHOP_ID, VatNumber).items()
    strange = replace(record, sealed_number=replace(record.sealed_number, content="of another"))
    books.world.shops.kept[SHOP_ID][name] = strange
    assert "BE number cannot be opened" in books.read()
    books.world.vault.trouble = VaultUnavailable("KMS is out of reach.")
    assert books.browser.get("/vat/icp", PERIOD).status == 503


def test_the_overview_counts_what_waits_for_vies(books: Books) -> None:
    books.choose(vies=UnansweredNumbers.WAIT)
    books.world.register.silent["DE"] = Silence.STATE
    books.sell(GERMAN, "70.00")
    books.night()
    assert books.world.shop.state is ShopState.ACTIVE
    books.world.clock.advance(hours=48)
    books.come_again()
    overview = read_text(str(books.browser.get("/").body))
    assert "1 order waits for VIES" in overview
    assert "has been waiting for more than a day and a half" not in overview


def test_the_list_reads_by_key_alone(books: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    books.sell(BELGIAN, "10.00")
    books.night()
    monkeypatch.delattr(MemoryShops, "load_each")
    assert "BE 0403019261" in books.read()
