"""What was booked in a period by payment method and by day, to be compared with what the bank and
the payment providers paid out. Amounts have two decimals and include VAT.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from chalicelib.domain.file_returns import PaymentTotal
from chalicelib.domain.money import total
from chalicelib.lazy_dataclass import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodTotal:
    """What `documents` documents come to by one method: SEOshop's key of it, and the payment code
    in Asperion (empty: left to Asperion). A method whose code was changed meanwhile has several.
    """

    method: str
    code: str
    documents: int
    incl: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class DayOfPayments:
    """What the documents of one invoice day come to, by method."""

    day: date
    methods: Sequence[MethodTotal]

    @property
    def documents(self) -> int:
        """Of all methods."""
        return sum(each.documents for each in self.methods)

    @property
    def incl(self) -> Decimal:
        """Of all methods."""
        return total(each.incl for each in self.methods)


def total_methods(payments: Iterable[PaymentTotal]) -> list[MethodTotal]:
    """What each method comes to, the largest first."""
    found: defaultdict[tuple[str, str], list[PaymentTotal]] = defaultdict(list)
    for each in payments:
        found[each.method, each.code].append(each)
    methods = [
        MethodTotal(
            method=method,
            code=code,
            documents=sum(each.documents for each in parts),
            incl=total(each.incl for each in parts),
        )
        for (method, code), parts in found.items()
    ]
    return sorted(methods, key=lambda each: (-each.incl, each.method, each.code))


def total_days(payments: Iterable[PaymentTotal]) -> list[DayOfPayments]:
    """What each day comes to, in their order."""
    found: defaultdict[date, list[PaymentTotal]] = defaultdict(list)
    for each in payments:
        found[each.day].append(each)
    return [DayOfPayments(day=day, methods=total_methods(found[day])) for day in sorted(found)]
