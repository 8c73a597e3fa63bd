"""The VAT sheet of a period: base and VAT by place in the returns, added up from the import files.

Amounts have two decimals; corrections (credit notes and reversals) are negative, and stand in the
period of their own date.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from chalicelib.domain.money import ZERO, total
from chalicelib.domain.periods import Period
from chalicelib.domain.return_places import ReturnBox, Supply


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
class VatSheet:
    """The sheet of a period, of a shop whose books are in `currency` (ISO 4217).

    `rows` are all of `files` (names, in order) that were delivered and have documents dated in the
    period: `documents` in all. `days_total` is what the files' days within the period come to, as
    base and VAT, added up another way than `rows`; both are equal to the cent, or `difference` says
    by how much not. `oss_corrections` are among the rows' amounts of box `OSS`, too.

    What the sheet cannot count is named: `unsure` files may or may not be in Asperion, `double`
    ones are there twice until a person has deleted one, `undated` ones are of versions that did not
    keep on which days their documents are booked, or of a shop that wanted no totals kept.
    """

    period: Period
    currency: str
    rows: tuple[SheetRow, ...] = ()
    oss_corrections: tuple[OssCorrection, ...] = ()
    documents: int = 0
    files: tuple[str, ...] = ()
    days_total: tuple[Decimal, Decimal] = (ZERO, ZERO)
    unsure: tuple[str, ...] = ()
    double: tuple[str, ...] = ()
    undated: tuple[str, ...] = ()

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

    @property
    def is_whole(self) -> bool:
        """Whether every file that may have documents in the period is counted."""
        return not (self.unsure or self.double or self.undated)
