"""Any course of documents ends alike in memory and on DynamoDB, every answer included."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.adapters.dynamodb import Tables
from chalicelib.domain.events import Actor, Event
from chalicelib.domain.ledger import (
    DocumentKind,
    Entry,
    EntryState,
)
from chalicelib.domain.life import ORDER_LIFE
from chalicelib.domain.transitions import Transition
from chalicelib.ports import StepTaken
from tests.fakes.memory_ledger import MemoryEntries
from tests.tables.conftest import NOW, Ledger, hint, new_shop_id
from tests.tables.courses import COURSE, DAYS, causes_of, courses, memory, mostly, small
from tests.tables.former_items import former_cases, move_case, put_case
from tests.tables.stepping import HINTS

FILES = ("axml-orders-20260123-1-001.xml", "axml-orders-20260123-1-002.xml")
DROPPED_ON = (date(2026, 1, 23), date(2026, 1, 24))  # a course goes on past midnight
KEYS = [hint(number).key for number in (1, 2, 3)]


def transitions_from(state: object) -> st.SearchStrategy[Transition[EntryState]]:
    fitting = [t for t in ORDER_LIFE if state in t.sources]
    return mostly(*fitting, seldom=ORDER_LIFE)


def steps_after(entry: Entry | None, key: str) -> st.SearchStrategy[Any]:
    """A next step of a document: mostly one that its state allows, by any actor, with any cause,
    file and fingerprint.
    """
    return transitions_from(entry and entry.state).flatmap(lambda t: _steps_of(t, entry, key))


def _steps_of(
    transition: Transition[EntryState], entry: Entry | None, key: str
) -> st.SearchStrategy[Any]:
    actors = mostly(*sorted(transition.by), seldom=list(Actor))
    if transition.step in HINTS:
        return st.tuples(st.just(key), st.sampled_from(DAYS), actors)
    event = st.builds(
        Event,
        at=st.just(NOW),
        step=st.just(transition.step),
        by=actors,
        cause=causes_of(transition, entry.change if entry and transition.matches else None),
        file=mostly(entry.file if entry and entry.file else FILES[0], seldom=[*FILES, None]),
        note=st.sampled_from(["", "by_hand"]),
    )
    return st.builds(
        StepTaken,
        key=st.just(key),
        event=event,
        detail=st.sampled_from(["", "DE"]),
        fingerprint=st.sampled_from([None, "aa", "bb"]),
        booked_on=st.sampled_from([None, *DAYS]),
        read_fingerprint=mostly(None, entry and entry.fingerprint, seldom=["aa", "bb", "cc"]),
    )


former_orders = st.sampled_from(former_cases("orders"))


def take_step(ledger: Ledger, shop_id: int, step: Any, at: datetime) -> object:
    """The answer, or the words of a refusal."""
    try:
        return answer_step(ledger, shop_id, step, at)
    except ValueError as error:
        return str(error)


def answer_step(ledger: Ledger, shop_id: int, step: Any, at: datetime) -> object:
    entries = ledger.entries
    match step:
        case [StepTaken(), *_]:
            dated = [replace(each, event=replace(each.event, at=at)) for each in step]
            return entries.record_all(shop_id, dated)
        case key, day, by:
            kind, _, number = key.partition("-")
            hinted = hint(int(number), f"N{number[-1]}", day)
            hinted = replace(hinted, kind=DocumentKind(kind))
            return entries.record_hint(shop_id, hinted, at=at, by=by)
        case StepTaken():
            return entries.record(shop_id, replace(step, event=replace(step.event, at=at)))
    raise AssertionError(step)


def list_entries(ledger: Ledger, shop_id: int, more: Sequence[str] = ()) -> object:
    entries = ledger.entries
    return (
        entries.get_all(shop_id, [*KEYS, *more]),
        [entries.get(shop_id, key) for key in KEYS],
        [entries.find_by_numbers(shop_id, [number]) for number in ("N0", "N1", "N2")],
        [entries.list_waiting(shop_id, limit=limit) for limit in (1, 250)],
        entries.list_held(shop_id),
        entries.list_changed(shop_id),
        [entries.list_dropped(shop_id, day) for day in DROPPED_ON],
        (entries.count_waiting(shop_id), entries.count_held(shop_id)),
    )


def play(data: st.DataObject, real: Ledger, twin: Ledger, shop_id: int, keys: list[str]) -> None:
    """A course of both ledgers, from what both hold of the documents."""
    start = max([NOW, *(e.history[-1].at for e in twin.entries.get_all(shop_id, keys).values())])
    for number in range(COURSE):
        at = start + timedelta(minutes=number // 2 * 4)
        key = data.draw(st.sampled_from(keys))
        step = data.draw(steps_after(twin.entries.get(shop_id, key), key))
        if isinstance(step, StepTaken) and not data.draw(small):
            step = [replace(step, key=each) for each in keys]
        assert take_step(real, shop_id, step, at) == take_step(twin, shop_id, step, at), step


@courses
@given(data=st.data())
def test_orders_go_the_same_way(tables: Tables, data: st.DataObject) -> None:
    shop_id = new_shop_id()
    twin, real = memory(), Ledger(tables.shops, tables.entries, tables.files)
    for _ in range(2):
        play(data, real, twin, shop_id, KEYS)
        assert list_entries(real, shop_id) == list_entries(twin, shop_id)


def remember(ledger: Ledger, entry: Entry) -> None:
    """Put an entry into the ledger in memory as it is."""
    assert isinstance(ledger.entries, MemoryEntries)
    ledger.entries.items.setdefault(entry.shop_id, {})[entry.key] = entry


LISTED_ALIKE = ("waiting", "held", "placed")
"""States of which version 1.0.0 wrote into the index what this version writes."""


@courses
@given(formers=st.lists(former_orders, min_size=1, max_size=3, unique_by=id), data=st.data())
def test_orders_of_version_1_0_0_go_the_same_way(
    tables: Tables, formers: list[dict[str, Any]], data: st.DataObject
) -> None:
    shop_id = new_shop_id()
    twin, real = memory(), Ledger(tables.shops, tables.entries, tables.files)
    keys = [put_case(tables, move_case(former, shop_id)) for former in formers]
    for entry in real.entries.get_all(shop_id, keys).values():
        remember(twin, entry)
    is_listed = all(former["read"]["state"] in LISTED_ALIKE for former in formers)
    for _ in range(2):
        play(data, real, twin, shop_id, keys)
        if is_listed:
            assert list_entries(real, shop_id, keys) == list_entries(twin, shop_id, keys)
