from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from chalicelib.adapters.seoshop.client import SeoshopApi
from chalicelib.domain.bounds import LONGEST_TITLE
from chalicelib.domain.orders import OrderDetails, OrderSummary
from chalicelib.errors import ShopUnavailable, ShopUnreadable
from chalicelib.usecases.intake.paging import changed_invoices
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
FIRST_MADE = datetime(2026, 3, 14, 9, 22, 4, tzinfo=UTC)
CHANGED = datetime(2026, 3, 14, 9, 23, 11, tzinfo=UTC)
FIRST = datetime(2026, 3, 14, 10, 22, 4, tzinfo=UTC)


def listed(order_id: int, **fields: Any) -> Json:
    return {**LISTED, "id": order_id, "number": f"ORD{order_id:05}", **fields}


class ManyOrders:
    """A shop's order list with the documented filters, or with some of them broken. `cap` is the
    most that it lists at once, whatever is asked for.
    """

    def __init__(
        self,
        orders: list[Any],
        *,
        honours_zero: bool = True,
        honours_since: bool = True,
        is_rising: bool = True,
        cap: int = 250,
    ) -> None:
        self.orders = orders
        self.honours_zero, self.honours_since = honours_zero, honours_since
        self.is_rising, self.cap = is_rising, cap

    def __call__(self, call: Call) -> Answer:
        since = int(call.query["since_id"])
        found = [order for order in self.orders if order["id"] > since or not self.honours_since]
        if call.path.endswith("/count.json"):
            return Answer({"count": str(len(found))})
        if not self.is_rising or (since == 0 and not self.honours_zero):
            found = sorted(found, key=lambda order: -order["id"])
        return Answer({"orders": found[: min(int(call.query["limit"]), self.cap)]})


def sweep(api: SeoshopApi) -> list[OrderSummary]:
    found, after = [], 0
    while page := api.orders_updated_since(SINCE, after_id=after):
        found += page
        after = page[-1].id
    return found


def test_a_list_is_asked_for_in_utc_with_its_full_page() -> None:
    desk = Desk(answering(payload("empty-orders.json")))
    desk.api.orders_updated_since(SINCE.astimezone(timezone(timedelta(hours=1))), after_id=7)
    (call,) = desk.shop.calls
    assert call.path == "/nl/orders.json"
    assert call.query == {"updated_at_min": "2026-03-13 22:59:59", "since_id": "7", "limit": "250"}
    assert "%20" in call.url
    assert "+" not in call.url


def newest_first(count: object = 3) -> Desk:
    return Desk(by_path(orders=payload("orders.json"), orders__count={"count": count}))


def test_a_list_newest_first_comes_out_ascending() -> None:
    page = newest_first().api.orders_updated_since(SINCE)
    assert [order.number for order in page] == ["ORD00412", "ORD00413", "ORD00414"]
    assert [order.payment_status for order in page] == ["paid", "paid", "not_paid"]
    assert page[1].status == "cancelled"


def test_an_empty_list_is_empty() -> None:
    assert Desk(answering(payload("empty-orders.json"))).api.orders_updated_since(SINCE) == []
    assert Desk(answering({"orders": False})).api.orders_updated_since(SINCE) == []


def test_orders_already_seen_are_left_out() -> None:
    page = newest_first().api.orders_updated_since(SINCE, after_id=301204417)
    assert [order.number for order in page] == ["ORD00413", "ORD00414"]


@pytest.mark.parametrize("count", [4, "4", 250, None, False, "veel", [3]])
def test_a_list_newest_first_that_may_have_more_than_it_shows_is_an_error(count: object) -> None:
    with pytest.raises(ShopUnavailable, match="orders, field id"):
        newest_first(count).api.orders_updated_since(SINCE)


