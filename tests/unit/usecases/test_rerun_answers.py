"""The operator's rerun: exactly the answer that is promised, and refusals with nothing done."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.ledger import EntryState
from chalicelib.domain.orders import Order
from chalicelib.errors import RequestError, UnknownFile, UnknownOrder, UnknownShop
from chalicelib.usecases.operating.rerun import rerun
from tests.fakes.documents_of_shop import order
from tests.unit.usecases.stage import SHOP_ID, Stage

PLACED = "axml-orders-20260315-184520-001.xml"


@pytest.fixture
def stage() -> Stage:
    return Stage()


def sold(number: int, **changes: Any) -> Order:
    return order(id=301204400 + number, number=f"ORD0041{number}", **changes)


def ask(stage: Stage, **wish: Any) -> dict[str, Any]:
    return rerun(stage.connector, {"shop_id": SHOP_ID, **wish}, run="rerun/test")


def everything(stage: Stage) -> str:
    files = stage.connector.files
    return repr((stage.entries.items, files.list_recent(SHOP_ID, 99), stage.queue.sent))


def test_a_rerun_of_a_shop_answers_with_files_held_skipped_and_waiting(stage: Stage) -> None:
    stage.receive(sold(1))
    stage.receive(sold(2, email=""))
    stage.receive(sold(3, status="cancelled"))

    assert ask(stage) == {
        "shop_id": SHOP_ID,
        "dry_run": False,
        "files": [{"name": PLACED, "orders": ["ORD00411"], "state": "placed"}],
        "held": [{"order": "ORD00412", "reason": "email_missing"}],
        "skipped": [{"order": "ORD00413", "reason": "cancelled"}],
        "waiting": 0,
    }


def test_a_rerun_of_some_orders_leaves_the_others_waiting(stage: Stage) -> None:
    stage.receive(sold(1))
    stage.receive(sold(2))
    answer = ask(stage, orders=["ORD00412"])
    assert [file["orders"] for file in answer["files"]] == [["ORD00412"]]
    assert answer["waiting"] == 1


def test_an_order_only_the_shop_knows_is_found_there_and_booked(stage: Stage) -> None:
    stage.api.put(sold(1))
    assert ask(stage, orders=["ORD00411"])["files"][0]["orders"] == ["ORD00411"]


def test_an_order_in_a_file_goes_again_only_with_a_reason(stage: Stage) -> None:
    stage.receive(sold(1))
    ask(stage)
    refused = ask(stage, orders=["ORD00411"])
    assert refused["files"] == []
    assert PLACED in refused["skipped"][0]["reason"]

    again = ask(stage, orders=["ORD00411"], reason="deleted in Asperion")
    assert again["files"][0]["orders"] == ["ORD00411"]
    entry = stage.entry("order-301204401")
    assert entry.revision == 1
    assert "deleted in Asperion" in [event.note for event in entry.history]


def test_a_dry_run_says_what_would_happen_and_writes_nothing(stage: Stage) -> None:
    stage.receive(sold(1))
    stage.receive(sold(2, email=""))
    before = everything(stage)

    answer = ask(stage, dry_run=True)

    assert answer["files"] == [{"name": None, "orders": ["ORD00411"], "state": "would be placed"}]
    assert answer["held"] == [{"order": "ORD00412", "reason": "email_missing"}]
    assert everything(stage) == before
    assert stage.inbox.files == {}


def test_since_finds_what_was_lost_long_ago(stage: Stage) -> None:
    made = replace(sold(1), created_at=stage.now)
    stage.api.orders[made.id] = replace(made, updated_at=stage.now.replace(month=2))
    assert ask(stage, since="2026-02-01")["files"][0]["orders"] == ["ORD00411"]


@pytest.mark.parametrize(
    ("event", "complaint"),
    [
        ({"shop_id": SHOP_ID, "order": "ORD1"}, "does not know order"),
        ({"shop_id": "184520"}, "shop_id"),
        ({"shop_id": True}, "shop_id"),
        (["ORD1"], "JSON object"),
        ({"shop_id": SHOP_ID, "orders": "ORD1"}, "orders must be a list"),
        ({"shop_id": SHOP_ID, "orders": []}, "orders must be a list"),
        ({"shop_id": SHOP_ID, "since": "yesterday"}, "since must be a date"),
        ({"shop_id": SHOP_ID, "dry_run": "yes"}, "dry_run must be true or false"),
        ({"shop_id": SHOP_ID, "reason": " "}, "reason must be a text"),
        ({"shop_id": SHOP_ID, "orders": ["A"], "since": "2026-01-01"}, "not both"),
        ({"shop_id": SHOP_ID, "file": "x.xml"}, "settle"),
        ({"shop_id": SHOP_ID, "file": "x.xml", "settle": "maybe"}, "confirm"),
    ],
)
def test_bad_input_is_refused_with_nothing_done(stage: Stage, event: Any, complaint: str) -> None:
    stage.receive(sold(1))
    before = everything(stage)
    with pytest.raises(RequestError, match=complaint):
        rerun(stage.connector, event, run="rerun/test")
    assert everything(stage) == before


def test_an_unknown_shop_order_or_file_is_refused_with_nothing_done(stage: Stage) -> None:
    stage.receive(sold(1))
    before = everything(stage)
    with pytest.raises(UnknownShop, match="9"):
        rerun(stage.connector, {"shop_id": 9}, run="rerun/test")
    with pytest.raises(UnknownOrder, match="ORD99999"):
        ask(stage, orders=["ORD00411", "ORD99999"])
    with pytest.raises(UnknownFile, match=r"x\.xml"):
        ask(stage, file="x.xml", settle="confirm")
    assert everything(stage) == before
    assert stage.entry("order-301204401").state is EntryState.WAITING
