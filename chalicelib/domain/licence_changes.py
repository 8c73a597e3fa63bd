"""What is kept of each change of a shop's licence code, and for how long."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from chalicelib.domain.notified_changes import MOST_KEPT, SHOWN_FOR, NotifiedChange
from chalicelib.domain.sealed import Sealed
from chalicelib.lazy_dataclass import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class LicenceChange(NotifiedChange):
    """A change of the licence code. `former` and `new` are endings (``••42``, see
    `licence.show_ending`; `former` is empty when there was none).

    `code` is the former code itself, sealed: kept only while a file that was made for it may still
    have to be asked about there.
    """

    former: str
    new: str
    code: Sealed | None = None

    @property
    def note(self) -> str:
        """What the audit says of it: ``••42 → ••17``."""
        return f"{self.former or '–'} → {self.new}"


Changes = tuple[LicenceChange, ...]


def keep_needed(changes: Changes, now: datetime) -> Changes:
    """Without those that are shown no more and whose former code is needed no more."""
    return tuple(one for one in changes if one.code or now - one.at < SHOWN_FOR)[-MOST_KEPT:]


def forget_codes(changes: Changes, needed: Iterable[datetime]) -> Changes:
    """Erase the former codes but for those of the changes made at the moments `needed`."""
    kept = set(needed)
    return tuple(one if one.at in kept else replace(one, code=None) for one in changes)
