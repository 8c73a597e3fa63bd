"""Small records beside a shop by which a page finds by key, or in one query, what is open, and what
was dropped of late.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import date, datetime
from typing import ClassVar

from chalicelib.lazy_dataclass import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenFiles:
    """The names of the files that may be unfinished: all of those that are, and for a while some
    that were. A name is put down before its file holds a document.
    """

    NAME: ClassVar[str] = "open-files"

    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinedLists:
    """At `at` no document was left any more where versions before 1.4.0 listed what changed after
    it was placed, or where 1.0.0 listed what was claimed.
    """

    NAME: ClassVar[str] = "joined-lists"

    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RecentDrops:
    """The documents that were dropped since yesterday, or were about to be: their keys, and on
    which day. `incomplete_on` is the last day on which there was no room for another.
    """

    NAME: ClassVar[str] = "recent-drops"

    days: Mapping[str, date] = field(default_factory=dict)
    incomplete_on: date | None = None
