"""SEOshop refuses a token: a shop is disconnected with proof alone, and never the whole fleet."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chalicelib.domain.events import ShopStep
from chalicelib.domain.ledger import EntryState
from chalicelib.domain.shops import ShopState, TroubleCause
from chalicelib.domain.signatures import Callback
from chalicelib.errors import ShopUnavailable
from chalicelib.ports import Task
from chalicelib.usecases.shop.installing import admit_shop
from chalicelib.usecases.shop.trouble import read_follow_up
from tests.unit.usecases.several_shops import REFUSED, Fleet
from tests.unit.usecases.stage import SHOP_ID

OTHER = SHOP_ID + 1
DAY = timedelta(days=1)


def fleet_of(count: int) -> Fleet:
    """A fleet that had a good night."""
    fleet = Fleet(count)
    assert set(fleet.export_all().values()) == {None}
    fleet.now += DAY
    return fleet


def test_a_token_that_is_refused_while_others_are_answered_disconnects_its_shop() -> None:
    fleet = fleet_of(5)
    fleet.refuse([SHOP_ID])
    troubles = fleet.export_all()
    assert troubles.pop(SHOP_ID) is TroubleCause.SHOP_UNAUTHORISED
    assert set(troubles.values()) == {None}
    assert fleet.state(SHOP_ID) is ShopState.DISCONNECTED
    assert fleet.states() == {ShopState.DISCONNECTED, ShopState.ACTIVE}
    assert [event.step for event in fleet.shops.audit(SHOP_ID)] == [ShopStep.DISCONNECT]


def test_a_turned_app_secret_leaves_every_shop_as_it_is() -> None:
    fleet = fleet_of(30)
    fleet.sell()
    fleet.refuse()
    troubles = fleet.export_all()
    assert set(troubles.values()) == {TroubleCause.APP_REFUSED}
    assert fleet.states() == {ShopState.ACTIVE}
    assert fleet.inbox.files == {}
    assert all(not fleet.shops.audit(shop_id) for shop_id in fleet.shop_ids)


def test_even_when_it_is_turned_in_the_middle_of_the_night() -> None:
    fleet = fleet_of(30)
    for number, shop_id in enumerate(fleet.shop_ids):
        if number == 15:
            fleet.refuse()
        fleet.export(shop_id)
        fleet.now += timedelta(milliseconds=500)
    assert fleet.states() == {ShopState.ACTIVE}


def test_most_of_the_night_ends_without_a_call_of_seoshop() -> None:
    fleet = fleet_of(100)
    fleet.refuse()
    calls = fleet.count_calls()
    fleet.export_all(seconds=0.5)
    assert fleet.count_calls() - calls < 25, "16 witnesses and the first shop"


def test_once_the_secret_is_right_the_later_tries_bring_every_order_the_same_night() -> None:
    fleet = fleet_of(12)
    fleet.sell()
    fleet.refuse()
    fleet.export_all()
    fleet.now += timedelta(minutes=10)
    fleet.accept()
    sent = [one for one in fleet.queue.messages if one.task is Task.RETRY]
    assert {one.shop_id for one in sent} == set(fleet.shop_ids)
    fleet.now += timedelta(minutes=10)
    assert set(fleet.export_all().values()) == {None}
    assert len(fleet.inbox.files) == len(fleet.shop_ids)
    assert {fleet.trouble(shop_id) for shop_id in fleet.shop_ids} == {None}
    assert fleet.standing().refused_since is None


def test_a_try_is_planned_after_fifteen_minutes_one_hour_and_three() -> None:
    fleet = fleet_of(3)
    fleet.refuse()
    fleet.export_all()
    planned = read_follow_up(fleet.at(OTHER))
    assert planned.next_at is not None
    assert planned.failed_at is not None
    assert planned.next_at - planned.failed_at == timedelta(minutes=15)


def test_a_pair_that_stays_refused_for_days_disconnects_nobody() -> None:
    fleet = fleet_of(8)
    fleet.refuse()
    for _ in range(4):
        assert set(fleet.export_all().values()) == {TroubleCause.APP_REFUSED}
        fleet.now += DAY
    assert fleet.states() == {ShopState.ACTIVE}
    fleet.accept()
    assert set(fleet.export_all().values()) == {None}


def test_nor_in_the_first_nights_of_a_fleet_that_knows_no_witness_yet() -> None:
    """As after an update, when nothing was noted so far."""
    fleet = Fleet(6)
    fleet.refuse()
    for _ in range(4):
        fleet.export_all()
        fleet.now += DAY
    assert fleet.states() == {ShopState.ACTIVE}


def test_one_owner_who_removes_half_of_all_shops_at_once_stops_nobody_elses_night() -> None:
    fleet = fleet_of(60)
    removed, kept = fleet.shop_ids[:30], fleet.shop_ids[30:]
    fleet.sell()
    fleet.refuse(removed)
    troubles = fleet.export_all()
    assert TroubleCause.APP_REFUSED not in troubles.values()
    assert {troubles[shop_id] for shop_id in kept} == {None}
    assert len(fleet.inbox.files) == len(kept)
    assert {fleet.state(shop_id) for shop_id in removed} == {ShopState.DISCONNECTED}


def test_the_only_shop_is_disconnected_when_it_is_refused_on_two_nights() -> None:
    fleet = fleet_of(1)
    fleet.sell()
    fleet.refuse()
    for minutes in (0, 15, 60, 180):
        fleet.now += timedelta(minutes=minutes)
        assert fleet.export(SHOP_ID).trouble is TroubleCause.UNPROVEN
        assert fleet.state(SHOP_ID) is ShopState.ACTIVE
    fleet.now += DAY
    assert fleet.export(SHOP_ID).trouble is TroubleCause.SHOP_UNAUTHORISED
    assert fleet.state(SHOP_ID) is ShopState.DISCONNECTED


def test_a_night_that_went_well_in_between_begins_the_count_anew() -> None:
    fleet = fleet_of(1)
    fleet.refuse()
    fleet.export(SHOP_ID)
    fleet.accept()
    fleet.now += DAY
    assert fleet.export(SHOP_ID).trouble is None
    fleet.refuse()
    fleet.now += DAY
    assert fleet.export(SHOP_ID).trouble is TroubleCause.UNPROVEN


def test_other_shops_that_do_not_answer_prove_nothing_on_the_first_night() -> None:
    fleet = fleet_of(4)
    fleet.refuse([SHOP_ID])
    for shop_id in fleet.shop_ids[1:]:
        fleet.apis[shop_id].fail(ShopUnavailable("SEOshop gave no usable answer."))
    assert fleet.export(SHOP_ID).trouble is TroubleCause.UNPROVEN
    assert fleet.state(SHOP_ID) is ShopState.ACTIVE
    fleet.accept()
    fleet.refuse([SHOP_ID])
    fleet.now += timedelta(minutes=15)
    assert fleet.export(SHOP_ID).trouble is TroubleCause.SHOP_UNAUTHORISED


def test_what_waits_is_not_lost_by_an_unproven_refusal() -> None:
    fleet = fleet_of(1)
    fleet.sell()
    fleet.apis[SHOP_ID].fail(REFUSED, "order", times=1)
    assert fleet.export(SHOP_ID).trouble is TroubleCause.UNPROVEN
    assert fleet.entry(f"order-{SHOP_ID}").state is EntryState.WAITING
    fleet.now += timedelta(minutes=15)
    assert fleet.export(SHOP_ID).trouble is None
    assert fleet.entry(f"order-{SHOP_ID}").state is EntryState.PLACED
    assert fleet.trouble(SHOP_ID) is None


def test_the_watch_disconnects_with_proof_alone_as_well() -> None:
    fleet = fleet_of(5)
    fleet.refuse()
    first = fleet.watch_one(SHOP_ID)
    assert first is not None
    assert first.trouble is TroubleCause.APP_REFUSED
    calls = fleet.count_calls()
    second = fleet.watch_one(OTHER)
    assert second is not None
    assert second.trouble is TroubleCause.APP_REFUSED
    assert fleet.count_calls() == calls, "the rest of the night ends at once"
    assert fleet.states() == {ShopState.ACTIVE}
    fleet.accept()
    fleet.refuse([OTHER])
    fleet.now += timedelta(minutes=5)
    assert fleet.watch_one(OTHER) is not None
    assert fleet.state(OTHER) is ShopState.DISCONNECTED


def test_the_watch_of_the_only_shop_proves_nothing() -> None:
    fleet = fleet_of(1)
    fleet.refuse()
    watched = fleet.watch_one(SHOP_ID)
    assert watched is not None
    assert watched.trouble is TroubleCause.UNPROVEN
    assert not watched.is_fine
    assert fleet.state(SHOP_ID) is ShopState.ACTIVE


@pytest.mark.parametrize("token", ["t" * 32, "n" * 32], ids=["opens the app", "installs anew"])
def test_a_merchant_who_comes_with_a_token_that_works_ends_it_for_everybody(token: str) -> None:
    fleet = fleet_of(3)
    fleet.refuse()
    fleet.export_all()
    fleet.accept()
    call = Callback(shop_id=OTHER, language="nl", timestamp=fleet.now, cluster="eu1", token=token)
    admit_shop(fleet.connector, call)
    assert fleet.standing().refused_since is None
    assert fleet.trouble(OTHER) is None
    assert fleet.queue.sent[-1] == (OTHER, 0), "and his orders go at once"
    assert fleet.export(SHOP_ID).trouble is None


def test_a_merchant_who_installs_anew_while_others_are_asked_is_no_trouble() -> None:
    fleet = fleet_of(2)
    fleet.refuse([SHOP_ID])

    def install(_: object) -> None:
        fleet.apis[OTHER].before_call = lambda _: None
        fleet.apis[SHOP_ID].recover()
        call = Callback(
            shop_id=SHOP_ID, language="nl", timestamp=fleet.now, cluster="eu1", token="n" * 32
        )
        admit_shop(fleet.connector, call)

    fleet.apis[OTHER].before_call = install
    run = fleet.export(SHOP_ID)
    assert run.trouble is None
    assert fleet.state(SHOP_ID) is ShopState.ACTIVE
