from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from chalicelib.adapters.seoshop.client import SeoshopApi
from chalicelib.domain.orders import OrderSummary
from chalicelib.errors import ShopUnavailable
from tests.unit.adapters.seoshop.support import (
    Answer,
    Call,
    Desk,
    Json,
    answering,
    by_path,
    payload,
)

SINCE = datetime(2026, 3, 13, 23, 0, tzinfo=UTC)
LISTED = payload("orders.json")["orders"][1]
FIRST = datetime(2026, 3, 14, 10, 22, 4, tzinfo=UTC)


def listed(order_id: int, **fields: Any) -> Json:
    return {**LISTED, "id": order_id, "number": f"ORD{order_id:05}", **fields}


class ManyOrders:
    """A shop's order list with the documented filters, or with some of them broken."""

    def __init__(
        self, orders: list[Json], *, honours_zero: bool = True, honours_since: bool = True
    ) -> None:
        self.orders = orders
        self.honours_zero, self.honours_since = honours_zero, honours_since

    def __call__(self, call: Call) -> Answer:
        since = int(call.query["since_id"])
        found = [order for order in self.orders if order["id"] > since or not self.honours_since]
        if since == 0 and not self.honours_zero:
            found = sorted(found, key=lambda order: -order["id"])
        return Answer({"orders": found[: int(call.query["limit"])]})


def sweep(api: SeoshopApi) -> list[OrderSummary]:
    found, after = [], 0
    while True:
        page = api.orders_updated_since(SINCE, after_id=after)
        found += page
        if len(page) < 250:
            return found
        after = page[-1].id


def test_a_list_is_asked_for_in_utc_with_its_full_page() -> None:
    desk = Desk(answering(payload("orders.json")))
    desk.api.orders_updated_since(SINCE.astimezone(timezone(timedelta(hours=1))), after_id=7)
    (call,) = desk.shop.calls
    assert call.path == "/nl/orders.json"
    assert call.query == {"updated_at_min": "2026-03-13 22:59:59", "since_id": "7", "limit": "250"}
    assert "%20" in call.url
    assert "+" not in call.url


def test_a_list_newest_first_comes_out_ascending() -> None:
    page = Desk(answering(payload("orders.json"))).api.orders_updated_since(SINCE)
    assert [order.number for order in page] == ["ORD00412", "ORD00413", "ORD00414"]
    assert [order.payment_status for order in page] == ["paid", "paid", "not_paid"]
    assert page[1].status == "cancelled"


def test_an_empty_list_is_empty() -> None:
    assert Desk(answering(payload("empty-orders.json"))).api.orders_updated_since(SINCE) == []
    assert Desk(answering({"orders": False})).api.orders_updated_since(SINCE) == []


def test_orders_already_seen_are_left_out() -> None:
    page = Desk(answering(payload("orders.json"))).api.orders_updated_since(
        SINCE, after_id=301204417
    )
    assert [order.number for order in page] == ["ORD00413", "ORD00414"]


def test_a_sweep_costs_one_call_a_page_of_250() -> None:
    desk = Desk(ManyOrders([listed(number) for number in range(1, 601)]))
    assert [order.id for order in sweep(desk.api)] == list(range(1, 601))
    assert len(desk.calls) == 3


def test_a_shop_that_takes_since_id_zero_for_not_given_is_still_swept_whole() -> None:
    desk = Desk(ManyOrders([listed(number) for number in range(2, 602)], honours_zero=False))
    assert [order.id for order in sweep(desk.api)] == list(range(2, 602))
    assert len(desk.calls) == 4


def test_a_shop_that_ignores_since_id_is_an_error_and_not_the_end_of_the_list() -> None:
    desk = Desk(ManyOrders([listed(number) for number in range(1, 601)], honours_since=False))
    with pytest.raises(ShopUnavailable, match="orders, field id"):
        sweep(desk.api)


def test_orders_made_in_a_span_are_filtered_here_too() -> None:
    orders = [
        listed(number, createdAt=(FIRST + timedelta(hours=number)).isoformat())
        for number in range(1, 11)
    ]
    desk = Desk(ManyOrders(orders))
    found = desk.api.orders_created_between(FIRST + timedelta(hours=3), FIRST + timedelta(hours=6))
    assert [order.id for order in found] == [3, 4, 5]
    assert desk.shop.calls[0].query["created_at_min"] == "2026-03-14 13:22:03"
    assert desk.shop.calls[0].query["created_at_max"] == "2026-03-15 16:22:03"


