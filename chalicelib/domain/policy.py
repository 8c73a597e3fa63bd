"""What a merchant decides about the books of one shop."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType


class Source(StrEnum):
    """What drives the export."""

    ORDERS = "orders"  # paid orders
    INVOICES = "invoices"  # every SEOshop invoice, credit notes included


class DateBasis(StrEnum):
    """Which day becomes the invoice date in Asperion."""

    ORDER = "order"
    INVOICE = "invoice"  # SEOshop's invoice if there is one, else the order
    PAYMENT = "payment"


class ZeroOrders(StrEnum):
    """What to do with an order of 0.00."""

    BOOK = "book"
    SKIP = "skip"


class VatClass(StrEnum):
    """The three kinds of sale Asperion's import knows."""

    HIGH = "high"
    LOW = "low"
    NONE = "none"


LEFT_TO_ASPERION = ""  # a payment method that is exported without a payment code


def _no_rates() -> Mapping[tuple[str, Decimal], VatClass]:
    return MappingProxyType({})


def _no_payments() -> Mapping[str, str]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """A merchant's choices. The defaults are what a shop has after an installation without any.

    `payments` maps a shop's payment key to a code of the aXML profile, or to `LEFT_TO_ASPERION`.
    `default_payment` serves keys that are not in it; None holds such orders ("new payment
    method"). `foreign_rates` maps (country, rate as a fraction) to a class, for shops under OSS.
    """

    payments: Mapping[str, str] = field(default_factory=_no_payments)
    default_payment: str | None = LEFT_TO_ASPERION
    source: Source = Source.ORDERS
    on_account: bool = False
    date_basis: DateBasis = DateBasis.ORDER
    zero_orders: ZeroOrders = ZeroOrders.BOOK
    small_business_scheme: bool = False
    one_stop_shop: bool = False
    foreign_rates: Mapping[tuple[str, Decimal], VatClass] = field(default_factory=_no_rates)
    gift_card_articles: frozenset[str] = frozenset()
    accepted_currencies: frozenset[str] = frozenset({"EUR"})
