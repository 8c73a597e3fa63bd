"""How far a delivery by API has come: which document is being sent, and what those before it add up
to.

It is kept beside the shop from before the delivery is fixed until it is over. Whoever writes it has
the delivery in hand: a run that finds it changed by somebody else sends nothing more.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import ClassVar

from chalicelib.domain.concepts import SoughtInvoice
from chalicelib.domain.cover_sheet import CoverSheet
from chalicelib.domain.file_returns import FileReturns
from chalicelib.lazy_dataclass import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class SentPart:
    """What a part of a delivery comes to: the hash and the size of what is sent of it (see
    `FileContent`), its cover sheet, and what it adds up to for the VAT returns; None where no
    totals are kept.
    """

    sha256: str
    size: int
    cover: CoverSheet | None = None
    returns: FileReturns | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SentDocument:
    """A document that is being sent: its ledger key, what it is recognised by, and what it comes to
    `alone` and `together` with those that were placed before it.
    """

    key: str
    sought: SoughtInvoice
    alone: SentPart
    together: SentPart


@dataclass(frozen=True, slots=True, kw_only=True)
class SendingProgress:
    """How far the delivery has come under whose name it is kept.

    `last` is the document that was sent last, at `at`, or was about to be; None before the first.
    `placed` are the keys of those placed before it, which come to `before` (None: there are none).
    `is_closed`: somebody ends the delivery, and nothing more may be sent of it. `is_different`:
    Asperion showed something else than the last document. `doubt` names the delivery that this one
    is moved to when nobody knows whether it is in Asperion.
    """

    NAME: ClassVar[str] = "sending"

    at: datetime
    last: SentDocument | None = None
    placed: tuple[str, ...] = ()
    before: SentPart | None = None
    is_closed: bool = False
    is_different: bool = False
    doubt: str = ""

    def take_last(self) -> SendingProgress:
        """The same once the last document is placed."""
        if self.last is None:
            return self
        return replace(self, placed=(*self.placed, self.last.key), before=self.last.together)


def name_progress(delivery: str) -> str:
    """Under which name the progress of a delivery is kept."""
    return f"{SendingProgress.NAME}-{delivery}"
