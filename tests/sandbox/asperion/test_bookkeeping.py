"""The books: debtors, VAT classes, sums checked from the lines, concept and final."""

from decimal import Decimal
from typing import Any

import pytest

from tests.sandbox.asperion.samples import FIGURE_5, debtor, document, order, orderline
from tests.sandbox.asperion.shop_client import Client

GOOD = orderline("21", "10.00", "2.10", "12.10")
TEN = orderline("21", "36.00", "7.60", "43.60").replace(
    "<Quantity>1</Quantity>",
    "<Quantity>10</Quantity><UnitPriceExcl>3.60</UnitPriceExcl><UnitPriceIncl>4.36</UnitPriceIncl>",
)


def booked(client: Client, *orders: str) -> list[dict[str, Any]]:
    client.put("a.xml", document(*orders))
    report = client.synchronise()
    assert report["failed"] == []
    found: list[dict[str, Any]] = client.read("invoices")
    return found


def test_an_order_becomes_a_concept_invoice_without_a_number(client: Client) -> None:
    (invoice,) = booked(client, order("ORD1"))
    assert (invoice["status"], invoice["number"]) == ("concept", None)
    assert (invoice["file"], invoice["order_number"]) == ("a.xml", "ORD1")
    assert (invoice["excl"], invoice["vat"], invoice["incl"]) == ("20.00", "4.20", "24.20")
    assert (invoice["period"], invoice["payment_method"]) == ("06-2014", "Op factuur")


def test_a_returning_customer_with_other_capitals_is_the_same_debtor(client: Client) -> None:
    orders = [
        order("ORD1", customer=debtor("jan@example.com", "2000001", "Jan")),
        order("ORD2", customer=debtor(" JAN@Example.COM ", "2000999", "J. Jansen")),
    ]
    found = [invoice["debtor"] for invoice in booked(client, *orders)]
    assert [(d["number"], d["name"]) for d in found] == [("2000001", "Jan")] * 2


def test_an_unknown_customer_whose_number_is_taken_gets_the_next_free_one(client: Client) -> None:
    customers = [
        debtor("a@example.com", "1000001"),
        debtor("b@example.com", "1000001"),
        debtor("c@example.com", ""),
    ]
    orders = [order(f"ORD{i}", customer=customer) for i, customer in enumerate(customers)]
    numbers = {i["order_number"]: i["debtor"]["number"] for i in booked(client, *orders)}
    assert numbers == {"ORD0": "1000001", "ORD1": "1000002", "ORD2": "1000003"}


def test_customers_without_an_email_address_are_never_taken_for_each_other(client: Client) -> None:
    customers = [debtor("", "5"), debtor("", "6")]
    invoices = booked(client, *(order(customer=customer) for customer in customers))
    assert {i["debtor"]["number"] for i in invoices} == {"5", "6"}


def test_debtors_of_two_administrations_have_nothing_to_do_with_each_other(client: Client) -> None:
    booked(client, order(customer=debtor("jan@example.com", "1")))
    other = Client(client.asperion, client.licence + "-b", client.http)
    (invoice,) = booked(other, order(customer=debtor("jan@example.com", "2")))
    assert invoice["debtor"]["number"] == "2"


@pytest.mark.parametrize(
    ("date", "rate", "expected"),
    [
        ("2012-09-30", "19", "high"),
        ("2012-09-30", "21", "unknown"),
        ("2012-10-01", "21", "high"),
        ("2012-10-01", "19", "unknown"),
        ("2018-12-31", "6", "low"),
        ("2018-12-31", "9", "unknown"),
        ("2019-01-01", "9", "low"),
        ("2019-01-01", "6", "unknown"),
        ("2019-01-01", "0", "none"),
        ("2019-01-01", "25", "unknown"),
    ],
)
def test_the_class_of_a_rate_follows_from_the_invoice_date(
    client: Client, date: str, rate: str, expected: str
) -> None:
    vat = str(Decimal(rate) / 10)
    row = orderline(rate, "10.00", vat, str(10 + Decimal(vat)))
    (invoice,) = booked(client, order("ORD1", row, date=date))
    assert invoice["lines"][0]["vat_class"] == expected
    assert bool(invoice["deviations"]) == (expected == "unknown")


