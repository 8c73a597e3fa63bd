"""A VAT treatment as the detail of a hold: ``BE oss 21%``. Documents that lack the same VAT code
are freed together by it, and the proposal knows which one they lack.
"""

from __future__ import annotations

import re
from decimal import Decimal

from chalicelib.domain.connection import ChosenCode
from chalicelib.domain.invoices import VatKind, VatTreatment
from chalicelib.domain.vat import percentage
from chalicelib.lazy_dataclass import dataclass

_DETAIL = r"(?a)([A-Z]{2}(?:-[0-9A-Z]+)?) ([a-z-]+) (\d{1,3}(?:\.\d{1,4})?)%"


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxedAs:
    """What a VAT code is chosen by: kind, country (alpha-2) and rate (a fraction)."""

    kind: VatKind
    country: str
    rate: Decimal

    @classmethod
    def of(cls, treatment: VatTreatment | ChosenCode) -> TaxedAs:
        """That of a line's treatment, or that for which a code was chosen."""
        return cls(kind=treatment.kind, country=treatment.country, rate=treatment.rate)


def write_treatment(treatment: VatTreatment | TaxedAs) -> str:
    """Write country, kind and percentage: ``BE oss 21%``."""
    return f"{treatment.country} {treatment.kind} {percentage(treatment.rate)}"


def read_treatment(detail: str) -> TaxedAs | None:
    """Read what `write_treatment` wrote; None for anything else."""
    found = re.fullmatch(_DETAIL, detail)
    if found is None or found[2] not in set(VatKind):
        return None
    return TaxedAs(kind=VatKind(found[2]), country=found[1], rate=Decimal(found[3]).scaleb(-2))
