"""Documents as version 1.0.0 stored them: read as it read them, and carried on."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from chalicelib.adapters.dynamodb import Tables
from chalicelib.domain.biography import states_around
from chalicelib.domain.causes import LateChange, RequestCause
from chalicelib.domain.events import Actor, Event, OrderStep
from chalicelib.domain.ledger import Entry, EntryState
from chalicelib.domain.life import ORDER_LIFE
from chalicelib.domain.transitions import Transition
from chalicelib.ports import StepTaken
from chalicelib.usecases.judging.comparing import hidden_change
from tests.fakes.memory_ledger import MemoryEntries
from tests.tables.conftest import new_shop_id
from tests.tables.former_items import (
    as_text,
    cases_of,
    move_case,
    parametrize_cases,
    put_case,
)
from tests.tables.stepping import CAUSES, HINTS

CASES = [case for case in cases_of() if case["table"] == "orders"]
every_case = parametrize_cases("orders")

SENT_AGAIN = "placed, sent again by operator with the reason by_hand"
OTHERWISE: dict[str, dict[str, Any]] = {
    # An operator's words are no code: what was sent again because of them is in the books.
    SENT_AGAIN: {"by_hand": False},
    f"{SENT_AGAIN}, dropped by_hand: a false case": {"by_hand": False},
    "by the use cases: placed, rerun with the reason by_hand": {"by_hand": False},
    # A file that an operator gives up says nothing of whether its documents are due …
    "hint by sweep, given back by operator (file again)": {"has_evidence": False},
    # … nor of whether SEOshop has them, as one that the export gives up never did.
    "not found, found but its file was given up by operator, not found again": {
        "missing_since": "2026-01-24T00:15:54.412820+00:00"
    },
}
"""What is read otherwise than version 1.0.0 did, and why that is right."""

SINCE_IS_UNKNOWN = "older shape: claimed without waits_since"
"""Given back, it waits since then: nothing beside the biography says since when it did."""


def read_case(tables: Tables, case: dict[str, Any]) -> tuple[Entry, dict[str, Any]]:
    """The document of a case, out of a shop of its own, and how version 1.0.0 read it."""
    shop_id = new_shop_id()
    moved = move_case(case, shop_id)
    entry = tables.entries.get(shop_id, put_case(tables, moved))
    assert entry is not None
    return entry, moved["read"]


def meaning_of(entry: Entry) -> dict[str, Any]:
    """What the use cases make of a document; see `stored/README.md`."""
    return {
        "by_hand": entry.by_hand,
        "missing_since": as_text(entry.missing_since),
        "untold": as_text(hidden_change(entry)),
        "refund_dealt_with_at": as_text(entry.refund_accepted_at),
        "was_told_of": entry.change is not None or entry.reported_at is not None,
        "taken_at": as_text(entry.claimed_at),
        "has_evidence": entry.has_evidence,
        "drop_cause": entry.drop_cause or "",
    }


@every_case
def test_every_field_is_read_as_it_was(tables: Tables, case: dict[str, Any]) -> None:
    entry, read = read_case(tables, case)
    del read["history"]
    assert {name: as_text(getattr(entry, name)) for name in read} == read


@every_case
def test_every_event_is_a_step_to_the_state_that_it_led_to(
    tables: Tables, case: dict[str, Any]
) -> None:
    entry, read = read_case(tables, case)
    steps = list(states_around(entry.history))
    for (before, event, after), former in zip(steps, read["history"], strict=True):
        assert (as_text(event.at), event.by) == (former["at"], former["by"])
        if former["what"] == "changed":
            assert event.step is OrderStep.REPORT
        elif former["what"] == "seen":
            assert event.step in (OrderStep.ACCEPT, OrderStep.WITHDRAW)
        else:
            assert after == former["what"]
        assert is_said(event, former["detail"]), (event, former)
        (transition,) = [t for t in ORDER_LIFE if t.step is event.step]
        assert before in transition.sources
        assert event.by in transition.by
    assert steps[-1][2] is entry.state


def is_said(event: Event, detail: str) -> bool:
    """Whether an event still says what version 1.0.0 wrote beside it."""
    if event.cause is RequestCause.ON_PURPOSE:
        return detail == event.note
    if event.cause is RequestCause.MENDED:
        return detail.startswith("released: ")
    if event.step is OrderStep.BOOK_BY_HAND:
        return detail == "by_hand"
    if event.step is OrderStep.ACCEPT:
        return isinstance(event.cause, LateChange) and not detail
    if detail == "rate_gone":  # the field `hold` keeps it
        return event.step is OrderStep.HOLD and event.cause is None
    return detail == (event.cause or event.file or event.note or "")


@every_case
def test_the_facts_mean_what_the_biography_meant(tables: Tables, case: dict[str, Any]) -> None:
    meaning = {**case["meaning"], **OTHERWISE.get(case["case"], {})}
    assert meaning_of(read_case(tables, case)[0]) == meaning


def test_every_exception_is_a_case_that_differs() -> None:
    by_name = {case["case"]: case["meaning"] for case in CASES}
    for name, otherwise in OTHERWISE.items():
        assert otherwise.items().isdisjoint(by_name[name].items())


def next_steps(entry: Entry) -> list[tuple[Transition[EntryState], Actor]]:
    """Every step that the table allows next, each by one who may take it."""
    return [(t, min(t.by)) for t in ORDER_LIFE if entry.state in t.sources]


def step_after(entry: Entry, transition: Transition[EntryState], by: Actor) -> StepTaken:
    of = OrderStep(transition.step)
    cause = entry.change if of is OrderStep.ACCEPT else CAUSES.get(of)
    file = entry.file or f"axml-orders-20270101-{entry.shop_id}-001.xml"
    event = Event(at=LATE, step=of, by=by, cause=cause, file=file, note="by_hand")
    return StepTaken(key=entry.key, event=event, detail="d", fingerprint="p")


LATE = datetime.fromisoformat("2027-01-01T00:00:00+00:00")


@every_case
def test_every_step_goes_on_from_there_as_in_memory(tables: Tables, case: dict[str, Any]) -> None:
    for transition, by in next_steps(read_case(tables, case)[0]):
        before, _ = read_case(tables, case)
        if transition.step is OrderStep.ACCEPT and before.change is None:
            continue
        twin = MemoryEntries()
        twin.items[before.shop_id] = {before.key: before}
        answers: list[object] = []
        for entries in (tables.entries, twin):
            if transition.step in HINTS:
                hinted = before.hint
                answer: object = entries.record_hint(before.shop_id, hinted, at=LATE, by=by)
            else:
                answer = entries.record(before.shop_id, step_after(before, transition, by))
            answers += [answer, entries.get(before.shop_id, before.key)]
        if case["case"] == SINCE_IS_UNKNOWN and transition.step is OrderStep.RELEASE:
            entry = answers[1]
            assert isinstance(entry, Entry)
            assert entry.since == LATE
            continue
        assert answers[:2] == answers[2:], (transition.step, by)


def test_what_version_1_0_0_left_open_is_listed(tables: Tables) -> None:
    shop_id = new_shop_id()
    by_state: dict[str, list[str]] = {state: [] for state in EntryState}
    for case in CASES:
        if case["read"]["shop_id"] == "184520":
            key = put_case(tables, move_case(case, shop_id))
            by_state[case["read"]["state"]].append(key)
    entries = tables.entries
    waiting = entries.list_waiting(shop_id)
    assert {entry.key for entry in waiting} == {*by_state["waiting"], *by_state["claimed"]}
    assert {(entry.state, entry.file) for entry in waiting} == {(EntryState.WAITING, None)}
    assert [e.document_id for e in waiting] == sorted(
        (e.document_id for e in waiting), key=lambda number: (number != 301204405, number)
    )
    assert entries.count_waiting(shop_id) == len(waiting)
    assert [e.key for e in entries.list_held(shop_id)] == sorted(by_state["held"], key=_number)
    assert entries.count_held(shop_id) == len(by_state["held"])
    changed = {e.key for e in entries.list_changed(shop_id)}
    assert changed == {
        key
        for key, entry in entries.get_all(shop_id, by_state["placed"]).items()
        if entry.change is not None
    }


def _number(key: str) -> str:
    return key.partition("-")[2]
