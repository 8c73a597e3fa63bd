"""What a VAT sheet reads of a file: whether it was delivered, and what it adds up to."""

from __future__ import annotations

from chalicelib.domain.cover_sheet import CoverSheet
from chalicelib.domain.file_returns import FileReturns
from chalicelib.domain.ledger import FileState
from chalicelib.lazy_dataclass import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class FileTotals:
    """A file without its documents; see `ledger.FileEntry` for its fields.

    `has_surfaced` is not known of files that surfaced under versions before 1.5.0, which have no
    `returns` either.
    """

    name: str
    state: FileState
    cover: CoverSheet | None = None
    returns: FileReturns | None = None
    has_surfaced: bool = False
