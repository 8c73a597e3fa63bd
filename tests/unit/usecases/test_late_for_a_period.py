"""What comes too late for a closed period is booked in an open one, or held."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from chalicelib.domain.events import Actor, OrderStep
from chalicelib.domain.holds import HoldReason
from chalicelib.domain.ledger import EntryState
from chalicelib.domain.policy import LateOrders, Source
from chalicelib.usecases.afterwards.corrections import request_correction
from chalicelib.usecases.judging.trying_out import try_out
from chalicelib.usecases.operating.releasing import release_and_judge
from chalicelib.usecases.operating.rerun import rerun
from tests.fakes.documents_of_shop import invoice, item, order
from tests.unit.usecases.closed_books import (
    KEY,
    LATE,
    MARCH,
    booked_days,
    close_books,
    is_original,
    last_file,
    reopen,
    sell,
)
from tests.unit.usecases.stage import SHOP_ID, Stage


@pytest.fixture
def stage() -> Stage:
    return Stage()


def test_a_latecomer_is_booked_on_the_first_open_day(stage: Stage) -> None:
    sell(stage)
    close_books(stage)
    stage.night()
    assert booked_days(stage) == [
        (date(2026, 3, 14), "Bestelling ORD00411 (datum 10-03-2026, periode afgesloten)")
    ]


def test_a_latecomer_is_held_and_goes_on_by_itself_when_the_period_is_open(stage: Stage) -> None:
    stage.choose(late_orders=LateOrders.HOLD)
    sell(stage)
    close_books(stage)
    stage.night()
    held = stage.entry(KEY)
    assert (held.state, held.hold, held.hold_detail) == (
        EntryState.HELD,
        HoldReason.PERIOD_LOCKED,
        "2026-03-13",
    )
    stage.night()
    assert len(stage.entry(KEY).history) == len(held.history), "nothing is tried that cannot help"
    reopen(stage)
    stage.night()
    assert booked_days(stage) == [(date(2026, 3, 10), "Bestelling ORD00411")]


def test_a_latecomer_goes_on_by_itself_when_the_choice_changes(stage: Stage) -> None:
    stage.choose(late_orders=LateOrders.HOLD)
    sell(stage)
    close_books(stage)
    stage.night()
    stage.choose(late_orders=LateOrders.NEXT)
    stage.night()
    assert [day for day, _ in booked_days(stage)] == [date(2026, 3, 14)]
    steps = [event.step for event in stage.entry(KEY).history]
    assert OrderStep.FREE in steps


def test_a_latecomer_that_is_judged_meanwhile_stays_held(stage: Stage) -> None:
    stage.choose(late_orders=LateOrders.HOLD)
    sell(stage)
    close_books(stage)
    stage.night()
    release_and_judge(stage.workspace(), {"period_locked"}, by=Actor.MERCHANT)
    assert stage.entry(KEY).state is EntryState.HELD
    reopen(stage)
    release_and_judge(stage.workspace(), {"period_locked"}, by=Actor.MERCHANT)
    assert stage.entry(KEY).state is EntryState.WAITING


def test_try_outs_and_rehearsals_judge_as_the_night_would(stage: Stage) -> None:
    sell(stage)
    close_books(stage)
    tried = try_out(stage.workspace(), numbers=["ORD00411"])
    assert [one.day for one in tried.invoices] == [date(2026, 3, 14)]
    stage.choose(late_orders=LateOrders.HOLD)
    rehearsed = rerun(stage.connector, {"shop_id": SHOP_ID, "dry_run": True}, run="rerun/1")
    assert rehearsed["held"] == [{"order": "ORD00411", "reason": "period_locked"}]


def test_nothing_is_reported_as_changed_by_a_closed_period(stage: Stage) -> None:
    sold = sell(stage)
    stage.night()
    close_books(stage)
    stage.api.put(replace(sold, updated_at=stage.now))
    stage.night()
    stage.watch()
    entry = stage.entry(KEY)
    assert (entry.state, entry.change) == (EntryState.PLACED, None)


def test_an_order_of_a_closed_period_is_taken_back_on_a_day_that_is_open(stage: Stage) -> None:
    sold = sell(stage)
    stage.night()
    close_books(stage)
    stage.api.put(replace(sold, status=type(sold.status)("cancelled"), updated_at=stage.now))
    stage.night()
    assert request_correction(stage.workspace(), sold.number, by=Actor.MERCHANT) == 1
    stage.night()
    [(first, _), (second, text)] = booked_days(stage)
    assert first == date(2026, 3, 10)
    assert second > MARCH
    assert text == "Correctie bestelling ORD00411"
    assert is_original(stage)


def test_a_credit_note_of_a_closed_day_is_late_and_its_invoice_with_it(stage: Stage) -> None:
    stage.choose(source=Source.INVOICES)
    bill = invoice(created_at=LATE, updated_at=stage.now, order_id=301204417)
    note = invoice(
        "INV00399",
        id=332000499,
        is_credit_note=True,
        original_id=bill.id,
        created_at=LATE + timedelta(days=1),
        updated_at=stage.now,
        order_id=301204417,
    )
    stage.api.items[note.id] = [item("24.20")]
    stage.api.put(order(created_at=LATE, updated_at=stage.now, invoices=(bill, note)))
    close_books(stage)
    stage.night()
    stage.night()
    assert [day for day, _ in booked_days(stage)] == [date(2026, 3, 14)] * 2
    assert all("periode afgesloten" in text for _, text in booked_days(stage))


@pytest.mark.parametrize("late_orders", LateOrders)
def test_a_file_comes_out_as_it_was_after_its_period_was_closed(
    stage: Stage, late_orders: LateOrders
) -> None:
    sell(stage)
    stage.night()
    stage.choose(late_orders=late_orders)
    close_books(stage)
    assert is_original(stage)


@pytest.mark.parametrize("late_orders", LateOrders)
def test_a_file_with_late_documents_comes_out_as_it_was_when_the_period_is_open_again(
    stage: Stage, late_orders: LateOrders
) -> None:
    sell(stage)
    close_books(stage)
    stage.night()
    assert is_original(stage)
    reopen(stage)
    stage.choose(late_orders=late_orders)
    assert is_original(stage)
    close_books(stage, stage.now.date() - timedelta(days=1))
    assert is_original(stage)


def test_a_file_of_an_earlier_version_comes_out_as_it_was(stage: Stage) -> None:
    """It says nothing of a closed period, and there was none."""
    sell(stage)
    stage.night()
    assert last_file(stage).locked_until is None
    close_books(stage)
    assert is_original(stage)
