"""Checks of an imported order: sums, VAT and unit prices. Deviations are described in Dutch."""

from collections.abc import Iterable
from decimal import Decimal

from sandbox.asperion.formats import day, money, number
from sandbox.asperion.imported_orders import Line, Order
from sandbox.asperion.vat_classes import CENT, UNKNOWN, cents, vat_class

ROUNDED_UNIT = Decimal("0.00005")
"""A unit price is written in four decimals, so it may be off by this much a piece."""


def deviations(order: Order) -> list[str]:
    """Name everything in an order that does not add up; empty when all holds."""
    found = [
        f"Regel {line.number}: {fault}."
        for line in order.lines
        for fault in _check_line(order, line)
    ]
    stated = (
        ("excl.", order.total_excl, (line.excl for line in order.lines)),
        ("btw", order.total_vat, (line.vat for line in order.lines)),
        ("incl.", order.total_incl, (line.incl for line in order.lines)),
    )
    for label, total, amounts in stated:
        found += _check_total(label, total, amounts)
    return found


def _check_line(order: Order, line: Line) -> Iterable[str]:
    if line.excl + line.vat != line.incl:
        yield f"{money(line.excl)} excl. en {money(line.vat)} btw is samen geen {money(line.incl)}"
    expected = cents(line.excl * line.rate / 100)
    rate = f"{number(line.rate)} %"
    if abs(line.vat - expected) > CENT and not _is_vat_of_pieces(line):
        yield f"{rate} over {money(line.excl)} is {money(expected)}, niet {money(line.vat)}"
    if vat_class(line.rate, order.date, line.vat_country) == UNKNOWN:
        yield f"{rate} is op {day(order.date)} geen Nederlands btw-tarief"
    if not _unit_price_gives_total(line):
        yield f"{number(line.quantity)} keer de stuksprijs is niet het regeltotaal"


def _is_vat_of_pieces(line: Line) -> bool:
    """True if the VAT is that of the pieces, each priced in cents without VAT and with it.

    A till rounds what it shows: the price of one piece. Import preserves the prices in the file,
    so the VAT of many pieces is then as many times that of one, to half a cent of its rate.
    """
    if line.unit_excl is None or line.unit_incl is None:
        return False
    totals = line.quantity * line.unit_excl, line.quantity * line.unit_incl
    if tuple(map(cents, totals)) != (line.excl, line.incl):
        return False
    off = line.unit_incl - line.unit_excl * (100 + line.rate) / 100
    return abs(off) <= (CENT / 2 + ROUNDED_UNIT) * (100 + line.rate) / 100


def _unit_price_gives_total(line: Line) -> bool:
    """True if quantity times unit price is the total, in at least one of the price bases."""
    margin = CENT + abs(line.quantity) * ROUNDED_UNIT
    pairs = [(line.unit_excl, line.excl), (line.unit_incl, line.incl)]
    given = [(unit, total) for unit, total in pairs if unit is not None]
    return not given or any(abs(line.quantity * unit - total) <= margin for unit, total in given)


def _check_total(label: str, stated: Decimal | None, amounts: Iterable[Decimal]) -> list[str]:
    added = sum(amounts, Decimal("0.00"))
    if stated is None or stated == added:
        return []
    return [f"Totaal {label} is {money(stated)}, maar de regels zijn samen {money(added)}."]
