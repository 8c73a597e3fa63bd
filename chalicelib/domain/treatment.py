"""The VAT treatment of a line, by destination, rate and date, never by the percentage alone."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from chalicelib.domain.holds import HeldBack, HoldReason
from chalicelib.domain.invoices import VatKind, VatTreatment
from chalicelib.domain.policy import Policy, VatClass
from chalicelib.domain.vat import (
    NO_RATE,
    find_dutch_class,
    find_issuing_country,
    is_in_vat_area,
    percentage,
)
from chalicelib.lazy_dataclass import dataclass

NETHERLANDS = "NL"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sale:
    """What the VAT of an order depends on besides the rate.

    `home` is the shop's country, `territory` where the goods go (see `vat.find_vat_territory`),
    the whole country when `is_territory_unclear`.
    `day` the day of the order, whose rates apply: SEOshop fixes them when the order is made, and a
    credit note mirrors them years later. `vat_number` is the customer's if well-formed.
    `is_vat_shifted` is SEOshop's flag that VAT was shifted to the customer, never enough by itself.

    The rest is of the whole order, on a credit note over a part of it too. `has_only_services`:
    nothing but services was ordered, so that shipping and payment cost count as services.
    `has_outside_vat`: some of the articles are outside VAT, so that costs divided over the articles
    have a share that is. `has_taxed_lines`: VAT was charged on some of the articles. Their rates,
    0 among them, are the `article_rates`.
    """

    home: str
    territory: str
    is_territory_unclear: bool = False
    day: date
    vat_number: str | None
    is_vat_shifted: bool
    has_only_services: bool
    has_outside_vat: bool = False
    has_taxed_lines: bool = False
    article_rates: frozenset[Decimal] = frozenset()
    policy: Policy

    @property
    def destination(self) -> str:
        """The territory where the goods go; raises `HeldBack` when it is unclear."""
        if self.is_territory_unclear:
            raise HeldBack(HoldReason.POSTAL_CODE, self.territory)
        return self.territory

    @property
    def is_domestic(self) -> bool:
        """Whether the goods stay in the shop's country."""
        return self.destination == self.home

    @property
    def is_within_eu(self) -> bool:
        """Whether the goods go to another member state."""
        return not self.is_domestic and is_in_vat_area(self.destination, self.day)

    @property
    def is_to_eu_business(self) -> bool:
        """Whether the customer has a VAT number of another member state."""
        if self.vat_number is None:
            return False
        issuer = find_issuing_country(self.vat_number)
        return issuer != self.home and is_in_vat_area(issuer, self.day)


def determine_treatment(
    sale: Sale, rate: Decimal, *, service: bool = False, charge: bool = False
) -> VatTreatment:
    """Determine the VAT treatment of a line at a rate (a fraction); raises `HeldBack` if unsure.

    The line is a `service`, or a `charge` for shipping or payment, whose rate may be an average.
    """
    if sale.policy.is_small_business_on(sale.day):
        if rate != NO_RATE:
            raise HeldBack(HoldReason.SMALL_BUSINESS_VAT, percentage(rate))
        return untaxed_treatment(sale)
    if rate == NO_RATE:
        return _treat_without_vat(sale, service=service)
    if sale.policy.has_one_stop_shop_on(sale.day) and sale.is_within_eu:
        # Consumers pay their own country's rate; a business should not have been charged any VAT.
        if sale.is_to_eu_business:
            detail = f"{sale.destination} {percentage(rate)}"
            raise HeldBack(HoldReason.BUSINESS_CHARGED_VAT, detail)
        return _make_mapped_treatment(sale, rate, VatKind.OSS, charge=charge)
    # The shop's own VAT is charged wherever the goods go.
    if sale.home == NETHERLANDS:
        vat_class = find_dutch_class(rate, sale.day)
    else:
        vat_class = sale.policy.foreign_rates.get((sale.home, rate))
    if vat_class is None:
        return _make_mapped_treatment(sale, rate, VatKind.DOMESTIC, charge=charge)
    return VatTreatment(rate=rate, vat_class=vat_class, kind=VatKind.DOMESTIC, country=sale.home)


def untaxed_treatment(sale: Sale) -> VatTreatment:
    """The treatment of what is outside VAT: a gift card sold, a deposit, a free article without a
    rate.
    """
    is_small = sale.policy.is_small_business_on(sale.day)
    return _make_zero_rate(sale, VatKind.SMALL_BUSINESS if is_small else VatKind.DOMESTIC)


def _treat_without_vat(sale: Sale, *, service: bool) -> VatTreatment:
    if sale.is_domestic:
        return _make_zero_rate(sale, _choose_domestic_kind(sale, service=service))
    if not sale.is_within_eu:
        return _make_zero_rate(sale, VatKind.EXPORT)
    # Where VAT was charged on other articles, it was not left out for a business.
    if sale.is_to_eu_business and (service or not sale.has_taxed_lines):
        return _make_zero_rate(sale, VatKind.REVERSE_CHARGE if service else VatKind.INTRA_COMMUNITY)
    is_mapped = (sale.destination, NO_RATE) in sale.policy.foreign_rates
    if is_mapped and sale.policy.has_one_stop_shop_on(sale.day):
        return _make_mapped_treatment(sale, NO_RATE, VatKind.OSS)
    reason = HoldReason.UNTAXED_LINE if sale.has_taxed_lines else HoldReason.VAT_NUMBER
    raise HeldBack(reason, sale.destination)


def _choose_domestic_kind(sale: Sale, *, service: bool) -> VatKind:
    """Reverse charge at home requires both SEOshop's flag and a VAT number of this country.

    A business of another member state pays this country's VAT on goods that stay here; a service
    is taxed where that business is, wherever a parcel went.
    """
    if sale.is_to_eu_business:
        if service:
            return VatKind.REVERSE_CHARGE
        reason = HoldReason.UNTAXED_LINE if sale.has_taxed_lines else HoldReason.GOODS_STAYED
        raise HeldBack(reason, sale.home)
    number = sale.vat_number
    at_home = number is not None and find_issuing_country(number) == sale.home
    return VatKind.REVERSE_CHARGE if sale.is_vat_shifted and at_home else VatKind.DOMESTIC


def _make_zero_rate(sale: Sale, kind: VatKind) -> VatTreatment:
    return VatTreatment(rate=NO_RATE, vat_class=VatClass.NONE, kind=kind, country=sale.home)


def _make_mapped_treatment(
    sale: Sale, rate: Decimal, kind: VatKind, *, charge: bool = False
) -> VatTreatment:
    """VAT of the destination, in the class the merchant mapped it to."""
    vat_class = sale.policy.foreign_rates.get((sale.destination, rate))
    if vat_class is None:
        reason = _explain_unknown_rate(sale, rate, charge=charge)
        raise HeldBack(reason, f"{sale.destination} {percentage(rate)}")
    return VatTreatment(rate=rate, vat_class=vat_class, kind=kind, country=sale.destination)


def _explain_unknown_rate(sale: Sale, rate: Decimal, *, charge: bool) -> HoldReason:
    """Shipping or payment cost between the rates of the articles carry their average."""
    rates = sale.article_rates
    if charge and rates and min(rates) < rate < max(rates):
        return HoldReason.RATE_AVERAGED
    dutch = sale.is_domestic and sale.home == NETHERLANDS
    return HoldReason.RATE_UNKNOWN if dutch else HoldReason.RATE_FOREIGN
