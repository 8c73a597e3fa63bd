"""The signed texts in the links of mails, by which somebody who is not signed in may do one thing.

They are signed with the installation's print secret and not with the session's: the nightly
function, which sends most mails, does not know that one.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from itsdangerous import BadData, URLSafeSerializer

from chalicelib.lazy_dataclass import dataclass
from chalicelib.ports import Secrets

CONFIRMED_WITHIN = timedelta(days=3)
"""For so long a proposed address may be confirmed."""


class Purpose(StrEnum):
    """What a ticket is for; one for another purpose is worth nothing."""

    UNSUBSCRIBE = "unsubscribe"
    CONFIRM = "confirm"
    PROVE = "prove"  # that a bookkeeper's address is his, and so accept an invitation
    SIGN_IN = "sign-in"  # as a bookkeeper


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
    return sign_content(secrets, purpose, [ticket.shop_id, ticket.address], until=until)


def read_ticket(secrets: Secrets, purpose: Purpose, text: str, *, now: datetime) -> Ticket | None:
    """What a ticket says; None for one that is too old, or none of ours."""
    said = read_content(secrets, purpose, text, now=now)
    return None if said is None else Ticket(shop_id=said[0], address=said[1])


def sign_content(
    secrets: Secrets, purpose: Purpose, content: Sequence[Any], *, until: datetime | None = None
) -> str:
    """JSON-able values as a signed text, safe in an address; good for ever, or `until` then."""
    end = 0 if until is None else int(until.timestamp())
    signed: str = _serializer(secrets, purpose).dumps([*content, end])
    return signed


def read_content(
    secrets: Secrets, purpose: Purpose, text: str, *, now: datetime
) -> Sequence[Any] | None:
    """What `sign_content` signed; None for what is too old, or none of ours."""
    try:
        *content, end = _serializer(secrets, purpose).loads(text)
    except (BadData, ValueError, TypeError):
        return None
    return None if end and now.timestamp() > end else content


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
