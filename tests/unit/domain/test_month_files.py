"""The files of a month, and what a file adds up to, stay within what a record may hold."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import msgspec

from chalicelib.domain.bounds import MOST_MONTH_FILES
from chalicelib.domain.making_returns import make_file_returns
from chalicelib.domain.month_files import MonthFiles, month_name
from chalicelib.domain.return_places import ReturnBox, ReturnPlace, Supply
from chalicelib.settings import ORDERS_PER_FILE
from tests.unit.axml.builders import a_line, an_invoice

LARGEST = 256 * 1024
"""Bytes; a record of DynamoDB may have 400 KB."""

NEW_YEAR = date(2026, 1, 1)
AT = datetime(2026, 3, 31, 22, 15, tzinfo=UTC)


def size_of(record: object) -> int:
    return len(json.dumps(msgspec.to_builtins(record, str_keys=True)))


def test_a_file_is_put_down_once_and_named_in_order() -> None:
    month = MonthFiles(at=AT)
    names = ["axml-orders-20260401-7-002.xml", "axml-orders-20260331-7-010.xml"]
    for name in (*names, *names):
        month = month.add(name, AT)
    assert month.list_names(7) == names[::-1]
    assert month.add(names[0], AT + timedelta(days=1)) is month
    assert month_name(date(2026, 3, 31)) == "month-2026-03"


def test_a_month_with_no_room_for_another_file_says_so_and_keeps_the_others() -> None:
    days = [f"{date(2026, 3, 1) + timedelta(days=n):%Y%m%d}" for n in range(21)]
    month = MonthFiles(at=AT, numbers={day: tuple(range(1, 953)) for day in days})
    assert sum(map(len, month.numbers.values())) < MOST_MONTH_FILES
    while not month.is_full:
        number = len(month.numbers.get("20260401", ())) + 1
        month = month.add(f"axml-orders-20260401-7-{number:03d}.xml", AT)
    assert len(month.list_names(7)) == MOST_MONTH_FILES
    assert size_of(month) < LARGEST


def test_what_a_full_file_adds_up_to_stays_small_whatever_is_in_it() -> None:
    places = [
        ReturnPlace(box=box, supply=supply, distance_to="DE")
        for box in (ReturnBox.GENERAL, ReturnBox.REDUCED)
        for supply in Supply
    ]
    lines = tuple(
        replace(a_line(at, "1234567.89"), place=place) for at, place in enumerate(places, 1)
    )
    invoices = [
        replace(
            an_invoice(n, lines), day=date(2026, 1, 1) + timedelta(days=n), payment_method="k" * 120
        )
        for n in range(ORDERS_PER_FILE)
    ]
    returns = make_file_returns(invoices, again=invoices[:20])
    assert returns is not None
    assert len(returns.days) == ORDERS_PER_FILE
    assert size_of(returns) < LARGEST


def test_a_delivery_by_api_is_listed_among_the_files_under_its_own_name() -> None:
    names = [f"axml-orders-20260301-184520-{end}" for end in ("001.xml", "002.api", "003.xml")]
    month = MonthFiles(at=AT)
    for name in reversed(names):
        month = month.add(name, AT)
    assert month.list_names(184520) == names
    assert month.add(names[1], AT) is month
