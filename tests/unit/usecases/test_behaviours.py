"""A shop is on a version of the rules of booking: shown before, switched, and switched back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain import behaviours as known
from chalicelib.domain.behaviours import BEHAVIOURS, Behaviour
from chalicelib.domain.events import Actor, ShopStep
from chalicelib.domain.shops import ShopState
from chalicelib.errors import RequestError, UnknownBehaviour, UnknownShop
from chalicelib.usecases.operating.behaviour_switch import EXAMPLES, behaviours
from sandbox.asperion.axml_reader import read_orders
from tests.fakes.documents_of_shop import order, order_line
from tests.unit.usecases.several_shops import Fleet
from tests.unit.usecases.stage import FIRST_NIGHT, SHOP_ID, Stage

YESTERDAY = FIRST_NIGHT - timedelta(days=1)
GIFT = order_line("0.00", id=2, title="Sleutelhanger", article_code="GIFT")


@pytest.fixture
def stage() -> Stage:
    return Stage()


def sell(stage: Stage, number: int, *lines: Any, **changes: Any) -> None:
    facts = {"created_at": YESTERDAY, "paid_at": YESTERDAY, **changes}
    stage.receive(order(*lines, id=number, number=f"ORD{number:05}", **facts))


def ask(stage: Stage, **given: Any) -> dict[str, Any]:
    return behaviours(stage.connector, given)


def behaviour_of(stage: Stage) -> str:
    return stage.connector.find_shop(SHOP_ID).behaviour


def lines_of(stage: Stage) -> list[list[str]]:
    """The titles of each order's lines, in the last file."""
    content = list(stage.inbox.files.values())[-1]
    return [[line.description for line in one.lines] for one in read_orders(content)]


def test_without_anything_it_says_which_versions_there_are_and_what_can_be_asked(
    stage: Stage,
) -> None:
    said = ask(stage)
    assert [one["version"] for one in said["behaviours"]] == ["1", "2"]
    assert said["new_shops_begin_on"] == "1"
    assert said["examples"] == list(EXAMPLES)


def test_free_lines_are_booked_on_the_first_version_and_left_out_on_the_second(
    stage: Stage,
) -> None:
    sell(stage, 1, order_line("12.10"), GIFT)
    sell(stage, 2, GIFT)  # nothing else is in it: its line stays
    stage.night()
    assert lines_of(stage) == [["Keramische mok", "Sleutelhanger"], ["Sleutelhanger"]]

    said = ask(stage, shop_id=SHOP_ID, switch="2", reason="wished for")
    assert said["switched"] == [SHOP_ID]
    assert said["changed"]
    sell(stage, 3, order_line("12.10"), GIFT)
    sell(stage, 4, GIFT)
    stage.now += timedelta(days=1)
    stage.night()
    assert lines_of(stage) == [["Keramische mok"], ["Sleutelhanger"]]

    ask(stage, shop_id=SHOP_ID, switch="1", reason="back again")
    sell(stage, 5, order_line("12.10"), GIFT)
    stage.now += timedelta(days=1)
    stage.night()
    assert lines_of(stage) == [["Keramische mok", "Sleutelhanger"]]
    audit = [
        (line.by, line.note)
        for line in stage.shops.audit(SHOP_ID)
        if line.step is ShopStep.SWITCH_BEHAVIOUR
    ]
    assert audit == [(Actor.OPERATOR, "1 → 2: wished for"), (Actor.OPERATOR, "2 → 1: back again")]


def test_a_preview_names_what_would_be_otherwise_and_nothing_of_what_is_in_it(
    stage: Stage,
) -> None:
    sell(stage, 1, order_line("12.10"), GIFT)
    sell(stage, 2, order_line("24.20"))
    sell(stage, 3, order_line("24.20"), email="")  # held either way
    seen = ask(stage, shop_id=SHOP_ID, preview="2")
    assert (seen["from"], seen["to"], seen["sales"], seen["same"]) == ("1", "2", 3, 2)
    assert seen["same_totals"]
    (one,) = seen["otherwise"]
    assert one["order"] == "ORD00001"
    assert one["differences"] == []
    assert one["removed"]["Orderline"] == 1
    assert one["added"].get("Orderline", 0) == 0
    assert "Sleutelhanger" not in str(seen)
    assert not stage.inbox.files
    assert behaviour_of(stage) == "1"


def test_a_preview_of_the_version_that_a_shop_is_on_finds_nothing(stage: Stage) -> None:
    sell(stage, 1, order_line("12.10"), GIFT)
    seen = ask(stage, shop_id=SHOP_ID, preview="1")
    assert (seen["sales"], seen["same"], seen["otherwise"]) == (1, 1, [])


