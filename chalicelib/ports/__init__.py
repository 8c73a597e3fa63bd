"""What the use cases need from the outside, as protocols. Adapters implement them.

Every write of the ledger is conditional: it says which state it expects and reports by its return
value (False, None) when that state is no longer so. Nothing here reads and then writes.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from chalicelib.ports.ledger import Entries, Files, NoteChange, Shops
from chalicelib.ports.outside import LONGEST_DELAY, ExportQueue, Inbox, Presence, Task
from chalicelib.ports.shop import PAGE, ShopApi

Clock = Callable[[], datetime]
"""Returns now as an aware UTC datetime."""

__all__ = [
    "LONGEST_DELAY",
    "PAGE",
    "Clock",
    "Entries",
    "ExportQueue",
    "Files",
    "Inbox",
    "NoteChange",
    "Presence",
    "ShopApi",
    "Shops",
    "Task",
]