def test_a_rate_of_another_country_is_foreign_and_totalled_apart(client: Client) -> None:
    belgian = "<VatKind>oss</VatKind><VatCountry>BE</VatCountry>"
    row = orderline("21", "20.00", "4.20", "24.20", belgian)
    (invoice,) = booked(client, order("ORD1", GOOD, row))
    assert [i["vat_class"] for i in invoice["lines"]] == ["high", "foreign"]
    totals = client.read("totals")["totals"]
    assert [(t["rate"], t["kind"], t["country"], t["vat"]) for t in totals] == [
        ("21.00", None, None, "2.10"),
        ("21.00", "oss", "BE", "4.20"),
    ]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (orderline("21", "10.00", "2.10", "12.11"), "is samen geen € 12,11"),
        (orderline("21", "10.00", "2.12", "12.12"), "21 % over € 10,00 is € 2,10, niet € 2,12"),
        (orderline("21", "-10.00", "2.10", "-7.90"), "is € -2,10, niet € 2,10"),
        (TEN.replace(">3.60<", ">3.59<"), "is € 7,56, niet € 7,60"),
        (TEN.replace("4.36", "4.37").replace("43.60", "43.70").replace("7.60", "7.70"), "€ 7,70"),
        (orderline("21", "36.00", "7.60", "43.60"), "is € 7,56, niet € 7,60"),
        (GOOD.replace("<Quantity>1", "<UnitPriceExcl>10</UnitPriceExcl><Quantity>2"), "2 keer"),
    ],
)
def test_lines_that_do_not_add_up_mark_the_invoice(client: Client, row: str, reason: str) -> None:
    (invoice,) = booked(client, order("ORD1", row))
    assert reason in invoice["deviations"][0]
    assert client.read("totals")["deviating"] == 1


@pytest.mark.parametrize(
    "row",
    [
        GOOD,
        orderline("21", "10.00", "2.11", "12.11"),
        orderline("21", "-10.00", "-2.10", "-12.10"),
        orderline("21", "50.77", "10.65", "61.42"),  # 10.6617, in whole cents 10.66
        orderline("0", "0.00", "0.00", "0.00"),
        orderline("21", "9.89", "2.08", "11.97").replace(
            "<Quantity>1</Quantity>",
            "<Quantity>3</Quantity><UnitPriceExcl>3.29</UnitPriceExcl>"
            "<UnitPriceIncl>3.99</UnitPriceIncl>",
        ),
    ],
)
def test_rounding_by_a_cent_is_no_deviation(client: Client, row: str) -> None:
    (invoice,) = booked(client, order("ORD1", row))
    assert invoice["deviations"] == []


def test_the_vat_of_pieces_priced_in_cents_is_no_deviation(client: Client) -> None:
    (invoice,) = booked(client, order("ORD1", TEN))
    assert invoice["deviations"] == []


def test_a_stated_total_is_compared_with_the_lines(client: Client) -> None:
    more = "<TotalExcl>10.00</TotalExcl><TotalIncl>12.11</TotalIncl>"
    (invoice,) = booked(client, order("ORD1", GOOD, more=more))
    assert invoice["deviations"] == ["Totaal incl. is € 12,11, maar de regels zijn samen € 12,10."]


def test_an_order_and_its_credit_note_cancel_out_per_rate(client: Client) -> None:
    credit = orderline("21", "-10.00", "-2.10", "-12.10")
    text = "<Description>Creditnota ORD1</Description>"
    invoices = booked(client, order("ORD1", GOOD), order("ORD1", credit, more=text))
    assert sorted(str(i["credit"]) for i in invoices) == ["False", "True"]
    assert client.read("totals")["totals"][0]["incl"] == "0.00"
    assert client.read("duplicates")["count"] == 0


def test_an_order_in_two_files_is_booked_twice_and_counted(client: Client) -> None:
    client.put("a.xml", document(order("ORD1"), order("ORD2")))
    client.put("b.xml", document(order("ORD1")))
    client.synchronise()
    found = client.read("duplicates")
    assert (found["count"], found["surplus"]) == (1, 1)
    assert found["orders"][0]["order_number"] == "ORD1"
    assert found["orders"][0]["files"] == ["a.xml", "b.xml"]


def test_the_same_file_is_never_imported_twice(client: Client) -> None:
    client.put("a.xml", FIGURE_5)
    assert client.synchronise()["invoices"] == 7
    client.put("a.xml", FIGURE_5)
    assert client.synchronise() == {"files": 0, "invoices": 0, "failed": [], "imported": []}
    assert client.read("totals")["count"] == 7


def test_one_bad_file_never_stops_the_others_and_is_read_as_a_whole_or_not(client: Client) -> None:
    half_bad = document(order("ORD1"), order("ORD2", date="gisteren"))
    for name, content in (("a.xml", FIGURE_5), ("b.xml", half_bad), ("c.xml", document())):
        client.put(name, content)
    report = client.synchronise()
    assert [done["name"] for done in report["imported"]] == ["a.xml", "c.xml"]
    assert [failed["name"] for failed in report["failed"]] == ["b.xml"]
    assert "order ORD2: OrderDate" in report["failed"][0]["reason"]
    assert client.read("totals")["count"] == 8


def test_the_books_of_figure_5_add_up(client: Client) -> None:
    client.put("a.xml", FIGURE_5)
    client.synchronise()
    totals = client.read("totals")
    assert (totals["count"], totals["excl"], totals["incl"]) == (7, "887.30", "1043.45")
    assert totals["deviating"] == 0
    rates = [(t["rate"], t["excl"], t["vat"], t["incl"]) for t in totals["totals"]]
    assert rates == [
        ("21.00", "698.75", "146.75", "845.50"),
        ("6.00", "156.47", "9.40", "165.87"),
        ("0.00", "32.08", "0.00", "32.08"),
    ]