def test_a_rehearsed_switch_changes_nothing(stage: Stage) -> None:
    said = ask(stage, shop_id=SHOP_ID, switch="2", dry_run=True)
    assert (said["switched"], said["changed"]) == ([SHOP_ID], False)
    assert behaviour_of(stage) == "1"


def test_all_shops_are_switched_but_those_that_are_on_another_version_or_left() -> None:
    stage = Fleet(4)
    first, second, third = stage.shop_ids[1:]
    stage.shops.update(first, lambda shop: replace(shop, state=ShopState.UNINSTALLED))
    ask(stage, shop_id=second, switch="2", reason="before the others")
    said = ask(stage, all=True, switch="2", reason="now all of them", **{"from": "1"})
    assert sorted(said["switched"]) == sorted([SHOP_ID, third])
    assert said["kept"] == {"uninstalled": [first], "already_there": [second]}
    assert said["go_on_after"] is None
    back = ask(stage, shop_ids=[second, 77], switch="1", reason="back")
    assert (back["switched"], back["kept"]) == ([second], {"unknown": [77]})


def test_what_there_was_no_time_for_goes_on_after_the_last_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stage = Fleet(20)
    wish = {"all": True, "switch": "2", "reason": "all"}
    change, rounds = stage.shops.update, 0
    switched: list[int] = []

    def take_ten_seconds(shop_id: int, how: Any) -> Any:
        stage.now += timedelta(seconds=10)
        return change(shop_id, how)

    monkeypatch.setattr(stage.shops, "update", take_ten_seconds)
    said = ask(stage, **wish)
    while said["go_on_after"] is not None:
        rounds, switched = rounds + 1, switched + said["switched"]
        said = ask(stage, after=said["go_on_after"], **wish)
    switched += said["switched"]
    assert sorted(switched) == stage.shop_ids  # each once
    assert rounds == 4


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"shop_id": SHOP_ID, "switch": "2"}, "reason"),
        ({"switch": "2", "reason": "x"}, "which shops"),
        ({"shop_id": SHOP_ID, "all": True, "switch": "2", "reason": "x"}, "which shops"),
        ({"shop_ids": [], "switch": "2", "reason": "x"}, "shop_ids"),
        ({"shop_ids": ["1"], "switch": "2", "reason": "x"}, "shop_ids"),
        ({"shop_id": SHOP_ID, "switch": "2", "preview": "2"}, "either"),
        ({"shop_id": SHOP_ID, "preview": "2", "sales": 0}, "sales"),
        ({"shop_id": SHOP_ID, "preview": "9"}, "no behaviour 9"),
        ({"preview": "2"}, "shop_id"),
        ({"shop_id": SHOP_ID, "after": 3, "switch": "2", "reason": "x"}, "after"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_nothing_done(
    stage: Stage, given: dict[str, Any], says: str
) -> None:
    with pytest.raises(RequestError, match=says):
        ask(stage, **given)
    assert behaviour_of(stage) == "1"


def test_an_unknown_shop_is_refused(stage: Stage) -> None:
    with pytest.raises(UnknownShop):
        ask(stage, shop_id=77, preview="2")


def test_a_switch_while_a_file_is_made_lets_nothing_go_out_by_the_former_rules(
    stage: Stage,
) -> None:
    sell(stage, 1, order_line("12.10"), GIFT)
    read = stage.api.order

    def switch_meanwhile(order_id: int) -> Any:
        ask(stage, shop_id=SHOP_ID, switch="2", reason="meanwhile")
        return read(order_id)

    stage.api.order = switch_meanwhile  # type: ignore[method-assign]
    stage.night()
    assert not stage.inbox.files
    stage.api.order = read  # type: ignore[method-assign]
    stage.night()
    assert lines_of(stage) == [["Keramische mok"]]


def test_a_shop_on_a_version_that_a_newer_connector_had_is_not_booked_by_other_rules(
    stage: Stage,
) -> None:
    sell(stage, 1)
    stage.shops.update(SHOP_ID, lambda shop: replace(shop, behaviour="99"))
    with pytest.raises(UnknownBehaviour, match="99"):
        stage.night()
    assert not stage.inbox.files


def test_a_version_may_bring_a_profile_of_its_own(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    present = stage.connector.profile

    def note(folder: str = "") -> Any:
        asked.append(folder)
        return present()

    stage.connector = replace(stage.connector, profile=note)
    other = Behaviour(version="3", summary="Another shape.", profile="another-1.5")
    monkeypatch.setattr(known, "BEHAVIOURS", (*BEHAVIOURS, other))
    stage.shops.update(SHOP_ID, lambda shop: replace(shop, behaviour="3"))
    sell(stage, 1)
    stage.night()
    assert set(asked) == {"another-1.5"}
    assert stage.inbox.files
