"""How far a delivery by API has come: which document is being sent, and what those before it add up
to.

It is kept beside the shop from before the delivery is fixed until it is over. Whoever writes it has
the delivery in hand: a run that finds it changed by somebody else sends nothing more.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar

from chalicelib.domain.concepts import SoughtInvoice
from chalicelib.domain.cover_sheet import CoverSheet
from chalicelib.domain.file_returns import FileReturns


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
class SendingProgress:
    """How far the delivery has come under whose name it is kept.

    `key` is the document that was sent last, at `at`, or was about to be; empty before the first.
    It is recognised by `sought`, and comes to `alone`. `placed` are the keys of those placed before
    it, which come to `before` (None: there are none) and together with it to `together`.
    `is_closed`: somebody ends the delivery, and nothing more may be sent of it. `doubt` names the
    delivery that the document is moved to when nobody knows whether it is in Asperion.
    """

    NAME: ClassVar[str] = "sending"

    at: datetime
    key: str = ""
    sought: SoughtInvoice | None = None
    placed: tuple[str, ...] = ()
    before: SentPart | None = None
    alone: SentPart | None = None
    together: SentPart | None = None
    is_closed: bool = False
    doubt: str = ""

    def take(self, key: str) -> SendingProgress:
        """The same once the document that was sent last is placed."""
        return replace(self, placed=(*self.placed, key), before=self.together)


def name_progress(delivery: str) -> str:
    """Under which name the progress of a delivery is kept."""
    return f"{SendingProgress.NAME}-{delivery}"
