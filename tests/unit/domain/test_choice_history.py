"""The history of a shop's choices: what is kept, and what taking a change back does."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain import bounds
from chalicelib.domain.choice_history import (
    ChoiceChange,
    ChoiceHistory,
    add_change,
    find_former_policy,
    name_methods,
    propose_taking_back,
)
from chalicelib.domain.events import Actor
from chalicelib.domain.policy import DateBasis, Policy
from chalicelib.domain.policy_edits import Edit, list_edits, mark_policy
from tests.fakes.drawn_policies import policies

AT = datetime(2026, 11, 23, 14, 5, tzinfo=UTC)
FIELDS = ("date_basis", "on_account")


def change(before: Policy, after: Policy, number: int = 0) -> ChoiceChange:
    at = AT + timedelta(minutes=number)
    edits = list_edits(before, after)
    return ChoiceChange(number=number, at=at, by=Actor.MERCHANT, edits=edits)


def history_of(stages: Sequence[Policy]) -> ChoiceHistory:
    """What is kept when a shop went through these choices."""
    history = ChoiceHistory()
    for number, before in enumerate(stages[:-1]):
        history = add_change(history, change(before, stages[number + 1]))
    return history


@given(policies(), policies())
def test_taking_the_last_change_back_restores_every_choice(before: Policy, after: Policy) -> None:
    taking = propose_taking_back(change(before, after), after)

    assert taking.policy == before
    assert taking.overtaken == ()
    assert list_edits(after, taking.policy) == taking.edits


@given(policies(), policies(), policies())
def test_taking_an_earlier_change_back_puts_back_what_it_changed_and_nothing_else(
    first: Policy, second: Policy, third: Policy
) -> None:
    taken = change(first, second)
    taking = propose_taking_back(taken, third)

    places = {edit.place for edit in taken.edits}
    assert {edit.place for edit in list_edits(first, taking.policy)} & places == set()
    assert {edit.place for edit in list_edits(third, taking.policy)} <= places
    changed_since = {edit.place for edit in list_edits(second, third)}
    assert {edit.place for edit in taking.overtaken} <= changed_since


def test_what_was_changed_again_since_is_named() -> None:
    order, payment, invoice = (Policy(date_basis=basis) for basis in DateBasis.__members__.values())
    taken = change(order, replace(payment, on_account=True))

    taking = propose_taking_back(taken, replace(invoice, on_account=True))

    (overtaken,) = taking.overtaken
    assert (overtaken.field, overtaken.after) == ("date_basis", "order")
    assert taking.policy == order


def test_what_is_as_before_already_is_not_put_back_again() -> None:
    taken = change(Policy(), Policy(on_account=True))

    assert propose_taking_back(taken, Policy()).edits == ()


def test_the_last_fifty_changes_are_kept_each_under_a_number_of_its_own() -> None:
    stages = [Policy(on_account=bool(number % 2)) for number in range(61)]

    history = history_of(stages)

    assert [each.number for each in history.changes] == list(range(11, 61))
    assert history.find(11) is not None
    assert history.find(10) is None


def test_the_oldest_make_room_for_large_ones_and_what_is_too_large_keeps_no_values() -> None:
    lists = [
        frozenset(f"{number:03}{name * 20}" for number in range(400)) for name in ("a", "b", "c")
    ]
    stages = [Policy(service_articles=each) for each in lists]
    history = history_of([Policy(), *stages])
    kept = json.dumps([asdict(each) for each in history.changes], default=str)
    assert len(kept) <= bounds.LARGEST_HISTORY + 2 * len(history.changes)

    all_of_it = lists[0]
    everything = Policy(
        service_articles=all_of_it, gift_card_articles=all_of_it, outside_vat_articles=all_of_it
    )
    (last,) = history_of([Policy(), stages[1], everything]).changes[-1:]

    assert last.edits == ()
    assert last.left_out == 1600


@given(st.lists(policies(), min_size=2, max_size=4), st.integers(0, 3))
def test_how_the_choices_stood_earlier_is_found_by_their_mark(
    stages: list[Policy], opened: int
) -> None:
    former = stages[min(opened, len(stages) - 1)]
    history = history_of(stages)

    found = find_former_policy(history, stages[-1], mark_policy(former, FIELDS), FIELDS)

    assert found is not None
    assert mark_policy(found, FIELDS) == mark_policy(former, FIELDS)


def test_a_mark_of_no_earlier_choices_leads_nowhere() -> None:
    history = history_of([Policy(), Policy(on_account=True)])

    assert find_former_policy(history, Policy(on_account=True), "0" * 16, FIELDS) is None
    assert find_former_policy(None, Policy(), "0" * 16, FIELDS) is None


def test_methods_are_kept_with_the_names_that_the_shop_gives_them() -> None:
    edits = list_edits(Policy(), Policy(payments={"k": "", "x": ""}, on_account=True))

    named = name_methods(edits, {"k": "Klarna\n" + "a" * 200, "on_account": "no"})

    assert [edit.title for edit in named if edit.field == "on_account"] == [""]
    (klarna,) = (edit for edit in named if edit.key == "k")
    assert klarna.title.startswith("Klarna a")
    assert len(klarna.title) == bounds.LONGEST_TITLE
    assert Edit(field="payments", key="x", after="") in named
