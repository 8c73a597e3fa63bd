from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from sandbox.seoshop.scenarios import SCENARIOS
from tests.sandbox.seoshop.conftest import SHOP, Bench

FIGURE_5 = {
    "ORD000038": ("2014-12-21", None, 2269322, "cccc cccc", "699.17", "824.80", "iDEAL"),
    "ORD000033": ("2014-11-17", "INV000037", 3636059, "Sophie F", "31.75", "38.00", "Op rekening"),
    "ORD000032": ("2014-11-16", "INV000038", 2269322, "cccc cccc", "56.95", "68.50", "Op rekening"),
    "ORD000030": (
        "2014-11-11",
        "INV000021",
        3568347,
        "Sophie Fischer",
        "32.08",
        "32.08",
        "Op rekening",
    ),
    "ORD000029": ("2014-10-10", "INV000020", 2269322, "cccc cccc", "29.34", "34.07", "Op rekening"),
    "ORD000002": ("2014-07-03", "INV000002", 2269322, "cccc cccc", "23.96", "29.00", "Op rekening"),
    "ORD000001": ("2014-06-16", "INV000001", 2269322, "cccc cccc", "14.05", "17.00", "Op rekening"),
}


def played(bench: Bench, name: str, **form: Any) -> list[dict[str, Any]]:
    ids = bench.control(f"scenarios/{name}", **form)["ids"]
    return [bench.get(f"orders/{each}.json")["order"] for each in ids]


def inside(order: dict[str, Any], name: str) -> list[dict[str, Any]]:
    return list(order[name]["resource"]["embedded"])


@pytest.mark.parametrize("name", sorted(SCENARIOS))
@pytest.mark.parametrize("paid", [False, True])
def test_totals_close_unless_they_are_broken_on_purpose(
    bench: Bench, name: str, paid: bool
) -> None:
    for order in played(bench, name, paid=paid):
        for side in ("Excl", "Incl"):
            lines = sum(line[f"price{side}"] for line in inside(order, "products"))
            costs = order[f"shipmentPrice{side}"] + order[f"paymentPrice{side}"]
            adds_up = lines + costs == order[f"price{side}"]
            assert adds_up or not SCENARIOS[name].adds_up
    assert SCENARIOS[name].adds_up == (name not in BROKEN)


BROKEN = {"totaal-1-cent", "totaal-5-cent", "totaal-5-cent-btw", "totaal-1-euro"}


def test_figure_5_has_the_manuals_numbers_dates_customers_and_amounts(bench: Bench) -> None:
    orders = {order["number"]: order for order in played(bench, "figuur5")}
    assert list(orders) == sorted(FIGURE_5)
    for number, (day, invoice, customer, name, excl, incl, method) in FIGURE_5.items():
        order = orders[number]
        assert order["createdAt"].startswith(day)
        assert [each["number"] for each in inside(order, "invoices")] == ([invoice] * bool(invoice))
        assert order["customer"]["resource"]["id"] == customer
        assert f"{order['firstname']} {order['lastname']}" == name
        assert (order["priceExcl"], order["priceIncl"]) == (Decimal(excl), Decimal(incl))
        assert order["paymentTitle"] == method
        assert order["paymentStatus"] == "not_paid"
    assert sum(order["priceExcl"] for order in orders.values()) == Decimal("887.30")
    assert sum(order["priceIncl"] for order in orders.values()) == Decimal("1043.45")


def test_figure_5_comes_about_by_honest_rounding_at_the_rates_of_2014(bench: Bench) -> None:
    rates = set()
    for order in played(bench, "figuur5"):
        for line in inside(order, "products"):
            rates.add(line["taxRate"])
            excl = (line["priceIncl"] / (1 + line["taxRate"])).quantize(Decimal("0.01"))
            assert line["priceExcl"] == excl
            gross = line["basePriceIncl"] * line["quantityOrdered"]
            assert line["priceIncl"] == gross - line["discountIncl"]
    assert rates == {Decimal("0.21"), Decimal("0.06"), Decimal(0)}


def test_figure_5s_returning_customer_once_types_other_capitals(bench: Bench) -> None:
    emails = {
        order["email"]
        for order in played(bench, "figuur5")
        if order["customer"]["resource"]["id"] == 2269322
    }
    assert len(emails) == 2
    assert len({email.lower() for email in emails}) == 1


def test_figure_5_fits_in_a_shop_once(bench: Bench) -> None:
    bench.control("scenarios/figuur5")
    assert bench.client.post("/_control/scenarios/figuur5").status_code == 400
    assert bench.order()["number"] == "ORD000039"


def test_every_scenario_has_a_dutch_title_and_an_explanation(bench: Bench) -> None:
    listed = bench.client.get("/_control/scenarios").json
    assert listed
    rows = listed["scenarios"]
    assert len({row["title"] for row in rows}) == len(rows) == len(SCENARIOS)
    assert all(row["explanation"].endswith((".", ":")) and row["group"] for row in rows)
    assert bench.client.post("/_control/scenarios/nothing").status_code == 404


