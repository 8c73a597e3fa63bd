"""The one-stop-shop return (Union scheme) of a quarter: sales by member state, supply and rate, and
apart from them the corrections of earlier quarters.

Sources: Directive 2006/112/EC, articles 369f to 369h; Implementing Regulation (EU) 282/2011,
article 60 (amounts are not rounded) and 61 (corrections of an earlier return go into a later one,
by member state and quarter, within three years).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date
from decimal import Decimal

from chalicelib.domain.money import ZERO, total
from chalicelib.domain.return_places import ReturnBox
from chalicelib.domain.vat_sheet import OssCorrection, SheetRow, VatSheet
from chalicelib.lazy_dataclass import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class QuarterCorrection:
    """What is taken back of an earlier `quarter` (its first day) in one member state."""

    quarter: date
    excl: Decimal = ZERO
    vat: Decimal = ZERO


@dataclass(frozen=True, slots=True, kw_only=True)
class OssCountry:
    """What the return says of one member state (alpha-2): the `sales`, without what takes back
    earlier quarters, and the `corrections` of those, the oldest first.
    """

    country: str
    sales: tuple[SheetRow, ...]
    corrections: tuple[QuarterCorrection, ...]

    @property
    def excl(self) -> Decimal:
        """The base of all of it."""
        sales, corrections = (row.excl for row in self.sales), (c.excl for c in self.corrections)
        return total(sales) + total(corrections)

    @property
    def vat(self) -> Decimal:
        """The VAT of all of it: what is owed to the member state."""
        sales, corrections = (row.vat for row in self.sales), (c.vat for c in self.corrections)
        return total(sales) + total(corrections)


def list_oss_countries(sheet: VatSheet) -> tuple[OssCountry, ...]:
    """The member states of a sheet's one-stop-shop return, by name; together they come to the
    sheet's box `OSS`.
    """
    sales: dict[str, list[SheetRow]] = defaultdict(list)
    for row in sheet.list_box(ReturnBox.OSS):
        sales[row.country].append(_leave_out_earlier(row, sheet.oss_corrections))
    corrections: dict[str, list[OssCorrection]] = defaultdict(list)
    for each in sheet.oss_corrections:
        corrections[each.country].append(each)
    return tuple(
        OssCountry(
            country=country,
            sales=tuple(
                sorted((row for row in sales[country] if row.has_amounts), key=_order_rows)
            ),
            corrections=_add_up_quarters(corrections[country]),
        )
        for country in sorted({*sales, *corrections})
    )


def _leave_out_earlier(row: SheetRow, corrections: tuple[OssCorrection, ...]) -> SheetRow:
    earlier = [
        each
        for each in corrections
        if (each.country, each.supply, each.rate) == (row.country, row.supply, row.rate)
    ]
    excl = total(each.excl for each in earlier)
    vat = total(each.vat for each in earlier)
    return replace(
        row,
        excl=row.excl - excl,
        vat=row.vat - vat,
        corrections_excl=row.corrections_excl - excl,
        corrections_vat=row.corrections_vat - vat,
    )


def _order_rows(row: SheetRow) -> tuple[str, Decimal]:
    return row.supply.value, -row.rate


def _add_up_quarters(corrections: list[OssCorrection]) -> tuple[QuarterCorrection, ...]:
    quarters = sorted({each.quarter for each in corrections})
    found = []
    for quarter in quarters:
        of_it = [each for each in corrections if each.quarter == quarter]
        excl, vat = total(one.excl for one in of_it), total(one.vat for one in of_it)
        found.append(QuarterCorrection(quarter=quarter, excl=excl, vat=vat))
    return tuple(found)
