"""Small records of bookkeepers: the open invitations beside a shop, and, beside no shop, what
signing in needs to remember.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import field, replace
from datetime import datetime, timedelta
from typing import ClassVar

from chalicelib.domain.sealed import Sealed
from chalicelib.domain.seats import SeatRight
from chalicelib.lazy_dataclass import dataclass

INVITED_FOR = timedelta(days=7)
"""How long an invitation may be accepted."""

MOST_OPEN = 10
"""Open invitations of one shop at a time."""

MOST_INVITED_A_DAY = 20
"""Invitations that one shop may make in 24 hours."""

MOST_CLAIMS = 5
"""Mails that one link to copy may cause: whoever opens it types an address."""

MOST_MAILS_AN_HOUR = 5
"""Mails to one address in an hour that somebody who is not signed in can cause."""

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """An invitation to a seat with these `rights`, of the installation that began at
    `installed_at`.

    One by mail knows its `address`, and the `holder` that it is. Of a link to copy neither is
    known, and `claims` counts the addresses that were typed behind it. `taken_by` is the holder who
    is accepting it; at `accepted_at` he had the seat, and from then on it is worth nothing.
    """

    rights: frozenset[SeatRight]
    made_at: datetime
    until: datetime
    installed_at: datetime
    address: Sealed | None = None
    holder: str = ""
    claims: int = 0
    taken_by: str = ""
    accepted_at: datetime | None = None

    def is_open(self, installed_at: datetime, now: datetime) -> bool:
        """Whether somebody may accept it in the shop's present installation."""
        is_present = self.installed_at == installed_at and now <= self.until
        return is_present and self.accepted_at is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitations:
    """The invitations of a shop by the hash of their token, those accepted or over for a while too,
    and when each of the last ones was made.
    """

    NAME: ClassVar[str] = "invitations"

    by_hash: Mapping[str, Invitation] = field(default_factory=dict)
    made_at: tuple[datetime, ...] = ()


def add_invitation(
    kept: Invitations, name: str, made: Invitation, holders: Collection[str]
) -> Invitations:
    """The invitations with another one, which takes the place of the open ones to the same holder,
    whose names are `holders`. What is over, or of a former installation, is forgotten.
    """
    now = made.made_at
    others = {
        name: one
        for name, one in kept.by_hash.items()
        if now <= one.until
        and one.installed_at == made.installed_at
        and not (one.accepted_at is None and one.holder in holders)
    }
    made_at = (*_list_later(kept.made_at, now - _DAY), now)
    return Invitations(by_hash={**others, name: made}, made_at=made_at)


def may_invite_today(kept: Invitations, now: datetime) -> bool:
    """Whether the shop may make another invitation now."""
    return len(_list_later(kept.made_at, now - _DAY)) < MOST_INVITED_A_DAY


def change_invitation(kept: Invitations, name: str, **changes: object) -> Invitations:
    """The invitations with that one changed."""
    changed = replace(kept.by_hash[name], **changes)  # type: ignore[arg-type]
    return replace(kept, by_hash={**kept.by_hash, name: changed})


def drop_invitations(kept: Invitations, names: Iterable[str]) -> Invitations:
    """The invitations without those of these names."""
    gone = {*names}
    left = {name: one for name, one in kept.by_hash.items() if name not in gone}
    return replace(kept, by_hash=left)


def exchange_addresses(kept: Invitations, renewed: Mapping[str, Sealed]) -> Invitations:
    """The invitations with each address replaced that `renewed` has, by its former `content`."""

    def exchange(one: Invitation) -> Invitation:
        return replace(one, address=one.address and renewed.get(one.address.content, one.address))

    return replace(kept, by_hash={name: exchange(one) for name, one in kept.by_hash.items()})


@dataclass(frozen=True, slots=True, kw_only=True)
class MailsToHolder:
    """When each of the mails of the last hour to one address was asked for by somebody who was not
    signed in, whether the address has a seat or not. Kept under the holder that it would be, until
    `needed_until`.
    """

    NAME: ClassVar[str] = "mails-to-holder"

    asked_at: tuple[datetime, ...]
    needed_until: datetime


def note_mail(kept: MailsToHolder | None, now: datetime) -> MailsToHolder | None:
    """The record with one more mail; None when there were `MOST_MAILS_AN_HOUR` already."""
    asked_at = () if kept is None else _list_later(kept.asked_at, now - _HOUR)
    if len(asked_at) >= MOST_MAILS_AN_HOUR:
        return None
    return MailsToHolder(asked_at=(*asked_at, now), needed_until=now + _HOUR)


@dataclass(frozen=True, slots=True, kw_only=True)
class UsedSignIn:
    """A sign-in link that was used, for as long as it would be valid. Kept under its own name."""

    NAME: ClassVar[str] = "used-sign-in"

    needed_until: datetime


def _list_later(moments: Iterable[datetime], than: datetime) -> tuple[datetime, ...]:
    return tuple(moment for moment in moments if moment > than)
