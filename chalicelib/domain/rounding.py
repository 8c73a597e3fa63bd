"""What rounding explains of a document's amounts: half a cent for each rounding that happened.

A shop keeps prices without VAT or with it, derives the other side by the rate, and rounds to cents
by the piece, by the line or on the whole. The *excess* of an amount at a rate is what it includes
beyond base × (1 + rate); exact amounts have none. Half a cent of rounding on the amount including
VAT moves it by half a cent; on the amount excluding VAT by half a cent times (1 + rate).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from chalicelib.domain.drafts import ONE, Draft, sum_amounts
from chalicelib.domain.holds import HeldBack, HoldReason
from chalicelib.domain.money import CENT, HALF_CENT, ZERO, Amount, is_near, round_cents, total
from chalicelib.domain.vat import NO_RATE, percentage

_HALF_FINE = Decimal("0.00005")  # unit prices have four decimals


def measure_excess(amount: Amount, rate: Decimal) -> Decimal:
    """What an amount includes beyond base × (1 + rate); negative when it includes less."""
    return amount.incl - amount.excl * (ONE + rate)


def bound_excess(rate: Decimal) -> Decimal:
    """The excess that rounding both sides to cents once explains."""
    return HALF_CENT * (2 + rate)


def is_vat_explained(amount: Amount, rate: Decimal, bound: Decimal) -> bool:
    """Whether the VAT of an amount is base × rate up to `bound` of excess.

    VAT in whole cents may always be a cent from base × rate in whole cents. At the rate 0 there
    is nothing to round: any VAT is too much.
    """
    if rate == NO_RATE:
        return not amount.vat
    if abs(measure_excess(amount, rate)) <= bound:
        return True
    return is_near(amount.vat, round_cents(amount.excl * rate), CENT)


def find_unit_price(amount: Decimal, unit: Decimal, quantity: Decimal) -> Decimal | None:
    """Find the unit price that multiplies to one side of a line: the shop's, else the same in
    whole cents; None when neither does.
    """
    prices = (unit, round_cents(unit))
    return next((one for one in prices if round_cents(one * quantity) == amount), None)


def check_vat(drafts: Sequence[Draft], rate: Decimal) -> None:
    """Raise `HeldBack` unless rounding explains the VAT of all lines at a rate, and of each.

    A document that was rounded on the whole may have divided it over its lines: then one of them
    takes what rounding left of all.
    """
    summed = sum_amounts(drafts)
    once, bounds = bound_excess(rate), [_bound_line(draft, rate) for draft in drafts]
    is_right_on_the_whole = abs(measure_excess(summed, rate)) <= once
    divided = once * len(drafts) if is_right_on_the_whole else ZERO
    for draft, bound in zip(drafts, bounds, strict=True):
        if not is_vat_explained(draft.amount, rate, max(bound, divided)):
            raise _hold_vat("line", draft.amount, rate)
    if not is_vat_explained(summed, rate, total(bounds)):
        raise _hold_vat("lines", summed, rate)


def _hold_vat(name: str, amount: Amount, rate: Decimal) -> HeldBack:
    figures = {f"{name}_excl": amount.excl, f"{name}_incl": amount.incl}
    figures |= {f"{name}_vat": amount.vat, "expected_vat": round_cents(amount.excl * rate)}
    return HeldBack(HoldReason.VAT_DIFFERS, percentage(rate), figures)


def _bound_line(draft: Draft, rate: Decimal) -> Decimal:
    """The excess that rounding explains on one line: by the line, its discount by itself, or by
    the piece as far as the shop's unit price proves that.
    """
    bound = bound_excess(rate) * (2 if draft.discount else 1)
    excess = abs(measure_excess(draft.amount, rate))
    return excess if excess > bound and _is_rounded_by_piece(draft, rate) else bound


def _is_rounded_by_piece(draft: Draft, rate: Decimal) -> bool:
    """Whether the line before its discount is quantity × the shop's own unit price, in whole cents
    on one side or both, or whole cents a piece on both sides, and both are one price at this rate.
    """
    gross, unit = draft.amount + draft.discount, draft.unit
    on_excl = list(_list_unit_prices(gross.excl, unit.excl, draft.quantity))
    on_incl = list(_list_unit_prices(gross.incl, unit.incl, draft.quantity))
    if not any(_is_one_price(Amount(e, i), rate) for e in on_excl for i in on_incl):
        return False
    return _is_discount_explained(draft, gross, rate)


def _list_unit_prices(amount: Decimal, unit: Decimal, quantity: Decimal) -> Iterator[Decimal]:
    """The unit prices that explain one side of a line: the shop's, the same in whole cents, or
    other whole cents, as of an article with a surcharge.
    """
    for price in (unit, round_cents(unit)):
        if round_cents(price * quantity) == amount:
            yield price
    yield from _find_price_in_cents(amount, quantity)


def _find_price_in_cents(amount: Decimal, quantity: Decimal) -> list[Decimal]:
    """The price of a piece in whole cents that multiplies to an amount, if there is one."""
    price = round_cents(amount / quantity) if quantity else ZERO
    return [price] if round_cents(price * quantity) == amount else []


def _is_one_price(unit: Amount, rate: Decimal) -> bool:
    """Whether one side of a unit price follows from the other by one rounding of that side, and
    VAT is not below nothing.
    """
    if unit.vat * unit.excl < 0:
        return False
    by_excl, by_incl = _halve_last_place(unit.excl) * (ONE + rate), _halve_last_place(unit.incl)
    return abs(measure_excess(unit, rate)) <= max(by_excl, by_incl)


def _halve_last_place(unit: Decimal) -> Decimal:
    """How far a unit price may be from the exact one. Whole cents were rounded from four decimals,
    and those from the exact price.
    """
    return HALF_CENT + _HALF_FINE if unit == round_cents(unit) else _HALF_FINE


def _is_discount_explained(draft: Draft, gross: Amount, rate: Decimal) -> bool:
    """Whether a discount has the rate of its line, the same share of both sides, or was rounded by
    the piece.
    """
    discount = draft.discount
    apart = abs(discount.incl * gross.excl - gross.incl * discount.excl)
    is_share = apart <= HALF_CENT * (abs(gross.excl) + abs(gross.incl))
    if is_share or abs(measure_excess(discount, rate)) <= bound_excess(rate):
        return True
    on_excl = _find_price_in_cents(draft.amount.excl, draft.quantity)
    on_incl = _find_price_in_cents(draft.amount.incl, draft.quantity)
    return any(_is_one_price(Amount(e, i), rate) for e in on_excl for i in on_incl)
