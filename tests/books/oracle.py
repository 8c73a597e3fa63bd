"""A second calculator, deliberately naive, that shares nothing with the connector's arithmetic.

Plain loops over fractions. It answers two questions about an order: what must the books show per
rate, and may it be booked at all? It knows no debtors, no payment methods and no descriptions.
Amounts are `Fraction` in whole and broken euros; it imports types of orders and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction

from chalicelib.domain.orders import Charge, Order, OrderLine, TaxAmount

CENT = Fraction(1, 100)


@dataclass
class Books:
    """What the books must show: rate → [excl, incl], lines at each rate, the order's total, the
    rounding left over.
    """

    rates: dict[Fraction, list[Fraction]] = field(default_factory=dict)
    lines: dict[Fraction, int] = field(default_factory=dict)
    excl: Fraction = Fraction(0)
    incl: Fraction = Fraction(0)
    rounding_excl: Fraction = Fraction(0)
    rounding_incl: Fraction = Fraction(0)
    refused: list[str] = field(default_factory=list)


def dutch_rates(day: date) -> set[Fraction]:
    """The rates a Dutch shop could charge on a day."""
    rates = {Fraction(0)}
    if day < date(2012, 10, 1):
        rates.add(Fraction(19, 100))
    else:
        rates.add(Fraction(21, 100))
    if day < date(2019, 1, 1):
        rates.add(Fraction(6, 100))
    else:
        rates.add(Fraction(9, 100))
    return rates


def books_of(order: Order) -> Books:
    """Work an order out by hand: every line, then shipping, then payment cost, then the total."""
    books = Books(excl=Fraction(order.price_excl), incl=Fraction(order.price_incl))
    for line in order.lines:
        _enter(books, line.price_excl, line.price_incl, line.tax_rate, line.tax_rates)
    for charge in (order.shipment, order.payment):
        if charge.price_excl != 0 or charge.price_incl != 0:
            _enter(books, charge.price_excl, charge.price_incl, charge.tax_rate, charge.tax_rates)
    sum_excl = Fraction(0)
    sum_incl = Fraction(0)
    parts: list[OrderLine | Charge] = [*order.lines, order.shipment, order.payment]
    for part in parts:
        sum_excl += Fraction(part.price_excl)
        sum_incl += Fraction(part.price_incl)
    books.rounding_excl = books.excl - sum_excl
    books.rounding_incl = books.incl - sum_incl
    gaps = [books.rounding_excl, books.rounding_incl, books.rounding_incl - books.rounding_excl]
    for gap in gaps:
        if gap > 5 * CENT or gap < -5 * CENT:
            books.refused.append("total")
    if (books.rounding_excl != 0 or books.rounding_incl != 0) and not _has_a_place(books):
        books.refused.append("rounding")
    return books


def _has_a_place(books: Books) -> bool:
    """Whether some rate can take the rounding and still be right to a cent a line."""
    for rate, count in books.lines.items():
        excl, incl = books.rates.get(rate, [Fraction(0), Fraction(0)])
        excl += books.rounding_excl
        incl += books.rounding_incl
        if rate == 0:
            if excl == incl:
                return True
        else:
            off = (incl - excl) - excl * rate
            if -CENT * (count + 1) <= off <= CENT * (count + 1):
                return True
    return False


def _enter(  # noqa: C901 - naive on purpose
    books: Books, excl: Decimal, incl: Decimal, rate: Decimal, taxes: Iterable[TaxAmount]
) -> None:
    base = Fraction(excl)
    gross = Fraction(incl)
    by_rate: dict[Fraction, Fraction] = {}
    for tax in taxes:
        by_rate[Fraction(tax.rate)] = by_rate.get(Fraction(tax.rate), Fraction(0)) + Fraction(
            tax.amount
        )
    if len(by_rate) == 0:
        by_rate[Fraction(rate)] = gross - base
    if len(by_rate) == 1:
        for only in by_rate:
            off = (gross - base) - base * only
            most = CENT
            if only == 0:
                most = Fraction(0)
            if off > most or off < -most:
                books.refused.append("vat")
            if gross == 0 and base == 0:
                books.lines[Fraction(0)] = books.lines.get(Fraction(0), 0) + 1
                return  # nothing sold: a line without VAT
            books.lines[only] = books.lines.get(only, 0) + 1
            entry = books.rates.setdefault(only, [Fraction(0), Fraction(0)])
            entry[0] += base
            entry[1] += gross
        return
    left = base
    for each, amount in by_rate.items():
        books.lines[each] = books.lines.get(each, 0) + 1
        if each != 0:
            entry = books.rates.setdefault(each, [Fraction(0), Fraction(0)])
            entry[0] += amount / each
            entry[1] += amount / each + amount
            left -= amount / each
    if Fraction(0) in by_rate:
        entry = books.rates.setdefault(Fraction(0), [Fraction(0), Fraction(0)])
        entry[0] += left
        entry[1] += left
