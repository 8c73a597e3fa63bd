"""What a merchant chose about mail, and how far the mails to him have come: small records beside
the shop. The address itself, if he gave one, is `Shop.mail_address`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import ClassVar

from chalicelib.domain.sealed import Sealed
from chalicelib.lazy_dataclass import dataclass

MOST_PROPOSED_A_DAY = 5
"""Addresses that may be proposed in 24 hours: each is sent a mail to confirm it."""

_ADDRESS = r"[^\s@<>,;:\"\\()\[\]]{1,64}@[^\s@<>,;:\"\\()\[\]]{1,189}"


class MailKind(StrEnum):
    """A mail that a merchant may switch off. Stored: a value never changes."""

    DIGEST = "digest"  # in the morning, when something waits or came right again
    WEEKLY = "weekly"  # once a week, when everything is in


ALL_KINDS = frozenset(MailKind)


class Sending(StrEnum):
    """What became of the last mail. Stored: a value never changes."""

    SENT = "sent"  # the mail service took it; that it arrives does not follow
    REFUSED = "refused"  # the mail service did not take it
    NO_ADDRESS = "no address"  # there is none that mail can go to
    NOT_FOUND = "not found"  # the address could not be looked up


@dataclass(frozen=True, slots=True, kw_only=True)
class MailChoices:
    """Which mails are `wanted`. `era` counts the addresses: links in mails to a former one are
    worth nothing any more. `proposed` is an address that is not confirmed yet, `proposed_at` when
    each of the last ones was proposed, the newest last.
    """

    NAME: ClassVar[str] = "mail"

    wanted: frozenset[MailKind] = ALL_KINDS
    era: int = 0
    proposed: Sealed | None = None
    proposed_at: tuple[datetime, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MailProgress:
    """How far the mails have come. `begun_on` is the day (Europe/Amsterdam) of which the mail was
    begun: there is one a day at most. `reported` are what the last digest was about, as
    `mail_matters.Waiting.marks`, and `reported_at` when it was sent. `receipt_of` is the Monday of
    the last week of which a receipt was sent. `last` is what became of the last mail, at `last_at`.
    `threshold_reported` are the names of what was said of the threshold for sales to other member
    states (`mail_matters.ThresholdNews`): of each once.
    """

    NAME: ClassVar[str] = "mail-progress"

    begun_on: date | None = None
    reported: frozenset[str] = frozenset()
    reported_at: datetime | None = None
    receipt_of: date | None = None
    last: Sending | None = None
    last_at: datetime | None = None
    threshold_reported: frozenset[str] = frozenset()


def is_mail_address(text: str) -> bool:
    """Whether a text is one address that mail can go to, and nothing else."""
    return bool(re.fullmatch(_ADDRESS, text)) and text.isprintable()


def may_propose(choices: MailChoices, now: datetime) -> bool:
    """Whether another address may be proposed now."""
    return len(_of_last_day(choices.proposed_at, now)) < MOST_PROPOSED_A_DAY


def propose(choices: MailChoices, address: Sealed, now: datetime) -> MailChoices:
    """The choices with an address that is to be confirmed, in the place of a former one."""
    proposed_at = (*_of_last_day(choices.proposed_at, now), now)
    return replace(choices, proposed=address, proposed_at=proposed_at)


def _of_last_day(moments: Iterable[datetime], now: datetime) -> tuple[datetime, ...]:
    return tuple(moment for moment in moments if now - moment < timedelta(days=1))
