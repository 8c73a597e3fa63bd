"""How far what is kept of a shop was looked through for when it ends: a small record beside it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from chalicelib.lazy_dataclass import dataclass


class KeptTable(StrEnum):
    """A table whose items have lifetimes. Stored: a value never changes."""

    ORDERS = "orders"
    FILES = "files"


@dataclass(frozen=True, slots=True, kw_only=True)
class LifetimeProgress:
    """How far the documents and files of a shop were looked through for when they end: all up to
    the key `after` in `table`, and those of the tables before it; without a table, all of them.
    `left_at` is when the shop had left then; None while it was installed.
    """

    NAME: ClassVar[str] = "lifetimes"

    left_at: datetime | None = None
    table: KeptTable | None = KeptTable.ORDERS
    after: str = ""
