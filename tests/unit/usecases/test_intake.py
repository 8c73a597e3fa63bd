"""A webhook's body is a hint: an id, a number, a day, and nothing else of it is kept."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from chalicelib.domain.ledger import EntryState
from chalicelib.domain.shops import ShopState
from chalicelib.errors import RequestError, UnknownShop
from chalicelib.usecases.intake.hints import record_delivery
from tests.fakes.documents_of_shop import order
from tests.unit.usecases.stage import SHOP_ID, Stage


@pytest.fixture
def stage() -> Stage:
    return Stage()


def body(**facts: Any) -> bytes:
    document = {"id": 301204417, "number": "ORD00412", "createdAt": "2026-03-14T23:30:00+00:00"}
    return json.dumps({"order": document | facts}).encode()


def test_twice_the_same_delivery_is_one_waiting_order(stage: Stage) -> None:
    assert record_delivery(stage.connector, SHOP_ID, "orders-paid", body())
    assert not record_delivery(stage.connector, SHOP_ID, "orders-paid", body())
    entry = stage.entry("order-301204417")
    assert (entry.state, entry.number) == (EntryState.WAITING, "ORD00412")
    assert entry.day == date(2026, 3, 15), "half past midnight in Amsterdam"


def test_an_id_written_as_text_is_the_same_document(stage: Stage) -> None:
    assert record_delivery(stage.connector, SHOP_ID, "orders-paid", body(id="301204417"))
    assert not record_delivery(stage.connector, SHOP_ID, "orders-paid", body())
    assert stage.entry("order-301204417").document_id == 301204417


@pytest.mark.parametrize("unsaid", [None, "", "gisteren", "2026-03-14T23:30:00"])
def test_a_delivery_that_does_not_say_when_counts_as_todays(stage: Stage, unsaid: object) -> None:
    record_delivery(stage.connector, SHOP_ID, "orders-paid", body(createdAt=unsaid))
    assert stage.entry("order-301204417").day == date(2026, 3, 15)


def test_a_booked_order_is_not_recorded_again(stage: Stage) -> None:
    stage.receive(order())
    stage.night()
    assert not record_delivery(stage.connector, SHOP_ID, "orders-paid", body())
    stage.night()
    assert len(stage.booked()) == 1


def test_a_body_that_lies_about_payment_books_nothing(stage: Stage) -> None:
    stage.api.put(order(payment_status="not_paid"))
    record_delivery(stage.connector, SHOP_ID, "orders-paid", body(paymentStatus="paid"))
    stage.night()
    assert stage.entry("order-301204417").state is EntryState.DROPPED
    assert stage.booked() == []


def test_a_shop_of_orders_takes_no_invoices(stage: Stage) -> None:
    invoice = json.dumps({"invoice": {"id": 7, "number": "INV7"}}).encode()
    assert not record_delivery(stage.connector, SHOP_ID, "invoices-created", invoice)


def test_a_paused_shop_goes_on_listening(stage: Stage) -> None:
    stage.shops.update(SHOP_ID, lambda shop: replace(shop, state=ShopState.PAUSED))
    assert record_delivery(stage.connector, SHOP_ID, "orders-paid", body())


@pytest.mark.parametrize("state", [ShopState.UNINSTALLED, ShopState.INSTALLING])
def test_a_shop_that_is_not_installed_is_unknown(stage: Stage, state: ShopState) -> None:
    stage.shops.update(SHOP_ID, lambda shop: replace(shop, state=state))
    with pytest.raises(UnknownShop):
        record_delivery(stage.connector, SHOP_ID, "orders-paid", body())


@pytest.mark.parametrize(
    ("topic", "delivered", "complaint"),
    [
        ("orders-made", body(), "not one that this connector subscribes to"),
        ("orders-paid", b"<html>", "not JSON"),
        ("orders-paid", b"[" * 100_000, "not JSON"),
        ("orders-paid", b"{}", "no order"),
        ("orders-paid", b"[]", "no order"),
        ("orders-paid", body(id="7x"), "not a number"),
        ("orders-paid", body(id="٧"), "not a number"),
        ("orders-paid", body(id="0"), "not a number"),
        ("orders-paid", body(id=0), "not a number"),
        ("orders-paid", body(id="1" * 16), "not a number"),
        ("orders-paid", body(id=10**15), "not a number"),
        ("orders-paid", b'{"order": {"id": 1' + b"0" * 5000 + b"}}", "not JSON"),
        ("orders-paid", body(id=7.0), "not a number"),
        ("orders-paid", body(id=True), "not a number"),
        ("orders-paid", body(id=-7), "not a number"),
        ("orders-paid", body(createdAt="9999-12-31T23:59:59+00:00"), "edge of the calendar"),
        ("orders-paid", body(createdAt="0001-01-01T00:00:00+02:00"), "edge of the calendar"),
    ],
)
def test_what_cannot_be_used_is_refused_with_its_reason(
    stage: Stage, topic: str, delivered: bytes, complaint: str
) -> None:
    with pytest.raises(RequestError, match=complaint):
        record_delivery(stage.connector, SHOP_ID, topic, delivered)


@pytest.mark.parametrize(
    ("number", "read"),
    [(20260013, "20260013"), (7, "7"), ("20260013", "20260013"), (" O 1 ", "O 1")],
)
def test_a_number_is_its_text_however_it_is_written(
    stage: Stage, number: int | str, read: str
) -> None:
    record_delivery(stage.connector, SHOP_ID, "orders-paid", body(number=number))
    assert stage.entry("order-301204417").number == read


@pytest.mark.parametrize(
    "number", [None, "", " ", "A\nB", "x" * 51, 10**51, True, False, 7.5, [7], {"0": 7}]
)
def test_a_number_not_worth_showing_is_replaced_by_the_id(stage: Stage, number: object) -> None:
    record_delivery(stage.connector, SHOP_ID, "orders-paid", body(number=number))
    assert stage.entry("order-301204417").number == "301204417"
