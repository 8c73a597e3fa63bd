"""A placed file is made once more: to the byte what was sent."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.events import Actor
from chalicelib.domain.orders import PaymentStatus
from chalicelib.domain.policy import DateBasis
from chalicelib.usecases.afterwards.corrections import request_correction
from tests.fakes.documents_of_shop import invoice, item, order
from tests.unit.usecases.files_once_more import is_original, last_file, sell_several, set_policy
from tests.unit.usecases.late import booked_invoice, booked_order, change, change_invoice, refund
from tests.unit.usecases.stage import Stage


def test_a_file_comes_out_as_it_was_sent() -> None:
    stage = Stage()
    sell_several(stage)
    assert is_original(stage)


@pytest.mark.parametrize(
    "changes",
    [
        {"status": "completed_shipped"},
        {"status": "cancelled"},
        {"payment_status": "not_paid"},
        {"payment_status": "partially_paid"},
        {"status": "on_hold"},
    ],
)
def test_what_only_went_on_in_the_shop_changes_nothing(changes: dict[str, Any]) -> None:
    stage = Stage()
    booked_order(stage)
    change(stage, **changes)
    assert is_original(stage)


@pytest.mark.parametrize("basis", list(DateBasis))
def test_an_invoice_that_was_made_afterwards_is_not_in_it(basis: DateBasis) -> None:
    stage = Stage(date_basis=basis)
    booked_order(stage, paid_at=stage.now)
    bill = invoice(created_at=stage.now, updated_at=stage.now)
    change(stage, invoices=(bill,))
    assert is_original(stage)


def test_an_invoice_that_was_cancelled_afterwards_still_is() -> None:
    stage = Stage()
    bill = invoice(created_at=stage.now, updated_at=stage.now)
    booked_order(stage, invoices=(bill,))
    cancelled = replace(bill, status=type(bill.status)("cancelled"), updated_at=stage.now)
    change(stage, invoices=(cancelled,), status="cancelled")
    assert is_original(stage)


def test_an_order_on_account_that_was_paid_afterwards_is_dated_as_it_was() -> None:
    stage = Stage(on_account=True, date_basis=DateBasis.PAYMENT)
    booked_order(stage, payment_status="not_paid")
    stage.now += timedelta(days=3)
    change(stage, payment_status="paid", paid_at=stage.now)
    assert is_original(stage)
    set_policy(stage, on_account=False)
    assert is_original(stage)


def test_a_refund_changes_nothing() -> None:
    stage = Stage()
    booked_order(stage)
    refund(stage)
    assert is_original(stage)


def test_invoices_and_their_credit_notes_come_out_as_they_were_sent() -> None:
    stage = booked_invoice()
    assert is_original(stage)
    note = invoice(
        "INV00399",
        id=332000499,
        is_credit_note=True,
        original_id=332000498,
        created_at=stage.now,
        updated_at=stage.now,
    )
    change_invoice(stage, note)
    stage.api.items[note.id] = [item("24.20")]
    stage.night()
    assert last_file(stage).keys.keys() == {"invoice-332000499"}
    assert is_original(stage)
    change_invoice(stage, note, status=type(note.status)("cancelled"))
    assert is_original(stage)


def test_an_invoice_that_was_cancelled_after_its_file_comes_out_as_it_was() -> None:
    stage = booked_invoice()
    bill = stage.api.orders[301204417].invoices[0]
    change_invoice(stage, status=type(bill.status)("cancelled"))
    assert is_original(stage)


def test_an_invoice_that_was_paid_after_its_file_keeps_its_date() -> None:
    stage = booked_invoice()
    set_policy(stage, date_basis=DateBasis.PAYMENT)
    bill = invoice("INV00400", id=332000500, created_at=stage.now, updated_at=stage.now)
    bill = replace(bill, order_id=301204418)
    sold = order(id=301204418, number="ORD00413", payment_status="not_paid")
    stage.api.put(replace(sold, created_at=stage.now, invoices=(bill,)))
    stage.night()
    assert last_file(stage).keys.keys() == {"invoice-332000500"}
    stage.now += timedelta(days=3)
    paid = replace(stage.api.orders[sold.id], payment_status=PaymentStatus.PAID)
    stage.api.put(replace(paid, paid_at=stage.now))
    assert is_original(stage)


def test_a_reversal_comes_out_as_it_was_sent_also_when_its_order_stands_again() -> None:
    stage = Stage()
    booked_order(stage)
    change(stage, status="cancelled")
    stage.night()
    request_correction(stage.workspace(), "ORD00412", by=Actor.MERCHANT)
    stage.night()
    assert last_file(stage).keys.keys() == {"reversal-301204417"}
    stage.now += timedelta(days=40)
    assert is_original(stage)
    change(stage, status="completed_shipped", payment_status="paid")
    assert is_original(stage)


def test_what_was_fingerprinted_with_a_secret_that_is_gone_is_proven_by_the_file() -> None:
    stage = Stage()
    booked_order(stage)
    stage.secrets.prints = ("another-print-secret-of-32-characters",)
    assert is_original(stage)


def test_a_document_that_the_ledger_has_no_more_is_in_it_all_the_same() -> None:
    stage = Stage()
    booked_order(stage)
    stage.entries.items.clear()
    assert is_original(stage)
