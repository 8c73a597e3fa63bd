"""The life of a document and of a file: what may follow what, by whom, and what it changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given

from chalicelib.domain.biography import ENTRY_DEFAULTS, FACTS, replay, states_around
from chalicelib.domain.causes import (
    DropCause,
    LateChange,
    PlaceCause,
    ReleaseCause,
    RequestCause,
)
from chalicelib.domain.events import Actor, Contradiction, Event, FileStep, OrderStep
from chalicelib.domain.holds import HoldReason
from chalicelib.domain.ledger import DocumentKind, Entry, EntryState, Hint
from chalicelib.domain.ledger import FileState as F
from chalicelib.domain.life import (
    FILE_LIFE,
    ORDER_LIFE,
    file_transition,
    hint_step,
    order_transition,
)
from chalicelib.domain.transitions import Given, Transition
from chalicelib.ports import StepTaken
from tests.fakes.memory_ledger import MemoryEntries
from tests.unit.domain.biographies import Given_, courses, live

AT = datetime(2026, 3, 15, 1, 15, tzinfo=UTC)
CAUSES = (HoldReason, DropCause, ReleaseCause, RequestCause, LateChange, PlaceCause, Contradiction)

LIFE_OF_A_DOCUMENT = """
hint: new, held, dropped -> waiting, by backfill, webhook
discover: new, held, dropped -> waiting, by sweep
ask: new, held, dropped -> waiting, by bookkeeper, merchant, operator
claim: waiting -> claimed, by export, operator
move: claimed -> claimed, by export, operator
place: claimed -> placed, by export, operator
hold: claimed -> held, by export, operator
drop: claimed -> dropped, by export, operator
release: claimed -> waiting, by export, operator
retry: held -> waiting, by bookkeeper, merchant, operator
hold again: held -> held, by bookkeeper, merchant, operator
free: held -> waiting, by sweep
book by hand: held -> waiting, by bookkeeper, merchant, operator
reopen: dropped -> waiting, by bookkeeper, merchant, operator
send again: placed -> waiting, by bookkeeper, merchant, operator
report: placed -> placed, by sweep, watch
withdraw: placed -> placed, by sweep, watch
accept: placed -> placed, by bookkeeper, merchant, operator
show right: placed -> placed, by watch
delete there: placed -> placed, by bookkeeper, merchant, operator
credit: placed -> placed, by bookkeeper, merchant, operator
"""

LIFE_OF_A_FILE = """
create: new -> claimed, by export, operator
fix: claimed -> placing, by export, operator
deliver: placing -> placed, by export, operator
trust: placing -> placed, by export, operator
find: placing, unknown -> placed, by export, operator
confirm: unknown -> placed, by operator
lose: placing -> unknown, by export, operator
contradict: placing, unknown -> unknown, by export, operator
refuse: placing -> void, by export, operator
miss: placing, unknown -> void, by export, operator
resend: placing, unknown -> placing, by export, operator
give up: unknown -> void, by operator
finish: placed -> placed, by export, operator
finish: void -> void, by export, operator
discard: claimed -> void, by export, operator
take back: void -> placed, by export, operator
surface: void -> double, by export, operator
resolve: double -> placed, by bookkeeper, merchant, operator
"""


def sentence(transition: Transition[Any]) -> str:
    sources = ", ".join("new" if state is None else state.value for state in transition.sources)
    actors = ", ".join(sorted(actor.value for actor in transition.by))
    return f"{transition.step.value}: {sources} -> {transition.to.value}, by {actors}"


@pytest.mark.parametrize(
    ("table", "sentences"), [(ORDER_LIFE, LIFE_OF_A_DOCUMENT), (FILE_LIFE, LIFE_OF_A_FILE)]
)
def test_what_may_follow_what_and_by_whom(table: Sequence[Transition[Any]], sentences: str) -> None:
    assert [sentence(transition) for transition in table] == sentences.strip().splitlines()


def test_every_step_is_in_its_table() -> None:
    assert {t.step for t in ORDER_LIFE} == set(OrderStep)
    assert {t.step for t in FILE_LIFE} == set(FileStep)


@pytest.mark.parametrize(
    ("by", "step"),
    [
        (Actor.WEBHOOK, OrderStep.HINT),
        (Actor.BACKFILL, OrderStep.HINT),
        (Actor.SWEEP, OrderStep.DISCOVER),
        (Actor.MERCHANT, OrderStep.ASK),
        (Actor.OPERATOR, OrderStep.ASK),
    ],
)
def test_who_records_a_hint_takes_this_step(by: Actor, step: OrderStep) -> None:
    assert hint_step(by) is step
    assert order_transition(Event(at=AT, step=step, by=by)).to is EntryState.WAITING


@pytest.mark.parametrize(
    "by", [Actor.EXPORT, Actor.WATCH, Actor.PLATFORM, Actor.CONNECTOR], ids=str
)
def test_nobody_else_records_hints(by: Actor) -> None:
    with pytest.raises(ValueError, match="records no hints"):
        hint_step(by)


@pytest.mark.parametrize("step", OrderStep, ids=str)
def test_a_step_of_a_document_is_taken_by_nobody_else(step: OrderStep) -> None:
    (row,) = (t for t in ORDER_LIFE if t.step is step)
    for by in set(Actor) - row.by:
        with pytest.raises(ValueError, match="may not take the step"):
            order_transition(Event(at=AT, step=step, by=by))


@pytest.mark.parametrize("step", FileStep, ids=str)
def test_a_step_of_a_file_is_taken_by_nobody_else(step: FileStep) -> None:
    actors = {by for t in FILE_LIFE if t.step is step for by in t.by}
    for by in set(Actor) - actors:
        with pytest.raises(ValueError, match="may not take the step"):
            file_transition(Event(at=AT, step=step, by=by), F.CLAIMED)


@pytest.mark.parametrize("step", OrderStep, ids=str)
def test_a_step_has_the_causes_of_its_own_list_and_no_others(step: OrderStep) -> None:
    (row,) = (t for t in ORDER_LIFE if t.step is step)
    by = min(row.by)
    for codes in CAUSES:
        for cause in codes:
            event = Event(at=AT, step=step, by=by, cause=cause, file="axml.xml")
            if codes in row.causes:
                assert order_transition(event).step is step
            else:
                with pytest.raises(ValueError, match="is not caused by"):
                    order_transition(event)


NAMING_THEIR_CAUSE = {
    *(OrderStep.HOLD, OrderStep.HOLD_AGAIN, OrderStep.DROP, OrderStep.REPORT, OrderStep.ACCEPT),
    OrderStep.DELETE_THERE,
}
OF_A_FILE = {
    *(OrderStep.CLAIM, OrderStep.MOVE, OrderStep.PLACE, OrderStep.HOLD),
    *(OrderStep.DROP, OrderStep.RELEASE),
}


@pytest.mark.parametrize("step", OrderStep, ids=str)
def test_a_step_says_the_cause_and_the_file_that_it_records(step: OrderStep) -> None:
    (row,) = (t for t in ORDER_LIFE if t.step is step)
    cause: Any = next(iter(row.causes[0])) if row.causes else None
    whole = Event(at=AT, step=step, by=min(row.by), cause=cause, file="axml.xml")
    assert order_transition(whole) is row
    without = (
        (replace(whole, cause=None), NAMING_THEIR_CAUSE),
        (replace(whole, file=None), OF_A_FILE),
    )
    for event, steps in without:
        if step in steps:
            with pytest.raises(ValueError, match="needs a cause or a file"):
                order_transition(event)
        else:
            assert order_transition(event) is row


def test_the_causes_of_each_step() -> None:
    rows: list[Transition[Any]] = [*ORDER_LIFE, *FILE_LIFE]
    assert {row.step: row.causes for row in rows if row.causes} == {
        OrderStep.PLACE: (LateChange, PlaceCause),
        OrderStep.HOLD: (HoldReason,),
        OrderStep.HOLD_AGAIN: (HoldReason,),
        OrderStep.DROP: (DropCause,),
        OrderStep.RELEASE: (ReleaseCause,),
        OrderStep.RETRY: (RequestCause,),
        OrderStep.FREE: (RequestCause,),
        OrderStep.REOPEN: (RequestCause,),
        OrderStep.SEND_AGAIN: (RequestCause,),
        OrderStep.REPORT: (LateChange,),
        OrderStep.ACCEPT: (LateChange,),
        OrderStep.SHOW_RIGHT: (LateChange,),
        OrderStep.DELETE_THERE: (LateChange,),
        FileStep.CONTRADICT: (Contradiction,),
        FileStep.REFUSE: (ReleaseCause,),
        FileStep.DISCARD: (ReleaseCause,),
    }


def test_a_cause_of_the_same_text_is_not_the_same_cause() -> None:
    event = Event(at=AT, step=OrderStep.DROP, by=Actor.EXPORT, cause=LateChange.CANCELLED)
    with pytest.raises(ValueError, match="is not caused by"):
        order_transition(event)


@pytest.mark.parametrize("state", [None, *F], ids=str)
@pytest.mark.parametrize("step", FileStep, ids=str)
def test_a_file_takes_a_step_only_from_where_the_table_says(
    step: FileStep, state: F | None
) -> None:
    found = file_transition(Event(at=AT, step=step, by=Actor.OPERATOR), state)
    rows = [row for row in FILE_LIFE if row.step is step and state in row.sources]
    assert ([] if found is None else [found]) == rows


@given(courses())
def test_a_biography_tells_the_states_in_between(course: list[tuple[Event, Given_]]) -> None:
    history = [event for event, _ in course]
    around = list(states_around(history))
    assert [event for _, event, _ in around] == history
    assert around[0][0] is None
    for number, (before, _, after) in enumerate(around, start=1):
        assert live(course[:number]).state is after
        assert before is (None if number == 1 else around[number - 2][2])


@given(courses())
def test_a_biography_alone_tells_the_facts(course: list[tuple[Event, Given_]]) -> None:
    """The ledger in memory takes the steps one after the other, with all that goes with them."""
    ledger, entry = MemoryEntries(), _record_first(course[0][0])
    ledger.items[entry.shop_id] = {entry.key: entry}
    for event, more in course[1:]:
        former: Any = more.get(Given.FORMER_FILE)
        taken = StepTaken(
            key=entry.key, event=event, detail="d", fingerprint=str(more), former_file=former
        )
        assert ledger.record(entry.shop_id, taken), f"{event} after {entry}"
    after = ledger.items[entry.shop_id][entry.key]
    replayed = replay(after.history)
    for fact in (*FACTS, "state", "since", "file", "hold", "change", "revision"):
        assert replayed[fact] == getattr(after, fact), fact


def _record_first(event: Event) -> Entry:
    ledger = MemoryEntries()
    hint = Hint(kind=DocumentKind.ORDER, document_id=1, number="ORD1", day=AT.date())
    assert ledger.record_hint(184520, hint, at=event.at, by=event.by)
    return ledger.items[184520][hint.key]


def history(*steps: tuple[OrderStep, Actor, Any]) -> list[Event]:
    return [
        Event(at=AT.replace(minute=minute), step=step, by=by, cause=cause, file="a.xml")
        for minute, (step, by, cause) in enumerate(steps)
    ]


BOOKED = (
    (OrderStep.DISCOVER, Actor.SWEEP, None),
    (OrderStep.CLAIM, Actor.EXPORT, None),
    (OrderStep.PLACE, Actor.EXPORT, None),
)


def test_the_sweep_alone_is_no_evidence_and_a_webhook_is() -> None:
    assert not replay(history(BOOKED[0]))["has_evidence"]
    assert replay(history((OrderStep.HINT, Actor.WEBHOOK, None)))["has_evidence"]


def test_what_a_file_gives_back_waits_since_it_was_asked_for() -> None:
    release = (OrderStep.RELEASE, Actor.EXPORT, ReleaseCause.BUDGET)
    fields = replay(history(*BOOKED[:2], release))
    assert (fields["since"], fields["asked_at"]) == (AT.replace(minute=0), AT.replace(minute=0))
    assert fields["file"] is None


def test_only_the_first_answer_that_it_is_not_there_counts() -> None:
    missing = (OrderStep.RELEASE, Actor.EXPORT, ReleaseCause.NOT_FOUND)
    fields = replay(history(*BOOKED[:2], missing, BOOKED[1], missing))
    assert fields["missing_since"] == AT.replace(minute=2)
    unavailable = (OrderStep.RELEASE, Actor.EXPORT, ReleaseCause.UNAVAILABLE)
    assert replay(history(*BOOKED[:2], unavailable))["missing_since"] is None


def test_by_hand_lasts_until_a_person_asks_for_the_document() -> None:
    held = (*BOOKED[:2], (OrderStep.HOLD, Actor.EXPORT, HoldReason.EMAIL_MISSING))
    by_hand = (*held, (OrderStep.BOOK_BY_HAND, Actor.MERCHANT, None))
    left_out = (*by_hand, BOOKED[1], (OrderStep.DROP, Actor.EXPORT, DropCause.BY_HAND))
    assert replay(history(*left_out))["by_hand"]
    assert replay(history(*left_out, (OrderStep.HINT, Actor.WEBHOOK, None)))["by_hand"]
    reopened = (*left_out, (OrderStep.REOPEN, Actor.MERCHANT, RequestCause.ON_PURPOSE))
    assert not replay(history(*reopened))["by_hand"]


def test_sending_again_counts_and_takes_the_change_off() -> None:
    report = (OrderStep.REPORT, Actor.WATCH, LateChange.REFUNDED)
    again = (OrderStep.SEND_AGAIN, Actor.MERCHANT, RequestCause.ON_PURPOSE)
    fields = replay(history(*BOOKED, report, again))
    assert (fields["revision"], fields["change"], fields["file"]) == (1, None, None)
    assert fields["refund_reported_at"] == AT.replace(minute=3)


def test_a_booking_tells_of_a_refund_in_the_same_step() -> None:
    placed = (OrderStep.PLACE, Actor.EXPORT, LateChange.REFUNDED)
    fields = replay(history(*BOOKED[:2], placed))
    assert (fields["state"], fields["change"]) == (EntryState.PLACED, LateChange.REFUNDED)
    assert fields["reported_at"] == fields["refund_reported_at"] == AT.replace(minute=2)
    assert replay(history(*BOOKED))["reported_at"] is None


def test_accepting_ends_what_was_reported() -> None:
    report = (OrderStep.REPORT, Actor.WATCH, LateChange.REFUNDED)
    accept = (OrderStep.ACCEPT, Actor.MERCHANT, LateChange.REFUNDED)
    fields = replay(history(*BOOKED, report, accept))
    assert (fields["change"], fields["refund_reported_at"]) == (None, None)
    assert fields["refund_accepted_at"] == AT.replace(minute=4)
    assert fields["reported_at"] == AT.replace(minute=3)


def test_no_biography_tells_nothing() -> None:
    assert replay([]) == ENTRY_DEFAULTS
    assert list(states_around([])) == []
