"""What a merchant decides about the books of one shop, and which orders are due by it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from chalicelib.domain.causes import DropCause
from chalicelib.domain.descriptions import STANDARD
from chalicelib.domain.money import EURO
from chalicelib.domain.orders import OrderStatus, OrderSummary, PaymentStatus
from chalicelib.lazy_dataclass import dataclass

_OBSTACLES = {
    OrderStatus.CANCELLED: DropCause.CANCELLED,
    OrderStatus.ON_HOLD: DropCause.ON_HOLD,
    OrderStatus.OFFER: DropCause.OFFER,
}
_AGREED = frozenset(
    {
        OrderStatus.AWAITING_SHIPMENT,
        OrderStatus.AWAITING_PICKUP,
        OrderStatus.READY_FOR_PICKUP,
        OrderStatus.PARTIALLY_SHIPPED,
        OrderStatus.PARTIALLY_PICKED_UP,
        OrderStatus.COMPLETED,
        OrderStatus.SHIPPED,
        OrderStatus.PICKED_UP,
    }
)


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


class GiftCardPayments(StrEnum):
    """What to do with an order that was paid with a gift card, wholly or in part."""

    HOLD = "hold"  # a person decides: the payment method covers a part only
    BOOK = "book"  # book the full order under its own payment method; the card is a payment


class LateOrders(StrEnum):
    """What to do with a document whose invoice date is in a period that was closed."""

    NEXT = "next"  # book it on the first day after the closed period, and say so on the invoice
    HOLD = "hold"  # a person decides


class UnansweredNumbers(StrEnum):
    """What to do with a sale to a business in another member state while VIES does not answer
    whether its VAT number is in use.
    """

    BOOK = "book"  # book it as unproven, and ask again every night
    WAIT = "wait"  # let it wait until there is an answer
    OFF = "off"  # book it: VIES is not asked at all


class VatClass(StrEnum):
    """The three kinds of sale Asperion's import knows."""

    HIGH = "high"
    LOW = "low"
    NONE = "none"


LEFT_TO_ASPERION = ""  # a payment method that is exported without a payment code
NOT_CHOSEN = "-"  # no default by the merchant: new methods are his question once he mapped one


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """A merchant's choices. The defaults are what a shop has after an installation without any.

    `payments` maps a shop's payment key to a code of the aXML profile, or to `LEFT_TO_ASPERION`;
    `seen_payments` are keys the merchant saw and left at the default. `default_payment` is that
    default (a code or `LEFT_TO_ASPERION`), and serves methods he never saw as well; with None those
    are held ("new payment method"), with `NOT_CHOSEN` they are once he mapped a method. With
    `ideal_is_wero` a method whose key differs only in iDEAL being called Wero is the same until it
    has a code of its own.

    `on_account` takes orders along that wait for shipment and are not yet paid (only with orders
    as the source). A credit note always has its own date, whatever `date_basis`.

    `small_business_scheme` (KOR) makes any VAT on an order a hold. `one_stop_shop` (OSS) says that
    consumers in other member states are charged their own country's rates. Either counts for
    orders from the day `*_since` to the day `*_until`, both included; None is open. What was
    ordered outside of it keeps its VAT, also when it is booked, credited or taken back later.

    `foreign_rates` maps (country of that VAT, rate as a fraction) to one of Asperion's classes; a
    rate of another country that is not in it is held. `service_articles` are article codes of
    services: to an EU business they are reverse-charged instead of an intra-Community supply.

    `gift_card_articles` are article codes of gift cards sold, booked without VAT because that
    falls due when they are spent. `outside_vat_articles` are those of what is outside VAT for
    another cause, such as a deposit on bottles: booked without VAT whoever the customer is and
    wherever it goes. `accepted_currencies` (ISO 4217) are booked with the amounts as
    they are; orders of shops in any other currency are held.

    `late_orders` says what becomes of a document that falls into a closed period (`PeriodLock`).
    Which period is closed is no choice of this kind: the history must not take it back.

    `vies` says what becomes of a sale without VAT to a business in another member state while VIES
    does not answer; what it calls invalid is held unless it is not asked. `own_vat_number` is the
    shop's own, in compact form, in whose name VIES is asked; without it there is no consultation
    number.

    `description_pattern` says how the invoice of a sale is described (`descriptions`); credit notes
    and corrections are described in their own words.

    With `keep_totals` the totals of every file and day are kept, per VAT treatment (`CoverSheet`).
    """

    payments: Mapping[str, str] = field(default_factory=dict)
    seen_payments: frozenset[str] = frozenset()
    default_payment: str | None = NOT_CHOSEN
    ideal_is_wero: bool = True
    source: Source = Source.ORDERS
    on_account: bool = False
    date_basis: DateBasis = DateBasis.ORDER
    zero_orders: ZeroOrders = ZeroOrders.BOOK
    small_business_scheme: bool = False
    kor_since: date | None = None
    kor_until: date | None = None
    one_stop_shop: bool = False
    oss_since: date | None = None
    oss_until: date | None = None
    foreign_rates: Mapping[tuple[str, Decimal], VatClass] = field(default_factory=dict)
    service_articles: frozenset[str] = frozenset()
    gift_card_articles: frozenset[str] = frozenset()
    outside_vat_articles: frozenset[str] = frozenset()
    gift_card_payments: GiftCardPayments = GiftCardPayments.HOLD
    accepted_currencies: frozenset[str] = frozenset({EURO})
    keep_totals: bool = True
    late_orders: LateOrders = LateOrders.NEXT
    vies: UnansweredNumbers = UnansweredNumbers.BOOK
    own_vat_number: str = ""
    description_pattern: str = STANDARD

    def is_small_business_on(self, day: date) -> bool:
        """Whether the small-business scheme counts for what was ordered on a day."""
        return self.small_business_scheme and _counts(day, self.kor_since, self.kor_until)

    def has_one_stop_shop_on(self, day: date) -> bool:
        """Whether the one-stop-shop scheme counts for what was ordered on a day."""
        return self.one_stop_shop and _counts(day, self.oss_since, self.oss_until)


def _counts(day: date, since: date | None, until: date | None) -> bool:
    return (since is None or since <= day) and (until is None or day <= until)


def not_due(order: OrderSummary, policy: Policy) -> DropCause | None:
    """Give None when an order is due, else why not: `cancelled`, `on_hold`, `offer`, `not_paid`.

    Due is what is paid and neither cancelled, on hold, nor an offer; an order paid in the morning
    and shipped at noon is still due at night. With `policy.on_account` an order that waits for
    shipment, or was shipped, is due before it is paid. An unknown order status is no obstacle; an
    unknown payment status is not paid.
    """
    if order.status in _OBSTACLES:
        return _OBSTACLES[order.status]
    if order.payment_status == PaymentStatus.PAID:
        return None
    if order.payment_status == PaymentStatus.CANCELLED:
        return DropCause.CANCELLED
    if policy.on_account and order.status in _AGREED:
        return None
    return DropCause.NOT_PAID
