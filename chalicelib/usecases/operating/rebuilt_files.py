"""What may come of making a placed file once more."""

from __future__ import annotations

from dataclasses import field
from datetime import datetime
from enum import StrEnum

from chalicelib.lazy_dataclass import dataclass
from chalicelib.usecases.judging.booked_again import BookedAgain

MOST_PARTS = 25


@dataclass(frozen=True, slots=True)
class Part:
    """The part `number` (from 1 on) of `of` of a file's documents; each is a file of its own."""

    number: int
    of: int

    @property
    def is_whole(self) -> bool:
        """Whether it is the whole file."""
        return self.of == 1


WHOLE = Part(1, 1)


class Likeness(StrEnum):
    """What a file is that was made once more."""

    ORIGINAL = "original"  # byte for byte what was sent
    PART = "part"  # a part, of which every document is as it was sent
    PRESENT = "present"  # as the file would be now


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebuilt:
    """A file, and the name to keep it under: its own only when it is the original."""

    name: str
    likeness: Likeness
    content: bytes = field(repr=False)


class FileCause(StrEnum):
    """Why a file is another one although every document is what it was."""

    SETTINGS = "settings"  # the merchant's choices are others
    PROFILE = "profile"  # the aXML profile is another
    BOTH = "both"
    UNKNOWN = "unknown"  # not told by anything that is kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Differs:
    """The file is another one by now. `changed` are the documents that are not what the file says
    of them, `left_out` those that would not be in it now. `cause` is set when none is changed, or
    the choices or the profile are others besides.
    """

    changed: tuple[BookedAgain, ...]
    left_out: tuple[BookedAgain, ...]
    documents: int
    cause: FileCause | None = None

    @property
    def remaining(self) -> int:
        """How many documents it would have now."""
        return self.documents - len(self.left_out)


class Obstacle(StrEnum):
    """Why a file cannot be made within one answer."""

    ALLOWANCE = "allowance"  # of the shop's calls
    TIME = "time"  # that an answer may take
    SHOP = "shop"  # SEOshop does not answer
    SIZE = "size"  # that an answer may have


@dataclass(frozen=True, slots=True, kw_only=True)
class NotNow:
    """The file cannot be made now: `readable` of its `documents` could be read. `until` is when it
    can be tried again; in `parts` it can be had now, when that is more than 1.
    """

    obstacle: Obstacle
    readable: int
    documents: int
    until: datetime | None = None
    parts: int = 1
