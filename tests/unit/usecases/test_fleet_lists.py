"""The operator's lists, actions tried dry, and help: what `shops` answers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.events import Actor
from chalicelib.domain.holds import HoldReason
from chalicelib.domain.ledger import EntryState
from chalicelib.domain.shop_health import HealthCause
from chalicelib.domain.shops import ShopState
from chalicelib.errors import RequestError
from chalicelib.usecases.operating.backfill import backfill
from chalicelib.usecases.operating.fleet import ON_ALL, ON_ONE, shops
from chalicelib.usecases.operating.fleet_help import write_help
from chalicelib.usecases.operating.rerun import rerun
from tests.fakes.documents_of_shop import order
from tests.healths import health
from tests.unit.usecases.several_shops import Fleet
from tests.unit.usecases.stage import SHOP_ID, Stage


def numbers(answer: dict[str, Any]) -> list[int]:
    return [shop["shop_id"] for shop in answer["shops"]]


def follow(fleet: Stage, wish: dict[str, Any]) -> list[int]:
    found, after = list[int](), None
    while True:
        answer = shops(fleet.connector, wish if after is None else {**wish, "after": after})
        found += numbers(answer)
        after = answer["next"]
        if after is None:
            return found


@pytest.fixture
def fleet() -> Fleet:
    """Thirty shops, of which three need somebody."""
    fleet = Fleet(30)
    for place, cause in enumerate(
        (HealthCause.QUIET, HealthCause.DOUBLE_FILES, HealthCause.UNKNOWN_FILES)
    ):
        fleet.shops.save_health(health(SHOP_ID + place, cause))
    return fleet


@pytest.mark.parametrize("nothing", [{}, None, ""])
def test_asked_for_nothing_the_worst_come_first(fleet: Fleet, nothing: object) -> None:
    answer = shops(fleet.connector, nothing)
    assert numbers(answer) == [SHOP_ID + 1, SHOP_ID + 2, SHOP_ID]
    assert answer["counts"] == {"wrong": 1, "stuck": 1, "look": 1}
    assert (answer["next"], answer["halted"], answer["app_refused_since"]) == (None, {}, None)
    line = answer["shops"][0]
    assert (line["severity"], line["causes"][0]["cause"]) == ("wrong", "double_files")


@pytest.mark.parametrize("limit", [1, 2, 7, 100])
@pytest.mark.parametrize("action", ["worst", "list"])
def test_pages_leave_nothing_out(fleet: Fleet, action: str, limit: int) -> None:
    found = follow(fleet, {"action": action, "limit": limit})
    wanted = fleet.shop_ids[:3] if action == "worst" else fleet.shop_ids
    assert sorted(found) == wanted


def test_shops_that_change_between_pages_come_once_in_the_list_of_all(fleet: Fleet) -> None:
    first = shops(fleet.connector, {"action": "list", "limit": 10})
    for shop_id in fleet.shop_ids:
        fleet.shops.update(shop_id, lambda shop: replace(shop, state=ShopState.PAUSED))
        fleet.shops.forget_health(shop_id)
    rest = follow(fleet, {"action": "list", "limit": 10, "after": first["next"]})
    assert sorted([*numbers(first), *rest]) == fleet.shop_ids


@pytest.mark.parametrize(
    ("wish", "wanted"),
    [
        ({"cause": "quiet"}, [SHOP_ID]),
        ({"severity": "wrong"}, [SHOP_ID + 1]),
        ({"state": "paused"}, []),
        ({"cluster": "us1"}, []),
        ({"way": "file", "cause": "unknown_files"}, [SHOP_ID + 2]),
        ({"action": "list", "severity": "stuck"}, [SHOP_ID + 2]),
        ({"action": "list", "state": "paused"}, []),
    ],
)
def test_filters_let_through_what_is_asked_for(
    fleet: Fleet, wish: dict[str, Any], wanted: list[int]
) -> None:
    assert follow(fleet, wish) == wanted


@pytest.mark.parametrize(
    "wish",
    [
        {"state": "sleeping"},
        {"severity": "terrible"},
        {"limit": 0},
        {"limit": True},
        {"after": "later"},
        {"action": "list", "after": "184520"},
        {"action": "dance"},
        {"action": "halt", "part": "moon", "reason": "x"},
        {"action": "halt", "part": "all"},
        {"shop_id": SHOP_ID, "action": "halt"},
        {"shop_id": SHOP_ID, "action": "release", "reason": "because"},
        {"shop_id": SHOP_ID, "state": "active"},
    ],
    ids=str,
)
def test_what_makes_no_sense_is_refused(fleet: Fleet, wish: dict[str, Any]) -> None:
    with pytest.raises(RequestError):
        shops(fleet.connector, wish)


def test_help_names_every_action() -> None:
    said = write_help()
    assert said["without_shop_id"].keys() == ON_ALL.keys()
    assert said["with_shop_id"].keys() == ON_ONE.keys()


@pytest.mark.parametrize("nothing", [{}, None, ""])
def test_other_functions_say_what_they_take_and_do_nothing(nothing: object) -> None:
    stage = Stage()
    for answer in (
        rerun(stage.connector, nothing, run="x"),
        backfill(stage.connector, nothing),
    ):
        assert "Nothing was done" in answer["help"]
        assert answer["examples"]
    assert stage.api.calls.total() == 0


@pytest.mark.parametrize(
    "wish",
    [
        {"shop_id": SHOP_ID, "action": "pause"},
        {"action": "halt", "part": "all", "reason": "x"},
        {"shop_id": SHOP_ID, "action": "release", "reason": "email_missing"},
    ],
    ids=str,
)
def test_a_dry_run_says_what_would_change_and_changes_nothing(wish: dict[str, Any]) -> None:
    stage = held_stage()
    before = stage.connector.find_shop(SHOP_ID), stage.entry("order-1")
    answer = shops(stage.connector, {**wish, "dry_run": True})
    assert (answer["dry_run"], answer["would_change"]) == (True, True)
    assert before == (stage.connector.find_shop(SHOP_ID), stage.entry("order-1"))
    assert shops(stage.connector, {})["halted"] == {}
    assert shops(stage.connector, wish)["changed"]


def test_an_erasure_can_be_tried_dry() -> None:
    stage = held_stage()
    wish = {"shop_id": SHOP_ID, "action": "erase", "confirm": SHOP_ID}
    answer = shops(stage.connector, {**wish, "dry_run": True})
    assert answer["would_erase"]["orders"] == 1
    assert stage.entry("order-1").state is EntryState.HELD
    with pytest.raises(RequestError):
        shops(stage.connector, {**wish, "confirm": 1, "dry_run": True})


def held_stage() -> Stage:
    stage = Stage()
    stage.receive(replace(order(id=1, number="ORD1"), email=""))
    stage.export_later(minutes=1)
    assert stage.entry("order-1").hold == HoldReason.EMAIL_MISSING
    return stage


def test_a_held_group_is_released_by_the_operator_as_by_the_button() -> None:
    stage = held_stage()
    wish = {"shop_id": SHOP_ID, "action": "release", "reason": "email_missing"}
    still = shops(stage.connector, wish)
    assert still["released"]["held"] == {"email_missing": 1}

    stage.api.put(order(id=1, number="ORD1"))
    answer = shops(stage.connector, wish)

    assert (answer["changed"], answer["released"]["free"]) == (True, 1)
    entry = stage.entry("order-1")
    assert entry.state is EntryState.WAITING
    assert entry.history[-1].by is Actor.OPERATOR
    assert shops(stage.connector, wish)["why"] == "nothing_held"
