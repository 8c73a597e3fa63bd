"""A bookkeeper's seat in a shop: who has it, and what it lets him do there.

A bookkeeper is known by the e-mail address that a link was mailed to, and by nothing else. In the
tables he is his `holder`, a keyed hash of that address.
"""

from __future__ import annotations

import hmac
from datetime import date, datetime
from enum import StrEnum

from chalicelib.domain.mail_records import is_mail_address
from chalicelib.domain.sealed import Sealed
from chalicelib.lazy_dataclass import dataclass

MOST_SEATS = 20
"""Seats that one shop may have."""

_LENGTH = 32  # hex characters, 128 bits


class SeatRight(StrEnum):
    """What a seat allows beyond reading, which it always does. Stored: a value never changes."""

    SOLVE = "solve"  # deal with held orders and with those that changed after delivery
    LOCK = "lock"  # close a period


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """The seat of one bookkeeper in one shop.

    `address` is sealed for the shop as `SecretKind.SEAT_ADDRESS`. `installed_at` is that of the
    shop when the seat was given: with another installation the seat is worth nothing. `since` is
    when it was taken, `visited_on` the day (Europe/Amsterdam) on which it was last used.
    """

    shop_id: int
    holder: str
    address: Sealed
    rights: frozenset[SeatRight] = frozenset()
    installed_at: datetime
    since: datetime
    visited_on: date | None = None


def clean_seat_address(text: str) -> str | None:
    """The address as a bookkeeper is known by it: without blanks around it, in small letters. None
    for what is no address, or has other characters than ASCII: the mail service takes no other
    ones, and letters that only look alike, or become others when they are made small, would name
    another mailbox.
    """
    address = text.strip()
    if not address.isascii() or not is_mail_address(address):
        return None
    return address.lower()


def name_holder(address: str, secret: str) -> str:
    """The holder that an address of `clean_seat_address` is, by one print secret: the id of the key
    made from it, and a keyed hash.
    """
    key = _derive_key(secret)
    return f"{_name_key(key)}.{hmac.digest(key, address.encode(), 'sha256').hex()[:_LENGTH]}"


def is_holder_by(holder: str, secret: str) -> bool:
    """Whether a holder was named by this print secret."""
    return holder.partition(".")[0] == _name_key(_derive_key(secret))


def _derive_key(secret: str) -> bytes:
    return hmac.digest(secret.encode(), b"seat holders", "sha256")


def _name_key(key: bytes) -> str:
    return hmac.digest(key, b"key", "sha256").hex()[:8]