def test_a_part_credit_is_smaller_than_its_invoice_and_a_whole_one_equal(bench: Bench) -> None:
    (part,), (whole,) = played(bench, "credit-deel"), played(bench, "credit-heel")
    invoice, note = inside(part, "invoices")
    assert (note["isCreditNote"], note["priceIncl"]) == (True, Decimal("14.95"))
    assert invoice["priceIncl"] == part["priceIncl"]
    invoice, note = inside(whole, "invoices")
    assert note["priceIncl"] == invoice["priceIncl"]


def test_two_invoices_share_an_order(bench: Bench) -> None:
    (order,) = played(bench, "twee-facturen")
    invoices = inside(order, "invoices")
    assert len(invoices) == 2
    assert sum(each["priceIncl"] for each in invoices) == order["priceIncl"]


def test_an_invoice_comes_at_once_at_payment_or_by_hand(bench: Bench) -> None:
    (later,), (at_payment,) = played(bench, "factuur-later"), played(bench, "factuur-bij-betaling")
    assert inside(later, "invoices") == inside(at_payment, "invoices") == []
    bench.control(f"orders/{at_payment['id']}/paid")
    bench.control(f"orders/{later['id']}/invoice", number="F-7")
    again = bench.get(f"orders/{later['id']}.json")["order"]
    assert [each["number"] for each in inside(again, "invoices")] == ["F-7"]
    again = bench.get(f"orders/{at_payment['id']}.json")["order"]
    assert [each["status"] for each in inside(again, "invoices")] == ["paid"]


def test_statuses_after_paying_tell_what_happened(bench: Bench) -> None:
    expected = {
        "in-de-wacht": "on_hold",
        "offerte": "offer",
        "geannuleerd-na-betaling": "cancelled",
        "verzonden": "completed_shipped",
        "gewijzigd-na-betaling": "processing_awaiting_shipment",
    }
    for name, status in expected.items():
        (order,) = played(bench, name)
        assert (order["status"], order["paymentStatus"]) == (status, "paid")


def test_new_payment_methods_and_currencies_change_the_shop(bench: Bench) -> None:
    before = bench.get("paymentmethods.json")["paymentmethods"]
    played(bench, "wero")
    played(bench, "valuta-dollar")
    after = bench.get("paymentmethods.json")["paymentmethods"]
    assert {each["key"] for each in after} - {each["key"] for each in before} == {"wero"}
    assert bench.get("shop.json")["shop"]["currency"]["shortcode"] == "USD"
    played(bench, "valuta-euro")
    assert bench.get("shop.json")["shop"]["currency"]["shortcode"] == "EUR"


def test_hostile_text_survives_the_trip_unchanged(bench: Bench) -> None:
    (order,) = played(bench, "vreemde-tekst")
    assert order["comment"].endswith("\ud83d")
    assert "\u202e" in order["companyName"]
    assert "\x00" in order["comment"]
    assert len(inside(order, "products")[1]["productTitle"]) == 10_000


def test_an_order_form_with_a_mistake_is_refused_and_nothing_is_made(bench: Bench) -> None:
    mistakes: list[dict[str, Any]] = [
        {"lines": []},
        {"lines": [{"prijs": 1}]},
        {"lines": [{"priceIncl": "x"}]},
        {"lines": [{"quantity": 0}]},
        {"line": []},
        {"payment": "goud"},
        {"created_at": "ooit"},
        {"customer": {"mail": "x"}},
        {"invoice": "soon"},
        {"shop_id": 1},
    ]
    for form in mistakes:
        body = {"lines": [{"priceIncl": "1"}], **form}
        answer = bench.client.post("/_control/orders", json=body)
        assert answer.status_code == 400, form
    assert bench.get("orders/count.json")["count"] == 0


def test_calls_are_counted_by_path_and_shop(bench: Bench) -> None:
    bench.get("shop.json")
    bench.get("orders.json?limit=1")
    bench.get("orders.json")
    log = bench.client.get(f"/_control/calls?path=/nl/orders&shop={SHOP}").json
    assert log
    assert log["count"] == 2
    assert log["by"] == [{"method": "GET", "path": "/nl/orders.json", "shop": SHOP, "count": 2}]
    bench.client.delete("/_control/calls")
    log = bench.client.get("/_control/calls").json
    assert log
    assert log["count"] == 0


def test_a_reset_brings_back_one_empty_shop(bench: Bench) -> None:
    bench.order()
    bench.control("shops", id=9)
    bench.control("faults", status=500)
    bench.control("reset")
    shops = bench.client.get("/_control/shops").json
    assert shops
    assert [(each["id"], each["orders"], each["app"]) for each in shops["shops"]] == [
        (SHOP, 0, "not_installed")
    ]
