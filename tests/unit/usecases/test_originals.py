"""A credit note never comes into the books before what it takes back, and follows it by itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from chalicelib.axml import Profile
from chalicelib.domain.causes import DropCause
from chalicelib.domain.events import Actor, OrderStep
from chalicelib.domain.invoices import Invoice
from chalicelib.domain.ledger import DocumentKind, EntryState, Hint
from chalicelib.domain.orders import InvoiceStatus
from chalicelib.domain.policy import Policy, Source
from chalicelib.errors import RenderedWrong, ShopUnavailable
from chalicelib.usecases.afterwards.corrections import request_correction
from chalicelib.usecases.filing import file_bytes
from chalicelib.usecases.operating import repair
from chalicelib.usecases.operating.repair import book_order_by_hand
from chalicelib.usecases.operating.rerun import rerun
from tests.fakes.documents_of_shop import invoice, item, order
from tests.unit.usecases.retrying import retry_order
from tests.unit.usecases.stage import SHOP_ID, Stage

D = Decimal
ORIGINAL, NOTE = "invoice-11", "invoice-12"
NOTHING = {D(21): (D(0), D(0), D(0))}


def credited(*, email: str = "", per_file: int = 250) -> Stage:
    """A shop that exports all invoices, with an invoice (held without an e-mail address) and its
    credit note.
    """
    stage = Stage(source=Source.INVOICES)
    settings = replace(stage.connector.settings, orders_per_file=per_file)
    stage.connector = replace(stage.connector, settings=settings)
    bill = invoice("INV1", id=11, created_at=stage.now, updated_at=stage.now)
    note = invoice(
        "INV2",
        id=12,
        is_credit_note=True,
        original_id=11,
        created_at=stage.now,
        updated_at=stage.now,
    )
    stage.api.items[12] = [item("24.20")]
    stage.api.put(replace(order(email=email), created_at=stage.now, invoices=(bill, note)))
    return stage


def mend(stage: Stage) -> None:
    """Only the invoice is read again; the e-mail address belongs to both."""
    stage.api.put(replace(stage.api.orders[301204417], email="s.devries@example.nl"))
    retry_order(stage.workspace(), "INV1")


def test_the_note_of_a_held_invoice_is_held_too_and_follows_it_by_itself() -> None:
    stage = credited()
    stage.night()
    assert stage.entry(ORIGINAL).hold == "email_missing"
    assert (stage.entry(NOTE).hold, stage.entry(NOTE).hold_detail) == (
        "credit_before_original",
        "INV1",
    )
    stage.night()
    assert stage.entry(NOTE).state is EntryState.HELD
    assert stage.booked() == []

    mend(stage)
    stage.night()

    assert [stage.entry(key).state for key in (ORIGINAL, NOTE)] == [EntryState.PLACED] * 2
    assert stage.sums() == NOTHING


@pytest.mark.parametrize("per_file", [250, 1])
def test_both_waiting_go_along_the_invoice_first(per_file: int) -> None:
    stage = credited(email="s.devries@example.nl", per_file=per_file)
    stage.night()
    assert [stage.entry(key).state for key in (ORIGINAL, NOTE)] == [EntryState.PLACED] * 2
    assert [one.description.count("creditfactuur") for one in stage.booked()] == [0, 1]
    assert stage.entry(NOTE).history[-2].step is OrderStep.CLAIM
    assert OrderStep.HOLD not in [event.step for event in stage.entry(NOTE).history]


def test_an_operator_who_names_them_the_wrong_way_round_gets_both_in_one_file() -> None:
    stage = credited(email="s.devries@example.nl")
    for number, key in ((11, "INV1"), (12, "INV2")):
        hint = Hint(kind=DocumentKind.INVOICE, document_id=number, number=key, day=stage.now.date())
        stage.entries.record_hint(SHOP_ID, hint, at=stage.now, by=Actor.WEBHOOK)
    rehearsed = rerun(
        stage.connector,
        {"shop_id": SHOP_ID, "orders": ["INV2", "INV1"], "dry_run": True},
        run="r",
    )
    answer = rerun(stage.connector, {"shop_id": SHOP_ID, "orders": ["INV2", "INV1"]}, run="r")
    assert rehearsed["held"] == answer["held"] == []
    assert [file["orders"] for file in answer["files"]] == [["INV1", "INV2"]]


def test_an_invoice_that_could_not_be_read_keeps_its_note_back() -> None:
    stage = credited(email="s.devries@example.nl")
    stage.api.fail(ShopUnavailable("502"), "invoice", about=(11,))
    stage.night()
    assert stage.entry(ORIGINAL).state is EntryState.WAITING
    assert stage.booked() == []
    stage.api.recover()
    stage.night()
    assert stage.sums() == NOTHING


def test_an_invoice_booked_by_hand_lets_its_note_go() -> None:
    stage = credited()
    stage.night()
    stage.api.put(replace(stage.api.orders[301204417], email="s.devries@example.nl"))
    book_order_by_hand(stage.workspace(), "INV1", by=Actor.MERCHANT)
    stage.night()
    assert stage.entry(ORIGINAL).state is EntryState.DROPPED
    assert stage.entry(NOTE).state is EntryState.PLACED
    assert len(stage.booked()) == 1


def test_the_note_of_an_invoice_that_was_cancelled_before_it_was_booked_waits_for_a_person() -> (
    None
):
    stage = credited()
    one = stage.api.orders[301204417]
    bill = replace(one.invoices[0], status=InvoiceStatus.CANCELLED)
    stage.api.put(replace(one, email="a@example.nl", invoices=(bill, one.invoices[1])))
    stage.night()
    assert stage.entry(ORIGINAL).history[-1].cause is DropCause.CANCELLED
    before = len(stage.entry(NOTE).history)
    stage.night()
    assert stage.entry(NOTE).hold == "credit_before_original"
    assert len(stage.entry(NOTE).history) == before, "it is not taken up every night for nothing"


def test_a_note_of_an_invoice_from_before_the_connector_is_booked() -> None:
    stage = credited(email="s.devries@example.nl")
    one = stage.api.orders[301204417]
    long_ago = stage.now - timedelta(days=99)
    bill = replace(one.invoices[0], created_at=long_ago, updated_at=long_ago)
    stage.api.put(replace(one, invoices=(bill, one.invoices[1])))
    stage.night()
    assert stage.entries.get(SHOP_ID, ORIGINAL) is None
    assert stage.entry(NOTE).state is EntryState.PLACED


def test_a_note_of_what_was_booked_as_an_order_is_booked() -> None:
    stage = Stage()
    one = replace(order(), created_at=stage.now)
    stage.receive(one)
    stage.night()
    stage.shops.update(SHOP_ID, lambda shop: replace(shop, policy=Policy(source=Source.INVOICES)))
    bill = invoice("INV1", id=11, created_at=stage.now, updated_at=stage.now)
    note = replace(bill, number="INV2", id=12, is_credit_note=True, original_id=11)
    stage.api.items[12] = [item("24.20")]
    stage.api.put(replace(one, invoices=(bill, note)))
    stage.night()
    assert stage.entry(ORIGINAL).history[-1].cause is DropCause.BOOKED_AS_ORDER
    assert stage.sums() == NOTHING


def test_a_note_asked_for_while_its_order_is_being_sent_again_waits_for_it() -> None:
    stage = Stage()
    one = replace(order(), created_at=stage.now)
    stage.receive(one)
    stage.night()
    bill = invoice("INV1", id=11, created_at=stage.now, updated_at=stage.now)
    note = replace(bill, number="INV2", id=12, is_credit_note=True, original_id=11)
    stage.api.items[12] = [item("24.20")]
    stage.api.put(replace(one, email="", invoices=(bill, note)))
    stage.watch()
    request_correction(stage.workspace(), one.number, by=Actor.MERCHANT)
    repair.send_order_again(stage.workspace(), one.number, reason="deleted", by=Actor.MERCHANT)
    stage.night()
    assert stage.entry(f"order-{one.id}").state is EntryState.HELD
    assert (stage.entry(NOTE).hold, stage.entry(NOTE).hold_detail) == (
        "credit_before_original",
        one.number,
    )
    stage.api.put(replace(stage.api.orders[one.id], email="s.devries@example.nl"))
    stage.night()
    assert len(stage.booked()) == 3


def test_an_invoice_that_cannot_be_written_keeps_its_note_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stage = credited(email="s.devries@example.nl")

    def refusing(profile: Profile, content: bytes, invoices: Sequence[Invoice]) -> None:
        if any(one.invoice_number == "INV1" for one in invoices):
            raise RenderedWrong("Orderline/Description")

    monkeypatch.setattr(file_bytes, "verify", refusing)
    stage.night()
    assert [stage.entry(key).hold for key in (ORIGINAL, NOTE)] == [
        "unwritable",
        "credit_before_original",
    ]
    monkeypatch.undo()
    retry_order(stage.workspace(), "INV1")
    stage.night()
    assert stage.sums() == NOTHING


def test_an_order_whose_invoice_is_booked_is_not_booked_beside_it_on_a_rerun() -> None:
    stage = credited(email="s.devries@example.nl")
    stage.night()
    answer = rerun(stage.connector, {"shop_id": SHOP_ID, "orders": ["ORD00412"]}, run="r")
    assert answer["skipped"] == [{"order": "ORD00412", "reason": "booked_as_invoice"}]
    assert stage.sums() == NOTHING