@pytest.mark.parametrize(
    ("orders", "calls"),
    [(600, 3), (500, 3), (150, 2), (490, 3), (400, 2)],
    ids=["short", "full", "alone", "lacks a few", "round"],
)
def test_a_sweep_costs_one_call_a_page_of_250_and_one_for_an_end_that_no_page_shows(
    orders: int, calls: int
) -> None:
    desk = Desk(ManyOrders([listed(number) for number in range(1, orders + 1)]))
    assert [order.id for order in sweep(desk.api)] == list(range(1, orders + 1))
    assert len(desk.calls) == calls


@pytest.mark.parametrize(("invoices", "calls"), [(133, 1), (130, 2)], ids=["odd", "round"])
def test_a_short_page_beside_a_full_one_of_another_list_is_the_last_unless_it_is_round(
    invoices: int, calls: int
) -> None:
    one = payload("invoices.json")["invoices"][0]
    bills = [one | {"id": number} for number in range(1, invoices + 1)]

    def answer(call: Call) -> Answer:
        since = int(call.query["since_id"])
        if call.path.endswith("/orders.json"):
            return Answer({"orders": [listed(since + number) for number in range(1, 251)]})
        return Answer({"invoices": [bill for bill in bills if bill["id"] > since]})

    desk = Desk(answer)
    desk.api.orders_updated_since(SINCE)
    found = [bill.id for bill in changed_invoices(desk.api, SINCE)]
    assert found == list(range(1, invoices + 1))
    assert len(desk.calls) == 1 + calls


def test_the_end_that_is_known_is_not_there_for_another_reading() -> None:
    orders = [listed(number) for number in range(1, 301)]
    desk = Desk(ManyOrders(orders))
    sweep(desk.api)
    orders.append(listed(301))
    assert [order.id for order in sweep(desk.api)] == list(range(1, 302))


def test_a_list_shows_the_details_that_can_be_read() -> None:
    whole = payload("order.json")["order"]
    rows = [whole | {"id": 8, "addressBillingStreet": ["?"]}, whole | {"taxRates": "?"}]
    less, more = Desk(ManyOrders(rows)).api.details_updated_since(SINCE)
    assert (type(less), type(more)) == (OrderSummary, OrderDetails)
    assert not less.is_stand_in


def test_a_night_without_changes_costs_one_call() -> None:
    desk = Desk(ManyOrders([]))
    assert sweep(desk.api) == []
    assert len(desk.calls) == 1


@pytest.mark.parametrize("cap", [1, 2, 50, 99, 249])
def test_a_platform_that_lists_fewer_than_asked_for_is_swept_whole(cap: int) -> None:
    desk = Desk(ManyOrders([listed(number) for number in range(1, 301)], cap=cap))
    assert [order.id for order in sweep(desk.api)] == list(range(1, 301))


def test_a_capped_list_newest_first_is_an_error_and_not_the_end_of_it() -> None:
    orders = ManyOrders([listed(number) for number in range(1, 301)], is_rising=False, cap=100)
    with pytest.raises(ShopUnavailable, match="orders, field id"):
        sweep(Desk(orders).api)


def test_a_short_list_is_whole_though_the_filter_is_ignored() -> None:
    desk = Desk(ManyOrders([listed(number) for number in range(2, 30)], honours_since=False))
    assert [order.id for order in sweep(desk.api)] == list(range(2, 30))


def test_a_bound_that_counts_itself_in_does_not_go_on_for_ever() -> None:
    orders = [listed(number) for number in range(1, 6)]

    def answer(call: Call) -> Answer:
        since = int(call.query["since_id"])
        return Answer({"orders": [each for each in orders if each["id"] >= since][:2]})

    assert [order.id for order in sweep(Desk(answer).api)] == [1, 2, 3, 4, 5]


def test_an_order_listed_twice_on_a_page_is_one() -> None:
    orders = ManyOrders([listed(1), listed(2), listed(2), listed(3)])
    assert [order.id for order in sweep(Desk(orders).api)] == [1, 2, 3]


def test_a_shop_that_takes_since_id_zero_for_not_given_is_still_swept_whole() -> None:
    desk = Desk(ManyOrders([listed(number) for number in range(2, 602)], honours_zero=False))
    assert [order.id for order in sweep(desk.api)] == list(range(2, 602))
    assert len(desk.calls) == 4


