"""In what a sale would be booked otherwise: the verdicts on it under two policies, compared."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from enum import IntEnum, StrEnum

from chalicelib.domain.holds import Hold
from chalicelib.domain.invoices import Invoice, VatTreatment
from chalicelib.domain.judgement import Verdict, pick_invoices
from chalicelib.domain.money import ZERO, total


class Difference(StrEnum):
    """What differs between two ways of booking one sale."""

    TAKEN_IN = "taken_in"  # left out before, booked now
    FREED = "freed"  # held before, booked now
    HELD = "held"
    OTHER_HOLD = "other_hold"  # held either way, for another reason
    LEFT_OUT = "left_out"
    DOCUMENTS = "documents"  # in another number of invoices
    DAY = "day"
    VAT = "vat"  # another rate, kind or class of Asperion's, or other amounts under them
    AMOUNT = "amount"  # including VAT
    PAYMENT = "payment"


class _Fate(IntEnum):
    LEFT_OUT = 0
    HELD = 1
    BOOKED = 2


def list_differences(before: Sequence[Verdict], after: Sequence[Verdict]) -> tuple[Difference, ...]:
    """Compare the verdicts on the documents of one sale, in the order of `Difference`. A sale is
    booked when one of its documents is.
    """
    found = [
        _compare_fates(before, after),
        *_compare_invoices(pick_invoices(before), pick_invoices(after)),
    ]
    return tuple(each for each in Difference if each in found)


def _compare_fates(before: Sequence[Verdict], after: Sequence[Verdict]) -> Difference | None:
    old, new = _find_fate(before), _find_fate(after)
    if old is new:
        gone, come = _holds(before) - _holds(after), _holds(after) - _holds(before)
        if new is _Fate.HELD:
            return Difference.OTHER_HOLD if gone or come else None
        return Difference.HELD if come else Difference.FREED if gone else None
    if new is _Fate.BOOKED:
        return Difference.FREED if old is _Fate.HELD else Difference.TAKEN_IN
    return Difference.HELD if new is _Fate.HELD else Difference.LEFT_OUT


def _compare_invoices(before: Sequence[Invoice], after: Sequence[Invoice]) -> list[Difference]:
    """What differs of a sale that is booked either way."""
    if not before or not after:
        return []
    compared = {
        Difference.DOCUMENTS: (len(before), len(after)),
        Difference.DAY: ({one.day for one in before}, {one.day for one in after}),
        Difference.VAT: (_sum_treatments(before), _sum_treatments(after)),
        Difference.AMOUNT: tuple(total(one.incl for one in side) for side in (before, after)),
        Difference.PAYMENT: (_payment_codes(before), _payment_codes(after)),
    }
    return [difference for difference, (old, new) in compared.items() if old != new]


def _find_fate(verdicts: Sequence[Verdict]) -> _Fate:
    if pick_invoices(verdicts):
        return _Fate.BOOKED
    return _Fate.HELD if _holds(verdicts) else _Fate.LEFT_OUT


def _holds(verdicts: Sequence[Verdict]) -> set[tuple[str, str]]:
    holds = (verdict for verdict in verdicts if isinstance(verdict, Hold))
    return {(hold.reason.value, hold.detail) for hold in holds}


def _payment_codes(invoices: Sequence[Invoice]) -> set[str | None]:
    return {one.payment_code for one in invoices}


def _sum_treatments(invoices: Sequence[Invoice]) -> dict[VatTreatment, tuple[Decimal, Decimal]]:
    sums: dict[VatTreatment, tuple[Decimal, Decimal]] = {}
    for each in (part for invoice in invoices for part in invoice.totals):
        excl, vat = sums.get(each.treatment, (ZERO, ZERO))
        sums[each.treatment] = (excl + each.excl, vat + each.vat)
    return {treatment: amounts for treatment, amounts in sums.items() if any(amounts)}
