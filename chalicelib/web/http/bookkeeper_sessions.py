"""A bookkeeper's session: a signed, timed cookie of its own, which never stands for a merchant's,
nor that for it.

It holds the holder, the session's own random name and its beginning, and lasts as long as a
merchant's (`SESSION_TIME`, `IDLE_TIME`). It says who somebody is, not what he may do: his seats are
read for every page.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

BOOKKEEPER = "bookkeeper"
"""The cookie's name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BookkeeperSession:
    """A bookkeeper who is signed in. `name` is the session's own, random; `written_at` is when its
    cookie was last written.
    """

    holder: str
    name: str
    begun_at: datetime
    written_at: datetime
