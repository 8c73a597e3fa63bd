"""The steps by which somebody lets a document wait for a delivery, in words."""

from __future__ import annotations

from chalicelib.domain.causes import RequestCause
from chalicelib.domain.events import Actor, Cause, Event, FileStep, OrderStep
from chalicelib.web.texts.localisation import Msgids, msgid

Step = OrderStep | FileStep

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
    (OrderStep.FREE, RequestCause.OTHER_WAY, None): (
        "Your orders go into Asperion another way now; this one goes with the next delivery."
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


def find_request_text(event: Event) -> str:
    """What an event says, with a place for its ``reason``. A reason is shown of a document that was
    done with; of a held one it says nothing that the reader does not see.
    """
    of_a_person = (RequestCause.ON_PURPOSE, RequestCause.FIRST_GONE)
    lacks_reason = event.cause in of_a_person and not event.note
    cause = None if lacks_reason else event.cause
    return (
        _CAUSED_REQUESTS.get((event.step, cause, event.by))
        or _CAUSED_REQUESTS.get((event.step, cause, None))
        or _REQUESTS.get((event.step, event.by), _ANY_REQUEST)
    )
