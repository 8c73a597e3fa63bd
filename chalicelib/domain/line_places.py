"""Which place in the VAT returns a line has: decided with its VAT treatment, by the same facts.

Sources, all with the boxes in `docs/books.md`: the boxes of the Dutch return and what is asked in
each (Belastingdienst, "Btw-aangifte invullen"); Wet op de omzetbelasting 1968, art. 9 lid 2 onder b
(0 % on exports and intra-Community supplies), art. 6 lid 1 (services to a business are taxed where
it is), art. 12 lid 2 and 3 (reverse charge) and art. 37a (list of intra-Community supplies);
directive 2006/112/EC, art. 44, 59c (the threshold of EUR 10,000) and 369b (the one-stop shop).
"""

from __future__ import annotations

from chalicelib.domain.invoices import VatKind, VatTreatment
from chalicelib.domain.policy import VatClass
from chalicelib.domain.return_places import ReturnBox, ReturnPlace, Supply
from chalicelib.domain.treatment import NETHERLANDS, Sale
from chalicelib.domain.vat import (
    NO_RATE,
    NORTHERN_IRELAND,
    find_dutch_class,
    find_issuing_country,
    is_in_vat_area,
)

NO_VAT = ReturnPlace(box=ReturnBox.OUTSIDE_VAT)
"""Of gift cards sold, deposits, free articles, and shares of costs that are outside VAT."""

_BOXES = {VatClass.HIGH: ReturnBox.GENERAL, VatClass.LOW: ReturnBox.REDUCED}


def find_place(sale: Sale, treatment: VatTreatment, *, service: bool) -> ReturnPlace:
    """Where a line of a sale lands that is treated so, a `service` or goods."""
    supply = Supply.SERVICES if service else Supply.GOODS
    box = _find_box(sale, treatment, supply)
    return ReturnPlace(box=box, supply=supply, distance_to=_find_distance(sale, treatment, supply))


def _find_box(sale: Sale, treatment: VatTreatment, supply: Supply) -> ReturnBox:
    kind = treatment.kind
    if kind is VatKind.SMALL_BUSINESS:
        return ReturnBox.SMALL_BUSINESS
    if kind is VatKind.OSS:
        return ReturnBox.OSS
    if sale.home != NETHERLANDS or treatment.country != NETHERLANDS:
        return ReturnBox.FOREIGN
    if treatment.rate != NO_RATE:
        vat_class = find_dutch_class(treatment.rate, sale.day)
        return ReturnBox.OTHER if vat_class is None else _BOXES[vat_class]
    return _find_box_without_vat(sale, kind, supply)


def _find_box_without_vat(sale: Sale, kind: VatKind, supply: Supply) -> ReturnBox:
    """A service goes where the customer's number is from, wherever a parcel went; one to outside
    the EU is in no box of the Dutch return. For services Northern Ireland is outside the EU.
    """
    if supply is Supply.SERVICES and sale.is_to_eu_business:
        issuer = find_issuing_country(sale.vat_number or "")
        return ReturnBox.OUTSIDE_VAT if issuer == NORTHERN_IRELAND else ReturnBox.EU
    if kind is VatKind.INTRA_COMMUNITY:
        return ReturnBox.EU
    if kind is VatKind.EXPORT:
        return ReturnBox.OUTSIDE_VAT if supply is Supply.SERVICES else ReturnBox.EXPORT
    return ReturnBox.ZERO  # 0 % at home, or reverse-charged to a number of the Netherlands


def _find_distance(sale: Sale, treatment: VatTreatment, supply: Supply) -> str:
    """The member state of a distance sale under the shop's own VAT, or exempt at home by the
    small-business scheme. Where the postal code leaves the territory open, its country.
    """
    is_own = treatment.kind is VatKind.DOMESTIC and treatment.rate != NO_RATE
    is_exempt = treatment.kind is VatKind.SMALL_BUSINESS
    if supply is Supply.SERVICES or not (is_own or is_exempt) or treatment.country != sale.home:
        return ""
    is_abroad = sale.territory != sale.home and is_in_vat_area(sale.territory, sale.day)
    return sale.territory if is_abroad and not sale.is_to_eu_business else ""
