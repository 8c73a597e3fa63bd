"""One set of books: what a file brings and what the API brings, side by side."""

from typing import Any

import pytest

from tests.sandbox.asperion.api_client import ApiClient, make_line
from tests.sandbox.asperion.page_text import table, text
from tests.sandbox.asperion.samples import document, order, orderline

DAY = "2026-03-14"
KIND = "<VatKind>{0}</VatKind>"
ABROAD = "<VatKind>{0}</VatKind><VatCountry>{1}</VatCountry>"


def rows(api: ApiClient) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = api.client.read("books")
    return found


def send_file(api: ApiClient, *lines: str, number: str = "ORD1", date: str = DAY) -> None:
    api.client.put(f"{number}.xml", document(order(number, *lines, date=date)))
    assert api.client.synchronise()["failed"] == []


@pytest.mark.parametrize(
    ("rate", "more", "date", "code"),
    [
        ("21", "", DAY, "1"),
        ("19", "", "2012-09-30", "1A"),
        ("9", "", DAY, "2"),
        ("6", "", "2018-12-31", "2A"),
        ("0", "", DAY, "0"),
        ("0", KIND.format("small-business"), DAY, "0K"),
        ("0", KIND.format("intra-community"), DAY, "5"),
        ("0", ABROAD.format("intra-community", "DE"), DAY, "5"),
        ("0", KIND.format("reverse-charge"), DAY, "5D"),
        ("0", ABROAD.format("export", "CH"), DAY, "6"),
        ("19", ABROAD.format("oss", "DE"), DAY, "ODE19"),
        ("21", ABROAD.format("oss", "BE"), DAY, "OBE21"),
        ("25.5", ABROAD.format("oss", "FI"), DAY, "OFI255"),
        ("24", ABROAD.format("oss", "FI"), "2024-08-31", "OFI24-24"),
        ("17", ABROAD.format("oss", "LU"), "2022-12-31", "OLU17-22"),
        ("17", ABROAD.format("oss", "LU"), DAY, "OLU17"),
        ("6", "", DAY, None),
        ("21", "", "2012-09-30", None),
        ("19", ABROAD.format("oss", "BE"), DAY, None),
    ],
)
def test_an_imported_line_gets_a_code_by_rate_kind_country_and_date(
    api: ApiClient, rate: str, more: str, date: str, code: str | None
) -> None:
    send_file(api, orderline(rate, "100.00", "0.00", "100.00", more), date=date)
    (row,) = rows(api)
    assert row["code"] == code
    (shown,) = api.items("salesinvoiceswithlines")
    assert shown["lines"]["_data"][0]["vatCode"] == code


def test_the_same_day_by_both_ways_gives_the_same_books(api: ApiClient) -> None:
    belgian = orderline("21", "5.00", "1.05", "6.05", ABROAD.format("oss", "BE"))
    send_file(
        api,
        orderline("21", "10.00", "2.10", "12.10"),
        orderline("21", "10.01", "2.10", "12.11"),
        orderline("9", "3.00", "0.27", "3.27"),
        belgian,
    )
    by_file = rows(api)
    lines = [
        make_line(amount=20.01, vatAmount=4.20),
        make_line(amount=3.00, vatAmount=0.27, vatCode="2", ledgerAccountId=8010),
        make_line(amount=5.00, vatAmount=1.05, vatCode="OBE21", ledgerAccountId=8040),
    ]
    api.add_invoice(date=DAY, description="Bestelling ORD1", lines={"_data": lines})
    both = rows(api)
    assert len(by_file) == 3
    assert both == sorted(by_file * 2, key=lambda row: [str(value) for value in row.values()])
    codes = {total["code"]: total["excl"] for total in api.client.read("totals")["codes"]}
    assert codes == {"1": "40.02", "2": "6.00", "OBE21": "10.00"}


def test_an_order_that_came_by_both_ways_is_counted_as_double(api: ApiClient) -> None:
    send_file(api)
    api.add_invoice(description="Bestelling ORD1")
    api.add_invoice(description="Bestelling ORD2")
    found = api.client.read("duplicates")
    assert (found["count"], found["surplus"]) == (1, 1)
    assert found["orders"][0]["order_number"] == "ORD1"
    assert found["orders"][0]["files"] == ["ORD1.xml", None]
    assert "Order ORD1 staat 2 keer" in text(api.client.page("/invoices/1"))
    assert "Bestelling ORD1 staat 2 keer" in text(api.client.page("/invoices/2"))


def test_the_list_shows_both_alike(api: ApiClient) -> None:
    send_file(api)
    api.add_invoice(date=DAY, description="Bestelling ORD2", paymentConditionId=4)
    posted, imported, total = list(table(api.client.page("/invoices")))
    assert imported == [
        *("Bestelling ORD1", "03-2026", "14-03-2026", "2000001", "Jan"),
        *("€ 20,00", "€ 24,20", "Op factuur"),
    ]
    assert posted == [
        *("Bestelling ORD2", "03-2026", "14-03-2026", "2000001", "Jan"),
        *("€ 10,00", "€ 12,10", "IDEAL"),
    ]
    assert total == ["Totaal", "€ 30,00", "€ 36,30"]


def test_an_invoice_says_by_which_way_it_came_and_its_vat_per_code(api: ApiClient) -> None:
    api.add_invoice()
    page = text(api.client.page("/invoices/1"))
    assert "Herkomst Via de koppeling" in page
    assert "Hoog (21 %) code 1 8000 Omzet hoog € 10,00 € 2,10 € 12,10" in page
    assert "Btw per code Code Excl. btw Btw Incl. btw 1 BTW hoog € 10,00 € 2,10" in page
    (invoice,) = api.client.read("invoices")
    assert (invoice["way"], invoice["file"], invoice["order_number"]) == ("api", None, None)
    assert invoice["codes"] == [
        {"code": "1", "excl": "10.00", "vat": "2.10", "incl": "12.10", "lines": 1}
    ]


def test_an_import_after_a_code_has_ended_leaves_the_choice_to_a_person(api: ApiClient) -> None:
    api.control("POST", "codes/1", {"last": "2026-03-13"})
    send_file(api)
    assert rows(api)[0]["code"] is None
    assert "Zelf te kiezen" in text(api.client.page("/invoices/1"))
