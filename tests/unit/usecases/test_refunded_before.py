"""What was credited before an order was booked is told with its booking, whatever lies between."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.events import Actor, OrderStep
from chalicelib.domain.ledger import EntryState, FileState
from chalicelib.domain.orders import InvoiceStatus, Order
from chalicelib.domain.policy import Policy, Source
from chalicelib.errors import InboxUnknown
from chalicelib.usecases.afterwards.corrections import (
    Correction,
    propose_correction,
    request_correction,
)
from chalicelib.usecases.operating import repair
from chalicelib.usecases.operating.backfill import backfill
from chalicelib.usecases.operating.rerun import rerun
from tests.fakes.documents_of_shop import invoice, item, order
from tests.unit.usecases.crashes import killed_after
from tests.unit.usecases.late import (
    INVOICE,
    NUMBER,
    ORDER,
    D,
    booked_invoice,
    booked_order,
    change,
    change_invoice,
    refund,
)
from tests.unit.usecases.retrying import retry_order
from tests.unit.usecases.stage import SHOP_ID, Stage

NOTE = "invoice-332000499"
NOTHING = {D(21): (D(0), D(0), D(0))}


def sold(stage: Stage, **facts: Any) -> Order:
    """An order with SEOshop's invoice."""
    bill = invoice(created_at=stage.now, updated_at=stage.now)
    return replace(order(**facts), created_at=stage.now, invoices=(bill,))


def click(stage: Stage, number: str = NUMBER) -> int:
    return request_correction(stage.workspace(), number, by=Actor.MERCHANT)


def credited_on_account(stage: Stage, *, days: int) -> None:
    """An order on account, credited in part long before the rest is paid."""
    stage.api.put(sold(stage, payment_status="not_paid"))
    stage.night()
    refund(stage)
    stage.api.items[332000499] = [item("24.20")]
    for _ in range(days):
        stage.night()
        stage.watch()
    change(stage, payment_status="paid")


def is_reported(stage: Stage, key: str = ORDER) -> bool:
    entry = stage.entry(key)
    return entry.change == "refunded" and propose_correction(entry) is Correction.CREDIT


@pytest.mark.parametrize("days", [0, 1, 9, 45])
def test_an_order_credited_before_it_was_paid_is_reported_when_it_is_booked(days: int) -> None:
    stage = Stage()
    credited_on_account(stage, days=days)
    stage.night()

    assert is_reported(stage)
    assert stage.entry(ORDER).history[-1].step is OrderStep.PLACE, "in the very same write"
    assert [entry.key for entry in stage.entries.list_changed(SHOP_ID)] == [ORDER]
    assert len(stage.booked()) == 1, "nothing is booked by itself"
    assert [click(stage), click(stage)] == [1, 0]
    stage.night()
    assert stage.sums() == NOTHING
    assert stage.watch().refunded == ()
    assert stage.entry(ORDER).change is None


def test_what_was_reported_with_the_booking_is_not_reported_again() -> None:
    stage = Stage()
    credited_on_account(stage, days=3)
    stage.night()
    for _ in range(3):
        assert stage.watch().refunded == ()
        stage.night()
    steps = [event.step for event in stage.entry(ORDER).history]
    assert OrderStep.REPORT not in steps
    assert is_reported(stage)
    repair.accept_changes(stage.workspace(), NUMBER, by=Actor.MERCHANT)
    stage.night()
    assert stage.watch().refunded == ()
    assert stage.entry(ORDER).change is None


@pytest.mark.parametrize("is_watched", [True, False])
def test_another_change_hides_it_only_until_that_is_dealt_with(is_watched: bool) -> None:
    stage = Stage()
    credited_on_account(stage, days=45)
    stage.night()
    if is_watched:
        stage.watch()
    change(stage, price_incl=D("99.00"))
    stage.night()
    assert stage.entry(ORDER).change == "edited"
    if is_watched:
        assert stage.watch().refunded == ()
    repair.accept_changes(stage.workspace(), NUMBER, by=Actor.MERCHANT)
    for _ in range(2):
        stage.night()
    assert stage.watch().refunded == (NUMBER,)
    assert is_reported(stage)
    stage.now += timedelta(hours=1)
    repair.accept_changes(stage.workspace(), NUMBER, by=Actor.MERCHANT)
    stage.night()
    assert stage.watch().refunded == ()
    assert stage.entry(ORDER).change is None


