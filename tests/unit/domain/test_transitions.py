"""What a transition does to the fields of a record, and when it is allowed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from chalicelib.domain.causes import LateChange, ReleaseCause
from chalicelib.domain.events import Actor, Cause, Event, OrderStep
from chalicelib.domain.ledger import EntryState
from chalicelib.domain.transitions import (
    Effect,
    FieldChange,
    Given,
    Record,
    Transition,
    apply_changes,
    field_changes,
    is_allowed,
)

AT = datetime(2026, 3, 15, 1, 15, tzinfo=UTC)
EARLIER = datetime(2026, 3, 14, 1, 15, tzinfo=UTC)
BLANK: dict[str, object] = {"state": EntryState.WAITING, "since": None, "detail": "", "times": 0}


def event(cause: Cause | None = None, file: str | None = None) -> Event:
    return Event(at=AT, step=OrderStep.REPORT, by=Actor.WATCH, cause=cause, file=file)


def row(**rules: Any) -> Transition[EntryState]:
    known = {"sources": (EntryState.CLAIMED,), "to": EntryState.PLACED, "by": frozenset(Actor)}
    return Transition(OrderStep.REPORT, **{**known, **rules})


def after(
    stored: dict[str, object], transition: Transition[EntryState], what: Event, **more: object
) -> dict[str, object]:
    given = {Given[name]: value for name, value in more.items()}
    fields = {**BLANK, "state": EntryState.CLAIMED, **stored}
    return apply_changes(fields, field_changes(transition, what, given), BLANK)


def test_the_state_comes_first_and_always() -> None:
    assert list(field_changes(row(), event(), {})) == [
        FieldChange("state", Effect.SET, EntryState.PLACED)
    ]


@pytest.mark.parametrize(
    ("given", "value"),
    [
        (Given.AT, AT),
        (Given.BY, Actor.WATCH),
        (Given.CAUSE, LateChange.EDITED),
        (Given.FILE, "a.xml"),
        (Given.YES, True),
        (Given.DETAIL, "klarna"),
    ],
)
def test_a_field_is_recorded_from_the_event_or_from_what_goes_with_it(
    given: Given, value: object
) -> None:
    recording = row(records=(Record("since", given),))
    what = event(LateChange.EDITED, "a.xml")
    assert after({}, recording, what, DETAIL="klarna")["since"] == value


def test_a_value_that_is_not_given_leaves_the_field_as_it_is() -> None:
    recording = row(records=(Record("detail", Given.FINGERPRINT), Record("since", Given.FILE)))
    assert after({"detail": "kept", "since": EARLIER}, recording, event()) == {
        **BLANK,
        "state": EntryState.PLACED,
        "detail": "kept",
        "since": EARLIER,
    }


def test_what_the_event_says_is_never_overwritten_by_what_goes_with_it() -> None:
    recording = row(records=(Record("since", Given.AT),))
    assert after({}, recording, event(), AT=EARLIER)["since"] == AT


@pytest.mark.parametrize(("stored", "then"), [(None, AT), (EARLIER, EARLIER)])
def test_a_field_that_is_set_once_keeps_its_value(stored: object, then: object) -> None:
    recording = row(records=(Record("since", Given.AT, once=True),))
    assert after({"since": stored}, recording, event())["since"] == then


@pytest.mark.parametrize(
    ("cause", "then"), [(ReleaseCause.NOT_FOUND, AT), (ReleaseCause.BUDGET, None), (None, None)]
)
def test_a_field_may_be_recorded_for_one_cause_only(cause: Cause | None, then: object) -> None:
    recording = row(records=(Record("since", Given.AT, only_for=ReleaseCause.NOT_FOUND),))
    assert after({}, recording, event(cause))["since"] == then


@pytest.mark.parametrize(("stored", "then"), [(None, AT), (EARLIER, EARLIER)])
def test_a_field_may_be_copied_from_another_which_goes_first(stored: object, then: object) -> None:
    recording = row(records=(Record("since", Given.AT, from_field="asked_at"),))
    assert after({"asked_at": stored}, recording, event())["since"] == then


def test_a_cleared_field_is_as_if_nothing_were_known_and_a_counted_one_grows() -> None:
    changing = row(clears=("detail", "since"), counts=("times",))
    then = after({"detail": "klarna", "since": EARLIER, "times": 2}, changing, event())
    assert (then["detail"], then["since"], then["times"]) == ("", None, 3)


def test_changes_leave_what_they_are_given_alone() -> None:
    stored = dict(BLANK)
    apply_changes(stored, [FieldChange("times", Effect.COUNT)], BLANK)
    assert stored == BLANK


@pytest.mark.parametrize("state", EntryState, ids=str)
def test_a_step_is_allowed_from_its_sources_only(state: EntryState) -> None:
    is_source = state is EntryState.CLAIMED
    assert is_allowed(row(), {**BLANK, "state": state}, event(), {}) is is_source


@pytest.mark.parametrize(("sources", "is_first"), [((None,), True), ((EntryState.HELD,), False)])
def test_without_a_record_only_a_first_step_is_allowed(sources: Any, *, is_first: bool) -> None:
    assert is_allowed(row(sources=sources), None, event(), {}) is is_first


@pytest.mark.parametrize(
    ("rule", "stored", "is_right"),
    [
        ({"matches": (("file", Given.FILE),)}, "a.xml", True),
        ({"matches": (("file", Given.FILE),)}, "b.xml", False),
        ({"matches": (("file", Given.FILE),)}, None, False),
        ({"differs": (("file", Given.FILE),)}, "a.xml", False),
        ({"differs": (("file", Given.FILE),)}, "b.xml", True),
        ({"differs": (("file", Given.FILE),)}, None, True),
        ({"present": ("file",)}, "b.xml", True),
        ({"present": ("file",)}, None, False),
    ],
    ids=str,
)
def test_a_step_may_ask_for_what_is_stored(
    rule: dict[str, Any], stored: str | None, *, is_right: bool
) -> None:
    fields = {**BLANK, "state": EntryState.CLAIMED, "file": stored}
    assert is_allowed(row(**rule), fields, event(file="a.xml"), {}) is is_right