@pytest.mark.parametrize("cap", [100, 250])
def test_a_shop_that_ignores_since_id_is_an_error_and_not_the_end_of_the_list(cap: int) -> None:
    every = [listed(number) for number in range(1, 601)]
    desk = Desk(ManyOrders(every, honours_since=False, cap=cap))
    with pytest.raises(ShopUnavailable, match="orders, field id"):
        sweep(desk.api)


STRANGE_IDS = [False, None, True, 0, -7, "", "x", 1.5, [], [7], {"id": 7}, 10**18]


@pytest.mark.parametrize("strange", STRANGE_IDS, ids=str)
def test_a_row_without_a_usable_id_is_left_out_and_named(strange: object) -> None:
    rows = [listed(1), listed(2), {**listed(3), "id": strange}, listed(4)]
    desk = Desk(ManyRows(rows))
    assert [order.id for order in sweep(desk.api)] == [1, 2, 4]
    (row,) = desk.api.skipped_rows()
    assert (row.listed, row.number, row.changed_at) == ("orders", "ORD00003", CHANGED)


@pytest.mark.parametrize("row", [False, None, 7, "x", [], {}], ids=str)
def test_a_row_that_is_no_object_is_named_by_its_place(row: object) -> None:
    desk = Desk(ManyRows([listed(1), listed(2), row, row, listed(4)]))
    assert [order.id for order in sweep(desk.api)] == [1, 2, 4]
    assert [each.name for each in desk.api.skipped_rows()] == [
        "orders after 2, no. 1",
        "orders after 2, no. 2",
    ]


def test_a_row_at_the_end_is_counted_once_though_it_comes_with_every_page() -> None:
    broken = {**listed(9), "id": False, "updatedAt": "gisteren"}
    desk = Desk(ManyRows([listed(1), listed(2), broken]))
    assert [order.id for order in sweep(desk.api)] == [1, 2]
    (row,) = desk.api.skipped_rows()
    assert (row.number, row.changed_at) == ("ORD00009", None)


def test_a_list_of_nothing_but_such_rows_ends() -> None:
    desk = Desk(ManyRows([{"id": False}, {"id": False}]))
    assert sweep(desk.api) == []
    assert len(desk.api.skipped_rows()) == 2


def test_such_a_row_is_no_order_that_somebody_asks_for_by_number() -> None:
    rows = [{**listed(7), "id": False, "number": "ORD00008"}, listed(8)]
    found = Desk(answering({"orders": rows})).api.find_order("ORD00008")
    assert found is not None
    assert found.id == 8


class ManyRows(ManyOrders):
    """A list with rows that have no id: the server knows it, and where they stand."""

    def __call__(self, call: Call) -> Answer:
        since = int(call.query["since_id"])
        last = [n for n, row in enumerate(self.orders) if _is_good(row) and row["id"] <= since]
        rest = self.orders[max(last, default=-1) + 1 :]
        return Answer({"orders": rest[: int(call.query["limit"])]})


def _is_good(row: object) -> bool:
    return isinstance(row, dict) and type(row.get("id")) is int and 0 < row["id"] < 10**18


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


@pytest.mark.parametrize("amount", ["14,95", None, "veel", {}, [1], True])
def test_of_an_entry_with_an_unreadable_amount_all_else_is_kept(amount: object) -> None:
    whole = listed(7, paymentStatus="not_paid", status="on_hold")
    page = Desk(ManyOrders([whole | {"priceIncl": amount}, listed(8)])).api.orders_updated_since(
        SINCE
    )
    read, other = page
    assert (read.id, read.number, read.created_at) == (7, "ORD00007", FIRST_MADE)
    assert (read.status, read.payment_status) == ("on_hold", "not_paid")
    assert read.updated_at == CHANGED
    assert read.is_stand_in
    assert not other.is_stand_in


def test_an_entry_of_which_nothing_can_be_read_counts_as_due() -> None:
    (read,) = Desk(ManyOrders([{"id": 7}])).api.orders_updated_since(SINCE)
    assert (read.number, read.payment_status, read.updated_at) == ("7", "paid", SINCE)
    assert read.is_stand_in


