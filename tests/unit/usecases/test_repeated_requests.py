"""A request that comes twice is one act: a caller that got no answer sends it again, and a button
is pressed twice.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.events import Actor
from chalicelib.domain.ledger import EntryState
from chalicelib.domain.orders import Order
from chalicelib.domain.repeated_requests import Requests
from chalicelib.errors import RequestError, ShopUnavailable
from chalicelib.usecases.operating import repair
from chalicelib.usecases.operating.backfill import backfill
from chalicelib.usecases.operating.rerun import rerun
from tests.fakes.documents_of_shop import order
from tests.unit.usecases.stage import SHOP_ID, Stage

NUMBER, KEY = "ORD00412", "order-301204417"
REASON = "deleted in Asperion"


def sold(**changes: Any) -> Order:
    return order(**changes)


@pytest.fixture
def stage() -> Stage:
    stage = Stage()
    stage.receive(sold())
    return stage


def ask(stage: Stage, call: str, **wish: Any) -> dict[str, Any]:
    asked = {"shop_id": SHOP_ID, "orders": [NUMBER], "reason": REASON, **wish}
    return rerun(stage.connector, asked, run=f"rerun/{call}")


def invoices(stage: Stage) -> int:
    return sum(one.number == NUMBER for one in stage.booked())


def test_a_rerun_delivered_twice_books_one_more_invoice_and_says_so(stage: Stage) -> None:
    stage.night()
    first = ask(stage, "a")
    stage.now += timedelta(minutes=2)
    again = ask(stage, "b")

    assert invoices(stage) == 2
    assert again["files"] == first["files"]
    [left_out] = again["skipped"]
    assert left_out["order"] == NUMBER
    assert first["files"][0]["name"] in left_out["reason"]
    assert "already" in left_out["reason"]
    assert stage.entry(KEY).revision == 1


@pytest.mark.parametrize("minutes", [0, 59])
def test_the_same_reason_within_the_hour_is_the_same_request(stage: Stage, minutes: int) -> None:
    stage.night()
    for number in range(3):
        ask(stage, str(number))
        stage.now += timedelta(minutes=minutes / 3)
    assert invoices(stage) == 2


def test_the_same_call_is_the_same_request_hours_later_too(stage: Stage) -> None:
    stage.night()
    ask(stage, "a")
    stage.now += timedelta(hours=3)
    ask(stage, "a")
    assert invoices(stage) == 2


@pytest.mark.parametrize(
    ("call", "reason", "minutes"), [("b", "lost by the bookkeeper", 1), ("b", REASON, 61)]
)
def test_another_reason_or_a_later_hour_is_another_request(
    stage: Stage, call: str, reason: str, minutes: int
) -> None:
    stage.night()
    ask(stage, "a")
    stage.now += timedelta(minutes=minutes)
    answer = ask(stage, call, reason=reason)
    assert answer["skipped"] == []
    assert invoices(stage) == 3


def test_the_same_reason_for_another_order_is_another_request(stage: Stage) -> None:
    stage.receive(sold(id=301204418, number="ORD00413"))
    stage.night()
    ask(stage, "a")
    ask(stage, "b", orders=["ORD00413"])
    ask(stage, "c", orders=["ORD00413", NUMBER])
    assert [one.number for one in stage.booked()].count("ORD00413") == 2
    assert invoices(stage) == 2


def waits(stage: Stage) -> None:
    assert stage.entry(KEY).state is EntryState.WAITING


def only_in_the_shop(stage: Stage) -> None:
    stage.entries.items[SHOP_ID].clear()


def held(stage: Stage) -> None:
    stage.api.put(sold(email=""))
    stage.night()
    stage.api.put(sold())


def dropped(stage: Stage) -> None:
    stage.api.put(sold(payment_status="not_paid"))
    stage.night()
    stage.api.put(sold())


def by_hand(stage: Stage) -> None:
    stage.api.put(sold(email=""))
    stage.night()
    repair.book_order_by_hand(stage.workspace(), NUMBER, by=Actor.MERCHANT)
    stage.night()
    stage.api.put(sold())


@pytest.mark.parametrize("before", [waits, only_in_the_shop, held, dropped, by_hand])
def test_an_order_that_was_in_no_file_is_booked_once(stage: Stage, before: Any) -> None:
    before(stage)
    first = ask(stage, "a")
    assert first["files"][0]["orders"] == [NUMBER]
    stage.now += timedelta(minutes=1)
    assert ask(stage, "b")["files"] == first["files"]
    assert invoices(stage) == 1


def test_a_delivery_that_did_nothing_silences_no_other(stage: Stage) -> None:
    """The first one noted the request, and broke off."""
    stage.night()
    record = stage.entries.record

    def broken(*_: Any) -> None:
        raise ShopUnavailable("killed")

    stage.entries.record = broken  # type: ignore[assignment]
    with pytest.raises(ShopUnavailable):
        ask(stage, "a")
    stage.entries.record = record  # type: ignore[method-assign]
    assert ask(stage, "a")["files"][0]["orders"] == [NUMBER]
    assert invoices(stage) == 2


def test_a_request_without_a_reason_is_not_noted(stage: Stage) -> None:
    ask(stage, "a", reason=None)
    ask(stage, "b", reason=REASON, dry_run=True)
    assert stage.shops.load(SHOP_ID, Requests) is None


def test_neither_reason_nor_number_is_kept_and_nothing_for_long(stage: Stage) -> None:
    stage.night()
    ask(stage, "call-1")
    kept = repr(stage.shops.load(SHOP_ID, Requests))
    assert REASON not in kept
    assert NUMBER not in kept
    assert "call-1" not in kept
    stage.now += timedelta(hours=7)
    ask(stage, "call-2", reason="another")
    requests = stage.shops.load(SHOP_ID, Requests)
    assert requests is not None
    assert (len(requests.by_reason), len(requests.by_call)) == (1, 1)


def press(stage: Stage, reason: str = REASON) -> int:
    return repair.send_order_again(stage.workspace(), NUMBER, reason=reason, by=Actor.MERCHANT)


def test_a_button_pressed_twice_sends_once(stage: Stage) -> None:
    stage.night()
    assert (press(stage), press(stage)) == (1, 0)
    rerun(stage.connector, {"shop_id": SHOP_ID}, run="operator")
    stage.now += timedelta(minutes=50)
    assert press(stage) == 0, "the form was posted once more when its file was made already"
    assert press(stage, "lost by the bookkeeper") == 1
    rerun(stage.connector, {"shop_id": SHOP_ID}, run="operator")
    stage.now += timedelta(minutes=61)
    assert press(stage) == 1


RANGE = {"shop_id": SHOP_ID, "from": "2026-01-01", "to": "2026-01-31"}


def start(stage: Stage, **wish: Any) -> dict[str, Any]:
    return backfill(stage.connector, {**RANGE, "action": "start", **wish})


def test_a_migration_started_twice_is_one(stage: Stage) -> None:
    first = start(stage)
    stage.now += timedelta(minutes=1)
    again = start(stage)
    assert again == {**first, "already": True}
    assert first["at"] == again["at"]
    with pytest.raises(RequestError, match="under way"):
        start(stage, **{"except": ["ORD1"]})


def test_a_migration_that_is_done_begins_anew_only_after_an_hour(stage: Stage) -> None:
    start(stage)
    rerun(stage.connector, {"shop_id": SHOP_ID}, run="operator")
    assert start(stage)["state"] == "done"
    stage.now += timedelta(minutes=61)
    assert start(stage)["state"] == "running"
