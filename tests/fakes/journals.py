"""Journals of a made-up shop."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from chalicelib.domain.cover_sheet import CoverSheet, TreatmentTotal
from chalicelib.domain.invoices import VatKind, VatTreatment
from chalicelib.domain.journal import JournalEntry, make_entry
from chalicelib.domain.policy import VatClass
from chalicelib.domain.statement import DayStatement, ShopCheck, Verdict
from chalicelib.ports import Shops

SHOP = 184520
FIRST = date(2026, 11, 2)
HIGH = VatTreatment(
    rate=Decimal("0.21"), vat_class=VatClass.HIGH, kind=VatKind.DOMESTIC, country="NL"
)


def closed_day(day: date, *, placed: int = 3) -> DayStatement:
    """The statement of a day with one file, closed in the night after it."""
    at = datetime.combine(day + timedelta(days=1), time(1, 20), UTC)
    name = f"axml-orders-{day:%Y%m%d}-{SHOP}-001.xml"
    cover = CoverSheet(
        currency="EUR",
        documents=placed,
        totals=(
            TreatmentTotal(
                treatment=HIGH, documents=placed, excl=Decimal("100.00"), vat=Decimal("21.00")
            ),
        ),
    )
    return DayStatement(
        day=day,
        at=at,
        due=placed,
        placed=placed,
        files={name: placed},
        sha256={name: f"{placed:064x}"},
        check=ShopCheck(since=at - timedelta(days=30), at=at, due=placed, is_whole=True),
        cover=cover,
        unfiled=(),
        verdict=Verdict.RIGHT,
        is_closed=True,
    )


def make_journal(days: int = 5, *, shop: int = SHOP, first: date = FIRST) -> list[JournalEntry]:
    """A journal of so many days in a row, the fourth of which was skipped."""
    statements = [closed_day(first + timedelta(days=n + (n > 2))) for n in range(days)]
    return add_statements([], statements, shop=shop)


def add_statements(
    entries: Sequence[JournalEntry], statements: Sequence[DayStatement], *, shop: int = SHOP
) -> list[JournalEntry]:
    """A journal with these statements after what is in it."""
    journal = [*entries]
    for statement in statements:
        last = journal[-1] if journal else None
        journal.append(make_entry(shop, last, statement, salt=f"{len(journal):032x}"))
    return journal


def store_journal(shops: Shops, entries: Sequence[JournalEntry]) -> None:
    """Let the shop have these entries."""
    for entry in entries:
        _store_entry(shops, entry)


def _store_entry(shops: Shops, entry: JournalEntry) -> None:
    shops.change(SHOP, JournalEntry, lambda _: entry, entry.name)


def write_lines(entries: Sequence[JournalEntry]) -> list[str]:
    """The lines of its download."""
    return [entry.write_line() for entry in entries]
