"""What is kept of each change of a shop's licence code, and for how long."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from chalicelib.domain.events import Actor
from chalicelib.domain.sealed import Sealed

SHOWN_FOR = timedelta(days=14)
"""How long a change is shown on the overview."""

MOST_A_DAY = 10
"""Changes in 24 hours: each mails the shop's contact."""

MOST_KEPT = 30


class Telling(StrEnum):
    """Whether the shop's contact was told of a change. Stored: a value never changes."""

    DUE = "due"  # nobody has tried yet
    FAILED = "failed"  # SEOshop or the mail service did not do it; the watch tries again
    NOTIFIED = "notified"  # the mail service took the mail
    NO_ADDRESS = "no address"  # SEOshop gives none
    NO_MAIL = "no mail"  # this installation has no sender


@dataclass(frozen=True, slots=True, kw_only=True)
class LicenceChange:
    """A change of the licence code. `former` and `new` are endings (``••42``, see
    `licence.show_ending`; `former` is empty when there was none).

    `code` is the former code itself, sealed: kept only while a file that was made for it may still
    have to be asked about there.
    """

    at: datetime
    by: Actor
    former: str
    new: str
    telling: Telling = Telling.DUE
    code: Sealed | None = None

    @property
    def note(self) -> str:
        """What the audit says of it: ``••42 → ••17``."""
        return f"{self.former or '–'} → {self.new}"


Changes = tuple[LicenceChange, ...]


def list_shown(changes: Iterable[LicenceChange], now: datetime) -> Changes:
    """Those that the overview shows, the newest first."""
    shown = (one for one in changes if now - one.at < SHOWN_FOR)
    return tuple(sorted(shown, key=lambda one: one.at, reverse=True))


def count_of_day(changes: Iterable[LicenceChange], now: datetime) -> int:
    """How many there were in the last 24 hours."""
    return sum(now - one.at < timedelta(days=1) for one in changes)


def keep_needed(changes: Changes, now: datetime) -> Changes:
    """Without those that are shown no more and whose former code is needed no more."""
    return tuple(one for one in changes if one.code or now - one.at < SHOWN_FOR)[-MOST_KEPT:]


def note_telling(changes: Changes, at: datetime, telling: Telling) -> Changes:
    """Note of the change made at `at` whether the contact was told."""
    return tuple(replace(one, telling=telling) if one.at == at else one for one in changes)


def forget_codes(changes: Changes, needed: Iterable[datetime]) -> Changes:
    """Erase the former codes but for those of the changes made at the moments `needed`."""
    kept = set(needed)
    return tuple(one if one.at in kept else replace(one, code=None) for one in changes)
