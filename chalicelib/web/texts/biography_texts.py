"""Words for states and events: what a merchant reads instead of our terms (English sources)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from chalicelib.domain.holds import HoldReason
from chalicelib.domain.ledger import Actor, EntryState, Event, FileState, ReleaseCause
from chalicelib.usecases.changes.by_hand import BY_HAND
from chalicelib.usecases.changes.corrections import ONCE_MORE
from chalicelib.usecases.exporting.originals import ORIGINAL_PLACED
from chalicelib.web.texts.hold_texts import TEXTS
from chalicelib.web.texts.late_change_texts import ANY_CHANGE, CHANGES
from chalicelib.web.texts.localisation import mark


@dataclass(frozen=True, slots=True)
class Label:
    """A word and its tone: ``good``, ``busy``, ``warn`` or ``quiet``."""

    text: str
    tone: str


ORDER_STATES: Mapping[EntryState, Label] = MappingProxyType(
    {
        EntryState.WAITING: Label(mark("Waiting"), "busy"),
        EntryState.CLAIMED: Label(mark("Being processed"), "busy"),
        EntryState.PLACED: Label(mark("Delivered"), "good"),
        EntryState.HELD: Label(mark("Held"), "warn"),
        EntryState.DROPPED: Label(mark("Left out"), "quiet"),
    }
)
FILE_STATES: Mapping[FileState, Label] = MappingProxyType(
    {
        FileState.CLAIMED: Label(mark("Being made"), "busy"),
        FileState.PLACING: Label(mark("Being sent"), "busy"),
        FileState.PLACED: Label(mark("Delivered"), "good"),
        FileState.UNKNOWN: Label(mark("Being checked"), "warn"),
        FileState.VOID: Label(mark("Not sent"), "quiet"),
    }
)
FILE_EVENTS: Mapping[str, Label] = MappingProxyType(
    {
        "claimed": Label(mark("Begun: the waiting orders were gathered."), "busy"),
        "placing": Label(mark("The content was fixed and sending began."), "busy"),
        "placed": Label(mark("Delivered: Asperion's inbox has it."), "good"),
        "unknown": Label(mark("Asperion's inbox did not confirm it."), "warn"),
        "void": Label(mark("It did not arrive; its orders go into another file."), "quiet"),
    }
)
_LEFT_OUT = MappingProxyType(
    {
        "not_paid": mark("it is not paid"),
        "cancelled": mark("it is cancelled"),
        "on_hold": mark("it is on hold in your shop"),
        "offer": mark("it is an offer, not an order"),
        "zero_value": mark("its total is € 0.00 and you leave such orders out"),
        "before_start": mark("it was paid before the connector was installed"),
        "booked_as_order": mark("the order itself is in the books already"),
        "booked_as_invoice": mark("its invoice is in the books already"),
        ReleaseCause.NOT_FOUND: mark("it no longer exists in your shop"),
        "no_order": mark("it is an invoice without an order"),
        "partly_paid": mark("it is paid in part: how much of it stands is for you to say"),
        "due_again": mark("the order is valid again in your shop"),
        "by_hand": mark("you dealt with it in Asperion"),
    }
)
PUT_BACK: Mapping[str, str] = MappingProxyType(
    {
        ReleaseCause.BUDGET: mark("your shop allows a limited number of questions an hour"),
        ReleaseCause.TIME: mark("the run had no time left"),
        ReleaseCause.UNAVAILABLE: mark("your shop did not answer"),
        ReleaseCause.SHOP_UNAVAILABLE: mark("your shop did not answer"),
        ReleaseCause.NOT_FOUND: mark("your shop does not show the order yet"),
        ReleaseCause.INBOX_REFUSED: mark("Asperion's inbox did not take the file"),
        ReleaseCause.INBOX_UNKNOWN: mark("an earlier file is being checked first"),
        ReleaseCause.FILE_NOT_SENT: mark("Asperion's inbox did not take the file"),
        ReleaseCause.FILE_GIVEN_UP: mark("another run took over"),
        ReleaseCause.NOT_IN_ITS_FILE: mark("its file was not finished"),
        ReleaseCause.HELD_UP: mark("the run took too long"),
        ReleaseCause.RUN_FAILED: mark("the run broke off before anything was sent"),
    }
)
_HEARD: Mapping[str, str] = MappingProxyType(
    {
        Actor.WEBHOOK: mark("Your shop reported it; it waits for the next run."),
        Actor.SWEEP: mark("Found in your shop during the daily check; it waits for the next run."),
        Actor.OPERATOR: mark("Our support desk put it forward; it waits for the next run."),
        Actor.BACKFILL: mark("Taken along by the migration; it waits for the next run."),
    }
)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a biography: a text with a named place for each value, and its tone. `file` is
    the name of the file it speaks of.
    """

    text: str
    tone: str
    values: Mapping[str, str]
    marked: Mapping[str, str]  # values that are texts themselves, to be translated
    file: str = ""


