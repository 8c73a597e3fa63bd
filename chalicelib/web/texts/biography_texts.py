"""The biography of an order in words: a text for every event that is recorded of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from chalicelib.domain.ledger import Actor, EntryState, Event, ReleaseCause
from chalicelib.usecases.changes.by_hand import BY_HAND
from chalicelib.usecases.changes.corrections import ONCE_MORE
from chalicelib.usecases.exporting.originals import ORIGINAL_PLACED
from chalicelib.web.texts.hold_texts import find_hold_text
from chalicelib.web.texts.late_change_texts import find_change
from chalicelib.web.texts.localisation import map_msgids, msgid
from chalicelib.web.texts.state_labels import Tone

_DROP_CAUSES: Mapping[str, str] = map_msgids(
    {
        "not_paid": "it is not paid",
        "cancelled": "it is cancelled",
        "on_hold": "it is on hold in your shop",
        "offer": "it is an offer, not an order",
        "zero_value": "its total is € 0.00 and you leave such orders out",
        "before_start": "it was paid before the connector was installed",
        "booked_as_order": "the order itself is in the books already",
        "booked_as_invoice": "its invoice is in the books already",
        ReleaseCause.NOT_FOUND: "it no longer exists in your shop",
        "no_order": "it is an invoice without an order",
        "partly_paid": "it is paid in part: how much of it stands is for you to say",
        "due_again": "the order is valid again in your shop",
        "by_hand": "you dealt with it in Asperion",
    }
)
RELEASE_CAUSES: Mapping[str, str] = map_msgids(
    {
        ReleaseCause.BUDGET: "your shop allows a limited number of questions an hour",
        ReleaseCause.TIME: "the run had no time left",
        ReleaseCause.UNAVAILABLE: "your shop did not answer",
        ReleaseCause.SHOP_UNAVAILABLE: "your shop did not answer",
        ReleaseCause.NOT_FOUND: "your shop does not show the order yet",
        ReleaseCause.INBOX_REFUSED: "Asperion's inbox did not take the file",
        ReleaseCause.INBOX_UNKNOWN: "an earlier file is being checked first",
        ReleaseCause.FILE_NOT_SENT: "Asperion's inbox did not take the file",
        ReleaseCause.FILE_GIVEN_UP: "another run took over",
        ReleaseCause.NOT_IN_ITS_FILE: "its file was not finished",
        ReleaseCause.HELD_UP: "the run took too long",
        ReleaseCause.RUN_FAILED: "the run broke off before anything was sent",
    }
)
_ANY_SOURCE = msgid("It waits for the next run.")
_FIRST = "first"
_LOOK_AGAIN = msgid("You asked to look at it again; it waits for the next run.")
_SOURCES: Mapping[str, str] = map_msgids(
    {
        Actor.WEBHOOK: "Your shop reported it; it waits for the next run.",
        Actor.SWEEP: "Found in your shop during the daily check; it waits for the next run.",
        Actor.OPERATOR: "Our support desk put it forward; it waits for the next run.",
        Actor.BACKFILL: "Taken along by the migration; it waits for the next run.",
    }
)
_REQUESTS: Mapping[str, str] = map_msgids(
    {
        _FIRST: "You asked for this correction; it goes along in the next run.",
        BY_HAND: "You said that you dealt with it; the next run leaves it out.",
        ONCE_MORE: "You took the order back once more; it goes along in the next run.",
    }
)


@dataclass(frozen=True, slots=True)
class EventText:
    """One event in words. The places in `text` are filled with `values`, with `texts` (to be
    translated themselves) and with `file`, the name of a file.
    """

    text: str
    tone: Tone
    values: Mapping[str, str] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    file: str = ""


def describe_history(history: Sequence[Event]) -> list[tuple[Event, EventText]]:
    """Every event with its text, newest first."""
    described: list[tuple[Event, EventText]] = []
    before: Event | None = None
    for event in history:
        described.append((event, _describe(event, before)))
        if event.what in set(EntryState):
            before = event
    return described[::-1]


def _describe(event: Event, before: Event | None) -> EventText:
    """An event in words; `before` is the last one that changed the order's state."""
    match event.what:
        case EntryState.WAITING:
            text = _describe_waiting(event, before)
        case EntryState.CLAIMED:
            text = EventText("Taken up for file %(file)s.", Tone.BUSY, file=event.detail)
        case EntryState.PLACED:
            text = EventText(
                "Delivered to Asperion in file %(file)s.", Tone.GOOD, file=event.detail
            )
        case EntryState.HELD:
            hold = find_hold_text(event.detail)
            text = EventText("Held: %(what)s", Tone.WARN, texts={"what": hold.what})
        case EntryState.DROPPED:
            text = _describe_drop(_DROP_CAUSES.get(event.detail))
        case "changed":
            change = find_change(event.detail)
            text = EventText("The order was %(change)s.", Tone.WARN, texts={"change": change})
        case "seen":
            text = EventText("The change was dealt with.", Tone.GOOD)
        case _:
            text = EventText("Something was noted: %(what)s.", Tone.QUIET, {"what": event.what})
    return text


def _describe_drop(cause: str | None) -> EventText:
    if cause is None:
        return EventText("Left out.", Tone.QUIET)
    return EventText("Left out, because %(cause)s.", Tone.QUIET, texts={"cause": cause})


def _describe_waiting(event: Event, before: Event | None) -> EventText:
    if event.detail == ORIGINAL_PLACED:
        return EventText(
            "The invoice that it takes back is in Asperion; it goes along in the next file.",
            Tone.BUSY,
        )
    if _is_sent_again(event, before):
        return EventText(
            "Sent again on purpose; it goes along in the next run. Reason: %(reason)s",
            Tone.BUSY,
            {"reason": event.detail},
        )
    if before is not None and before.what == EntryState.CLAIMED:
        return _describe_release(RELEASE_CAUSES.get(event.detail))
    if event.by == Actor.MERCHANT:
        request = event.detail if before is not None else _FIRST
        return EventText(_REQUESTS.get(request, _LOOK_AGAIN), Tone.BUSY)
    return EventText(_SOURCES.get(event.by, _ANY_SOURCE), Tone.BUSY)


def _describe_release(cause: str | None) -> EventText:
    if cause is None:
        return EventText("Put back; it goes along in the next run.", Tone.BUSY)
    return EventText(
        "Put back, because %(cause)s; it goes along in the next run.",
        Tone.BUSY,
        texts={"cause": cause},
    )


def _is_sent_again(event: Event, before: Event | None) -> bool:
    """Whether a person asked for it although it was booked, or dealt with by hand."""
    if before is None or event.detail == ONCE_MORE:
        return False
    if before.what == EntryState.DROPPED:
        return before.detail == BY_HAND and event.by in (Actor.MERCHANT, Actor.OPERATOR)
    return before.what == EntryState.PLACED and event.by != Actor.EXPORT
