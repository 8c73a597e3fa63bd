"""Biographies as they are stored, those that version 1.0.0 wrote included.

That version kept of each event what it led to (``waiting``, ``placed``, …) and a `detail`, which
was a code, a file's name or a person's words. What it meant follows from who did it, and from where
the document was before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from functools import lru_cache

from chalicelib.adapters.dynamodb.records import EventMap
from chalicelib.domain.causes import DropCause, LateChange, ReleaseCause, RequestCause
from chalicelib.domain.events import (
    PERSONS,
    Actor,
    Cause,
    Contradiction,
    Event,
    FileStep,
    OrderStep,
)
from chalicelib.domain.holds import HoldReason
from chalicelib.domain.life import FILE_LIFE, ORDER_LIFE, hint_step
from chalicelib.lazy_dataclass import dataclass

_BY_HAND = "by_hand"
_RELEASED = "released: "


@dataclass(frozen=True, slots=True, kw_only=True)
class _Meaning:
    step: OrderStep | FileStep
    cause: Cause | None = None
    file: str | None = None
    note: str = ""


def is_former(history: Sequence[EventMap]) -> bool:
    """Whether a record was begun by version 1.0.0, which kept no facts beside the biography."""
    return bool(history) and history[0].step is None


def order_history(history: Sequence[EventMap] | None) -> tuple[Event, ...]:
    """A document's stored biography."""
    if not history:
        return ()
    if all(item.attribute_values.get("step") for item in history):
        return tuple(_event(item, OrderStep) for item in history)
    return _former_order_history(history)


def _former_order_history(history: Sequence[EventMap]) -> tuple[Event, ...]:
    """Likewise of a document that version 1.0.0 began, and a later one may have gone on with."""
    events: list[Event] = []
    before, reported = "", None
    for item in history:
        if item.step is None:
            event = _former_event(item, _order_meaning(item, before, reported))
        else:
            event = _event(item, OrderStep)
        events.append(event)
        before = _led_to(item, before)
        if event.step is OrderStep.REPORT:
            reported = event.cause
        elif event.step is OrderStep.ACCEPT:
            reported = None
    return tuple(events)


def file_history(history: Sequence[EventMap] | None) -> tuple[Event, ...]:
    """A file's stored biography."""
    return tuple(
        _event(item, FileStep)
        if item.step is not None
        else _former_event(item, _file_meaning(item))
        for item in history or ()
    )


def _event(item: EventMap, steps: type[OrderStep] | type[FileStep]) -> Event:
    stored = item.attribute_values
    step = steps(stored["step"])
    return Event(
        at=stored["at"],
        by=Actor(stored["by"]),
        step=step,
        cause=_cause(step, stored.get("cause")),
        file=stored.get("file"),
        note=stored.get("note") or "",
    )


def _former_event(item: EventMap, meaning: _Meaning) -> Event:
    return Event(
        at=item.at,
        by=Actor(item.by),
        step=meaning.step,
        cause=meaning.cause,
        file=meaning.file,
        note=meaning.note,
    )


@lru_cache(typed=True)  # steps of different lives may be equal texts
def _cause(step: OrderStep | FileStep, code: str | None) -> Cause | None:
    """A code of the step's own lists; None for none, and for one that is known no longer."""
    known = [t.causes for t in ORDER_LIFE if t.step is step]
    lists = next(iter(known or [t.causes for t in FILE_LIFE if t.step is step]), ())
    return next((found for each in lists if (found := _member(each, code))), None)


def _member(codes: type[StrEnum], code: str | None) -> Cause | None:
    found = next((each for each in codes if each.value == code), None)
    known: Cause | None = found  # type: ignore[assignment]
    return known


def _led_to(item: EventMap, before: str) -> str:
    """The state that an event led to, in the former version's words."""
    if item.step is None:
        return before if item.what in ("changed", "seen") else str(item.what)
    return next(t.to.value for t in ORDER_LIFE if t.step.value == item.step)


_ORDER_MEANINGS: Mapping[str, tuple[OrderStep, type[StrEnum]]] = {
    "held": (OrderStep.HOLD, HoldReason),
    "dropped": (OrderStep.DROP, DropCause),
    "changed": (OrderStep.REPORT, LateChange),
}


def _order_meaning(item: EventMap, before: str, reported: Cause | None) -> _Meaning:
    """`before` is the state before the event; `reported` the late change that nobody has dealt with
    yet.
    """
    detail, by = item.detail or "", Actor(item.by)
    if item.what == "waiting":
        return _waiting_meaning(by, detail, before)
    if item.what in ("claimed", "placed"):
        step = OrderStep.CLAIM if item.what == "claimed" else OrderStep.PLACE
        return _Meaning(step=step, file=detail)
    if item.what in _ORDER_MEANINGS:
        step, causes = _ORDER_MEANINGS[item.what]
        return _Meaning(step=step, cause=_member(causes, detail))
    if by in PERSONS:
        return _Meaning(step=OrderStep.ACCEPT, cause=reported)
    return _Meaning(step=OrderStep.WITHDRAW)


_AGAIN = {
    "held": OrderStep.RETRY,
    "dropped": OrderStep.REOPEN,
    "placed": OrderStep.SEND_AGAIN,
}


def _waiting_meaning(by: Actor, detail: str, before: str) -> _Meaning:
    if before == "claimed":
        return _Meaning(step=OrderStep.RELEASE, cause=_member(ReleaseCause, detail))
    if by is Actor.SWEEP and detail == RequestCause.ORIGINAL_PLACED:
        return _Meaning(step=OrderStep.FREE, cause=RequestCause.ORIGINAL_PLACED)
    if (before, detail) == ("held", _BY_HAND):
        return _Meaning(step=OrderStep.BOOK_BY_HAND)
    if before not in _AGAIN or not detail or by not in PERSONS:
        return _Meaning(step=hint_step(by))
    known = RequestCause.MENDED if detail.startswith(_RELEASED) else _member(RequestCause, detail)
    note = "" if known else detail
    return _Meaning(step=_AGAIN[before], cause=known or RequestCause.ON_PURPOSE, note=note)


_FILE_MEANINGS = {
    ("placing", "proven absent, placed again"): FileStep.RESEND,
    ("placed", "found in the inbox"): FileStep.FIND,
    ("placed", "confirm"): FileStep.CONFIRM,
    ("void", "proven absent; to be made anew"): FileStep.MISS,
    ("void", "again"): FileStep.GIVE_UP,
}
_FILE_STEPS = {
    "claimed": FileStep.CREATE,
    "placing": FileStep.FIX,
    "placed": FileStep.DELIVER,
    "void": FileStep.REFUSE,
}


def _file_meaning(item: EventMap) -> _Meaning:
    detail = item.detail or ""
    known = _FILE_MEANINGS.get((str(item.what), detail))
    if known is not None:
        return _Meaning(step=known)
    if item.what == "unknown" and detail.startswith("inbox: "):
        contradiction = _member(Contradiction, detail.removeprefix("inbox: "))
        return _Meaning(step=FileStep.CONTRADICT, cause=contradiction)
    step = _FILE_STEPS.get(str(item.what), FileStep.LOSE)
    shows_words = step in (FileStep.LOSE, FileStep.REFUSE)
    return _Meaning(step=step, note=detail if shows_words else "")
