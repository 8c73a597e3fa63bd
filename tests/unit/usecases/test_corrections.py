"""A late change is put right with one click: booked on that click only, and never twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from chalicelib.domain.causes import DropCause, LateChange
from chalicelib.domain.events import Actor, OrderStep
from chalicelib.domain.ledger import DocumentKind, EntryState, Hint
from chalicelib.domain.orders import Order, PaymentStatus
from chalicelib.errors import UnknownOrder
from chalicelib.usecases.afterwards.corrections import (
    Correction,
    propose_correction,
    request_correction,
)
from chalicelib.usecases.judging.preview import preview_verdict
from chalicelib.usecases.judging.reading import read_document
from chalicelib.usecases.operating import repair
from chalicelib.usecases.operating.repair import book_order_by_hand
from chalicelib.usecases.operating.rerun import rerun
from chalicelib.usecases.workspace import Workspace
from tests.fakes.documents_of_shop import charge, invoice, item, order, order_line
from tests.unit.usecases.stage import SHOP_ID, Stage

D = Decimal
NOTHING = (D(0), D(0), D(0))
ORDER, REVERSAL, CREDIT = "order-301204417", "reversal-301204417", "invoice-332000499"
NUMBER = "ORD00412"
CANCELLED = {"status": "cancelled"}
UNPAID = {"payment_status": "not_paid"}


@pytest.fixture
def stage() -> Stage:
    """A shop whose one order, at two rates, is in the books."""
    stage = Stage()
    stage.receive(sold())
    stage.night()
    assert stage.entry(ORDER).state is EntryState.PLACED
    return stage


def sold() -> Order:
    whole = order(
        order_line("14.95", quantity=3), order_line("21.80", "0.09"), shipment=charge("4.95")
    )
    bill = invoice(price_excl=whole.price_excl, price_incl=whole.price_incl)
    return replace(whole, invoices=(bill,))


def change(stage: Stage, **changes: Any) -> None:
    stage.api.put(replace(stage.api.orders[301204417], **changes))


def pay_back(stage: Stage) -> None:
    """SEOshop makes a credit note of one mug."""
    note = invoice(
        "INV00399",
        id=332000499,
        is_credit_note=True,
        original_id=332000498,
        created_at=stage.now,
        updated_at=stage.now,
        price_excl=D("12.36"),
        price_incl=D("14.95"),
    )
    now = stage.api.orders[301204417]
    stage.api.put(replace(now, invoices=(*now.invoices, note)))
    stage.api.items[note.id] = [item("14.95")]


def click(stage: Stage) -> int:
    return request_correction(stage.workspace(), NUMBER, by=Actor.MERCHANT)


@pytest.mark.parametrize("changes", [CANCELLED, UNPAID], ids=str)
def test_an_order_that_fell_through_and_its_correction_are_nothing_in_asperion(
    stage: Stage, changes: dict[str, str]
) -> None:
    change(stage, **changes)
    stage.night()
    assert propose_correction(stage.entry(ORDER)) is Correction.REVERSE
    assert len(stage.booked()) == 1, "nothing is booked by itself"

    assert click(stage) == 1
    stage.night()

    _, second = stage.booked()
    assert second.description == "Correctie bestelling ORD00412 factuur INV00398"
    assert str(second.date) == "2026-03-17"
    assert stage.sums() == {D(21): NOTHING, D(9): NOTHING}
    assert stage.entry(ORDER).change is None
    assert stage.entry(REVERSAL).state is EntryState.PLACED


def test_clicking_again_books_nothing_more(stage: Stage) -> None:
    change(stage, **CANCELLED)
    stage.night()
    assert [click(stage), click(stage)] == [1, 0]
    stage.night()
    for _ in range(3):  # whatever happens to the cancelled order, it stays taken back
        change(stage, **CANCELLED)
        stage.night()
        assert stage.entry(ORDER).change is None
        assert click(stage) == 0

    assert len(stage.booked()) == 2


def test_a_reversal_is_never_sent_again(stage: Stage) -> None:
    change(stage, **CANCELLED)
    stage.night()
    click(stage)
    stage.night()

    repair.send_order_again(stage.workspace(), NUMBER, reason="weg", by=Actor.MERCHANT)
    answer = rerun(
        stage.connector, {"shop_id": SHOP_ID, "orders": [NUMBER], "reason": "weg"}, run="r"
    )

    assert stage.entry(REVERSAL).state is EntryState.PLACED
    assert stage.entry(REVERSAL).revision == 0
    assert "an order is taken back once" in str(answer["skipped"])
    assert len(stage.booked()) == 2


def test_an_order_that_was_edited_before_it_was_cancelled_is_held_for_a_person(
    stage: Stage,
) -> None:
    change(stage, email="somebody.else@example.nl")
    change(stage, **CANCELLED)
    stage.night()
    click(stage)
    stage.night()

    held = stage.entry(REVERSAL)
    assert (held.state, held.hold) == (EntryState.HELD, "reversal_differs")
    assert len(stage.booked()) == 1

    assert book_order_by_hand(stage.workspace(), NUMBER, by=Actor.MERCHANT) == 1
    stage.night()
    assert stage.entry(REVERSAL).state is EntryState.DROPPED
    assert stage.entry(REVERSAL).history[-1].cause is DropCause.BY_HAND
    assert stage.entry(ORDER).state is EntryState.PLACED


def test_an_order_that_is_valid_again_by_then_is_not_taken_back(stage: Stage) -> None:
    change(stage, **CANCELLED)
    stage.night()
    click(stage)
    change(stage, status="completed")
    stage.night()

    assert stage.entry(REVERSAL).state is EntryState.DROPPED
    assert stage.entry(ORDER).change is None
    assert len(stage.booked()) == 1

    change(stage, **CANCELLED)
    stage.night()
    assert click(stage) == 1
    stage.night()
    assert stage.sums() == {D(21): NOTHING, D(9): NOTHING}


def test_an_order_valid_again_after_its_correction_is_shown_and_booked_again_once(
    stage: Stage,
) -> None:
    change(stage, **CANCELLED)
    stage.night()
    click(stage)
    stage.night()
    change(stage, status="completed")
    stage.night()
    assert stage.entry(ORDER).change == "revived"
    assert propose_correction(stage.entry(ORDER)) is Correction.BOOK_AGAIN
    assert click(stage) == 0

    repair.send_order_again(stage.workspace(), NUMBER, reason="toch betaald", by=Actor.MERCHANT)
    stage.night()
    assert sum(one for _, _, one in stage.sums().values()) == sold().price_incl

    change(stage, **CANCELLED)
    stage.night()
    assert [click(stage), click(stage)] == [1, 0]
    stage.night()
    assert stage.entry(REVERSAL).revision == 1
    assert stage.sums() == {D(21): NOTHING, D(9): NOTHING}
    assert len(stage.booked()) == 4


def test_a_refund_is_booked_as_the_credit_note_on_the_click(stage: Stage) -> None:
    pay_back(stage)
    assert stage.watch().refunded == (NUMBER,)
    stage.night()
    assert len(stage.booked()) == 1, "nothing is booked by itself"
    assert propose_correction(stage.entry(ORDER)) is Correction.CREDIT

    assert [click(stage), click(stage)] == [1, 0]
    stage.night()

    _, credit = stage.booked()
    assert sum(one.incl for one in credit.lines) == D("-14.95")
    assert credit.description == "Bestelling ORD00412 creditfactuur INV00399 op factuur INV00398"
    assert stage.entry(ORDER).change is None


def test_a_credit_note_that_was_booked_or_dealt_with_is_not_shown_again(stage: Stage) -> None:
    pay_back(stage)
    stage.watch()
    click(stage)
    assert stage.watch().refunded == ()

    other = Stage()
    other.receive(sold())
    other.night()
    pay_back(other)
    other.watch()
    other.now += timedelta(hours=1)
    repair.accept_changes(other.workspace(), NUMBER, by=Actor.MERCHANT)
    assert other.watch().refunded == ()


def test_a_refund_made_before_the_order_was_booked_is_shown_with_its_booking() -> None:
    stage = Stage()
    stage.receive(sold())
    pay_back(stage)
    stage.night()

    assert propose_correction(stage.entry(ORDER)) is Correction.CREDIT
    assert click(stage) == 1
    stage.night()
    assert len(stage.booked()) == 2
    assert stage.entry(ORDER).change is None


def test_a_refund_that_the_shop_no_longer_shows_stays_on_the_list(stage: Stage) -> None:
    pay_back(stage)
    stage.watch()
    change(stage, invoices=sold().invoices)

    assert click(stage) == 0
    assert stage.entry(ORDER).change == "refunded"


def test_what_was_credited_in_part_is_not_taken_back_whole(stage: Stage) -> None:
    pay_back(stage)
    stage.watch()
    click(stage)
    stage.night()
    change(stage, **CANCELLED)
    stage.night()
    click(stage)
    stage.night()

    assert stage.entry(REVERSAL).hold == "credited_already"
    assert len(stage.booked()) == 2


def test_what_was_taken_back_whole_is_not_credited_on_top(stage: Stage) -> None:
    change(stage, **CANCELLED)
    stage.night()
    click(stage)
    stage.night()
    pay_back(stage)

    assert stage.watch().refunded == ()
    assert stage.workspace().record(
        ORDER, OrderStep.REPORT, by=Actor.WATCH, cause=LateChange.REFUNDED
    )
    assert click(stage) == 0
    stage.night()
    assert stage.entries.get(SHOP_ID, CREDIT) is None
    assert stage.sums() == {D(21): NOTHING, D(9): NOTHING}


def test_an_edited_order_is_for_the_merchant_to_send_again(stage: Stage) -> None:
    change(stage, price_incl=D("99.00"))
    stage.night()

    assert propose_correction(stage.entry(ORDER)) is Correction.SEND_AGAIN
    assert click(stage) == 0
    assert stage.entry(ORDER).change == "edited"


def test_an_order_that_did_not_change_has_no_correction(stage: Stage) -> None:
    assert propose_correction(stage.entry(ORDER)) is None
    assert click(stage) == 0
    with pytest.raises(UnknownOrder):
        request_correction(stage.workspace(), "ORD9", by=Actor.MERCHANT)


def test_a_preview_of_a_held_order_writes_nothing_and_asks_once() -> None:
    stage = Stage()
    stage.receive(replace(sold(), price_incl=D("99.00")))
    stage.night()
    held, calls, workspace = stage.entry(ORDER), stage.api.calls["order"], stage.workspace()

    verdict = preview_verdict(workspace, held)

    assert verdict is not None
    assert getattr(verdict, "figures", {})["order_incl"] == "99.00"
    assert stage.api.calls["order"] == calls + 1
    assert stage.entry(ORDER) == held
    without_licence = replace(workspace.shop, licence=None)
    assert preview_verdict(Workspace(stage.connector, without_licence), held) is None
    assert preview_verdict(workspace, replace(held, state=EntryState.PLACED)) is None


def test_an_order_on_its_way_again_is_not_taken_back_meanwhile(stage: Stage) -> None:
    change(stage, **CANCELLED)
    stage.night()
    click(stage)
    repair.send_order_again(stage.workspace(), NUMBER, reason="verwijderd", by=Actor.MERCHANT)
    stage.night()

    assert stage.entry(ORDER).state is EntryState.DROPPED
    assert stage.entry(REVERSAL).hold == "reversal_differs"
    assert len(stage.booked()) == 1


def test_a_credit_note_that_comes_another_way_is_held_when_its_order_was_taken_back(
    stage: Stage,
) -> None:
    change(stage, **CANCELLED)
    stage.night()
    click(stage)
    stage.night()
    pay_back(stage)
    hint = Hint(
        kind=DocumentKind.INVOICE, document_id=332000499, number="INV00399", day=stage.now.date()
    )
    stage.entries.record_hint(SHOP_ID, hint, at=stage.now, by=Actor.SWEEP)
    stage.night()

    assert stage.entry(CREDIT).hold == "credited_already"
    assert stage.sums() == {D(21): NOTHING, D(9): NOTHING}


def test_a_file_taken_up_again_after_midnight_says_the_same(stage: Stage) -> None:
    change(stage, **CANCELLED)
    stage.night()
    click(stage)
    claimed = stage.workspace().record(REVERSAL, OrderStep.CLAIM, by=Actor.EXPORT, file="a.xml")
    assert claimed is not None
    first = read_document(stage.workspace(), claimed)
    stage.now += timedelta(days=2)

    assert read_document(stage.workspace(), claimed) == first


def test_an_order_booked_on_account_that_is_paid_later_did_not_change() -> None:
    stage = Stage(on_account=True)
    stage.receive(replace(sold(), payment_status=PaymentStatus.NOT_PAID))
    stage.night()
    assert stage.entry(ORDER).state is EntryState.PLACED

    change(stage, payment_status="paid")
    stage.night()
    assert stage.entry(ORDER).change is None

    change(stage, price_incl=D("99.00"), payment_status="not_paid")
    stage.night()
    assert propose_correction(stage.entry(ORDER)) is Correction.SEND_AGAIN
