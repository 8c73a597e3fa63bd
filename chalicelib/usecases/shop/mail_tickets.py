"""The signed texts in the links of mails, by which somebody who is not signed in may do one thing.

They are signed with the installation's print secret and not with the session's: the nightly
function, which sends most mails, does not know that one.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from itsdangerous import BadData, URLSafeSerializer

from chalicelib.ports import Secrets

CONFIRMED_WITHIN = timedelta(days=3)
"""For so long a proposed address may be confirmed."""


class Purpose(StrEnum):
    """What a ticket is for; one for another purpose is worth nothing."""

    UNSUBSCRIBE = "unsubscribe"
    CONFIRM = "confirm"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """What a ticket says: of which shop it is, and of which address: the era of the choices, or the
    mark of the one that is to be confirmed.
    """

    shop_id: int
    address: str


def sign_ticket(
    secrets: Secrets, purpose: Purpose, ticket: Ticket, *, until: datetime | None = None
) -> str:
    """The text of a ticket, safe in an address; it is good for ever, or `until` then."""
    end = 0 if until is None else int(until.timestamp())
    signed: str = _serializer(secrets, purpose).dumps([ticket.shop_id, ticket.address, end])
    return signed


def read_ticket(secrets: Secrets, purpose: Purpose, text: str, *, now: datetime) -> Ticket | None:
    """What a ticket says; None for one that is too old, or none of ours."""
    try:
        shop_id, address, end = _serializer(secrets, purpose).loads(text)
    except (BadData, ValueError, TypeError):
        return None
    if end and now.timestamp() > end:
        return None
    return Ticket(shop_id=shop_id, address=address)


def _serializer(secrets: Secrets, purpose: Purpose) -> URLSafeSerializer:
    keys = [
        hmac.digest(secret.encode(), b"mail tickets", "sha256")
        for secret in reversed(secrets.print_secrets())  # signs with the last
    ]
    return URLSafeSerializer(
        keys,
        salt=f"seoshop-asperion mail {purpose}",
        signer_kwargs={"digest_method": hashlib.sha256, "key_derivation": "hmac"},
    )
