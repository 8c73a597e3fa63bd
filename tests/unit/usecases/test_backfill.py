"""Migration: count first, then all of it in the same pipeline, stopped and resumed at will."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.errors import RequestError
from chalicelib.usecases.intake.migration import advance_migration
from chalicelib.usecases.operating.backfill import backfill
from tests.fakes.documents_of_shop import order
from tests.fakes.seoshop import Call
from tests.unit.usecases.stage import FIRST_NIGHT, SHOP_ID, Stage

A_WHILE = timedelta(minutes=10)
DAYS = {"from": "2025-12-01", "to": "2025-12-31"}

OLD = ((12, "paid"), (12, "paid"), (12, "paid"), (12, "not_paid"), (11, "paid"))


@pytest.fixture
def stage() -> Stage:
    """Five orders of before the installation: three paid, one not, one of another month."""
    stage = Stage()
    december = FIRST_NIGHT.replace(year=2025, month=12, day=10)
    for number, (month, status) in enumerate(OLD, start=1):
        made = december.replace(month=month)
        old = order(
            id=number,
            number=f"OLD{number}",
            created_at=made,
            paid_at=made,
            payment_status=status,
        )
        stage.api.orders[old.id] = replace(old, updated_at=made)
    return stage


def ask(stage: Stage, **wish: Any) -> dict[str, Any]:
    return backfill(stage.connector, {"shop_id": SHOP_ID, **wish})


def test_it_counts_before_anything_is_done(stage: Stage) -> None:
    counted = ask(stage, **DAYS)
    assert (counted["orders"], counted["due"], counted["files"]) == (4, 3, 1)
    assert counted["not_due"] == {"not_paid": 1}
    assert stage.entries.items == {}
    assert stage.queue.sent == []


def test_it_goes_through_the_same_pipeline_once(stage: Stage) -> None:
    ask(stage, **DAYS, action="start")
    assert stage.queue.sent == [(SHOP_ID, 0)]
    stage.night()
    assert [one.number for one in stage.booked()] == ["OLD1", "OLD2", "OLD3"]
    status = ask(stage, action="status")
    assert (status["state"], status["seen"], status["taken"]) == ("done", 4, 3)

    ask(stage, **DAYS, action="start")
    stage.night()
    assert len(stage.booked()) == 3
    assert ask(stage, **DAYS)["known"] == 3


def test_what_a_previous_connector_booked_is_left_out(stage: Stage) -> None:
    ask(stage, **DAYS, action="start", **{"except": ["OLD2"]})
    stage.night()
    assert [one.number for one in stage.booked()] == ["OLD1", "OLD3"]


def test_it_stops_and_resumes(stage: Stage) -> None:
    ask(stage, **DAYS, action="start")
    assert ask(stage, action="stop")["state"] == "stopped"
    stage.night()
    assert stage.booked() == []
    assert ask(stage, action="resume")["state"] == "running"
    stage.night()
    assert len(stage.booked()) == 3


def test_a_stop_while_a_page_is_taken_is_seen(stage: Stage) -> None:
    ask(stage, **DAYS, action="start")

    def stop_meanwhile(call: Call) -> None:
        if call.name == "orders_created_between":
            ask(stage, action="stop")

    stage.api.before_call = stop_meanwhile
    stage.night()

    assert ask(stage, action="status")["state"] == "stopped"
    stage.api.before_call = lambda call: None
    assert ask(stage, action="resume")["state"] == "running"
    stage.night()
    assert ask(stage, action="status")["state"] == "done"
    assert len(stage.booked()) == 3


def test_a_page_that_two_runs_took_is_counted_once(stage: Stage) -> None:
    ask(stage, **DAYS, action="start")

    def another_run_first(call: Call) -> None:
        if call.name != "orders_created_between":
            return
        stage.api.before_call = lambda call: None
        advance_migration(stage.workspace(), until=stage.now + A_WHILE)

    stage.api.before_call = another_run_first
    stage.night()

    status = ask(stage, action="status")
    assert (status["state"], status["seen"], status["taken"]) == ("done", 4, 3)
    assert len(stage.booked()) == 3


def test_more_exceptions_than_a_record_can_keep_are_refused(stage: Stage) -> None:
    numbers = [f"OLD{number}" for number in range(10_001)]
    with pytest.raises(RequestError, match="10000"):
        ask(stage, **DAYS, action="start", **{"except": numbers})


@pytest.mark.parametrize(
    "wish",
    [
        {},
        {"from": "2026-01-02", "to": "2026-01-01"},
        {"from": "2026-01-01"},
        {"action": "begin"},
        {"action": "status"},
        {"until": "2026-01-01"},
    ],
)
def test_what_makes_no_sense_is_refused(stage: Stage, wish: dict[str, Any]) -> None:
    with pytest.raises(RequestError):
        ask(stage, **wish)
    assert stage.queue.sent == []


def test_without_a_migration_old_paid_orders_stay_out(stage: Stage) -> None:
    for each in list(stage.api.orders.values()):
        stage.api.put(each)  # something trivial changes them all
    stage.night()
    assert stage.booked() == []
