"""The settings a merchant chooses, as data: every option with its explanation.

Texts are English sources, translated where they are shown. `values` are what the form posts and
what `domain.policy` names.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.domain.policy import DateBasis, GiftCardPayments, Policy, Source, ZeroOrders
from chalicelib.web.texts.localisation import mark

YES, NO = "yes", "no"


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One radio button."""

    value: str
    label: str
    help: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One question with a few answers; `name` is the policy's field, `parse` reads its value."""

    name: str
    title: str
    help: str = ""
    options: tuple[Option, ...]
    parse: Callable[[str], Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Switch:
    """A question answered with yes or no."""

    name: str
    title: str
    help: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheme(Switch):
    """A switch that may count for a while only: names of the fields of its first and last day."""

    since: str
    until: str


SOURCE = Choice(
    name="source",
    title=mark("What goes to Asperion"),
    parse=Source,
    options=(
        Option(
            value="orders",
            label=mark("Paid orders"),
            help=mark(
                "Every order that is paid becomes one invoice. If it is cancelled or refunded "
                "afterwards, you see that in the overview."
            ),
        ),
        Option(
            value="invoices",
            label=mark("All SEOshop invoices"),
            help=mark(
                "Every invoice SEOshop makes is booked as it is, credit notes included. Choose "
                "this if you send SEOshop's invoices to your customers."
            ),
        ),
    ),
)

DATE_BASIS = Choice(
    name="date_basis",
    title=mark("Invoice date in Asperion"),
    help=mark("Decides the period in which you declare the VAT. A credit note keeps its own date."),
    parse=DateBasis,
    options=(
        Option(
            value="order",
            label=mark("Date of the order"),
            help=mark("The day on which the customer ordered."),
        ),
        Option(
            value="invoice",
            label=mark("Date of the SEOshop invoice"),
            help=mark("An order without an invoice gets the date of the order."),
        ),
        Option(
            value="payment",
            label=mark("Date of payment"),
            help=mark("If SEOshop does not tell when an order was paid, it is held for you."),
        ),
    ),
)

ZERO_ORDERS = Choice(
    name="zero_orders",
    title=mark("Orders of € 0.00"),
    parse=ZeroOrders,
    options=(
        Option(
            value="book",
            label=mark("Book them"),
            help=mark("Every order is in your books, also one that was free of charge."),
        ),
        Option(
            value="skip",
            label=mark("Leave them out"),
            help=mark("The overview still counts them, as left out."),
        ),
    ),
)

GIFT_CARD_PAYMENTS = Choice(
    name="gift_card_payments",
    title=mark("Orders paid with a gift card"),
    parse=GiftCardPayments,
    options=(
        Option(
            value="hold",
            label=mark("Hold them until I have looked"),
            help=mark("The gift card pays a part only; you decide how to book it."),
        ),
        Option(
            value="book",
            label=mark("Book the full amount"),
            help=mark("The invoice is for the whole order; the gift card counts as a payment."),
        ),
    ),
)

ON_ACCOUNT = Switch(
    name="on_account",
    title=mark("Also book orders on account"),
    help=mark(
        "Orders that wait for shipment are booked before they are paid. Counts only if paid "
        "orders go to Asperion."
    ),
)
IDEAL_IS_WERO = Switch(
    name="ideal_is_wero",
    title=mark("Treat Wero as iDEAL"),
    help=mark(
        "iDEAL is going to be called Wero. Until you choose a method for each, both get the same."
    ),
)
SMALL_BUSINESS = Scheme(
    name="small_business_scheme",
    since="kor_since",
    until="kor_until",
    title=mark("I use the small-business scheme (KOR)"),
    help=mark("You charge no VAT. An order with VAT on it is held, because it must be a mistake."),
)
ONE_STOP_SHOP = Scheme(
    name="one_stop_shop",
    since="oss_since",
    until="oss_until",
    title=mark("I use the one-stop-shop scheme (OSS)"),
    help=mark(
        "Consumers in other EU countries pay the VAT of their own country. Tell below in which "
        "class of Asperion each of those rates belongs."
    ),
)

CHOICES = (SOURCE, DATE_BASIS, ZERO_ORDERS, GIFT_CARD_PAYMENTS)
SCHEMES = (SMALL_BUSINESS, ONE_STOP_SHOP)
SWITCHES = (ON_ACCOUNT, IDEAL_IS_WERO, *SCHEMES)


def by_name() -> Mapping[str, Choice | Switch]:
    """All questions, for the template."""
    return {question.name: question for question in (*CHOICES, *SWITCHES)}


def shown(policy: Policy) -> dict[str, str]:
    """What these questions show for a policy."""
    values = {choice.name: str(getattr(policy, choice.name).value) for choice in CHOICES}
    values |= {switch.name: YES if getattr(policy, switch.name) else NO for switch in SWITCHES}
    for name in (name for scheme in SCHEMES for name in (scheme.since, scheme.until)):
        day = getattr(policy, name)
        values[name] = "" if day is None else day.isoformat()
    return values
