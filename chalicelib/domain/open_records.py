"""Small records beside a shop by which a page finds by key, or in one query, what is open, and what
was dropped since the last statement.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar


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
class UnstatedDrops:
    """The keys of documents that were dropped since the last statement was drawn up, and of how
    many more there is no room for.
    """

    NAME: ClassVar[str] = "unstated-drops"

    keys: tuple[str, ...] = ()
    more: int = 0
