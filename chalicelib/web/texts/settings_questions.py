"""The settings a merchant chooses, as data: every option with its explanation.

Option values are what the form posts and what `domain.policy` names.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from chalicelib.domain.policy import DateBasis, GiftCardPayments, Policy, Source, ZeroOrders

YES, NO = "yes", "no"


@dataclass(frozen=True, slots=True)
class Option:
    """One radio button."""

    value: StrEnum
    label: str
    help: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question that is answered with yes or no; `name` is the policy's field."""

    name: str
    title: str
    help: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice(Question):
    """A question with a few answers of its own."""

    options: tuple[Option, ...]

    def parse(self, value: str) -> StrEnum:
        """The answer of that value. Raises ValueError."""
        return type(self.options[0].value)(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheme(Question):
    """A question that may count for a while only: names of the fields of its first and last day."""

    since: str
    until: str


CHOICES = (
    Choice(
        name="source",
        title="What goes to Asperion",
        options=(
            Option(
                Source.ORDERS,
                "Paid orders",
                "Every order that is paid becomes one invoice. If it is cancelled or refunded "
                "afterwards, you see that in the overview.",
            ),
            Option(
                Source.INVOICES,
                "All SEOshop invoices",
                "Every invoice SEOshop makes is booked as it is, credit notes included. Choose "
                "this if you send SEOshop's invoices to your customers.",
            ),
        ),
    ),
    Choice(
        name="date_basis",
        title="Invoice date in Asperion",
        help="Decides the period in which you declare the VAT. A credit note keeps its own date.",
        options=(
            Option(DateBasis.ORDER, "Date of the order", "The day on which the customer ordered."),
            Option(
                DateBasis.INVOICE,
                "Date of the SEOshop invoice",
                "An order without an invoice gets the date of the order.",
            ),
            Option(
                DateBasis.PAYMENT,
                "Date of payment",
                "If SEOshop does not tell when an order was paid, it is held for you.",
            ),
        ),
    ),
    Choice(
        name="zero_orders",
        title="Orders of € 0.00",
        options=(
            Option(
                ZeroOrders.BOOK,
                "Book them",
                "Every order is in your books, also one that was free of charge.",
            ),
            Option(
                ZeroOrders.SKIP, "Leave them out", "The overview still counts them, as left out."
            ),
        ),
    ),
    Choice(
        name="gift_card_payments",
        title="Orders paid with a gift card",
        options=(
            Option(
                GiftCardPayments.HOLD,
                "Hold them until I have looked",
                "The gift card pays a part only; you decide how to book it.",
            ),
            Option(
                GiftCardPayments.BOOK,
                "Book the full amount",
                "The invoice is for the whole order; the gift card counts as a payment.",
            ),
        ),
    ),
)
SCHEMES = (
    Scheme(
        name="small_business_scheme",
        since="kor_since",
        until="kor_until",
        title="I use the small-business scheme (KOR)",
        help="You charge no VAT. An order with VAT on it is held, because it must be a mistake.",
    ),
    Scheme(
        name="one_stop_shop",
        since="oss_since",
        until="oss_until",
        title="I use the one-stop-shop scheme (OSS)",
        help="Consumers in other EU countries pay the VAT of their own country. Tell below in "
        "which class of Asperion each of those rates belongs.",
    ),
)
SWITCHES = (
    Question(
        name="on_account",
        title="Also book orders on account",
        help="Orders that wait for shipment are booked before they are paid. Counts only if paid "
        "orders go to Asperion.",
    ),
    Question(
        name="ideal_is_wero",
        title="Treat Wero as iDEAL",
        help="iDEAL is going to be called Wero. Until you choose a method for each, both get the "
        "same.",
    ),
    Question(
        name="keep_totals",
        title="Keep the totals of every file and day",
        help="For you and your bookkeeper to compare with Asperion: per VAT rate the number of "
        "invoices, the amount without VAT and the VAT. Untick it, and they are not kept any more; "
        "what was kept before is erased at the next run.",
    ),
    *SCHEMES,
)
QUESTIONS = {question.name: question for question in (*CHOICES, *SWITCHES)}


def list_answers(policy: Policy) -> dict[str, str]:
    """The answers that a policy gives, by the names of the form's fields."""
    values = {choice.name: str(getattr(policy, choice.name).value) for choice in CHOICES}
    values |= {switch.name: YES if getattr(policy, switch.name) else NO for switch in SWITCHES}
    for name in (name for scheme in SCHEMES for name in (scheme.since, scheme.until)):
        day = getattr(policy, name)
        values[name] = "" if day is None else day.isoformat()
    return values