@pytest.mark.parametrize("writes", range(1, 14))
def test_the_notice_survives_a_run_that_is_killed(writes: int) -> None:
    stage = Stage()
    stage.receive(replace(order(), created_at=stage.now))
    refund(stage)
    with killed_after(stage, writes):
        stage.night()
    stage.night()
    stage.night()

    assert stage.entry(ORDER).state is EntryState.PLACED
    assert is_reported(stage)
    assert len(stage.booked()) == 1


def test_the_notice_comes_with_a_file_that_turns_out_to_be_there() -> None:
    stage = Stage()
    stage.receive(replace(order(), created_at=stage.now))
    refund(stage)
    stage.inbox.fail(InboxUnknown("lost"), though_stored=True)
    stage.night()
    assert stage.entry(ORDER).state is EntryState.CLAIMED
    assert stage.watch().refunded == ()
    stage.inbox.recover()
    stage.night()

    assert [file.state for file in stage.connector.files.list_recent(SHOP_ID, 5)] == [
        FileState.PLACED
    ]
    assert is_reported(stage)


@pytest.mark.parametrize("nights", [1, 40])
def test_a_refund_made_while_its_file_is_unknown_is_reported_once_it_is_found(nights: int) -> None:
    stage = Stage()
    stage.receive(replace(order(), created_at=stage.now))
    stage.inbox.fail(InboxUnknown("lost"), though_stored=True)
    stage.inbox.mute = True
    stage.night()
    refund(stage)
    for _ in range(nights):
        assert stage.watch().refunded == ()
        stage.night()
    (file,) = stage.connector.files.list_recent(SHOP_ID, 5)
    event = {"shop_id": SHOP_ID, "file": file.name, "settle": "confirm"}
    rerun(stage.connector, event, run="r")

    assert stage.entry(ORDER).change is None
    assert stage.watch().refunded == (NUMBER,)
    assert is_reported(stage)


def test_a_credit_note_that_does_not_stand_is_no_refund() -> None:
    stage = Stage()
    stage.receive(replace(order(), created_at=stage.now))
    refund(stage)
    note = replace(stage.api.orders[301204417].invoices[0], status=InvoiceStatus.CANCELLED)
    change(stage, invoices=(note,))
    stage.night()
    assert stage.entry(ORDER).change is None
    assert stage.watch().refunded == ()


def test_a_credit_note_over_the_whole_order_is_reported_too() -> None:
    stage = Stage()
    stage.receive(sold(stage))
    refund(stage)
    stage.api.items[332000499] = [item("24.20")]
    stage.night()
    assert is_reported(stage)
    click(stage)
    stage.night()
    assert stage.sums() == NOTHING


def test_an_order_that_was_held_and_freed_is_reported_when_it_is_booked() -> None:
    stage = Stage()
    stage.receive(replace(order(email=""), created_at=stage.now))
    stage.night()
    refund(stage)
    for _ in range(5):
        stage.night()
        assert stage.watch().refunded == ()
    change(stage, email="s.devries@example.nl")
    stage.night()
    assert is_reported(stage)


def test_a_migrated_order_is_reported() -> None:
    stage = Stage()
    stage.now -= timedelta(days=90)
    stage.api.put(replace(order(), created_at=stage.now))
    refund(stage)
    stage.now += timedelta(days=90)
    day = stage.api.orders[301204417].created_at.date().isoformat()
    event = {"shop_id": SHOP_ID, "from": day, "to": day, "action": "start"}
    backfill(stage.connector, event)
    stage.night()
    assert stage.entry(ORDER).state is EntryState.PLACED
    assert is_reported(stage)


def test_an_order_sent_again_is_reported_what_nobody_dealt_with() -> None:
    stage = Stage()
    booked_order(stage)
    refund(stage)
    repair.send_order_again(stage.workspace(), NUMBER, reason="lost", by=Actor.MERCHANT)
    stage.night()
    assert is_reported(stage)


@pytest.mark.parametrize("books", [True, False])
def test_an_order_sent_again_is_not_reported_what_was_dealt_with(books: bool) -> None:
    stage = Stage()
    booked_order(stage)
    refund(stage)
    stage.api.items[332000499] = [item("24.20")]
    stage.watch()
    stage.now += timedelta(hours=1)
    if books:
        click(stage)
    else:
        repair.accept_changes(stage.workspace(), NUMBER, by=Actor.MERCHANT)
    stage.night()
    repair.send_order_again(stage.workspace(), NUMBER, reason="deleted", by=Actor.MERCHANT)
    stage.night()
    assert stage.entry(ORDER).state is EntryState.PLACED
    assert stage.entry(ORDER).change is None
    assert stage.watch().refunded == ()


