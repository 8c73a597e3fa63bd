"""The words for VAT treatments on a cover sheet."""

from __future__ import annotations

from decimal import Decimal

from chalicelib.domain.invoices import VatKind, VatTreatment
from chalicelib.domain.treatment_details import TaxedAs
from chalicelib.web.texts.localisation import DUTCH, Msgids, msgid

KINDS: Msgids[VatKind] = {
    VatKind.DOMESTIC: "%(rate)s VAT",
    VatKind.INTRA_COMMUNITY: "%(rate)s, businesses in the EU",
    VatKind.EXPORT: "%(rate)s, export",
    VatKind.OSS: "%(rate)s VAT of %(country)s (OSS)",
    VatKind.REVERSE_CHARGE: "%(rate)s, reverse-charged",
    VatKind.SMALL_BUSINESS: "%(rate)s, small-business scheme",
}
FOREIGN = msgid("%(rate)s VAT of %(country)s")


def find_treatment_text(treatment: VatTreatment | TaxedAs, home: str) -> str:
    """The text for a treatment, with places for `rate` and perhaps `country`; `home` is the shop's
    country.
    """
    if treatment.kind is VatKind.DOMESTIC and treatment.country != home:
        return FOREIGN
    return KINDS[treatment.kind]


def write_rate(rate: Decimal, language: str) -> str:
    """A rate as people write it: ``21%``, ``5,5%``."""
    percent = f"{(rate * 100).normalize():f}%"
    return percent.replace(".", ",") if language == DUTCH else percent
