"""Random lives of documents: courses through the table of life, over some days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any

from hypothesis import strategies as st

from chalicelib.domain.biography import ENTRY_DEFAULTS
from chalicelib.domain.days import local_day
from chalicelib.domain.events import Cause, Event, OrderStep
from chalicelib.domain.ledger import DocumentKind, Entry, EntryState
from chalicelib.domain.life import ORDER_LIFE
from chalicelib.domain.transitions import (
    Given,
    Transition,
    apply_changes,
    field_changes,
    is_allowed,
)

FIRST_DAY = date(2026, 3, 27)
START = datetime(2026, 3, 26, 23, 30, tzinfo=UTC)  # half past midnight; summer time begins on 29th
STEPS = (timedelta(0), timedelta(seconds=1), timedelta(minutes=40), timedelta(hours=9))
LONGER = timedelta(hours=30)

Fields = dict[str, object]
Given_ = dict[Given, object]


@st.composite
def courses(draw: st.DrawFn, *, longest: int = 14) -> list[tuple[Event, Given_]]:
    """A course of steps that the table allows, each with what is given along with it."""
    taken: list[tuple[Event, Given_]] = []
    fields: Fields | None = None
    at = START + draw(st.sampled_from((*STEPS, LONGER, 2 * LONGER)))
    for number in range(draw(st.integers(1, longest))):
        found = [each for t in ORDER_LIFE for each in _events(t, fields, at, number)]
        event, given = draw(st.sampled_from(found))
        transition = next(t for t in ORDER_LIFE if t.step is event.step)
        changes = field_changes(transition, event, given)
        fields = apply_changes(fields or ENTRY_DEFAULTS, changes, ENTRY_DEFAULTS)
        taken.append((event, given))
        at += draw(st.sampled_from((*STEPS, LONGER)))
    return taken


def _events(
    transition: Transition[EntryState], fields: Fields | None, at: datetime, number: int
) -> list[tuple[Event, Given_]]:
    """Every event by which the table lets a document of these fields take the step."""
    assert isinstance(transition.step, OrderStep)
    given: Given_ = {Given.DETAIL: f"detail {number}", Given.FINGERPRINT: f"fingerprint {number}"}
    if transition.step is OrderStep.MOVE and fields is not None:
        given[Given.FORMER_FILE] = fields["file"]
    claims = transition.step in (OrderStep.CLAIM, OrderStep.MOVE)
    file: Any = f"file-{number % 3}" if claims or fields is None else fields["file"]
    found = []
    for by in sorted(transition.by):
        for cause in _causes(transition):
            event = Event(at=at, step=transition.step, by=by, cause=cause, file=file)
            if is_allowed(transition, fields, event, given):
                found.append((event, given))
    return found


def _causes(transition: Transition[EntryState]) -> Sequence[Cause | None]:
    lists: Sequence[type[StrEnum]] = transition.causes
    causes: list[Any] = [cause for each in lists for cause in each]
    return causes or [None]


def live(course: Sequence[tuple[Event, Given_]], number: int = 1, **facts: Any) -> Entry:
    """The document after a course."""
    fields: Any = dict(ENTRY_DEFAULTS)
    for event, given in course:
        transition = next(t for t in ORDER_LIFE if t.step is event.step)
        fields = apply_changes(fields, field_changes(transition, event, given), ENTRY_DEFAULTS)
    known = {
        "shop_id": 184520,
        "kind": DocumentKind.ORDER,
        "document_id": number,
        "number": f"ORD{number}",
        "day": local_day(course[0][0].at),
        "history": tuple(event for event, _ in course),
    }
    return Entry(**{**fields, **known, **facts})


def until_day(course: Sequence[tuple[Event, Given_]], day: date) -> list[tuple[Event, Given_]]:
    """What of a course has happened by the end of a day."""
    return [(event, given) for event, given in course if local_day(event.at) <= day]
