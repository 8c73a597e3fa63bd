"""What the merchant confirms is held against what the administration offers as it is now."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.choice_problems import ProblemKind
from chalicelib.domain.connection import ApiChoices
from chalicelib.domain.policy import VatClass
from chalicelib.domain.ways import Way
from chalicelib.usecases.operating.changing_connection import (
    confirm_choices,
)
from chalicelib.usecases.operating.connection_reading import ChoicesRefused, read_lists
from chalicelib.usecases.shop.connect_obstacles import ConnectObstacle
from tests.fakes.asperion_lists import CHOICES, LISTS
from tests.unit.usecases.asperion_visits import (
    ME,
    ConnectingStage,
    choose,
    confirm,
    obstacle,
    turn,
    way,
)

DAY = timedelta(days=1)


@pytest.fixture
def stage() -> ConnectingStage:
    return ConnectingStage()


@pytest.mark.parametrize(
    ("choices", "problem"),
    [
        (replace(CHOICES, journal_id="WEG"), ProblemKind.JOURNAL_GONE),
        (replace(CHOICES, payment_condition_id=4711), ProblemKind.CONDITION_GONE),
        (
            replace(CHOICES, ledger_accounts={**CHOICES.ledger_accounts, VatClass.HIGH: 1}),
            ProblemKind.ACCOUNT_GONE,
        ),
        (replace(CHOICES, article_accounts={"KAAS": 1}), ProblemKind.ACCOUNT_GONE),
    ],
)
def test_what_the_administration_does_not_have_is_not_confirmed(
    stage: ConnectingStage, choices: ApiChoices, problem: ProblemKind
) -> None:
    stage.sign_in()
    choose(stage)
    with pytest.raises(ChoicesRefused) as refused:
        confirm(stage, choices)
    assert {one.kind for one in refused.value.problems} == {problem}
    assert stage.connection is not None
    assert stage.connection.choices is None


def test_what_needs_a_second_look_is_confirmed_on_purpose(stage: ConnectingStage) -> None:
    stage.sign_in()
    choose(stage)
    left = replace(CHOICES, ledger_accounts={})
    with pytest.raises(ChoicesRefused):
        confirm(stage, left)
    seen = stage.connection.version if stage.connection else ""
    missing = [ProblemKind.ACCOUNT_MISSING]
    assert confirm_choices(stage.workspace(), left, by=ME, seen=seen, confirmed=missing)


def test_a_code_that_has_ended_is_not_chosen_but_one_that_was_chosen_before_stays(
    stage: ConnectingStage,
) -> None:
    """Documents of the time in which it counted may still come."""
    stage.sign_in()
    choose(stage)
    codes, books = LISTS.vat_codes, stage.asperion.books
    ended = tuple(replace(one, valid_until=stage.now.date() - DAY) for one in codes)
    books.lists = replace(LISTS, vat_codes=ended)
    with pytest.raises(ChoicesRefused):
        confirm(stage)
    books.lists = LISTS
    confirm(stage)
    books.lists = replace(LISTS, vat_codes=ended)
    assert confirm(stage, replace(CHOICES, debtor_kind="ANDERS"))
    assert turn(stage)


def test_a_code_that_is_gone_by_now_is_not_turned_on(stage: ConnectingStage) -> None:
    stage.sign_in()
    choose(stage)
    confirm(stage)
    stage.asperion.books.lists = replace(LISTS, daybooks=())
    with pytest.raises(ChoicesRefused):
        turn(stage)
    assert way(stage) is Way.FILE


def test_the_lists_are_those_of_the_chosen_administration(stage: ConnectingStage) -> None:
    stage.sign_in()
    assert obstacle(lambda: read_lists(stage.workspace())) is ConnectObstacle.NOT_CONNECTED
    choose(stage)
    assert read_lists(stage.workspace()).vat_codes == LISTS.vat_codes
