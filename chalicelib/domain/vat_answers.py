"""What the EU's register of VAT numbers answers, and for how long an answer counts."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from chalicelib.lazy_dataclass import dataclass

VALID_FOR = timedelta(days=7)
"""For how long a valid answer counts for further sales to the same customer. The tax authority
wants a customer's number looked up at regular intervals, not once a parcel; and numbers are
withdrawn seldom, but within weeks when a fraud is found out. A week asks a regular customer some
four times in each month of the list.
"""


class VatVerdict(StrEnum):
    """Whether a VAT number was in use when it was asked for. Stored: a value never changes."""

    VALID = "valid"
    INVALID = "invalid"


class Silence(StrEnum):
    """Why there is no answer."""

    SERVICE = "service"  # the register is out of reach or order, or answers what cannot be
    STATE = "state"  # only the member state that issued the number
    QUESTION = "question"  # it does not take this number as one to look up
    REQUESTER = "requester"  # it does not take the number in whose name it was asked


@dataclass(frozen=True, slots=True, kw_only=True)
class VatAnswer:
    """The register's answer at a moment (UTC). `consultation` is the number under which the tax
    authority can look the question up; empty where it was asked without one's own VAT number.
    """

    verdict: VatVerdict
    at: datetime
    consultation: str = ""

    @property
    def is_valid(self) -> bool:
        """Whether the number was in use."""
        return self.verdict is VatVerdict.VALID

    def counts_at(self, now: datetime) -> bool:
        """Whether it still stands for an answer of now. That a number is not in use never does: it
        may be registered by the next night.
        """
        return self.is_valid and now - self.at < VALID_FOR
