"""A document in the books, and what may become of it in the shop."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from chalicelib.domain.ledger import EntryState
from chalicelib.domain.orders import Order, ShopInvoice
from chalicelib.domain.policy import Source
from tests.fakes.documents_of_shop import invoice, order
from tests.unit.usecases.stage import Stage

D = Decimal
ORDER, INVOICE = "order-301204417", "invoice-332000498"
NUMBER = "ORD00412"


def booked_order(stage: Stage, **facts: Any) -> Order:
    """One order, in the books."""
    one = replace(order(**facts), created_at=stage.now)
    stage.receive(one)
    stage.night()
    assert stage.entry(f"order-{one.id}").state is EntryState.PLACED
    return one


def booked_invoice(**facts: Any) -> Stage:
    """A shop that exports all invoices, one of them in the books."""
    stage = Stage(source=Source.INVOICES)
    bill = invoice(created_at=stage.now, updated_at=stage.now, **facts)
    stage.api.put(replace(order(), created_at=stage.now, invoices=(bill,)))
    stage.night()
    assert stage.entry(INVOICE).state is EntryState.PLACED
    return stage


def change_invoice(stage: Stage, *more: ShopInvoice, **changes: Any) -> None:
    one = stage.api.orders[301204417]
    bill = replace(one.invoices[0], updated_at=stage.now, **changes)
    stage.api.orders[one.id] = replace(one, invoices=(bill, *more))


def change(stage: Stage, **changes: Any) -> None:
    stage.api.put(replace(stage.api.orders[301204417], **changes))


def refund(stage: Stage, number: str = "INV00399", note_id: int = 332000499) -> None:
    note = invoice(
        number, id=note_id, is_credit_note=True, created_at=stage.now, updated_at=stage.now
    )
    now = stage.api.orders[301204417]
    stage.api.put(replace(now, invoices=(*now.invoices, note)))
