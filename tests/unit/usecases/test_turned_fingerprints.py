"""While the fingerprint secret has two values, whatever was printed with either is recognised."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.events import Actor
from chalicelib.domain.ledger import DocumentKind, EntryState
from chalicelib.domain.orders import OrderStatus
from chalicelib.errors import InboxUnknown
from chalicelib.usecases.afterwards.corrections import request_correction
from chalicelib.usecases.operating.overview import read_overview
from chalicelib.usecases.operating.rerun import rerun
from tests.fakes.documents_of_shop import order
from tests.fakes.fixed_secrets import PRINT_SECRET
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

NEWER = "a-newer-print-secret-of-32-characters"


def turn(stage: Stage) -> None:
    """A new value is put in place before the present one."""
    stage.secrets.prints = (NEWER, *stage.secrets.prints)


@pytest.mark.parametrize(
    ("changes", "reported"),
    [({"status": OrderStatus.CANCELLED}, "cancelled"), ({"price_incl": D("99.00")}, "edited")],
)
def test_a_late_change_of_what_was_booked_before_the_turn_is_seen(
    changes: dict[str, Any], reported: str
) -> None:
    stage = Stage()
    booked_order(stage)
    turn(stage)
    change(stage, status="completed_shipped")
    stage.night()
    assert stage.entry(ORDER).change is None
    change(stage, **changes)
    stage.night()
    assert stage.entry(ORDER).change == reported


def test_other_details_are_found_after_the_turn_and_brought_up_once() -> None:
    stage = Stage()
    booked_order(stage)
    turn(stage)
    change(stage, company_vat_number="NL004495445B01")
    assert stage.watch().edited == (NUMBER,)
    change(stage, status="completed_shipped")
    assert stage.watch().edited == ()


def test_an_invoice_booked_before_the_turn_is_compared() -> None:
    stage = booked_invoice()
    turn(stage)
    change_invoice(stage, status="cancelled")
    stage.night()
    assert stage.entry(INVOICE).change == "cancelled"


def test_an_order_booked_before_the_turn_can_be_taken_back() -> None:
    stage = Stage()
    booked_order(stage)
    turn(stage)
    change(stage, status="cancelled")
    stage.night()
    assert request_correction(stage.workspace(), NUMBER, by=Actor.MERCHANT) == 1
    stage.night()
    reversal = stage.workspace().entry_of(DocumentKind.REVERSAL, 301204417)
    assert reversal is not None
    assert reversal.state is EntryState.PLACED


def test_what_is_booked_after_the_turn_needs_the_former_secret_no_more() -> None:
    stage = Stage()
    turn(stage)
    booked_order(stage)
    stage.secrets.prints = (NEWER,)
    change(stage, status="cancelled")
    stage.night()
    assert stage.entry(ORDER).change == "cancelled"


def test_a_run_that_is_overtaken_by_a_turn_prints_each_document_with_one_key() -> None:
    stage = Stage()
    stage.receive(order())
    read = stage.api.order

    def turn_meanwhile(order_id: int) -> Any:
        found = read(order_id)
        stage.secrets.prints = (NEWER, PRINT_SECRET)
        return found

    stage.api.order = turn_meanwhile  # type: ignore[method-assign]
    stage.night()
    assert stage.entry(ORDER).state is EntryState.PLACED
    change(stage, status="completed_shipped")
    stage.night()
    assert stage.entry(ORDER).change is None, "nothing changed that is in the books"


def test_the_same_request_across_a_turn_is_one_act() -> None:
    stage = Stage()
    booked_order(stage)

    def ask() -> Any:
        asked = {"shop_id": SHOP_ID, "orders": [NUMBER], "reason": "deleted in Asperion"}
        return rerun(stage.connector, asked, run="rerun/the same call")

    first = ask()
    turn(stage)
    stage.now += timedelta(minutes=2)
    assert ask()["files"] == first["files"]
    stage.now += timedelta(hours=2)
    assert ask()["files"] == first["files"], "Lambda may deliver a call again for six hours"
    assert len(stage.booked()) == 2


def test_a_shared_address_is_told_of_once_whatever_is_turned() -> None:
    stage = Stage()

    def sell_to_two() -> None:
        for company in ("De Wilg B.V.", "De Eik"):
            number = len(stage.api.orders) + 1
            one = order(company_name=company, email="orders@market.example")
            stage.receive(replace(one, id=number, number=f"ORD{number}", created_at=stage.now))
        stage.night()

    sell_to_two()
    assert len(read_overview(stage.workspace()).shared) == 1
    turn(stage)
    sell_to_two()
    assert len(stage.booked()) == 4
    assert len(read_overview(stage.workspace()).shared) == 1


def test_a_file_under_way_knows_its_inbox_after_the_turn() -> None:
    stage = Stage()
    stage.receive(order())
    stage.inbox.fail(InboxUnknown("no answer"), times=1, though_stored=True)
    stage.night()
    assert stage.entry(ORDER).state is EntryState.CLAIMED
    turn(stage)
    stage.night()
    assert stage.entry(ORDER).state is EntryState.PLACED
    assert len(stage.booked()) == 1
