"""What changes in the shop after it was booked is noticed once, named rightly, and never twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.causes import DropCause
from chalicelib.domain.events import Actor, OrderStep
from chalicelib.domain.ledger import EntryState
from chalicelib.domain.orders import OrderStatus
from chalicelib.domain.policy import Source
from chalicelib.errors import ShopNotFound
from chalicelib.usecases.afterwards.corrections import (
    Correction,
    propose_correction,
    request_correction,
)
from chalicelib.usecases.intake.sweep import sweep_shop
from chalicelib.usecases.operating import repair
from tests.fakes.documents_of_shop import invoice, item, order
from tests.unit.usecases.late import (
    INVOICE,
    NUMBER,
    ORDER,
    D,
    booked_invoice,
    booked_order,
    change,
    change_invoice,
)
from tests.unit.usecases.stage import SHOP_ID, Stage


@pytest.mark.parametrize(
    ("changes", "reported", "correction"),
    [
        ({"status": "cancelled"}, "cancelled", Correction.IN_ASPERION),
        ({"price_incl": D("12.10"), "price_excl": D("10.00")}, "edited", Correction.SEND_AGAIN),
    ],
)
def test_an_invoice_that_changes_after_it_was_booked_is_reported_and_not_booked_again(
    changes: dict[str, Any], reported: str, correction: Correction
) -> None:
    stage = booked_invoice()
    change_invoice(stage, **changes)
    stage.night()

    entry = stage.entry(INVOICE)
    assert entry.change == reported
    assert propose_correction(entry) is correction
    assert request_correction(stage.workspace(), "INV00398", by=Actor.MERCHANT) == 0
    stage.night()
    assert len(stage.booked()) == 1


def test_an_invoice_that_becomes_paid_did_not_change() -> None:
    stage = booked_invoice(status="not_paid")
    change_invoice(stage, status="paid")
    stage.night()
    assert stage.entry(INVOICE).change is None


def test_an_invoice_put_back_as_it_was_is_off_the_list() -> None:
    stage = booked_invoice()
    change_invoice(stage, status="cancelled")
    stage.night()
    change_invoice(stage, status="paid")
    stage.night()
    assert stage.entry(INVOICE).change is None


def test_an_invoice_that_its_credit_note_cancels_needs_nobody() -> None:
    stage = booked_invoice()
    note = invoice(
        "INV00399",
        id=332000499,
        is_credit_note=True,
        original_id=332000498,
        created_at=stage.now,
        updated_at=stage.now,
    )
    stage.api.items[note.id] = [item("24.20")]
    change_invoice(stage, note, status="cancelled")
    stage.night()

    assert stage.entry(INVOICE).change is None
    assert stage.sums() == {D(21): (D(0), D(0), D(0))}


def test_an_edited_invoice_is_sent_again_only_on_purpose() -> None:
    stage = booked_invoice()
    change_invoice(stage, price_incl=D("12.10"), price_excl=D("10.00"))
    stage.night()
    stage.api.items[332000498] = [item("12.10")]
    repair.send_order_again(stage.workspace(), "INV00398", reason="deleted", by=Actor.MERCHANT)
    stage.night()
    assert len(stage.booked()) == 2
    assert stage.entry(INVOICE).change is None


def test_a_change_while_the_invoices_file_is_unfinished_is_compared_afterwards() -> None:
    stage = booked_invoice()
    repair.send_order_again(stage.workspace(), "INV00398", reason="lost", by=Actor.MERCHANT)
    claimed = stage.workspace().record(INVOICE, OrderStep.CLAIM, by=Actor.EXPORT, file="other.xml")
    assert claimed is not None
    moved = stage.now
    change_invoice(stage, status="cancelled")
    stage.now += timedelta(hours=12)
    sweep_shop(stage.workspace())
    mark = stage.connector.find_shop(SHOP_ID).swept_until
    assert mark is not None
    assert mark <= moved


def test_a_credit_note_booked_on_a_click_is_watched_too() -> None:
    stage = Stage()
    booked_order(stage)
    note = invoice(is_credit_note=True, created_at=stage.now, updated_at=stage.now)
    stage.api.items[note.id] = [item("24.20")]
    change(stage, invoices=(note, invoice("INV00300", id=332000300)))
    stage.watch()
    request_correction(stage.workspace(), NUMBER, by=Actor.MERCHANT)
    stage.night()
    assert stage.entry(INVOICE).state is EntryState.PLACED

    change_invoice(stage, invoice("INV00300", id=332000300), status="cancelled")
    stage.watch()
    assert stage.entry(INVOICE).change == "cancelled"


def test_an_invoice_that_the_list_shows_is_not_gone_however_often_it_is_not_found() -> None:
    stage = Stage(source=Source.INVOICES)
    bill = invoice(created_at=stage.now, updated_at=stage.now)
    stage.api.put(replace(order(), created_at=stage.now, invoices=(bill,)))
    stage.api.fail(ShopNotFound("nothing there", status=404), "invoice")
    for _ in range(3):
        stage.night()
        assert stage.entry(INVOICE).state is EntryState.WAITING
    stage.api.recover()
    stage.night()
    assert len(stage.booked()) == 1


def test_an_invoice_that_is_gone_from_the_list_too_is_left_out() -> None:
    stage = Stage(source=Source.INVOICES)
    bill = invoice(created_at=stage.now, updated_at=stage.now)
    stage.api.put(replace(order(), created_at=stage.now, invoices=(bill,)))
    stage.api.fail(ShopNotFound("nothing there", status=404), "invoice")
    stage.night()
    stage.api.put(replace(stage.api.orders[301204417], invoices=()))
    stage.night()
    stage.night()
    assert stage.entry(INVOICE).state is EntryState.DROPPED


def test_an_order_paid_back_in_part_is_for_a_person_and_not_reversed() -> None:
    stage = Stage()
    booked_order(stage)
    change(stage, payment_status="partially_paid")
    stage.night()

    assert stage.entry(ORDER).change == "partly_paid"
    assert propose_correction(stage.entry(ORDER)) is Correction.IN_ASPERION
    assert request_correction(stage.workspace(), NUMBER, by=Actor.MERCHANT) == 0
    stage.night()
    assert len(stage.booked()) == 1


def test_a_correction_asked_for_while_unpaid_is_not_booked_once_part_is_paid() -> None:
    stage = Stage()
    booked_order(stage)
    change(stage, payment_status="not_paid")
    stage.night()
    request_correction(stage.workspace(), NUMBER, by=Actor.MERCHANT)
    change(stage, payment_status="partially_paid")
    stage.night()

    reversal = stage.entry("reversal-301204417")
    assert (reversal.state, reversal.history[-1].cause) == (
        EntryState.DROPPED,
        DropCause.PARTLY_PAID,
    )
    assert len(stage.booked()) == 1


def test_what_was_taken_back_and_is_paid_in_part_stays_taken_back() -> None:
    stage = Stage()
    booked_order(stage)
    change(stage, payment_status="not_paid")
    stage.night()
    request_correction(stage.workspace(), NUMBER, by=Actor.MERCHANT)
    stage.night()
    change(stage, payment_status="partially_paid")
    stage.night()
    assert stage.entry(ORDER).change is None


def test_on_account_the_payments_of_an_order_are_no_changes() -> None:
    stage = Stage(on_account=True)
    booked_order(stage, payment_status="not_paid")
    for payment in ("partially_paid", "paid", "partially_paid", "not_paid"):
        change(stage, payment_status=payment)
        stage.night()
        assert stage.entry(ORDER).change is None


def test_after_another_secret_nothing_booked_before_is_compared() -> None:
    stage = Stage()
    one = booked_order(stage)
    stage.secrets.prints = ("another-secret",)
    change(stage, status="completed_shipped")
    stage.night()
    stage.watch()
    assert stage.entry(ORDER).change is None

    fresh = replace(one, id=2, number="ORD2", created_at=stage.now)
    stage.receive(fresh)
    stage.night()
    stage.api.put(replace(fresh, status=OrderStatus.CANCELLED))
    stage.night()
    assert stage.entry("order-2").change == "cancelled"
