"""A day's statement closes, goes on from the day before, and says so when it does not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain.causes import DropCause, LateChange, RequestCause
from chalicelib.domain.days import local_day
from chalicelib.domain.drawing_up import draw_up
from chalicelib.domain.events import Actor, Cause, Event, OrderStep
from chalicelib.domain.holds import HoldReason
from chalicelib.domain.ledger import DocumentKind, Entry, EntryState
from chalicelib.domain.policy import Source
from chalicelib.domain.statement import (
    DayAccount,
    DayStatement,
    Figure,
    ShopCheck,
    Verdict,
    statement_name,
)
from tests.chance import share
from tests.unit.domain.biographies import FIRST_DAY, Given_, courses, live, until_day

DAY = date(2026, 3, 28)
NOON = datetime(2026, 3, 28, 11, 0, tzinfo=UTC)
EVERY_DAY = [FIRST_DAY + timedelta(days=n) for n in range(21)]

Course = list[tuple[Event, Given_]]
lives = st.lists(courses(), min_size=1, max_size=6)


def entries_of(lives: Sequence[Course]) -> list[Entry]:
    return [live(course, number) for number, course in enumerate(lives, start=1) if course]


def account_for(
    day: date, entries: Sequence[Entry], source: Source = Source.ORDERS, *, is_over: bool = True
) -> DayAccount:
    account = DayAccount(day, source, is_over)
    for entry in entries:
        account.add(entry)
    return account


def account(lives: Sequence[Course], day: date, *, is_over: bool = True) -> DayAccount:
    return account_for(day, entries_of(lives), is_over=is_over)


def state(
    account: DayAccount,
    *,
    files: Mapping[str, int] | None = None,
    previous_left: int | None = None,
    check: ShopCheck | None = None,
) -> DayStatement:
    by_file = {name: len(keys) for name, keys in account.placed_by_file.items()}
    previous = None
    if previous_left is not None:
        previous = DayStatement(day=account.day - timedelta(days=1), at=NOON, held=previous_left)
    return draw_up(
        account,
        at=NOON,
        files=by_file if files is None else files,
        unfinished=(),
        previous=previous,
        check=check,
    )


@settings(max_examples=share(40))  # each plays up to six lives over three weeks
@given(lives)
def test_a_statement_closes_and_goes_on_from_the_day_before(lives: list[Course]) -> None:
    previous_left = 0
    for day in EVERY_DAY:
        statement = state(account(lives, day), previous_left=previous_left)
        came = statement.opened + statement.due + statement.corrections
        went = statement.placed + statement.dropped
        assert came == went + statement.waiting + statement.held
        assert statement.opened == previous_left
        assert statement.difference == 0
        assert statement.verdict is Verdict.RIGHT
        previous_left = statement.left
    opened = sum(entry.state.is_open for entry in entries_of(lives))
    assert previous_left == opened, "in the end everything that is open is left"


@settings(max_examples=share(40))  # each plays up to six lives over three weeks
@given(lives)
def test_today_closes_by_the_states_as_they_are(lives: list[Course]) -> None:
    for day in EVERY_DAY:
        happened = [until_day(course, day) for course in lives]
        today = state(account(happened, day, is_over=False))
        assert (today.difference, today.verdict) == (0, Verdict.RUNNING)


@settings(max_examples=share(40))  # each plays up to six lives over three weeks
@given(lives)
def test_a_day_that_is_over_is_the_same_at_whatever_later_moment(lives: list[Course]) -> None:
    for day in EVERY_DAY:
        at_once = account([until_day(course, day) for course in lives], day)
        later = account(lives, day)
        keys = {figure: [one.key for one in found] for figure, found in later.figures.items()}
        assert keys == {
            figure: [one.key for one in found] for figure, found in at_once.figures.items()
        }
        assert later.placed_by_file == at_once.placed_by_file


def tell(
    *steps: tuple[int, OrderStep, Cause | None], kind: DocumentKind = DocumentKind.ORDER
) -> Entry:
    """A document whose steps were taken on these days after the first."""
    actors = {
        OrderStep.HINT: Actor.WEBHOOK,
        OrderStep.ASK: Actor.MERCHANT,
        OrderStep.SEND_AGAIN: Actor.MERCHANT,
        OrderStep.REPORT: Actor.SWEEP,
    }
    course: Course = [
        (
            Event(
                at=NOON + timedelta(days=days, seconds=number),
                step=step,
                by=actors.get(step, Actor.EXPORT),
                cause=cause,
                file="a.xml",
            ),
            {},
        )
        for number, (days, step, cause) in enumerate(steps)
    ]
    return live(course, kind=kind)


HINTED = (0, OrderStep.HINT, None)
CLAIMED = (0, OrderStep.CLAIM, None)
PLACED = (0, OrderStep.PLACE, None)


def figures(
    *entries: Entry, day: date = DAY, source: Source = Source.ORDERS, is_over: bool = True
) -> dict[str, int]:
    drawn = account_for(day, entries, source, is_over=is_over)
    return {figure.value: drawn.count(figure) for figure in Figure if drawn.count(figure)}


def test_a_booked_order_is_due_and_placed() -> None:
    booked = tell(HINTED, CLAIMED, PLACED)
    assert figures(booked) == {"due": 1, "placed": 1}
    assert figures(booked, day=DAY + timedelta(days=1)) == {}
    assert figures(booked, day=DAY - timedelta(days=1)) == {}


def test_what_is_claimed_still_waits_also_in_a_file_of_unknown_outcome() -> None:
    claimed = tell(HINTED, CLAIMED)
    assert figures(claimed) == figures(claimed, is_over=False) == {"due": 1, "waiting": 1}
    tomorrow = DAY + timedelta(days=1)
    assert figures(claimed, day=tomorrow) == {"opened": 1, "waiting": 1}


def test_a_file_found_on_a_later_day_counts_on_that_day() -> None:
    found = tell(HINTED, CLAIMED, (2, OrderStep.PLACE, None))
    assert figures(found) == {"due": 1, "waiting": 1}
    assert figures(found, day=DAY + timedelta(days=2)) == {"opened": 1, "placed": 1}


def test_what_changes_after_it_was_booked_stays_delivered() -> None:
    """The order is cancelled in the shop later that day, which is reported, and no more."""
    cancelled = tell(HINTED, CLAIMED, PLACED, (0, OrderStep.REPORT, LateChange.CANCELLED))
    assert figures(cancelled) == {"due": 1, "placed": 1}
    tomorrow = tell(HINTED, CLAIMED, PLACED, (1, OrderStep.REPORT, LateChange.REFUNDED))
    assert figures(tomorrow, day=DAY + timedelta(days=1)) == {}


def test_sending_again_is_a_correction_and_comes_and_goes_twice_a_day() -> None:
    again = (0, OrderStep.SEND_AGAIN, RequestCause.ON_PURPOSE)
    twice = tell(HINTED, CLAIMED, PLACED, again, CLAIMED, PLACED)
    assert figures(twice) == {"due": 1, "corrections": 1, "placed": 2}
    assert account_for(DAY, [twice]).placed_by_file == {"a.xml": [twice.key, twice.key]}


@pytest.mark.parametrize(
    ("kind", "source", "figure"),
    [
        (DocumentKind.ORDER, Source.ORDERS, "due"),
        (DocumentKind.ORDER, Source.INVOICES, "due"),
        (DocumentKind.INVOICE, Source.INVOICES, "due"),
        (DocumentKind.INVOICE, Source.ORDERS, "corrections"),
        (DocumentKind.REVERSAL, Source.ORDERS, "corrections"),
        (DocumentKind.REVERSAL, Source.INVOICES, "corrections"),
    ],
)
def test_what_puts_right_what_is_in_the_books_is_no_sale(
    kind: DocumentKind, source: Source, figure: str
) -> None:
    asked = tell((0, OrderStep.ASK, None), kind=kind)
    assert figures(asked, source=source) == {figure: 1, "waiting": 1}


def test_what_is_held_is_left_and_what_is_dropped_is_gone() -> None:
    held = tell(HINTED, CLAIMED, (0, OrderStep.HOLD, HoldReason.EMAIL_MISSING))
    assert figures(held) == {"due": 1, "held": 1}
    dropped = tell(HINTED, CLAIMED, (0, OrderStep.DROP, DropCause.NOT_PAID))
    assert figures(dropped) == {"due": 1, "dropped": 1}
    assert figures(dropped, day=DAY + timedelta(days=1)) == {}
    due_again = tell(HINTED, CLAIMED, (0, OrderStep.DROP, DropCause.NOT_PAID), HINTED)
    assert figures(due_again) == {"due": 2, "dropped": 1, "waiting": 1}


def test_where_clocks_differ_at_midnight_a_biography_does_not_go_back() -> None:
    """A webhook is recorded after midnight by one clock, and claimed before it by another."""
    midnight = datetime(2026, 3, 28, 23, 0, tzinfo=UTC)
    second = timedelta(seconds=1)
    steps = (
        Event(at=midnight + second, step=OrderStep.HINT, by=Actor.WEBHOOK),
        Event(at=midnight - second, step=OrderStep.CLAIM, by=Actor.EXPORT, file="a.xml"),
        Event(at=midnight + second, step=OrderStep.PLACE, by=Actor.EXPORT, file="a.xml"),
    )
    skewed = live([(event, {}) for event in steps])
    assert figures(skewed) == {}
    assert figures(skewed, day=DAY + timedelta(days=1)) == {"due": 1, "placed": 1}


def test_a_day_is_one_of_amsterdam() -> None:
    assert local_day(NOON) == DAY
    late = datetime(2026, 3, 28, 23, 30, tzinfo=UTC)
    hint = Event(at=late, step=OrderStep.HINT, by=Actor.WEBHOOK)
    entry = live([(hint, {})])
    assert figures(entry) == {}
    assert figures(entry, day=DAY + timedelta(days=1)) == {"due": 1, "waiting": 1}


BOOKED = tell(HINTED, CLAIMED, PLACED)
WAITS = tell((-1, OrderStep.HINT, None))


def verdict(*entries: Entry, is_over: bool = True, **facts: Any) -> Verdict:
    drawn = account_for(DAY, entries, is_over=is_over)
    return state(drawn, **facts).verdict


CHECK = ShopCheck(since=NOON, at=NOON, due=1, is_whole=True)


def test_a_day_that_is_over_is_right_without_a_check_and_today_with_one() -> None:
    assert verdict(BOOKED) is Verdict.RIGHT
    assert verdict(BOOKED, is_over=False) is Verdict.RUNNING
    assert verdict(BOOKED, is_over=False, check=CHECK) is Verdict.RIGHT
    part = ShopCheck(since=NOON, at=NOON)
    assert verdict(BOOKED, is_over=False, check=part) is Verdict.RUNNING


@pytest.mark.parametrize(
    "files", [{}, {"a.xml": 2}, {"a.xml": 0}, {"b.xml": 1}, {"a.xml": 1, "b.xml": 1}], ids=str
)
@pytest.mark.parametrize("is_over", [True, False])
def test_a_document_that_the_files_record_lacks_or_has_too_many_is_wrong(
    files: dict[str, int], *, is_over: bool
) -> None:
    assert verdict(BOOKED, files=files, is_over=is_over, check=CHECK) is Verdict.WRONG


@pytest.mark.parametrize("previous_left", [0, 2])
def test_a_day_that_does_not_go_on_from_the_day_before_is_wrong(previous_left: int) -> None:
    assert verdict(BOOKED, WAITS, previous_left=previous_left, check=CHECK) is Verdict.WRONG
    assert verdict(BOOKED, WAITS, previous_left=1, check=CHECK) is Verdict.RIGHT
    assert verdict(BOOKED, WAITS, previous_left=None, check=CHECK) is Verdict.RIGHT


@pytest.mark.parametrize(("missing", "differing"), [(1, 0), (0, 1)])
@pytest.mark.parametrize("is_whole", [True, False])
def test_what_the_shop_lists_and_the_ledger_lacks_is_wrong(
    missing: int, differing: int, *, is_whole: bool
) -> None:
    check = ShopCheck(
        since=NOON, at=NOON, due=2, missing=missing, differing=differing, is_whole=is_whole
    )
    assert verdict(BOOKED, check=check) is Verdict.WRONG
    assert verdict(BOOKED, is_over=False, check=check) is Verdict.WRONG


def test_a_state_that_the_biography_does_not_tell_is_wrong_today() -> None:
    """The document is placed, and nothing says by what."""
    strange = live([(WAITS.history[0], {})], state=EntryState.PLACED)
    assert verdict(strange, is_over=False, check=CHECK) is Verdict.WRONG


def test_the_name_of_a_days_statement() -> None:
    assert statement_name(date(2026, 11, 3)) == "day-2026-11-03"
