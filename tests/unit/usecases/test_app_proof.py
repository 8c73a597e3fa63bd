"""Another shop's token proves, or does not, that SEOshop accepts the app's own pair just now."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.app_standing import MOST_WITNESSES, SPACING
from chalicelib.domain.shops import ShopState
from chalicelib.errors import AppRefused, ShopRateLimited, ShopUnauthorised, ShopUnavailable
from chalicelib.usecases.shop import app_proof
from chalicelib.usecases.shop.app_proof import AppVerdict, is_app_accepted, prove_app, require_app
from tests.fakes.seoshop import Call
from tests.unit.usecases.several_shops import Fleet
from tests.unit.usecases.stage import SHOP_ID

OTHER = SHOP_ID + 1


def fleet_that_answered(count: int) -> Fleet:
    """All shops were exported, a while ago."""
    fleet = Fleet(count)
    for shop_id in fleet.shop_ids:
        app_proof.note_answer(fleet.at(shop_id), fleet.standing())
    fleet.now += timedelta(hours=1)
    return fleet


def prove(fleet: Fleet, besides: int = SHOP_ID) -> AppVerdict:
    return prove_app(fleet.connector, besides=besides)


def test_another_shop_that_is_answered_proves_the_pair_with_one_call() -> None:
    fleet = fleet_that_answered(5)
    fleet.refuse([SHOP_ID])
    assert prove(fleet) is AppVerdict.ACCEPTED
    assert fleet.count_calls() == 2
    assert fleet.apis[SHOP_ID].calls.total() == 1, "its own token is tried once more"


def test_one_witness_that_is_refused_as_well_does_not_decide() -> None:
    fleet = fleet_that_answered(6)
    fleet.refuse(fleet.shop_ids[:5])
    assert prove(fleet) is AppVerdict.ACCEPTED
    assert fleet.standing().refused_since is None


def test_the_pair_is_refused_when_every_witness_is() -> None:
    fleet = fleet_that_answered(5)
    fleet.refuse()
    assert prove(fleet) is AppVerdict.REFUSED
    assert fleet.standing().refused_since == fleet.now


@pytest.mark.parametrize(
    "error",
    [
        ShopUnavailable("SEOshop gave no usable answer."),
        ShopRateLimited("used up", until=Fleet(1).now),
    ],
    ids=repr,
)
def test_who_gives_no_answer_proves_nothing(error: Exception) -> None:
    fleet = fleet_that_answered(4)
    for shop_id in fleet.shop_ids[1:]:
        fleet.apis[shop_id].fail(error)
    assert prove(fleet) is AppVerdict.UNKNOWN
    assert fleet.standing().refused_since is None


def test_one_refusal_among_many_silent_ones_does_not_refuse_the_app() -> None:
    fleet = fleet_that_answered(4)
    fleet.refuse([OTHER])
    for shop_id in fleet.shop_ids[2:]:
        fleet.apis[shop_id].fail(ShopUnavailable("SEOshop gave no usable answer."))
    assert prove(fleet) is AppVerdict.UNKNOWN


def test_a_fleet_of_one_has_nobody_to_ask() -> None:
    fleet = fleet_that_answered(1)
    assert prove(fleet) is AppVerdict.UNKNOWN


@pytest.mark.parametrize("left", [ShopState.UNINSTALLED, ShopState.PAUSED, ShopState.DISCONNECTED])
def test_who_does_not_export_any_more_is_not_asked(left: ShopState) -> None:
    fleet = fleet_that_answered(2)
    fleet.shops.update(OTHER, lambda shop: replace(shop, state=left))
    assert prove(fleet) is AppVerdict.UNKNOWN
    assert fleet.count_calls() == 0
    assert OTHER not in fleet.standing().witnesses


def test_a_proof_from_before_the_refusal_is_none_for_it() -> None:
    """The secret is turned between the two."""
    fleet = fleet_that_answered(3)
    fleet.refuse([OTHER])
    assert prove(fleet, besides=OTHER) is AppVerdict.ACCEPTED
    fleet.now += SPACING
    fleet.refuse()
    assert prove(fleet) is AppVerdict.REFUSED


def test_a_token_that_is_answered_the_second_time_is_not_proven_to_be_bad() -> None:
    """A worker that read the app's secret before it was put right, and again in between."""
    fleet = fleet_that_answered(3)
    assert prove(fleet) is AppVerdict.UNKNOWN