def order_state(state: EntryState) -> Label:
    """The word for an order's state."""
    return ORDER_STATES[state]


def biography(history: Sequence[Event]) -> list[tuple[Event, Line]]:
    """Every event with the line that tells it, newest first."""
    lines: list[tuple[Event, Line]] = []
    before: Event | None = None
    for event in history:
        lines.append((event, _told(event, before)))
        if event.what in set(EntryState):
            before = event
    return lines[::-1]


def _told(event: Event, before: Event | None) -> Line:
    tellers = {
        "waiting": _waiting,
        "claimed": _claimed,
        "placed": _placed,
        "held": _held,
        "dropped": _dropped,
        "changed": _changed,
        "seen": _seen,
    }
    teller = tellers.get(event.what)
    if teller is None:
        return _line(mark("Something was noted: %(what)s."), "quiet", {"what": event.what})
    return teller(event, before)


def _line(
    text: str,
    tone: str,
    values: Mapping[str, str] | None = None,
    marked: Mapping[str, str] | None = None,
    file: str = "",
) -> Line:
    return Line(text, tone, values or {}, marked or {}, file)


_ASKED = MappingProxyType(
    {
        "first": mark("You asked for this correction; it goes along in the next run."),
        BY_HAND: mark("You said that you dealt with it; the next run leaves it out."),
        ONCE_MORE: mark("You took the order back once more; it goes along in the next run."),
    }
)


def _waiting(event: Event, before: Event | None) -> Line:
    if event.detail == ORIGINAL_PLACED:
        return _line(
            mark("The invoice that it takes back is in Asperion; it goes along in the next file."),
            "busy",
        )
    if _is_sent_again(event, before):
        return _line(
            mark("Sent again on purpose; it goes along in the next run. Reason: %(reason)s"),
            "busy",
            {"reason": event.detail},
        )
    if before is not None and before.what == EntryState.CLAIMED:
        cause = PUT_BACK.get(event.detail)
        if cause is None:
            return _line(mark("Put back; it goes along in the next run."), "busy")
        return _line(
            mark("Put back, because %(cause)s; it goes along in the next run."),
            "busy",
            marked={"cause": cause},
        )
    if event.by == Actor.MERCHANT:
        asked = _ASKED.get(event.detail if before is not None else "first")
        return (
            _line(asked, "busy")
            if asked
            else _line(mark("You asked to look at it again; it waits for the next run."), "busy")
        )
    heard = _HEARD.get(event.by, mark("It waits for the next run."))
    return _line(heard, "busy")


def _is_sent_again(event: Event, before: Event | None) -> bool:
    """Whether a person asked for it although it was booked, or dealt with by hand."""
    if before is None or event.detail == ONCE_MORE:
        return False
    if before.what == EntryState.DROPPED:
        return before.detail == BY_HAND and event.by in ("merchant", "operator")
    return before.what == EntryState.PLACED and event.by != "export"


def _claimed(event: Event, before: Event | None) -> Line:
    return _line(
        mark("Taken up for file %(file)s."), "busy", {"file": event.detail}, file=event.detail
    )


def _placed(event: Event, before: Event | None) -> Line:
    return _line(
        mark("Delivered to Asperion in file %(file)s."),
        "good",
        {"file": event.detail},
        file=event.detail,
    )


def _held(event: Event, before: Event | None) -> Line:
    return _line(mark("Held: %(what)s"), "warn", marked={"what": hold_headline(event.detail)})


def _dropped(event: Event, before: Event | None) -> Line:
    cause = _LEFT_OUT.get(event.detail)
    if cause is None:
        return _line(mark("Left out."), "quiet")
    return _line(mark("Left out, because %(cause)s."), "quiet", marked={"cause": cause})


def _changed(event: Event, before: Event | None) -> Line:
    what = CHANGES.get(event.detail, ANY_CHANGE)
    return _line(mark("The order was %(change)s."), "warn", marked={"change": what})


def _seen(event: Event, before: Event | None) -> Line:
    return _line(mark("The change was dealt with."), "good")


UNKNOWN_HOLD = mark("The connector does not know this reason any longer.")


def hold_headline(code: str) -> str:
    """What a hold says, in one sentence (a msgid)."""
    try:
        return TEXTS[HoldReason(code)].what
    except (KeyError, ValueError):
        return UNKNOWN_HOLD
