"""An order from before the connector is left out when it was paid before, and never unseen."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from chalicelib.domain.causes import DropCause
from chalicelib.domain.events import Actor
from chalicelib.domain.ledger import EntryState
from chalicelib.domain.policy import DateBasis
from chalicelib.errors import ShopRateLimited, ShopRefused, ShopUnavailable
from chalicelib.usecases.operating import repair
from chalicelib.usecases.operating.backfill import backfill
from chalicelib.usecases.operating.rerun import rerun
from tests.fakes.documents_of_shop import order
from tests.unit.usecases.late import NUMBER, ORDER
from tests.unit.usecases.retrying import retry_order
from tests.unit.usecases.stage import FIRST_NIGHT, SHOP_ID, Stage

INSTALLED = FIRST_NIGHT - timedelta(days=30)
BEFORE, AFTER = INSTALLED - timedelta(days=3), INSTALLED + timedelta(days=20)
ORDER_ID = 301204417


def make_early(stage: Stage, *events: datetime, **facts: Any) -> None:
    """An order from before the installation, which changed since and whose webhook was lost."""
    stage.api.put(replace(order(**facts), created_at=BEFORE - timedelta(days=1)))
    stage.api.payments[ORDER_ID] = list(events)


def test_a_payment_after_the_installation_is_asked_for_and_the_order_is_booked() -> None:
    stage = Stage()
    make_early(stage, BEFORE, AFTER)
    stage.night()
    assert stage.entry(ORDER).state is EntryState.PLACED
    assert stage.api.calls["paid_at"] == 1


def test_a_payment_before_the_installation_is_asked_for_and_the_order_is_left_out() -> None:
    stage = Stage()
    make_early(stage, BEFORE)
    stage.night()
    assert stage.entry(ORDER).drop_cause is DropCause.BEFORE_START


@pytest.mark.parametrize(("paid_at", "state"), [(BEFORE, "dropped"), (AFTER, "placed")])
def test_a_payment_that_comes_embedded_costs_no_call(paid_at: datetime, state: str) -> None:
    stage = Stage()
    make_early(stage, paid_at=paid_at)
    stage.night()
    assert stage.entry(ORDER).state == state
    assert stage.api.calls["paid_at"] == 0


def test_an_order_of_which_nothing_tells_is_held_and_seen() -> None:
    stage = Stage()
    make_early(stage)
    stage.night()
    assert stage.entry(ORDER).hold == "maybe_before_start"
    stage.night()
    assert stage.api.calls["order"] == 1, "it is not read every night for nothing"


def test_a_held_one_is_booked_when_a_person_asks_for_it() -> None:
    stage = Stage()
    make_early(stage)
    stage.night()
    assert retry_order(stage.workspace(), NUMBER) == 1
    stage.night()
    assert stage.entry(ORDER).state is EntryState.PLACED


def test_a_held_one_is_left_out_when_a_person_dealt_with_it() -> None:
    stage = Stage()
    make_early(stage)
    stage.night()
    assert repair.book_order_by_hand(stage.workspace(), NUMBER, by=Actor.MERCHANT) == 1
    stage.night()
    assert stage.entry(ORDER).drop_cause is DropCause.BY_HAND
    assert stage.booked() == []


def test_a_held_one_is_booked_by_itself_once_its_payment_is_known() -> None:
    stage = Stage()
    make_early(stage)
    stage.night()
    stage.api.put(replace(stage.api.orders[ORDER_ID], paid_at=stage.now))
    stage.night()
    assert stage.entry(ORDER).state is EntryState.PLACED


def test_a_webhook_or_a_person_is_evidence_enough() -> None:
    stage = Stage()
    make_early(stage)
    stage.receive(stage.api.orders[ORDER_ID])
    stage.night()
    assert stage.entry(ORDER).state is EntryState.PLACED
    assert stage.api.calls["paid_at"] == 0

    asked = Stage()
    make_early(asked)
    event = {"shop_id": SHOP_ID, "orders": [NUMBER]}
    rehearsed = rerun(asked.connector, {**event, "dry_run": True}, run="r")
    assert rehearsed["files"][0]["orders"] == [NUMBER]
    answer = rerun(asked.connector, event, run="r")
    assert answer["files"][0]["orders"] == [NUMBER]


def test_a_rehearsal_since_a_day_says_what_the_rerun_does() -> None:
    stage = Stage()
    make_early(stage)
    event = {"shop_id": SHOP_ID, "since": "2026-03-01"}
    rehearsed = rerun(stage.connector, {**event, "dry_run": True}, run="r")
    answer = rerun(stage.connector, event, run="r")
    assert [file["orders"] for file in rehearsed["files"]] == [
        file["orders"] for file in answer["files"]
    ]


def test_a_migration_is_evidence_enough() -> None:
    stage = Stage()
    make_early(stage)
    day = stage.api.orders[ORDER_ID].created_at.date().isoformat()
    backfill(stage.connector, {"shop_id": SHOP_ID, "from": day, "to": day, "action": "start"})
    stage.night()
    assert stage.entry(ORDER).state is EntryState.PLACED


def test_an_order_on_account_from_before_that_is_not_paid_is_held_until_it_is() -> None:
    stage = Stage(on_account=True)
    make_early(stage, payment_status="not_paid")
    stage.night()
    assert stage.entry(ORDER).hold == "maybe_before_start"
    assert stage.api.calls["paid_at"] == 0, "what is not paid has no time of payment"
    paid = replace(stage.api.orders[ORDER_ID], payment_status=order().payment_status)
    stage.api.put(paid)
    stage.api.payments[ORDER_ID] = [stage.now]
    stage.night()
    assert stage.entry(ORDER).state is EntryState.PLACED


def test_the_time_that_was_asked_for_dates_the_invoice_as_well() -> None:
    stage = Stage(date_basis=DateBasis.PAYMENT)
    make_early(stage, AFTER)
    stage.night()
    assert [one.date for one in stage.booked()] == [AFTER.date()]
    assert stage.api.calls["paid_at"] == 1


def test_a_migration_takes_up_what_is_held_and_leaves_what_was_excepted() -> None:
    stage = Stage()
    make_early(stage)
    stage.night()
    assert stage.entry(ORDER).hold == "maybe_before_start"
    day = stage.api.orders[ORDER_ID].created_at.date().isoformat()
    days = {"shop_id": SHOP_ID, "from": day, "to": day}
    assert backfill(stage.connector, days)["due"] == 1
    backfill(stage.connector, {**days, "action": "start", "except": [NUMBER]})
    stage.night()
    assert stage.entry(ORDER).hold == "maybe_before_start"
    backfill(stage.connector, {**days, "action": "start"})
    stage.night()
    assert stage.entry(ORDER).state is EntryState.PLACED


@pytest.mark.parametrize("excepted", [True, False])
def test_a_migration_books_what_the_sweep_of_the_same_night_brought_up(excepted: bool) -> None:
    stage = Stage()
    make_early(stage, BEFORE)
    day = stage.api.orders[ORDER_ID].created_at.date().isoformat()
    wish: dict[str, Any] = {"shop_id": SHOP_ID, "from": day, "to": day, "action": "start"}
    backfill(stage.connector, wish | ({"except": [NUMBER]} if excepted else {}))
    stage.night()
    expected = DropCause.BEFORE_START if excepted else None
    assert stage.entry(ORDER).drop_cause is expected
    assert len(stage.booked()) == (not excepted)


@pytest.mark.parametrize(
    "error",
    [ShopUnavailable("502"), ShopRateLimited("used up", until=FIRST_NIGHT + timedelta(days=1))],
    ids=lambda one: type(one).__name__,
)
def test_a_shop_that_does_not_say_is_asked_another_night(error: Exception) -> None:
    stage = Stage()
    make_early(stage, AFTER)
    stage.api.fail(error, "paid_at")
    stage.night()
    assert stage.entry(ORDER).state is EntryState.WAITING
    stage.api.recover()
    stage.now += timedelta(days=1)
    stage.night()
    assert stage.entry(ORDER).state is EntryState.PLACED


def test_a_refusal_of_the_question_is_seen() -> None:
    stage = Stage()
    make_early(stage, AFTER)
    stage.api.fail(ShopRefused("no", status=403), "paid_at")
    stage.night()
    assert stage.entry(ORDER).hold == "unreadable"
