"""A second calculator, deliberately naive, that shares nothing with the connector's arithmetic.

Plain loops over fractions. It answers two questions about an order: what must the books show per
rate, and may it be booked at all? It knows no debtors, no payment methods and no descriptions.
Amounts are `Fraction` in whole and broken euros; it imports types of orders and nothing else.

Whether amounts may be booked it asks as a bookkeeper would: is there an exact price that, rounded
as a shop may round it, gives what the shop says?
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction

from chalicelib.domain.orders import Charge, Order, OrderLine

CENT = Fraction(1, 100)
HALF = Fraction(1, 200)
FINE = Fraction(1, 20000)  # half of the fourth decimal, in which unit prices are given
NONE = Fraction(0)


@dataclass
class Part:
    """A line, or what a line or cost has at one rate."""

    rate: Fraction
    excl: Fraction
    incl: Fraction
    quantity: Fraction = Fraction(1)
    unit_excl: Fraction = NONE
    unit_incl: Fraction = NONE
    off_excl: Fraction = NONE
    off_incl: Fraction = NONE

    @property
    def is_discounted(self) -> bool:
        return bool(self.off_excl or self.off_incl)


@dataclass
class Books:
    """What the books must show: rate → [excl, incl], the parts at each rate, the order's total,
    the rounding left over.
    """

    rates: dict[Fraction, list[Fraction]] = field(default_factory=dict)
    parts: dict[Fraction, list[Part]] = field(default_factory=dict)
    excl: Fraction = NONE
    incl: Fraction = NONE
    rounding_excl: Fraction = NONE
    rounding_incl: Fraction = NONE
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
        _enter(books, line)
    for charge in (order.shipment, order.payment):
        if charge.price_excl != 0 or charge.price_incl != 0:
            _enter(books, charge)
    for rate, parts in books.parts.items():
        if not _are_explained(rate, parts):
            books.refused.append("vat")
    sum_excl = NONE
    sum_incl = NONE
    for part in (*order.lines, order.shipment, order.payment):
        sum_excl += Fraction(part.price_excl)
        sum_incl += Fraction(part.price_incl)
    books.rounding_excl = books.excl - sum_excl
    books.rounding_incl = books.incl - sum_incl
    if books.rounding_excl != 0 or books.rounding_incl != 0:
        _place_rounding(books)
    return books


def _place_rounding(books: Books) -> None:
    """Whether the total can be the lines rounded on the whole, and some rate can take that."""
    sold = [part for parts in books.parts.values() for part in parts if part.excl or part.incl]
    rounded = len(sold) + sum(part.is_discounted for part in sold)
    rates = {part.rate for part in sold}
    for gap in (books.rounding_excl, books.rounding_incl):
        if abs(gap) > HALF * (rounded + len(rates)):
            books.refused.append("total")
    for rate in rates:
        excl = sum((one.excl for one in sold if one.rate == rate), books.rounding_excl)
        incl = sum((one.incl for one in sold if one.rate == rate), books.rounding_incl)
        others = sum(one.rate != rate for one in sold) + sum(one.is_discounted for one in sold)
        if _is_near_in_cents(rate, excl, incl):
            return
        if rate and _share_a_price(rate, excl, incl, HALF * (len(rates) + others)):
            return
    books.refused.append("rounding")


def _are_explained(rate: Fraction, parts: list[Part]) -> bool:
    """Whether each part has the VAT of its rate, and all together have it."""
    excl = sum((part.excl for part in parts), NONE)
    incl = sum((part.incl for part in parts), NONE)
    divided = HALF * len(parts) if _share_a_price(rate, excl, incl, HALF) else NONE
    reach = NONE  # what the roundings of all parts come to in VAT
    for part in parts:
        times = 2 if part.is_discounted else 1
        if _share_a_price(rate, part.excl, part.incl, HALF * times):
            reach += HALF * times * (2 + rate)
        elif rate and _is_by_piece(part):
            reach += abs(part.incl - part.excl - part.excl * rate)
        elif _is_near_in_cents(rate, part.excl, part.incl) or (
            rate and _share_a_price(rate, part.excl, part.incl, divided)
        ):
            reach += HALF * times * (2 + rate)
        else:
            return False
    if _is_near_in_cents(rate, excl, incl):
        return True
    return abs(incl - excl - excl * rate) <= reach


def _share_a_price(rate: Fraction, excl: Fraction, incl: Fraction, reach: Fraction) -> bool:
    """Whether one exact price without VAT is within reach of both sides; at 0 % both are it."""
    if rate == 0:
        return excl == incl
    lowest = max(excl - reach, (incl - reach) / (1 + rate))
    highest = min(excl + reach, (incl + reach) / (1 + rate))
    return lowest <= highest


def _is_near_in_cents(rate: Fraction, excl: Fraction, incl: Fraction) -> bool:
    if rate == 0:
        return excl == incl
    return abs((incl - excl) - nearest_cent(excl * rate)) <= CENT


def nearest_cent(amount: Fraction) -> Fraction:
    """Half a cent and more goes away from zero."""
    cents = (abs(amount) * 100 + Fraction(1, 2)) // 1
    return Fraction(cents, 100) * (-1 if amount < 0 else 1)


def _is_by_piece(part: Part) -> bool:
    """Whether pieces at one price in cents make the part before its discount."""
    excl, incl = part.excl + part.off_excl, part.incl + part.off_incl
    found = any(
        _is_one_price(without, including, part.rate)
        for without in _pieces(excl, part.unit_excl, part.quantity)
        for including in _pieces(incl, part.unit_incl, part.quantity)
    )
    return found and _is_discount_right(part, excl, incl)


def _pieces(amount: Fraction, unit: Fraction, quantity: Fraction) -> list[Fraction]:
    found = [one for one in (unit, nearest_cent(unit)) if nearest_cent(one * quantity) == amount]
    return found + _piece_in_cents(amount, quantity)


def _piece_in_cents(amount: Fraction, quantity: Fraction) -> list[Fraction]:
    piece = nearest_cent(amount / quantity) if quantity else NONE
    return [piece] if nearest_cent(piece * quantity) == amount else []


def _last_place(unit: Fraction) -> Fraction:
    return HALF + FINE if nearest_cent(unit) == unit else FINE


def _is_discount_right(part: Part, excl: Fraction, incl: Fraction) -> bool:
    if _share_a_price(part.rate, part.off_excl, part.off_incl, HALF):
        return True
    if excl and incl:  # one percentage of both sides
        ends_excl = sorted([(part.off_excl - HALF) / excl, (part.off_excl + HALF) / excl])
        ends_incl = sorted([(part.off_incl - HALF) / incl, (part.off_incl + HALF) / incl])
        if max(ends_excl[0], ends_incl[0]) <= min(ends_excl[1], ends_incl[1]):
            return True
    return any(
        _is_one_price(without, including, part.rate)
        for without in _piece_in_cents(part.excl, part.quantity)
        for including in _piece_in_cents(part.incl, part.quantity)
    )


def _is_one_price(without: Fraction, including: Fraction, rate: Fraction) -> bool:
    """Whether one of both is exact and the other that, rounded to its last place."""
    if (including - without) * without < 0:
        return False  # less with VAT than without
    from_without = abs(including - without * (1 + rate)) <= _last_place(including)
    from_including = abs(including / (1 + rate) - without) <= _last_place(without)
    return from_without or from_including


def _enter(books: Books, line: OrderLine | Charge) -> None:
    """Add a line or cost to its rates."""
    base = Fraction(line.price_excl)
    gross = Fraction(line.price_incl)
    by_rate: dict[Fraction, Fraction] = {}
    for tax in line.tax_rates:
        by_rate[Fraction(tax.rate)] = by_rate.get(Fraction(tax.rate), NONE) + Fraction(tax.amount)
    if len(by_rate) == 0:
        by_rate[Fraction(line.tax_rate)] = gross - base
    left = base - sum((amount / rate for rate, amount in by_rate.items() if rate), NONE)
    if len(by_rate) > 1 and Fraction(0) in by_rate:
        half_cents = [
            HALF / Fraction(tax.rate)
            for tax in line.tax_rates
            if tax.rate and tax.amount and _is_in_cents(tax.amount)
        ]
        if left * base <= 0 or abs(left) <= sum(half_cents, CENT):
            del by_rate[Fraction(0)]  # listed, but nothing was sold at it
    if len(by_rate) == 1:
        for only in by_rate:
            _enter_part(books, _part_of(line, only))
        return
    for rate, amount in by_rate.items():
        excl = amount / rate if rate else left
        _enter_part(books, Part(rate, excl, excl + amount))


def _is_in_cents(amount: Decimal) -> bool:
    return nearest_cent(Fraction(amount)) == Fraction(amount)


def _part_of(line: OrderLine | Charge, rate: Fraction) -> Part:
    part = Part(rate, Fraction(line.price_excl), Fraction(line.price_incl))
    part.unit_excl, part.unit_incl = part.excl, part.incl
    if isinstance(line, OrderLine):
        part.quantity = Fraction(line.quantity)
        part.unit_excl = Fraction(line.base_price_excl)
        part.unit_incl = Fraction(line.base_price_incl)
        part.off_excl = Fraction(line.discount_excl)
        part.off_incl = Fraction(line.discount_incl)
    if part.excl == 0 and part.incl == 0:
        part.rate = NONE  # nothing sold: a line without VAT
    return part


def _enter_part(books: Books, part: Part) -> None:
    books.parts.setdefault(part.rate, []).append(part)
    if part.excl or part.incl:
        entry = books.rates.setdefault(part.rate, [NONE, NONE])
        entry[0] += part.excl
        entry[1] += part.incl
