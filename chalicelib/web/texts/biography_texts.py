"""The biography of an order in words: a text for every step of `life.ORDER_LIFE`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from chalicelib.domain.causes import DropCause, LateChange, PlacedNote, ReleaseCause, RequestCause
from chalicelib.domain.events import Actor, Cause, Event, FileStep, OrderStep
from chalicelib.domain.file_names import read_way
from chalicelib.domain.holds import HoldReason
from chalicelib.domain.ways import Way
from chalicelib.web.texts.hold_texts import find_hold_text
from chalicelib.web.texts.late_change_texts import ANY_CHANGE, CHANGES
from chalicelib.web.texts.localisation import Msgids, msgid
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
    ReleaseCause.RUN_FAILED: "the work broke off before anything was sent",
    ReleaseCause.REINSTALLED: "the app was installed again in the meantime",
    ReleaseCause.LEASE_LOST: "another part of the connector took over the work",
    ReleaseCause.NOTHING_LEFT: "nothing in its file was to be booked",
    ReleaseCause.BROKEN_OFF: "the file was not finished",
    ReleaseCause.VAT_UNANSWERED: "VIES did not say whether the customer's VAT number is in use",
}
_ANY_REQUEST = msgid("It waits for the next delivery.")
_DISCOVERED = msgid("Found in your webshop during the daily check; it waits for the next delivery.")
_ASKED = msgid("You asked to look at it again; it waits for the next delivery.")
_BY_BOOKKEEPER = msgid("Your bookkeeper asked to look at it again; it waits for the next delivery.")
_BY_OPERATOR = msgid("Our support desk put it in line; it waits for the next delivery.")
_REQUESTS: Msgids[tuple[Step, Actor]] = {
    (OrderStep.HINT, Actor.WEBHOOK): "Your webshop reported it; it waits for the next delivery.",
    (OrderStep.HINT, Actor.BACKFILL): (
        "Taken along with the older orders; it waits for the next delivery."
    ),
    (OrderStep.DISCOVER, Actor.SWEEP): _DISCOVERED,
    (OrderStep.ASK, Actor.MERCHANT): (
        "Put in line at your request; it goes with the next delivery."
    ),
    (OrderStep.ASK, Actor.BOOKKEEPER): (
        "Put in line by your bookkeeper; it goes with the next delivery."
    ),
    (OrderStep.ASK, Actor.OPERATOR): _BY_OPERATOR,
    (OrderStep.RETRY, Actor.MERCHANT): _ASKED,
    (OrderStep.RETRY, Actor.BOOKKEEPER): _BY_BOOKKEEPER,
    (OrderStep.RETRY, Actor.OPERATOR): _BY_OPERATOR,
    (OrderStep.BOOK_BY_HAND, Actor.MERCHANT): ("You said that you dealt with it; it is left out."),
    (OrderStep.BOOK_BY_HAND, Actor.BOOKKEEPER): ("Your bookkeeper dealt with it; it is left out."),
    (OrderStep.BOOK_BY_HAND, Actor.OPERATOR): ("Our support desk dealt with it; it is left out."),
    (OrderStep.REOPEN, Actor.MERCHANT): _ASKED,
    (OrderStep.REOPEN, Actor.BOOKKEEPER): _BY_BOOKKEEPER,
    (OrderStep.REOPEN, Actor.OPERATOR): _BY_OPERATOR,
    (OrderStep.SEND_AGAIN, Actor.OPERATOR): _BY_OPERATOR,
}
"""Steps by which somebody lets a document wait, where their cause does not say more."""

_AGAIN = msgid("Sent again at your request; it goes with the next delivery. Reason: %(reason)s")
_AGAIN_BY_BOOKKEEPER = msgid(
    "Sent again at your bookkeeper's request; it goes with the next delivery. Reason: %(reason)s"
)
_FIRST_GONE = msgid(
    "Sent again: its first invoice was no longer in Asperion. It goes with the next delivery. "
    "Reason: %(reason)s"
)
_CAUSED_REQUESTS: Msgids[tuple[Step, Cause | None, Actor | None]] = {
    (OrderStep.FREE, RequestCause.ORIGINAL_PLACED, None): (
        "The invoice that it takes back is in Asperion; the credit note goes with the next "
        "delivery."
    ),
    (OrderStep.FREE, RequestCause.SALE_DECIDED, None): (
        "It is clear now whether the other entry of this sale is in Asperion; this one is looked "
        "at again before the next delivery."
    ),
    (OrderStep.FREE, RequestCause.PERIOD_OPEN, None): (
        "It can be booked in a period that is open; it is looked at again before the next delivery."
    ),
    (OrderStep.SEND_AGAIN, RequestCause.TAKEN_BACK_AGAIN, None): (
        "You took the order back once more; that goes with the next delivery."
    ),
    (OrderStep.SEND_AGAIN, RequestCause.TAKEN_BACK_AGAIN, Actor.BOOKKEEPER): (
        "Your bookkeeper took the order back once more; that goes with the next delivery."
    ),
    (OrderStep.SEND_AGAIN, RequestCause.ON_PURPOSE, None): _AGAIN,
    (OrderStep.SEND_AGAIN, RequestCause.ON_PURPOSE, Actor.BOOKKEEPER): _AGAIN_BY_BOOKKEEPER,
    (OrderStep.SEND_AGAIN, RequestCause.FIRST_GONE, None): _FIRST_GONE,
    (OrderStep.REOPEN, RequestCause.ON_PURPOSE, None): _AGAIN,
    (OrderStep.REOPEN, RequestCause.ON_PURPOSE, Actor.BOOKKEEPER): _AGAIN_BY_BOOKKEEPER,
}
"""Those whose cause says more, by this actor, or by whoever is not named."""


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
            return _describe_reasoned(event) or _describe_request(event)


def _describe_reasoned(event: Event) -> EventText | None:
    """A step that a person takes for a reason; None of any other."""
    found = _REASONED.get(event.step)
    return found and replace(found, values={"reason": event.note})


def _describe_fixed(event: Event) -> EventText:
    """A step whose words depend on little but the way of the file that it names."""
    step, file = event.step, event.file or ""
    is_reported = step is OrderStep.PLACE and event.cause is not None
    if read_way(file) is Way.FILE:
        fixed = _PLACED_REFUNDED if is_reported else _FIXED[step]
    elif is_reported:
        fixed = _PLACED_REFUNDED_BY_API
    elif step is OrderStep.PLACE and event.note == PlacedNote.SEVERAL_DEBTORS:
        fixed = _PLACED_WITH_SEVERAL
    else:
        fixed = _FIXED_BY_API.get(step, _FIXED[step])
    return replace(fixed, file=file)


def _describe_request(event: Event) -> EventText:
    """A step by which somebody lets the document wait. A reason is shown of a document that was
    done with; of a held one it says nothing that the reader does not see.
    """
    of_a_person = (RequestCause.ON_PURPOSE, RequestCause.FIRST_GONE)
    lacks_reason = event.cause in of_a_person and not event.note
    cause = None if lacks_reason else event.cause
    text = (
        _CAUSED_REQUESTS.get((event.step, cause, event.by))
        or _CAUSED_REQUESTS.get((event.step, cause, None))
        or _REQUESTS.get((event.step, event.by), _ANY_REQUEST)
    )
    return EventText(text, Tone.BUSY, {"reason": event.note})
