"""The operator's levers on shops: what changed nothing says so, and why."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.events import Actor, ShopStep
from chalicelib.domain.shops import ShopState, TroubleCause
from chalicelib.errors import RequestError, ShopUnavailable
from chalicelib.usecases.operating.fleet import shops
from chalicelib.usecases.operating.levers import RECONNECTING_TIME
from tests.fakes.export_queue import Message
from tests.fakes.seoshop import Call
from tests.unit.usecases.several_shops import Fleet
from tests.unit.usecases.stage import SHOP_ID

OTHER = SHOP_ID + 1


def ask(fleet: Fleet, action: str, shop_id: int | None = SHOP_ID, **more: Any) -> dict[str, Any]:
    wish = {"action": action, **more}
    return shops(fleet.connector, wish if shop_id is None else {"shop_id": shop_id, **wish})


def be(fleet: Fleet, shop_id: int, state: ShopState, back: ShopState | None = None) -> None:
    fleet.shops.update(shop_id, lambda shop: replace(shop, state=state, resume_state=back))


def steps(fleet: Fleet, shop_id: int = SHOP_ID) -> list[tuple[ShopStep, Actor]]:
    return [(event.step, event.by) for event in fleet.shops.audit(shop_id)]


def test_what_changed_something_says_so_and_shows_the_shop_as_it_is_now() -> None:
    fleet = Fleet(1)
    paused = ask(fleet, "pause")
    assert (paused["changed"], paused["state"]) == (True, "paused")
    assert "why" not in paused
    assert [line["what"] for line in paused["audit"]] == ["paused"]
    assert ask(fleet, "resume")["changed"]


@pytest.mark.parametrize(
    ("state", "action", "why"),
    [
        (ShopState.PAUSED, "pause", "already_paused"),
        (ShopState.UNINSTALLED, "pause", "not_exporting"),
        (ShopState.DISCONNECTED, "pause", "not_exporting"),
        (ShopState.ACTIVE, "resume", "not_paused"),
        (ShopState.DISCONNECTED, "resume", "not_paused"),
        (ShopState.ACTIVE, "reconnect", "not_disconnected"),
        (ShopState.PAUSED, "reconnect", "not_disconnected"),
        (ShopState.UNINSTALLED, "reconnect", "not_disconnected"),
    ],
)
def test_what_changed_nothing_says_why(state: ShopState, action: str, why: str) -> None:
    fleet = Fleet(1)
    be(fleet, SHOP_ID, state)
    answer = ask(fleet, action)
    assert (answer["changed"], answer["why"]) == (False, why)
    assert answer["state"] == state
    assert answer["audit"] == []
    assert fleet.count_calls() == 0


def test_a_look_at_a_shop_says_nothing_of_a_change() -> None:
    assert "changed" not in shops(Fleet(1).connector, {"shop_id": SHOP_ID})


def test_without_dead_letters_a_redrive_changes_nothing() -> None:
    fleet = Fleet(1)
    assert ask(fleet, "redrive", None) == {
        "redriven": 0,
        "changed": False,
        "why": "no_dead_letters",
    }
    fleet.queue.dead = [Message(SHOP_ID), Message(OTHER)]
    assert ask(fleet, "redrive", None) == {"redriven": 2, "changed": True}


@pytest.mark.parametrize("back", [ShopState.ACTIVE, ShopState.CANCELLED])
def test_a_shop_whose_token_is_accepted_after_all_goes_on_where_it_was(back: ShopState) -> None:
    fleet = Fleet(1)
    be(fleet, SHOP_ID, ShopState.DISCONNECTED, back)
    answer = ask(fleet, "reconnect")
    assert (answer["changed"], answer["state"]) == (True, back)
    assert steps(fleet) == [(ShopStep.RECONNECT, Actor.OPERATOR)]
    assert fleet.queue.sent == [(SHOP_ID, 0)], "what waited goes at once"
    assert fleet.count_calls() == 1


def test_its_trouble_is_over_then() -> None:
    fleet = Fleet(2)
    fleet.export_all()
    fleet.refuse([SHOP_ID])
    fleet.now += timedelta(days=1)
    fleet.export_all()
    assert fleet.trouble(SHOP_ID) is TroubleCause.SHOP_UNAUTHORISED
    fleet.accept()
    ask(fleet, "reconnect")
    assert fleet.trouble(SHOP_ID) is None


def test_a_shop_whose_token_is_refused_stays_as_it_is() -> None:
    fleet = Fleet(2)
    be(fleet, SHOP_ID, ShopState.DISCONNECTED)
    fleet.refuse([SHOP_ID])
    answer = ask(fleet, "reconnect")
    assert (answer["changed"], answer["why"]) == (False, "refused")
    assert fleet.state(SHOP_ID) is ShopState.DISCONNECTED
    assert steps(fleet) == []
    assert fleet.queue.sent == []


def test_a_seoshop_that_does_not_answer_proves_nothing() -> None:
    fleet = Fleet(1)
    be(fleet, SHOP_ID, ShopState.DISCONNECTED)
    fleet.api.fail(ShopUnavailable("SEOshop gave no usable answer."))
    assert ask(fleet, "reconnect")["why"] == "no_answer"
    assert fleet.state(SHOP_ID) is ShopState.DISCONNECTED


def test_while_the_apps_own_pair_is_refused_that_is_what_is_said() -> None:
    fleet = Fleet(3)
    fleet.export_all()
    be(fleet, SHOP_ID, ShopState.DISCONNECTED)
    fleet.refuse()
    fleet.now += timedelta(days=1)
    fleet.export_all()
    assert ask(fleet, "reconnect")["why"] == "app_refused"
    since = shops(fleet.connector, {})["app_refused_since"]
    assert since == fleet.standing().refused_since.isoformat()  # type: ignore[union-attr]


def test_a_reconnection_proves_the_apps_own_pair_as_well() -> None:
    fleet = Fleet(3)
    fleet.export_all()
    be(fleet, SHOP_ID, ShopState.DISCONNECTED)
    fleet.refuse()
    fleet.now += timedelta(days=1)
    fleet.export_all()
    fleet.accept()
    assert ask(fleet, "reconnect")["changed"]
    assert shops(fleet.connector, {})["app_refused_since"] is None


def test_all_at_once_each_is_proven_first() -> None:
    fleet = Fleet(5)
    for shop_id in fleet.shop_ids[:3]:
        be(fleet, shop_id, ShopState.DISCONNECTED)
    fleet.refuse([OTHER])
    fleet.apis[SHOP_ID].fail(ShopUnavailable("SEOshop gave no usable answer."))
    answer = ask(fleet, "reconnect", None)
    assert answer == {
        "changed": True,
        "reconnected": [SHOP_ID + 2],
        "not_reconnected": {"refused": [OTHER], "no_answer": [SHOP_ID]},
        "is_all": True,
        "go_on_after": None,
    }
    assert fleet.count_calls() == 3, "the shops that work are not asked"


def test_all_at_once_is_bounded_in_time_and_goes_on_from_there() -> None:
    fleet = Fleet(9)
    for shop_id in fleet.shop_ids:
        be(fleet, shop_id, ShopState.DISCONNECTED)

    def take_long(_: Call) -> None:
        fleet.now += RECONNECTING_TIME / 4

    for api in fleet.apis.values():
        api.before_call = take_long
    first = ask(fleet, "reconnect", None)
    listed = [shop.shop_id for shop in fleet.shops.everyone()]
    assert (first["reconnected"], first["is_all"]) == (listed[:4], False)
    second = ask(fleet, "reconnect", None, after=first["go_on_after"])
    assert second["reconnected"] == listed[4:8]
    third = ask(fleet, "reconnect", None, after=second["go_on_after"])
    assert (third["reconnected"], third["go_on_after"]) == (listed[8:], None)


def test_a_merchant_who_is_faster_has_connected_it_himself() -> None:
    fleet = Fleet(1)
    be(fleet, SHOP_ID, ShopState.DISCONNECTED)

    def come(_: Call) -> None:
        be(fleet, SHOP_ID, ShopState.ACTIVE)

    fleet.api.before_call = come
    assert ask(fleet, "reconnect")["why"] == "not_disconnected"
    assert steps(fleet) == []


@pytest.mark.parametrize(
    "wish",
    [
        {"action": "pause"},
        {"shop_id": SHOP_ID, "action": "redrive"},
        {"shop_id": SHOP_ID, "action": "reconnect", "after": 5},
        {"action": "redrive", "after": 5},
        {"action": "reconnect", "after": "5"},
        {"action": "reconnect", "after": True},
        {"after": 5},
    ],
    ids=str,
)
def test_what_makes_no_sense_is_refused_with_nothing_done(wish: dict[str, Any]) -> None:
    fleet = Fleet(1)
    be(fleet, SHOP_ID, ShopState.DISCONNECTED)
    with pytest.raises(RequestError):
        shops(fleet.connector, wish)
    assert fleet.state(SHOP_ID) is ShopState.DISCONNECTED
