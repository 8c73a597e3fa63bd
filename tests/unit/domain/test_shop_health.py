"""What about a shop needs a person, how much, and since when."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.shop_health import (
    FoundCause,
    HealthCause,
    HealthFacts,
    Severity,
    ShopHealth,
    judge_health,
    read_severity,
)
from chalicelib.domain.shop_records import Trouble
from chalicelib.domain.shops import Shop, ShopState, TroubleCause
from tests.healths import drawn_health

NOW = datetime(2026, 11, 23, 3, 50, tzinfo=UTC)
SHOP = Shop(
    shop_id=184520,
    state=ShopState.ACTIVE,
    cluster="eu1",
    language="nl",
    installed_at=NOW - timedelta(days=90),
    changed_at=NOW - timedelta(days=2),
)
ALL: dict[str, Any] = {
    "trouble": Trouble(cause=TroubleCause.LICENCE, since=NOW - timedelta(hours=3)),
    "unknown_files": 2,
    "double_files": 1,
    "is_day_wrong": True,
    "overdue": 12,
    "quiet_days": 5,
    "is_long_leaving": True,
    "ran_at": NOW - timedelta(hours=27),
}


def facts(state: ShopState = ShopState.ACTIVE, **known: Any) -> HealthFacts:
    return HealthFacts(shop=replace(SHOP, state=state), now=NOW, **known)


def judged(state: ShopState = ShopState.ACTIVE, **known: Any) -> ShopHealth:
    found = judge_health(facts(state, **known))
    assert found is not None
    return found


@pytest.mark.parametrize("state", [ShopState.ACTIVE, ShopState.CANCELLED, ShopState.PAUSED])
def test_a_shop_of_which_nothing_is_wrong_is_fine(state: ShopState) -> None:
    assert judge_health(facts(state, ran_at=NOW - timedelta(hours=25))) is None


@pytest.mark.parametrize(
    ("known", "code", "severity"),
    [
        ({"double_files": 1}, "double_files", Severity.WRONG),
        ({"is_day_wrong": True}, "wrong_day", Severity.WRONG),
        ({"unknown_files": 1}, "unknown_files", Severity.STUCK),
        ({"ran_at": ALL["ran_at"]}, "not_exported", Severity.STUCK),
        ({"trouble": ALL["trouble"]}, "licence", Severity.STUCK),
        ({"trouble": Trouble(cause=TroubleCause.APP_REFUSED)}, "app_refused", Severity.LATE),
        ({"overdue": 1}, "overdue", Severity.LATE),
        ({"is_long_leaving": True}, "long_leaving", Severity.LATE),
        ({"quiet_days": 4}, "quiet", Severity.LOOK),
    ],
)
def test_each_thing_is_as_bad_as_it_is(
    known: dict[str, Any], code: str, severity: Severity
) -> None:
    found = judged(**known)
    assert [cause.code for cause in found.causes] == [code]
    assert found.severity is severity


def test_every_cause_can_be_found() -> None:
    lost = judged(ShopState.DISCONNECTED, **ALL)
    found = {each.cause for health in (judged(**ALL), lost) for each in health.causes}
    assert found == {*HealthCause}


def test_what_is_worst_comes_first_and_names_the_severity() -> None:
    found = judged(**ALL)
    severities = [cause.severity for cause in found.causes]
    assert severities == sorted(severities, reverse=True)
    assert found.severity is Severity.WRONG
    assert found.since == NOW


def test_a_shop_that_does_not_export_is_not_blamed_for_it() -> None:
    found = judged(ShopState.PAUSED, **ALL)
    assert {cause.cause for cause in found.causes} == {
        *(HealthCause.DOUBLE_FILES, HealthCause.UNKNOWN_FILES, HealthCause.LONG_LEAVING)
    }


@pytest.mark.parametrize("state", [ShopState.UNINSTALLED, ShopState.INSTALLING])
def test_a_shop_that_left_or_is_not_there_yet_is_fine(state: ShopState) -> None:
    assert judge_health(facts(state, **ALL)) is None


def test_a_trouble_without_a_cause_is_none() -> None:
    assert judge_health(facts(trouble=Trouble())) is None


def test_what_goes_on_goes_on_since_it_was_found() -> None:
    earlier = NOW - timedelta(hours=5)
    kept = judge_health(replace(facts(overdue=3), now=earlier))

    found = judge_health(facts(overdue=7, unknown_files=1), kept)

    assert found is not None
    assert {(cause.cause, cause.since, cause.count) for cause in found.causes} == {
        (HealthCause.OVERDUE, earlier, 7),
        (HealthCause.UNKNOWN_FILES, NOW, 1),
    }
    assert found.since == NOW, "since it is as bad as it is"


def test_another_trouble_begins_anew() -> None:
    kept = judged(trouble=Trouble(cause=TroubleCause.LICENCE, since=NOW - timedelta(days=3)))
    other = Trouble(cause=TroubleCause.LANGUAGE, since=NOW - timedelta(hours=1))
    found = judge_health(facts(trouble=other), kept)
    assert found is not None
    assert found.since == other.since


@given(one=drawn_health(1), other=drawn_health(2))
def test_ranks_sort_as_people_would(one: ShopHealth, other: ShopHealth) -> None:
    by_hand = [(-each.severity, each.since, each.shop_id) for each in (one, other)]
    assert (one.rank < other.rank) == (by_hand[0] < by_hand[1])
    assert read_severity(one.rank) is one.severity


@given(moments=st.lists(st.integers(0, 100), min_size=1, max_size=4))
def test_judging_twice_changes_nothing(moments: list[int]) -> None:
    kept = ShopHealth(
        shop_id=SHOP.shop_id,
        state=ShopState.ACTIVE,
        cluster="eu1",
        way=SHOP.way,
        causes=tuple(
            FoundCause(cause=HealthCause.OVERDUE, since=NOW - timedelta(hours=hours))
            for hours in moments
        ),
    )
    first = judge_health(facts(**ALL), kept)
    assert judge_health(facts(**ALL), first) == first
