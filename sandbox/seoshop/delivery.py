"""One webhook delivery: the exact request and its outcome."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

DONE = ("delivered", "refused", "failed", "lost")


@dataclass
class Delivery:
    """One POST to a subscriber; ``state`` is queued, held or one of ``DONE``."""

    id: int
    shop: int
    event: str
    record: int
    address: str
    body: bytes
    headers: dict[str, str]
    state: str = "queued"
    status: int | None = None
    attempts: int = 0
    note: str = ""

    def describe(self) -> dict[str, Any]:
        """Return the delivery without its body."""
        names = [
            "id",
            "shop",
            "event",
            "record",
            "address",
            "state",
            "status",
            "attempts",
            "note",
            "headers",
        ]
        return {name: getattr(self, name) for name in names}
