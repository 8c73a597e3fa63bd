"""How long it is kept what nobody works with any more, and until when.

What is still needed has no end: an open document, an unfinished file, everything beside a shop that
is installed. Numbers, dates and states are kept for the books, counted from their last change; what
else lies beside a shop that left, from its leaving.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from chalicelib.domain.days import start_of
from chalicelib.domain.events import AuditEvent
from chalicelib.domain.journal import JournalEntry
from chalicelib.domain.landed import LandedDelivery
from chalicelib.domain.ledger import Entry, FileEntry
from chalicelib.domain.month_files import MonthFiles
from chalicelib.domain.shops import Shop, ShopState
from chalicelib.domain.statement import DayStatement
from chalicelib.domain.vat_numbers import VatNumber
from chalicelib.lazy_dataclass import dataclass
from chalicelib.settings import KEEP_AFTER_LEAVING, KEEP_AUDIT

DatedRecord = DayStatement | JournalEntry | MonthFiles | LandedDelivery
"""A record that is kept for the books, and not for as long as the shop is."""

CLOCKS_DIFFER = timedelta(days=2)
"""More than SEOshop's clock and ours differ, and the rounding of a day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifetimes:
    """`audit` is how long numbers, dates and states are kept after their last change: documents,
    files, audit, statements, journal. `after_leaving` is how long the rest is after a shop left.

    Each method gives the moment after which the table may delete something; None while it is
    needed. `left_at` is when the shop left; None while it is installed.
    """

    audit: timedelta = KEEP_AUDIT
    after_leaving: timedelta = KEEP_AFTER_LEAVING

    def end_of_entry(self, entry: Entry, left_at: datetime | None) -> datetime | None:
        """A document's, by its last step; an open one's once its shop has left."""
        changed_at = entry.history[-1].at if entry.history else entry.since
        return self._end(changed_at, is_needed=entry.state.is_open, left_at=left_at)

    def end_of_file(self, file: FileEntry, left_at: datetime | None) -> datetime | None:
        """A file's, likewise."""
        changed_at = file.history[-1].at if file.history else file.since
        return self._end(changed_at, is_needed=not file.is_finished, left_at=left_at)

    def end_of_audit(self, event: AuditEvent) -> datetime:
        """That of a line of the audit."""
        return event.at + self.audit

    def end_of_dated(self, record: DatedRecord) -> datetime:
        """That of a day's statement and its entry in the journal, by when it was drawn up, of what
        is known of a month, by when it was changed, and of what Asperion showed of a delivery, by
        when it was read.
        """
        return record.at + self.audit

    def end_of_shop(self, shop: Shop) -> datetime | None:
        """That of a shop's own record."""
        is_left = shop.state is ShopState.UNINSTALLED
        return self.end_beside(shop.changed_at if is_left else None)

    def end_beside(self, left_at: datetime | None) -> datetime | None:
        """That of all else beside a shop."""
        return None if left_at is None else left_at + self.after_leaving

    def end_of_number(self, number: VatNumber, left_at: datetime | None) -> datetime:
        """That of a customer's VAT number, which has its own end as well."""
        own = start_of(number.kept_until + timedelta(days=1))
        beside = self.end_beside(left_at)
        return own if beside is None else min(own, beside)

    def _end(
        self, changed_at: datetime, *, is_needed: bool, left_at: datetime | None
    ) -> datetime | None:
        if not is_needed:
            return changed_at + self.audit
        return None if left_at is None else max(changed_at, left_at) + self.audit

    def may_be_forgotten(
        self, made_at: datetime, *, installed_at: datetime, known_since: datetime
    ) -> bool:
        """Whether a document made at `made_at`, that the ledger of a shop installed at
        `installed_at` knows since `known_since`, may have been in it before and be forgotten by
        then.
        """
        known_first = max(made_at, installed_at)
        return known_first + self.audit - CLOCKS_DIFFER <= known_since
