"""The VAT sheet of a period: base and VAT by place in the returns, added up from the import files.

Amounts have two decimals; corrections (credit notes and reversals) are negative, and stand in the
period of their own date.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from chalicelib.domain.file_returns import PaymentTotal
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
class SentAgainTotal:
    """What so many documents come to that were sent again."""

    documents: int = 0
    excl: Decimal = ZERO
    vat: Decimal = ZERO


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentSheet:
    """What was booked in a period by payment method and day. `is_whole` as of a `VatSheet`."""

    period: Period
    currency: str
    payments: tuple[PaymentTotal, ...] = ()
    is_whole: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class DistanceTotal:
    """What consumers in one other member state (alpha-2) were sent in a month, without VAT, who
    were charged the shop's own VAT, or none by its small-business scheme; less what was taken back.
    """

    month: date
    country: str
    excl: Decimal = ZERO


@dataclass(frozen=True, slots=True, kw_only=True)
class DistanceSales:
    """The distance sales of a year, by month and country: what counts for the threshold of
    EUR 10,000 of the one-stop-shop scheme. `is_whole` as of a `VatSheet`.
    """

    year: int
    currency: str
    totals: tuple[DistanceTotal, ...] = ()
    is_whole: bool = True

    @property
    def excl(self) -> Decimal:
        """What the whole year comes to."""
        return total(each.excl for each in self.totals)


@dataclass(frozen=True, slots=True, kw_only=True)
class VatSheet:
    """The sheet of a period, of a shop whose books are in `currency` (ISO 4217).

    `rows` are all of `files` (names, in order) that were delivered and have documents dated in the
    period: `documents` in all. `days_total` is what these files' cover sheets come to, as base and
    VAT, less what they have on other days; see `adding_sheet` for what it proves. Both are equal to
    the cent, or `difference` says by how much not. `oss_corrections` are among the rows' amounts of
    box `OSS`, too.

    `again` is the part of the rows that two of the files hold, since its documents were sent again
    on purpose, unchanged: where the first invoice was deleted in Asperion, it is declared once too
    often. `changed_again` counts those that had changed, of which the rows have the first amounts
    and the second ones.

    What the sheet cannot count is named: `unsure` files may or may not be in Asperion, `double`
    ones are there twice until a person has deleted one, of `partly` ones that was done, and nobody
    knows what the rest comes to; `undated` ones are of versions that did not keep on which days
    their documents are booked, or of a shop that wanted no totals kept; `other_currency` ones have
    no sum with the others. `is_cut`: the period has more files than could be noted.
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
    partly: tuple[str, ...] = ()
    undated: tuple[str, ...] = ()
    other_currency: tuple[str, ...] = ()
    is_cut: bool = False
    again: SentAgainTotal = SentAgainTotal()
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

    @property
    def is_whole(self) -> bool:
        """Whether every file that may have documents in the period is counted."""
        uncounted = (self.unsure, self.double, self.partly, self.undated, self.other_currency)
        return not (any(uncounted) or self.is_cut)
