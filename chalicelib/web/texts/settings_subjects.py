"""The subjects of the settings: one page each, with the choices that are made on it."""

from __future__ import annotations

from enum import StrEnum

from chalicelib.lazy_dataclass import dataclass
from chalicelib.web.texts import settings_questions as questions


class SubjectName(StrEnum):
    """A subject, as it stands in its page's address."""

    PAYMENTS = "payments"
    ORDERS = "orders"
    INVOICE_DATE = "invoice-date"
    VAT = "vat"
    ARTICLES = "articles"
    GIFT_CARDS = "gift-cards"
    CURRENCIES = "currencies"
    TOTALS = "totals"


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A subject's title, what its choices decide, and `names`: the fields of the policy that are
    chosen on its page.
    """

    name: SubjectName
    title: str
    lead: str
    names: tuple[str, ...]


SUBJECTS = (
    Subject(
        name=SubjectName.PAYMENTS,
        title="Payment methods",
        lead="How an invoice is marked in Asperion, for each way of paying in your webshop.",
        names=(
            "payments",
            "seen_payments",
            "default_payment",
            "ideal_is_wero",
            "description_pattern",
        ),
    ),
    Subject(
        name=SubjectName.ORDERS,
        title="Which orders",
        lead="What becomes an invoice in Asperion, and what does not.",
        names=("source", "on_account", "zero_orders"),
    ),
    Subject(
        name=SubjectName.INVOICE_DATE,
        title="Invoice date",
        lead=(
            "The date that an invoice gets, and with that the period in which you declare its VAT."
        ),
        names=("date_basis", "late_orders"),
    ),
    Subject(
        name=SubjectName.VAT,
        title="VAT",
        lead=(
            "The schemes that you use, where rates of other countries belong, and the VAT numbers "
            "of businesses abroad."
        ),
        names=(
            *(name for each in questions.SCHEMES for name in (each.name, each.since, each.until)),
            *("foreign_rates", "vies", "own_vat_number"),
        ),
    ),
    Subject(
        name=SubjectName.ARTICLES,
        title="Services and deposits",
        lead="Articles for which other VAT rules apply.",
        names=("service_articles", "outside_vat_articles"),
    ),
    Subject(
        name=SubjectName.GIFT_CARDS,
        title="Gift cards",
        lead="How gift cards are booked when you sell them, and when they are spent.",
        names=("gift_card_articles", "gift_card_payments"),
    ),
    Subject(
        name=SubjectName.CURRENCIES,
        title="Currencies",
        lead="In which currencies orders are booked.",
        names=("accepted_currencies",),
    ),
    Subject(
        name=SubjectName.TOTALS,
        title="Keeping totals",
        lead="Whether files and days keep their totals.",
        names=("keep_totals",),
    ),
)
BY_NAME = {subject.name.value: subject for subject in SUBJECTS}
_FIELDS = {
    "payment": "payments",
    "rate_country": "foreign_rates",
    "rate_percent": "foreign_rates",
    "rate_class": "foreign_rates",
}


def find_field(control: str) -> str:
    """The policy's field that a control of the form (``payment:ideal``) is for."""
    name = control.partition(":")[0]
    return _FIELDS.get(name, name)
