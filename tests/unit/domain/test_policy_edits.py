"""What differs between two policies, and what is made of it."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given

from chalicelib.domain.policy import DateBasis, Policy, VatClass
from chalicelib.domain.policy_edits import (
    Edit,
    apply_edits,
    changes_booking,
    list_edits,
    mark_policy,
    turn_back,
)
from tests.fakes.drawn_policies import policies


@given(policies(), policies())
def test_edits_lead_from_one_policy_to_the_other_and_back(before: Policy, after: Policy) -> None:
    edits = list_edits(before, after)

    assert apply_edits(before, edits) == after
    assert apply_edits(after, turn_back(edits)) == before
    assert len({edit.place for edit in edits}) == len(edits)
    assert all(edit.before != edit.after for edit in edits)
    assert (not edits) == (before == after)


@given(policies(), policies(), policies())
def test_edits_touch_nothing_else(before: Policy, after: Policy, other: Policy) -> None:
    edits = list_edits(before, after)
    edited = apply_edits(other, edits)

    touched = {edit.place: edit.after for edit in edits}
    changed = {edit.place: edit.after for edit in list_edits(other, edited)}
    assert changed.items() <= touched.items()


@given(policies(), policies())
def test_a_mark_is_of_the_choices_that_it_is_asked_of(one: Policy, other: Policy) -> None:
    edits = list_edits(one, other)
    for name in {field.name for field in fields(Policy)} - {"seen_payments"}:
        names = {name}
        differs = any(edit.field == name for edit in edits)
        assert (mark_policy(one, names) != mark_policy(other, names)) is differs
    assert (mark_policy(one) == mark_policy(other)) is (one == other)


def test_each_part_of_a_table_or_a_list_is_an_edit_of_its_own() -> None:
    before = Policy(payments={"ideal": "IDEAL"}, service_articles=frozenset({"A", "B"}))
    after = Policy(
        payments={"ideal": "", "klarna": "Op factuur"},
        service_articles=frozenset({"B", "C"}),
        foreign_rates={("DE", Decimal("0.190")): VatClass.HIGH},
        kor_since=date(2026, 7, 1),
    )

    assert list_edits(before, after) == (
        Edit(field="payments", key="ideal", before="IDEAL", after=""),
        Edit(field="payments", key="klarna", after="Op factuur"),
        Edit(field="kor_since", after="2026-07-01"),
        Edit(field="foreign_rates", key="DE 0.19", after="high"),
        Edit(field="service_articles", key="A", before=True),
        Edit(field="service_articles", key="C", after=True),
    )


def test_that_a_method_with_a_code_was_left_at_the_default_before_is_no_difference() -> None:
    mapped = Policy(payments={"ideal": "IDEAL"})
    both = replace(mapped, seen_payments=frozenset({"ideal"}))

    assert list_edits(mapped, both) == ()
    assert mark_policy(mapped) == mark_policy(both)


def test_only_what_is_kept_of_totals_has_no_part_in_booking() -> None:
    assert not changes_booking(list_edits(Policy(), Policy(keep_totals=False)))
    assert not changes_booking(())
    assert changes_booking(list_edits(Policy(), Policy(date_basis=DateBasis.PAYMENT)))
    assert changes_booking(list_edits(Policy(), Policy(seen_payments=frozenset({"klarna"}))))


def test_a_choice_that_is_no_longer_there_is_left_alone() -> None:
    assert apply_edits(Policy(), [Edit(field="abolished", before=False, after=True)]) == Policy()


@pytest.mark.parametrize(
    "edit",
    [
        Edit(field="date_basis", after="never"),
        Edit(field="kor_since", after="yesterday"),
        Edit(field="foreign_rates", key="DE 0.19", after="middling"),
    ],
)
def test_a_value_that_is_no_choice_is_refused(edit: Edit) -> None:
    with pytest.raises(ValueError, match=r"never|yesterday|middling"):
        apply_edits(Policy(), [edit])
