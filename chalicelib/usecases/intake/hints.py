"""A webhook says that a document may be due: note id, number and day, and nothing else.

The body is a hint. It is not stored, not queued and not logged; the order is read again with the
shop's own credentials before it is booked, and number and day are then put right.
"""

from __future__ import annotations

import json
import re
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from chalicelib.domain import bounds
from chalicelib.domain.days import local_day
from chalicelib.domain.events import Actor
from chalicelib.domain.ledger import DocumentKind, Hint
from chalicelib.domain.policy import Source
from chalicelib.errors import RequestError, UnknownShop

if TYPE_CHECKING:
    from chalicelib.usecases.connector import HintParts

LARGEST_BODY = 1_000_000  # bytes
_ID = r"[0-9]{1,15}"

TOPICS = {
    "orders-paid": DocumentKind.ORDER,
    "invoices-created": DocumentKind.INVOICE,
}


def record_delivery(parts: HintParts, shop_id: int, topic: str, body: bytes) -> bool:
    """Record a webhook's delivery, already proven to be SEOshop's. True when a document waits
    because of it; twice the same is one document.

    Raises `UnknownShop`, and `RequestError` for an unknown topic or a body without a document.
    """
    kind = TOPICS.get(topic)
    if kind is None:
        raise RequestError("The topic is not one that this connector subscribes to.")
    standing = parts.shops.standing(shop_id)
    if standing is None or not standing.state.listens:
        raise UnknownShop(f"Shop {shop_id} is not installed.")
    wanted = DocumentKind.INVOICE if standing.source is Source.INVOICES else DocumentKind.ORDER
    now = parts.clock()
    hint = read_hint(kind, body, received_at=now)
    if kind is not wanted:
        return False
    return parts.entries.record_hint(shop_id, hint, at=now, by=Actor.WEBHOOK)


def read_hint(kind: DocumentKind, body: bytes, *, received_at: datetime) -> Hint:
    """Id, number and day out of a delivery's body; only the id is indispensable.

    Raises `RequestError` saying what is wrong.
    """
    try:
        document: Any = json.loads(body)[kind.value]
        document_id = document["id"]
    except (ValueError, RecursionError):
        raise RequestError("The body is not JSON.") from None
    except (LookupError, TypeError):
        raise RequestError(f"The body holds no {kind.value} with an id.") from None
    number = _id(document_id, kind)
    return Hint(
        kind=kind,
        document_id=number,
        number=_number(document.get("number"), number),
        day=_day(document.get("createdAt"), received_at),
    )


def _id(given: object, kind: DocumentKind) -> int:
    """A positive id of at most 15 digits, as a number or (SEOshop does so now and then) as text."""
    if type(given) is int:
        given = str(given) if bounds.is_id(given) else ""
    if not isinstance(given, str) or not re.fullmatch(_ID, given) or int(given) == 0:
        raise RequestError(f"The {kind.value}'s id is not a number.")
    return int(given)


def _number(given: object, document_id: int) -> str:
    """The document's number, for people, which may come as a JSON number; its id where SEOshop
    gives none worth showing.
    """
    number = str(given) if type(given) is int else given
    number = number.strip() if isinstance(number, str) else ""
    return number if bounds.is_number(number) else str(document_id)


def _day(created: object, received_at: datetime) -> date:
    """The day the document was made on; today where SEOshop does not say."""
    try:
        instant = datetime.fromisoformat(str(created))
    except ValueError:
        instant = received_at
    try:
        return local_day(instant if instant.tzinfo else received_at)
    except OverflowError:
        raise RequestError("The document's createdAt is at the edge of the calendar.") from None