def test_an_invoice_with_an_unreadable_amount_does_not_stop_its_list_either() -> None:
    document = payload("invoices.json")
    document["invoices"][0]["priceExcl"] = "14,95"
    (read,) = Desk(answering(document)).api.invoices_updated_since(SINCE)
    assert (read.number, read.order_id, read.is_stand_in) == ("INV00398", 301204417, True)


def test_an_unreadable_order_is_found_by_its_number_all_the_same() -> None:
    document = {"orders": [listed(9), listed(12, priceIncl="14,95")]}
    found = Desk(answering(document)).api.find_order("ORD00012")
    assert found is not None
    assert found.id == 12


@pytest.mark.parametrize("rows", [{"0": listed(5), "2": listed(9)}, {"7": listed(5)}])
def test_a_list_of_which_php_dropped_a_row_is_a_list(rows: Json) -> None:
    page = Desk(answering({"orders": rows})).api.orders_updated_since(SINCE)
    assert [order.id for order in page] == [row["id"] for row in rows.values()]


def test_a_whole_list_goes_on_behind_a_page_that_is_capped() -> None:
    methods = [{"id": number, "key": f"k{number}", "title": "x"} for number in range(1, 121)]

    def answer(call: Call) -> Answer:
        start = (int(call.query["page"]) - 1) * 50
        return Answer({"paymentmethods": methods[start : start + 50]})

    assert len(Desk(answer).api.payment_methods()) == 120


@pytest.mark.parametrize("strange", STRANGE_IDS, ids=str)
def test_a_payment_method_is_known_by_its_key_whatever_its_id(strange: object) -> None:
    document = payload("paymentmethods.json")
    document["paymentmethods"][0]["id"] = strange
    assert len(Desk(answering(document)).api.payment_methods()) == 3


@pytest.mark.parametrize("number", ["X" * 51, "ORD\n1", "ORD\u202e1", "ORD\x001"])
def test_an_order_whose_number_cannot_be_kept_is_listed_by_its_id_and_held(number: str) -> None:
    order = payload("order.json")
    order["order"]["number"] = number
    desk = Desk(by_path(orders__301204417=order))
    with pytest.raises(ShopUnreadable, match="order, field number, is not one line") as refused:
        desk.api.order(301204417)
    assert isinstance(refused.value.readable, OrderSummary)
    assert refused.value.readable.number == "301204417"
    assert number not in str(refused.value)

    [listed_one] = Desk(ManyOrders([listed(7, number=number)])).api.orders_updated_since(SINCE)
    assert (listed_one.number, listed_one.is_stand_in) == ("7", True)


@pytest.mark.parametrize("currency", ["EURO", "€", "", "E\nR", "x" * 5000])
def test_a_shop_whose_currency_is_no_code_is_not_readable(currency: str) -> None:
    shop = payload("shop.json")
    shop["shop"]["currency"] = {"shortcode": currency}
    with pytest.raises(ShopUnreadable) as refused:
        Desk(answering(shop)).api.profile()
    assert currency not in str(refused.value) or not currency


def test_names_of_a_shop_and_its_payment_methods_are_cut_and_a_key_that_is_none_is_left_out() -> (
    None
):
    shop = payload("shop.json")
    shop["shop"]["title"] = "Kaas\x00" * 100
    shop["shop"]["company"] = False
    assert len(Desk(answering(shop)).api.profile().title) <= LONGEST_TITLE
    methods = [
        {"id": 1, "key": "ideal", "title": "i\nDEAL" * 100},
        {"id": 2, "key": "x" * 121, "title": "Long"},
        {"id": 3, "key": "a\nb", "title": "Two lines"},
    ]
    [ideal] = Desk(answering({"paymentmethods": methods})).api.payment_methods()
    assert ideal.key == "ideal"
    assert ideal.title.isprintable()
    assert len(ideal.title) <= LONGEST_TITLE