def test_a_second_credit_note_is_reported_beside_one_that_is_booked() -> None:
    stage = Stage()
    booked_order(stage)
    refund(stage)
    stage.api.items[332000499] = [item("24.20")]
    stage.watch()
    click(stage)
    stage.night()
    refund(stage, "INV00400", 332000500)
    repair.send_order_again(stage.workspace(), NUMBER, reason="deleted", by=Actor.MERCHANT)
    stage.night()
    assert is_reported(stage)
    assert click(stage) == 1


def test_a_shop_that_exports_invoices_books_the_credit_note_that_no_list_brings() -> None:
    stage = Stage()
    stage.api.put(replace(order(payment_status="not_paid"), created_at=stage.now))
    bill = invoice(created_at=stage.now, updated_at=stage.now)
    change(stage, invoices=(bill,))
    refund(stage)
    stage.api.items[332000499] = [item("24.20")]
    for _ in range(10):
        stage.night()
    stage.shops.update(SHOP_ID, lambda shop: replace(shop, policy=Policy(source=Source.INVOICES)))
    one = stage.api.orders[301204417]
    bills = (replace(bill, updated_at=stage.now), *one.invoices[1:])
    change(stage, invoices=bills)
    stage.night()
    stage.night()

    assert [stage.entry(key).state for key in (INVOICE, NOTE)] == [EntryState.PLACED] * 2
    assert stage.entry(INVOICE).change is None
    assert stage.sums() == NOTHING


def export_orders(stage: Stage) -> None:
    stage.shops.update(SHOP_ID, lambda shop: replace(shop, policy=Policy(source=Source.ORDERS)))


def test_a_refund_of_an_invoice_from_before_the_shop_exported_orders_is_reported() -> None:
    stage = booked_invoice()
    export_orders(stage)
    stage.night()
    refund(stage)
    stage.api.items[332000499] = [item("24.20")]
    stage.night()
    assert stage.watch().refunded == ("INV00398",)
    assert is_reported(stage, INVOICE)
    for _ in range(2):
        stage.night()
        change_invoice(stage, *stage.api.orders[301204417].invoices[1:])  # listed, as it was
        assert stage.watch().refunded == ()
        assert is_reported(stage, INVOICE)

    assert click(stage, "INV00398") == 1
    stage.night()
    assert stage.sums() == NOTHING
    assert stage.entry(INVOICE).change is None


def test_an_invoice_left_over_in_a_shop_that_exports_orders_is_reported_with_its_booking() -> None:
    stage = Stage(source=Source.INVOICES)
    bill = invoice(created_at=stage.now, updated_at=stage.now)
    stage.api.put(replace(order(email=""), created_at=stage.now, invoices=(bill,)))
    stage.night()
    assert stage.entry(INVOICE).hold == "email_missing"
    export_orders(stage)
    refund(stage)
    change(stage, email="s.devries@example.nl", payment_status="not_paid")
    retry_order(stage.workspace(), "INV00398")
    stage.night()
    assert stage.entry(INVOICE).state is EntryState.PLACED
    assert is_reported(stage, INVOICE)


def test_a_credit_note_changed_while_its_file_is_unknown_is_compared_afterwards() -> None:
    stage = Stage()
    stage.receive(sold(stage))
    stage.night()
    refund(stage)
    stage.api.items[332000499] = [item("24.20")]
    stage.watch()
    click(stage)
    stage.inbox.fail(InboxUnknown("lost"), though_stored=True)
    stage.inbox.mute = True
    stage.night()
    bill, note = stage.api.orders[301204417].invoices
    cancelled = replace(note, status=InvoiceStatus.CANCELLED, updated_at=stage.now)
    change(stage, invoices=(bill, cancelled))
    for _ in range(5):
        stage.watch()
        stage.now += timedelta(days=1)
    stage.inbox.mute = False
    stage.inbox.recover()
    stage.night()
    assert stage.entry(NOTE).state is EntryState.PLACED
    stage.watch()
    assert stage.entry(NOTE).change == "cancelled"
