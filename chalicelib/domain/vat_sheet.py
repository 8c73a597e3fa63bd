"""The VAT sheet of a period: base and VAT by place in the returns, added up from the import files.

Amounts have two decimals; corrections (credit notes and reversals) are negative, and stand in the
period of their own date.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from chalicelib.domain.money import ZERO, total
from chalicelib.domain.period_files import PeriodFiles
from chalicelib.domain.return_places import ReturnBox, Supply
from chalicelib.lazy_dataclass import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetRow:
    """One row: `documents` of a period in one box, at one `rate` (a fraction) of the VAT of one
    `country` (alpha-2). `corrections_excl` and `corrections_vat` are the part of `excl` and `vat`
    that credit notes and corrections make up.
    """

    box: ReturnBox
    supply: Supply
    rate: Decimal
    country: str
    documents: int = 0
    excl: Decimal = ZERO
    vat: Decimal = ZERO
    corrections_excl: Decimal = ZERO
    corrections_vat: Decimal = ZERO

    @property
    def has_amounts(self) -> bool:
        """Whether any of its amounts is not 0."""
        return any((self.excl, self.vat, self.corrections_excl, self.corrections_vat))


@dataclass(frozen=True, slots=True, kw_only=True)
class OssCorrection:
    """What the one-stop-shop return of a period takes back of an earlier `quarter` (its first day)
    in one `country`, of one `supply` and `rate`. It is not among the sales of that return: the
    return asks for it apart, and there for the VAT of a country and quarter alone.
    """

    country: str
    quarter: date
    supply: Supply
    rate: Decimal
    excl: Decimal = ZERO
    vat: Decimal = ZERO


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentsTotal:
    """What so many documents come to, as base and VAT."""

    documents: int = 0
    excl: Decimal = ZERO
    vat: Decimal = ZERO


@dataclass(frozen=True, slots=True, kw_only=True)
class DistanceTotal:
    """What consumers in one other member state (alpha-2) were sent in a month, without VAT, who
    were charged the shop's own VAT, or none by its small-business scheme; less what was taken back.
    """

    month: date
    country: str
    excl: Decimal = ZERO


@dataclass(frozen=True, slots=True, kw_only=True)
class VatSheet:
    """The sheet of a period, from the `files` that are counted for it.

    `rows` are all of these files' documents that are dated in the period, `documents` in all: by
    box, country, rate from the highest, and supply. `days_total` is what the files' cover sheets
    come to, as base and VAT, less what they have on other days; see `adding_sheet` for what it
    proves. Both are equal to the cent, or `difference` says by how much not. `oss_corrections` are
    among the rows' amounts of box `OSS`, too.

    `again` is the part of the rows that two of the files hold, since its documents were sent again
    on purpose, unchanged: where the first invoice was deleted in Asperion, it is declared once too
    often. `changed_again` counts those that had changed, of which the rows have the first amounts
    and the second ones.
    """

    files: PeriodFiles
    rows: tuple[SheetRow, ...] = ()
    oss_corrections: tuple[OssCorrection, ...] = ()
    documents: int = 0
    days_total: tuple[Decimal, Decimal] = (ZERO, ZERO)
    again: DocumentsTotal = DocumentsTotal()
    changed_again: int = 0

    @property
    def excl(self) -> Decimal:
        """The base of all rows."""
        return total(row.excl for row in self.rows)

    @property
    def vat(self) -> Decimal:
        """The VAT of all rows."""
        return total(row.vat for row in self.rows)

    @property
    def difference(self) -> tuple[Decimal, Decimal]:
        """What the rows come to more than the files' days, as base and VAT; 0 when all is right."""
        return self.excl - self.days_total[0], self.vat - self.days_total[1]

    def list_box(self, box: ReturnBox) -> list[SheetRow]:
        """The rows of one box."""
        return [row for row in self.rows if row.box is box]
