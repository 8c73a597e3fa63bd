"""The biography of an order in words: a text for every step of `life.ORDER_LIFE`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field, replace

from chalicelib.domain.causes import DropCause, LateChange, PlaceCause, ReleaseCause
from chalicelib.domain.events import Event, FileStep, OrderStep
from chalicelib.domain.file_names import read_way
from chalicelib.domain.holds import HoldReason
from chalicelib.domain.ways import Way
from chalicelib.lazy_dataclass import dataclass
from chalicelib.web.texts.hold_texts import find_hold_text
from chalicelib.web.texts.late_change_texts import ANY_CHANGE, CHANGES
from chalicelib.web.texts.localisation import Msgids, msgid
from chalicelib.web.texts.request_texts import find_request_text
from chalicelib.web.texts.state_labels import Tone

Step = OrderStep | FileStep

DROP_CAUSES: Msgids[DropCause] = {
    DropCause.NOT_PAID: "it is not paid",
    DropCause.CANCELLED: "it is cancelled",
    DropCause.ON_HOLD: "it is on hold in your webshop",
    DropCause.OFFER: "it is a quote, not an order",
    DropCause.ZERO_VALUE: "its total is € 0.00 and you leave such orders out",
    DropCause.BEFORE_START: "it was paid before the connector was installed",
    DropCause.TOO_OLD: (
        "it is older than what the connector remembers, and may be in your books already"
    ),
    DropCause.BOOKED_AS_ORDER: "the order itself is in your books already",
    DropCause.BOOKED_AS_INVOICE: "its invoice is in your books already",
    DropCause.NOT_FOUND: "it no longer exists in your webshop",
    DropCause.NO_ORDER: "it is an invoice without an order",
    DropCause.PARTLY_PAID: "it is paid in part: you decide how much of it remains",
    DropCause.DUE_AGAIN: "the order is valid again in your webshop",
    DropCause.BY_HAND: "you dealt with it in Asperion",
}
_RELEASE_CAUSES: Msgids[ReleaseCause] = {
    ReleaseCause.BUDGET: "your webshop allows a limited number of requests per hour",
    ReleaseCause.TIME: "there was no time left that night",
    ReleaseCause.UNAVAILABLE: "your webshop did not answer",
    ReleaseCause.SHOP_UNAVAILABLE: "your webshop did not answer",
    ReleaseCause.NOT_FOUND: "your webshop does not show the order yet",
    ReleaseCause.INBOX_REFUSED: "Asperion did not accept the file",
    ReleaseCause.INBOX_UNAVAILABLE: "Asperion could not be reached",
    ReleaseCause.INBOX_UNKNOWN: "an earlier file is being checked first",
    ReleaseCause.ASPERION_BUSY: "Asperion asked to be called later",
    ReleaseCause.CONNECTION_REFUSED: "the connection with Asperion has to be made again",
    ReleaseCause.ADMINISTRATION_CLOSED: "the administration in Asperion cannot be opened",
    ReleaseCause.DOCUMENTS_REFUSED: "Asperion refused several orders for the same reason",
    ReleaseCause.FILE_NOT_SENT: "Asperion did not accept the file",
    ReleaseCause.FILE_GIVEN_UP: "another part of the connector took over the work",
    ReleaseCause.NOT_IN_ITS_FILE: "the file was not finished",
    ReleaseCause.HELD_UP: "it took too long",
    ReleaseCause.SHOP_CHANGED: "your settings changed before the file was sent",
    ReleaseCause.HALTED: "deliveries are halted for a while; it goes along when they go on",
    ReleaseCause.RUN_FAILED: "the work broke off before anything was sent",
    ReleaseCause.REINSTALLED: "the app was installed again in the meantime",
    ReleaseCause.LEASE_LOST: "another part of the connector took over the work",
    ReleaseCause.NOTHING_LEFT: "nothing in its file was to be booked",
    ReleaseCause.BROKEN_OFF: "the file was not finished",
    ReleaseCause.VAT_UNANSWERED: "VIES did not say whether the customer's VAT number is in use",
}


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


_FIXED: Mapping[Step, EventText] = {
    OrderStep.CLAIM: EventText("Taken into file %(file)s.", Tone.BUSY),
    OrderStep.PLACE: EventText("Delivered to Asperion in file %(file)s.", Tone.GOOD),
    OrderStep.MOVE: EventText(
        "Asperion gave no answer that is clear. Whether it is there is checked first, as %(file)s.",
        Tone.BUSY,
    ),
    OrderStep.DROP: EventText("Left out.", Tone.QUIET),
    OrderStep.RELEASE: EventText("Put back; it goes with the next delivery.", Tone.BUSY),
    OrderStep.WITHDRAW: EventText(
        ("In your webshop the order is again as it was booked."), Tone.GOOD
    ),
    OrderStep.ACCEPT: EventText("The change was dealt with.", Tone.GOOD),
    OrderStep.SHOW_RIGHT: EventText(
        "Asperion shows the invoice as it was delivered again.", Tone.GOOD
    ),
}

_REASONED: Mapping[Step, EventText] = {
    OrderStep.DELETE_THERE: EventText(
        "Taken back: its draft in Asperion was deleted. Reason: %(reason)s", Tone.BUSY
    ),
    OrderStep.CREDIT: EventText("Taken back by a credit. Reason: %(reason)s", Tone.BUSY),
}
_FIXED_BY_API: Mapping[Step, EventText] = {
    OrderStep.CLAIM: EventText("Taken into %(file)s.", Tone.BUSY),
    OrderStep.PLACE: EventText("Placed in Asperion as a draft, by %(file)s.", Tone.GOOD),
}
"""Of those whose words name the file: what is said of a delivery by API."""

_HELD: Mapping[Step, EventText] = {
    OrderStep.HOLD: EventText("Held: %(what)s", Tone.WARN),
    OrderStep.HOLD_AGAIN: EventText("Looked at again, and still held: %(what)s", Tone.WARN),
}

_PLACED_REFUNDED = EventText(
    "Delivered to Asperion in file %(file)s. By then your webshop had refunded all or part of it.",
    Tone.WARN,
)
_PLACED_REFUNDED_BY_API = EventText(
    "Placed in Asperion as a draft, by %(file)s. By then your webshop had refunded all or part "
    "of it.",
    Tone.WARN,
)


_PLACED_WITH_SEVERAL = EventText(
    "Placed in Asperion as a draft, by %(file)s. Several customers there have this e-mail address; "
    "it went to the oldest that is not blocked.",
    Tone.GOOD,
)


def describe_history(history: Sequence[Event]) -> list[tuple[Event, EventText]]:
    """Every event with its text, newest first."""
    return [(event, describe_event(event)) for event in reversed(history)]


def describe_event(event: Event) -> EventText:
    """An event of a document in words; one without a cause gets the words that fit any."""
    match event.step, event.cause:
        case (OrderStep.HOLD | OrderStep.HOLD_AGAIN) as step, cause:
            what = find_hold_text(cause if isinstance(cause, HoldReason) else "").what
            return replace(_HELD[step], texts={"what": what})
        case OrderStep.DROP, DropCause() as cause:
            texts = {"cause": DROP_CAUSES[cause]}
            return EventText("Left out, because %(cause)s.", Tone.QUIET, texts=texts)
        case OrderStep.RELEASE, ReleaseCause() as cause:
            text = msgid("Put back, because %(cause)s; it goes with the next delivery.")
            return EventText(text, Tone.BUSY, texts={"cause": _RELEASE_CAUSES[cause]})
        case OrderStep.REPORT, cause:
            change = CHANGES[cause] if isinstance(cause, LateChange) else ANY_CHANGE
            return EventText("The order was %(change)s.", Tone.WARN, texts={"change": change})
        case step, _ if step in _FIXED:
            return _describe_fixed(event)
        case _:
            return _describe_reasoned(event) or EventText(
                find_request_text(event), Tone.BUSY, {"reason": event.note}
            )


def _describe_reasoned(event: Event) -> EventText | None:
    """A step that a person takes for a reason; None of any other."""
    found = _REASONED.get(event.step)
    return found and replace(found, values={"reason": event.note})


def _describe_fixed(event: Event) -> EventText:
    """A step whose words depend on little but the way of the file that it names."""
    step, file = event.step, event.file or ""
    is_reported = step is OrderStep.PLACE and isinstance(event.cause, LateChange)
    if read_way(file) is Way.FILE:
        fixed = _PLACED_REFUNDED if is_reported else _FIXED[step]
    elif is_reported:
        fixed = _PLACED_REFUNDED_BY_API
    elif event.cause is PlaceCause.SEVERAL_DEBTORS:
        fixed = _PLACED_WITH_SEVERAL
    else:
        fixed = _FIXED_BY_API.get(step, _FIXED[step])
    return replace(fixed, file=file)
