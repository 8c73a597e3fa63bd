"""What invoices in Asperion add up to by VAT code."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from chalicelib.domain.concepts import CodeTotal, ConceptLine
from chalicelib.domain.money import ZERO

Codes = Mapping[str, CodeTotal]
"""Totals by VAT code."""


def add_codes(lines: Iterable[ConceptLine]) -> Codes:
    """What the lines of a concept add up to, by VAT code."""
    return add_up_codes(
        {line.vat_code: CodeTotal(excl=line.amount, vat=line.vat_amount)} for line in lines
    )


def add_up_codes(parts: Iterable[Codes]) -> Codes:
    """What several invoices add up to, by VAT code."""
    found: dict[str, tuple[Decimal, Decimal]] = {}
    for part in parts:
        for code, each in part.items():
            excl, vat = found.get(code, (ZERO, ZERO))
            found[code] = (excl + each.excl, vat + each.vat)
    return {code: CodeTotal(excl=excl, vat=vat) for code, (excl, vat) in sorted(found.items())}