def test_a_proof_of_another_worker_is_none_for_this_one() -> None:
    """It may know another secret."""
    fleet = fleet_that_answered(3)
    fleet.refuse()
    app_proof.note_acceptance(fleet.connector, OTHER, began=fleet.now + SPACING)
    assert prove(fleet) is not AppVerdict.ACCEPTED


def test_hundreds_of_refused_tokens_cost_no_witness_more_than_its_share() -> None:
    """One owner removes his shops, and all of them are met within a minute."""
    fleet = fleet_that_answered(8)
    began = fleet.now
    verdicts = []
    for number in range(600):
        fleet.now += timedelta(milliseconds=100)
        verdicts.append(prove(fleet, besides=900_000 + number))
    assert AppVerdict.REFUSED not in verdicts
    assert verdicts.count(AppVerdict.ACCEPTED) > 100
    most = (fleet.now - began) / SPACING + 1
    assert all(api.calls.total() <= most for api in fleet.apis.values())


def test_a_fleet_whose_pair_is_refused_is_asked_a_few_times_however_many_shops_meet_it() -> None:
    fleet = fleet_that_answered(50)
    fleet.refuse()
    for shop_id in fleet.shop_ids:
        assert prove(fleet, besides=shop_id) is AppVerdict.REFUSED
    assert fleet.count_calls() <= MOST_WITNESSES + 1


def test_while_the_pair_is_refused_all_but_one_in_minutes_end_without_a_call() -> None:
    fleet = fleet_that_answered(4)
    fleet.refuse()
    prove(fleet)
    calls = fleet.count_calls()
    for shop_id in fleet.shop_ids:
        with pytest.raises(AppRefused, match="the app's own key and secret"):
            require_app(fleet.at(shop_id))
    assert fleet.count_calls() == calls
    fleet.now += timedelta(minutes=5)
    with pytest.raises(ShopUnauthorised):
        require_app(fleet.at(SHOP_ID))
    with pytest.raises(AppRefused):
        require_app(fleet.at(OTHER))
    assert fleet.count_calls() == calls + 1


def test_whoever_is_answered_first_ends_it_for_all() -> None:
    fleet = fleet_that_answered(4)
    fleet.refuse()
    prove(fleet)
    fleet.accept()
    fleet.now += timedelta(minutes=5)
    require_app(fleet.at(SHOP_ID))
    calls = fleet.count_calls()
    require_app(fleet.at(OTHER))
    assert fleet.standing().refused_since is None
    assert fleet.count_calls() == calls, "which costs the others nothing"


def test_a_shop_without_a_good_token_tries_the_pair_by_a_witness() -> None:
    fleet = fleet_that_answered(4)
    fleet.refuse()
    prove(fleet)
    fleet.accept()
    fleet.refuse([SHOP_ID])
    fleet.now += timedelta(minutes=5)
    with pytest.raises(ShopUnauthorised):
        require_app(fleet.at(SHOP_ID))
    assert prove(fleet) is AppVerdict.ACCEPTED
    assert fleet.standing().refused_since is None


def test_just_after_the_pair_was_mended_nobody_takes_the_former_refusals_for_new_ones() -> None:
    fleet = fleet_that_answered(6)
    fleet.refuse()
    fleet.now += timedelta(minutes=5)
    prove(fleet)
    fleet.accept()
    fleet.refuse([SHOP_ID])
    began = fleet.now + SPACING
    fleet.now = began
    app_proof.note_acceptance(fleet.connector, OTHER, began=began)
    fleet.now += SPACING
    assert prove(fleet) is AppVerdict.ACCEPTED


def test_a_slow_shop_system_holds_a_run_up_for_seconds_only() -> None:
    fleet = fleet_that_answered(17)

    def take_long(_: Call) -> None:
        fleet.now += timedelta(seconds=5)
        raise ShopUnavailable("SEOshop did not answer in time.")

    for api in fleet.apis.values():
        api.before_call = take_long
    began = fleet.now
    assert prove(fleet) is AppVerdict.UNKNOWN
    assert fleet.now - began <= timedelta(seconds=20)
    fleet.now += timedelta(minutes=1)
    attended = fleet.now
    assert not is_app_accepted(fleet.connector, besides=SHOP_ID, is_page=True)
    assert fleet.now - attended <= timedelta(seconds=10)
