"""A day that is not right says why, and names the documents or the files."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from chalicelib.domain.discrepancies import MOST_NAMED, Discrepancy, DiscrepancyKind
from chalicelib.domain.drawing_up import MOST_LEFT_NAMED, draw_up
from chalicelib.domain.events import Actor, Event, OrderStep
from chalicelib.domain.ledger import DocumentKind, Entry, EntryState
from chalicelib.domain.policy import Source
from chalicelib.domain.statement import DayAccount, DayStatement, ShopCheck, Verdict

DAY = date(2026, 3, 28)
NOON = datetime(2026, 3, 28, 11, 0, tzinfo=UTC)
YESTERDAY = NOON - timedelta(days=1)


def entry(number: int, state: EntryState, *steps: tuple[datetime, OrderStep]) -> Entry:
    return Entry(
        shop_id=1,
        kind=DocumentKind.ORDER,
        document_id=number,
        number=f"ORD{number}",
        day=DAY,
        state=state,
        since=NOON,
        history=tuple(Event(at=at, step=step, by=Actor.EXPORT, file="a.xml") for at, step in steps),
    )


def placed(number: int) -> Entry:
    steps = [(NOON, step) for step in (OrderStep.HINT, OrderStep.CLAIM, OrderStep.PLACE)]
    return entry(number, EntryState.PLACED, *steps)


def waiting(number: int, since: datetime = NOON) -> Entry:
    return entry(number, EntryState.WAITING, (since, OrderStep.HINT))


def state(*entries: Entry, is_over: bool = True, **facts: Any) -> DayStatement:
    account = DayAccount(DAY, Source.ORDERS, is_over)
    for one in entries:
        account.add(one)
    by_file = {name: len(keys) for name, keys in account.placed_by_file.items()}
    return draw_up(
        account,
        **{
            "at": NOON,
            "files": by_file,
            "unfinished": (),
            "previous": None,
            "check": None,
            **facts,
        },
    )


def discrepancy(kind: DiscrepancyKind, count: int, names: Sequence[str] = ()) -> Discrepancy:
    return Discrepancy(kind=kind, count=count, names=tuple(names))


def check(**facts: Any) -> ShopCheck:
    return ShopCheck(since=NOON, at=NOON, is_whole=True, **facts)


def test_a_day_that_is_right_has_none() -> None:
    right = state(placed(1), waiting(2))
    assert (right.verdict, right.discrepancies) == (Verdict.RIGHT, ())


def test_what_the_shop_lists_is_named() -> None:
    found = check(
        missing=2,
        missing_numbers=("ORD8", "ORD9"),
        differing=1,
        differing_numbers=("ORD1",),
    )
    assert state(placed(1), check=found).discrepancies == (
        discrepancy(DiscrepancyKind.MISSING, 2, ["ORD8", "ORD9"]),
        discrepancy(DiscrepancyKind.DIFFERING, 1, ["ORD1"]),
    )


def test_a_file_that_holds_other_documents_is_named_once_it_is_finished() -> None:
    more = {"a.xml": 2, "b.xml": 1}
    files = discrepancy(DiscrepancyKind.FILES, 2, ["a.xml", "b.xml"])
    assert state(placed(1), files=more).discrepancies == (files,)
    half = state(placed(1), files=more, unfinished=("b.xml",))
    assert half.discrepancies == (discrepancy(DiscrepancyKind.FILES, 1, ["a.xml"]),)
    running = state(placed(1), files=more, unfinished=("a.xml", "b.xml"))
    assert (running.verdict, running.discrepancies) == (Verdict.RUNNING, ())


def test_documents_that_came_or_went_between_two_days_are_named() -> None:
    before = DayStatement(day=DAY - timedelta(days=1), at=YESTERDAY, held=3)
    opened = [waiting(number, YESTERDAY) for number in (1, 2)]
    unnamed = state(*opened, previous=before)
    assert unnamed.discrepancies == (discrepancy(DiscrepancyKind.OPENING, 1),)
    left = state(*opened, waiting(7, YESTERDAY)).left_numbers
    assert left == ("ORD1", "ORD2", "ORD7")
    named = DayStatement(day=before.day, at=YESTERDAY, held=3, left_numbers=left)
    (opening,) = state(*opened, previous=named).discrepancies
    assert opening == discrepancy(DiscrepancyKind.OPENING, 1, ["ORD7"])


def test_a_document_that_is_where_its_biography_does_not_lead_is_named() -> None:
    lost = entry(5, EntryState.PLACED, (NOON, OrderStep.HINT))
    assert state(placed(1), lost, is_over=False).discrepancies == (
        discrepancy(DiscrepancyKind.SIDES, 1, ["ORD5"]),
    )
    steps = [(NOON, step) for step in (OrderStep.HINT, OrderStep.CLAIM, OrderStep.PLACE)]
    found = entry(6, EntryState.WAITING, *steps)
    both = state(lost, found, is_over=False)
    assert both.difference == 0, "one too many and one too few"
    assert both.verdict is Verdict.WRONG
    assert both.discrepancies == (discrepancy(DiscrepancyKind.SIDES, 2, ["ORD5", "ORD6"]),)


@pytest.mark.parametrize("count", [MOST_NAMED, MOST_NAMED + 1, 5000])
def test_only_the_first_are_named_and_all_are_counted(count: int) -> None:
    lost = [entry(n, EntryState.PLACED, (NOON, OrderStep.HINT)) for n in range(1, count + 1)]
    (sides,) = state(*lost, is_over=False).discrepancies
    assert sides.count == count
    assert sides.names == tuple(f"ORD{number}" for number in range(1, MOST_NAMED + 1))


def test_a_day_that_leaves_many_open_does_not_name_them() -> None:
    many = [waiting(number) for number in range(MOST_LEFT_NAMED + 1)]
    assert len(state(*many[1:]).left_numbers) == MOST_LEFT_NAMED
    assert state(*many).left_numbers == ()