def test_a_page_filtered_short_does_not_look_like_the_last_one() -> None:
    early = [listed(number, createdAt="2026-03-14T01:00:00+00:00") for number in range(1, 261)]
    due = [listed(number, createdAt="2026-03-14T12:00:00+00:00") for number in range(261, 701)]
    api = Desk(ManyOrders([*early, *due])).api
    end = FIRST + timedelta(days=1)
    first = api.orders_created_between(FIRST, end)
    rest = api.orders_created_between(FIRST, end, after_id=first[-1].id)
    assert [order.id for order in [*first, *rest]] == list(range(261, 701))
    assert (len(first), len(rest)) == (250, 190)


def test_an_order_is_found_by_its_exact_number() -> None:
    desk = Desk(answering(payload("orders.json")))
    found = desk.api.find_order("ORD00413")
    assert found is not None
    assert found.id == 301204418
    assert desk.shop.calls[0].query["number"] == "ORD00413"


def test_an_order_that_is_not_there_is_none_even_if_the_filter_is_ignored() -> None:
    assert Desk(answering(payload("orders.json"))).api.find_order("ORD99999") is None


@pytest.mark.parametrize("number", ["a&b=c#d", "../x", "é😀", "\ud83d", "x" * 500])
def test_a_number_with_odd_signs_stays_a_number(number: str) -> None:
    desk = Desk(answering(payload("empty-orders.json")))
    assert desk.api.find_order(number) is None
    assert desk.calls == ["GET /nl/orders.json"]
    assert set(desk.shop.calls[0].query) == {"number", "limit"}


def test_the_newest_of_two_orders_with_one_number_is_meant() -> None:
    twice = {"orders": [listed(9, number="ORD1"), listed(12, number="ORD1"), listed(10)]}
    found = Desk(answering(twice)).api.find_order("ORD1")
    assert found is not None
    assert found.id == 12


def test_invoices_are_listed_like_orders() -> None:
    desk = Desk(answering(payload("invoices.json")))
    (invoice,) = desk.api.invoices_updated_since(SINCE, after_id=3)
    assert invoice.number == "INV00398"
    assert desk.calls == ["GET /nl/invoices.json"]
    assert desk.shop.calls[0].query["since_id"] == "3"


def test_a_credit_note_keeps_its_sign_and_knows_its_original() -> None:
    note = Desk(answering(payload("credit-note.json"))).api.invoice(332000501)
    assert note.is_credit_note
    assert note.price_incl > 0
    assert (note.order_id, note.original_id) == (301204417, 332000498)


def test_the_lines_of_an_invoice_are_read() -> None:
    desk = Desk(by_path(invoices__332000498__items=payload("invoice-items.json")))
    items = desk.api.invoice_items(332000498)
    assert [item.kind for item in items] == ["product", "product", "shipment", "payment"]
    assert items[3].variant == "iDEAL"


@pytest.mark.parametrize("key", ["ordersEvents", "orderEvents", "orderEvent", "ordersEvent"])
def test_the_moment_of_payment_is_the_last_paid_event_of_the_order_itself(key: str) -> None:
    desk = Desk(answering({key: payload("order-events.json")["ordersEvents"]}))
    assert desk.api.paid_at(301204417) == datetime(2026, 3, 15, 8, 5, 30, tzinfo=UTC)
    assert desk.calls == ["GET /nl/orders/events.json"]
    assert desk.shop.calls[0].query["order"] == "301204417"


def test_events_of_other_orders_do_not_count() -> None:
    assert Desk(answering(payload("order-events.json"))).api.paid_at(5) is None


def test_an_order_never_paid_has_no_moment() -> None:
    assert Desk(answering({"ordersEvents": []})).api.paid_at(5) is None


def test_payment_methods_are_shown_by_title_or_key() -> None:
    methods = Desk(answering(payload("paymentmethods.json"))).api.payment_methods()
    assert [(m.key, m.title) for m in methods] == [
        ("invoice", "Pay by invoice"),
        ("seoshoppayments", "iDEAL"),
        ("pickup", "pickup"),
    ]


def test_a_list_under_another_capitalisation_is_accepted() -> None:
    document = {"paymentMethods": payload("paymentmethods.json")["paymentmethods"]}
    assert len(Desk(answering(document)).api.payment_methods()) == 3


def test_a_list_that_never_ends_is_an_error() -> None:
    def answer(call: Call) -> Answer:
        start = int(call.query["page"]) * 1000
        return Answer({"paymentmethods": [{"id": start + n, "key": "x"} for n in range(250)]})

    with pytest.raises(ShopUnavailable, match="goes on"):
        Desk(answer).api.payment_methods()


def test_one_unreadable_entry_does_not_stop_the_list_and_counts_as_due() -> None:
    orders = payload("orders.json")
    broken = orders["orders"][0]
    broken["priceIncl"] = "not a number"

    page = Desk(answering(orders)).api.orders_updated_since(SINCE)

    assert len(page) == len(orders["orders"])
    stand_in = next(order for order in page if order.id == broken["id"])
    assert (stand_in.payment_status, stand_in.updated_at) == ("paid", SINCE)
