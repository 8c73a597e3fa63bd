"""The Dutch VAT return as its form has it: which boxes a shop's sales fill, in their order, and the
whole euros that one fills in.

Sources: the boxes of the return, Belastingdienst, "Toelichting bij de digitale aangifte
omzetbelasting"; that amounts are filled in as whole euros and may be rounded in one's own favour:
Belastingdienst, "Btw-bedrag afronden".
"""

from __future__ import annotations

from decimal import ROUND_FLOOR, Decimal

from chalicelib.domain.money import total
from chalicelib.domain.return_places import ReturnBox, Supply
from chalicelib.domain.shops import Shop
from chalicelib.domain.treatment import NETHERLANDS
from chalicelib.domain.vat_sheet import SheetRow, VatSheet
from chalicelib.lazy_dataclass import dataclass

WITH_VAT = (ReturnBox.GENERAL, ReturnBox.REDUCED, ReturnBox.OTHER)
"""The boxes that ask for the VAT as well; the others ask for the sales alone."""

IN_RETURN = (*WITH_VAT, ReturnBox.ZERO, ReturnBox.EXPORT, ReturnBox.EU)
"""The boxes of the return that a shop's sales may fill, in the form's order."""

ELSEWHERE = (ReturnBox.OSS, ReturnBox.SMALL_BUSINESS, ReturnBox.OUTSIDE_VAT, ReturnBox.FOREIGN)
"""What is in no box of the Dutch return."""

_SELDOM = (ReturnBox.OTHER,)
"""The boxes that are shown only when something is in them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FormLine:
    """A box of the return: the `rows` of a sheet that it adds up, in their order there."""

    box: ReturnBox
    rows: tuple[SheetRow, ...] = ()

    @property
    def excl(self) -> Decimal:
        """The base."""
        return total(row.excl for row in self.rows)

    @property
    def vat(self) -> Decimal:
        """The VAT."""
        return total(row.vat for row in self.rows)

    @property
    def corrections_excl(self) -> Decimal:
        """The part of the base that credit notes and corrections make up."""
        return total(row.corrections_excl for row in self.rows)

    @property
    def corrections_vat(self) -> Decimal:
        """Their part of the VAT."""
        return total(row.corrections_vat for row in self.rows)

    @property
    def asks_vat(self) -> bool:
        """Whether the return asks for the VAT of this box."""
        return self.box in WITH_VAT

    def part(self, supply: Supply) -> FormLine:
        """The goods of it, or the services."""
        rows = (row for row in self.rows if row.supply is supply)
        return FormLine(box=self.box, rows=tuple(rows))

    @property
    def rates(self) -> tuple[tuple[Decimal, FormLine], ...]:
        """What there is of it at each rate, the highest first."""
        rates = sorted({row.rate for row in self.rows}, reverse=True)
        by_rate = ((rate, (row for row in self.rows if row.rate == rate)) for rate in rates)
        return tuple((rate, FormLine(box=self.box, rows=tuple(rows))) for rate, rows in by_rate)


def is_filed_by(shop: Shop) -> bool:
    """Whether a shop files the Dutch return, in euros."""
    return shop.country == NETHERLANDS and shop.is_in_euros


def list_form_lines(sheet: VatSheet) -> tuple[FormLine, ...]:
    """The boxes of the Dutch return, in its order; an unusual one only when something is in it."""
    lines = (find_line(sheet, box) for box in IN_RETURN)
    return tuple(line for line in lines if line.rows or line.box not in _SELDOM)


def find_line(sheet: VatSheet, box: ReturnBox) -> FormLine:
    """One box, or what is in its place."""
    return FormLine(box=box, rows=tuple(sheet.list_box(box)))


def round_in_favour(amount: Decimal) -> Decimal:
    """The whole euros of an amount that is owed: rounded down, also below zero."""
    return amount.to_integral_value(ROUND_FLOOR) + Decimal(0)


def add_up_vat(lines: tuple[FormLine, ...]) -> Decimal:
    """The VAT of all boxes that ask for it."""
    return total(line.vat for line in lines if line.asks_vat)


def add_up_filled_in(lines: tuple[FormLine, ...]) -> Decimal:
    """What the whole euros of VAT come to that are filled in."""
    filled_in = (round_in_favour(line.vat) for line in lines if line.asks_vat)
    return sum(filled_in, Decimal(0))
