"""A row of the shop's list that has no id in a run's sweep, and has one when the run lists the day
a second time: the next sweep sees it, and the day is not wrong for it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.causes import LateChange
from chalicelib.domain.ledger import EntryState
from chalicelib.domain.orders import Order
from chalicelib.domain.platform import SkippedRow
from chalicelib.domain.policy import Source
from chalicelib.domain.statement import ShopCheck, Verdict
from tests.fakes.documents_of_shop import invoice, order
from tests.fakes.seoshop import Call
from tests.unit.usecases.day_runs import MORNING, export, sell, statement
from tests.unit.usecases.stage import SHOP_ID, Stage

NUMBER = "ORD7"
LISTS = ("orders_updated_since", "invoices_updated_since")


def begin_day(source: Source = Source.ORDERS) -> Stage:
    """A day whose first run is over; the second comes an hour later."""
    stage = Stage(source=source)
    stage.now = MORNING
    export(stage)
    stage.now += timedelta(hours=1)
    return stage


def sold(stage: Stage, **facts: Any) -> Order:
    made = order(id=7, number=NUMBER, created_at=stage.now, **facts)
    return replace(made, paid_at=stage.now, updated_at=stage.now)


def run_with_a_row(stage: Stage, made: Order, **row: Any) -> ShopCheck:
    """A run whose sweep sees `row` without an id, and whose second list shows the order `made`.
    Such a list begins where the day's first sweep did: before this sweep.
    """
    stage.api.skipped = [SkippedRow(**{"listed": "orders", "after_id": 0, **row})]
    stage.api.orders.pop(made.id, None)
    stage.now += timedelta(minutes=10)
    listed: list[object] = []

    def name_it(call: Call) -> None:
        if call.name in LISTS:
            listed.append(call.about)
            if call.about != listed[0]:
                stage.api.orders[made.id] = made

    stage.api.before_call = name_it
    export(stage)
    stage.api.before_call = lambda call: None
    stage.api.skipped = []
    stage.now += timedelta(hours=1)
    assert made.id in stage.api.orders, "the day was listed a second time"
    check = statement(stage).check
    assert check is not None
    assert check.is_whole
    return check


@pytest.mark.parametrize("row", [{}, {"number": NUMBER}, {"after_id": 6}])
@pytest.mark.parametrize("says_when", [True, False])
def test_an_order_is_not_missing_and_goes_along_with_the_next_run(
    row: dict[str, Any], says_when: bool
) -> None:
    stage = begin_day()
    changed_at = stage.now if says_when else None
    check = run_with_a_row(stage, sold(stage), changed_at=changed_at, **row)
    assert (check.due, check.missing) == (0, 0)
    assert statement(stage).verdict is Verdict.RIGHT
    export(stage)
    assert stage.entry("order-7").state is EntryState.PLACED
    check = statement(stage).check or check
    assert (check.due, check.missing) == (1, 0)


def test_likewise_an_invoice_of_seoshops_own() -> None:
    stage = begin_day(Source.INVOICES)
    bill = invoice("INV7", id=77, order_id=7, created_at=stage.now, updated_at=stage.now)
    made = sold(stage, invoices=(bill,))
    check = run_with_a_row(stage, made, listed="invoices", number="INV7", changed_at=stage.now)
    assert (check.due, check.missing) == (0, 0)
    export(stage)
    assert stage.entry("invoice-77").state is EntryState.PLACED


def test_a_booked_order_that_was_edited_is_reported_by_the_next_sweep() -> None:
    stage = begin_day()
    sell(stage, 7)
    export(stage)
    stage.now += timedelta(minutes=20)
    booked = stage.api.orders[7]
    edited = replace(booked, price_incl=booked.price_incl + 1, updated_at=stage.now)
    check = run_with_a_row(stage, edited, changed_at=stage.now)
    assert check.differing == 0
    assert statement(stage).verdict is Verdict.RIGHT
    export(stage)
    assert stage.entry("order-7").change is LateChange.EDITED


@pytest.mark.parametrize(
    "row",
    [
        {"number": "ORD8"},
        {"after_id": 7},
        {"changed_at": MORNING + timedelta(hours=2)},
        {"listed": "invoices"},
    ],
)
def test_a_row_of_another_document_hides_no_order_that_is_missing(row: dict[str, Any]) -> None:
    stage = begin_day()
    check = run_with_a_row(stage, sold(stage), **row)
    assert (check.due, check.missing, check.missing_numbers) == (1, 1, (NUMBER,))
    assert statement(stage).verdict is Verdict.WRONG


def test_nor_one_that_an_earlier_sweep_of_the_day_had_to_see() -> None:
    stage = begin_day()
    made = sold(stage)
    stage.now += timedelta(hours=1)
    export(stage)
    stage.now += timedelta(hours=1)
    check = run_with_a_row(stage, made)
    assert check.missing_numbers == (NUMBER,)


def test_nor_one_that_the_sweep_saw_itself() -> None:
    stage = begin_day()
    sell(stage, 7)
    stage.now += timedelta(minutes=10)
    stage.api.skipped = [SkippedRow(listed="orders", after_id=0)]
    listed: list[object] = []

    def lose(call: Call) -> None:
        if call.name == "orders_updated_since":
            listed.append(call.about)
            if call.about != listed[0]:
                stage.entries.items[SHOP_ID].clear()

    stage.api.before_call = lose
    export(stage)
    check = statement(stage).check
    assert check is not None
    assert check.missing_numbers == (NUMBER,)
