"""The VAT treatments that a shop needs a VAT code for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal

from chalicelib.domain.connection import ChosenCode
from chalicelib.domain.invoices import VatKind, VatTreatment
from chalicelib.domain.policy import Policy, VatClass
from chalicelib.domain.treatment import NETHERLANDS
from chalicelib.domain.treatment_details import TaxedAs, read_treatment
from chalicelib.domain.vat import NO_RATE, find_dutch_class, is_in_vat_area, list_dutch_rates
from chalicelib.lazy_dataclass import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Trade:
    """Where and how a shop sells, on the day of the proposal: `home` is its country (alpha-2)."""

    policy: Policy
    home: str
    day: date

    def find_class(self, taxed: TaxedAs) -> VatClass | None:
        """The VAT class of a treatment, as far as law and choices tell."""
        if taxed.rate == NO_RATE and taxed.kind is not VatKind.OSS:
            return VatClass.NONE
        if taxed.country == NETHERLANDS and taxed.kind is VatKind.DOMESTIC:
            return find_dutch_class(taxed.rate, self.day)
        return self.policy.foreign_rates.get((taxed.country, taxed.rate))

    @property
    def has_no_vat(self) -> bool:
        """Whether the small-business scheme counts, so that nothing carries VAT."""
        return self.policy.is_small_business_on(self.day)

    @property
    def has_one_stop_shop(self) -> bool:
        """Whether the one-stop shop counts."""
        return self.policy.has_one_stop_shop_on(self.day)


@dataclass(frozen=True, slots=True, kw_only=True)
class NeededCode:
    """A treatment that has to have a VAT code; `occurs`: an order that was seen has it. One that
    does not may be left open: what comes of it later is held until it is chosen.
    """

    taxed: TaxedAs
    occurs: bool


def list_needed_codes(
    trade: Trade,
    seen: Iterable[VatTreatment],
    held: Iterable[str] = (),
    chosen: Iterable[ChosenCode] = (),
) -> tuple[NeededCode, ...]:
    """The treatments to propose a VAT code for: those of the orders that were `seen`, of documents
    `held` for the lack of one (their details), of the shop's own rates, of the rates of other
    countries that the merchant chose, of what has no VAT, and those that have one `chosen`. The
    shop's own come first.
    """
    occurring = [TaxedAs.of(each) for each in seen]
    occurring += [each for each in map(read_treatment, held) if each is not None]
    known = set(occurring)
    others = known | {TaxedAs.of(each) for each in chosen}
    every = dict.fromkeys((*_list_likely(trade), *sorted(others, key=_order)))
    return tuple(NeededCode(taxed=each, occurs=each in known) for each in every)


def _list_likely(trade: Trade) -> Iterator[TaxedAs]:
    home = trade.home
    if trade.has_no_vat:
        yield TaxedAs(kind=VatKind.SMALL_BUSINESS, country=home, rate=NO_RATE)
        return
    for rate in _list_own_rates(trade):
        yield TaxedAs(kind=VatKind.DOMESTIC, country=home, rate=rate)
    for kind in (VatKind.DOMESTIC, VatKind.INTRA_COMMUNITY, VatKind.EXPORT):
        yield TaxedAs(kind=kind, country=home, rate=NO_RATE)
    for country, rate in sorted(trade.policy.foreign_rates):
        if country != home:
            is_oss = trade.has_one_stop_shop and is_in_vat_area(country, trade.day)
            kind = VatKind.OSS if is_oss else VatKind.DOMESTIC
            yield TaxedAs(kind=kind, country=country, rate=rate)


def _list_own_rates(trade: Trade) -> list[Decimal]:
    if trade.home == NETHERLANDS:
        return [rate for _, rate in list_dutch_rates(trade.day)]
    chosen = trade.policy.foreign_rates
    own = [rate for country, rate in chosen if country == trade.home and rate != NO_RATE]
    return sorted(own, reverse=True)


def _order(taxed: TaxedAs) -> tuple[str, str, Decimal]:
    return taxed.kind.value, taxed.country, -taxed.rate
