"""What is remembered of the last look at a booked order in the shop's list: two short keyed prints,
and a stamp.
"""

from __future__ import annotations

from datetime import UTC, datetime

from chalicelib.lazy_dataclass import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What a list showed of an order when it was last looked at: the print of its `details`, of its
    `progress`, and when it had last changed, to the second as SEOshop's stamps are.
    """

    details: str
    progress: str
    changed_at: datetime

    def __str__(self) -> str:
        return f"{self.details}.{self.progress}.{int(self.changed_at.timestamp()):x}"

    @classmethod
    def read(cls, details: str, progress: str, stamp: str) -> Look:
        """Read what is stored."""
        changed_at = datetime.fromtimestamp(int(stamp, 16), UTC)
        return cls(details=details, progress=progress, changed_at=changed_at)
