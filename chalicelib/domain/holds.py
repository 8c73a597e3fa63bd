"""Why an order is not booked: a closed list of reasons, and the hold that carries one.

The texts a merchant reads are in `chalicelib.web.texts.hold_texts`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from decimal import Decimal
from enum import StrEnum

from chalicelib.domain.bounds import LONGEST_DETAIL, cut
from chalicelib.domain.ways import Way
from chalicelib.lazy_dataclass import dataclass


class HoldReason(StrEnum):
    """Every reason for which an order waits instead of being booked."""

    EMAIL_MISSING = "email_missing"
    COUNTRY_MISSING = "country_missing"
    NO_LINES = "no_lines"
    CURRENCY = "currency"
    PAYMENT_METHOD_NEW = "payment_method_new"
    PAYMENT_DATE_UNKNOWN = "payment_date_unknown"
    MAYBE_BEFORE_START = "maybe_before_start"  # paid before the connector came, or after
    GIFT_CARD_PAYMENT = "gift_card_payment"
    GIFT_CARD_WITH_VAT = "gift_card_with_vat"
    TOTALS_DIFFER = "totals_differ"
    VAT_DIFFERS = "vat_differs"
    RATE_UNKNOWN = "rate_unknown"
    RATE_FOREIGN = "rate_foreign"
    VAT_NUMBER = "vat_number"
    GOODS_STAYED = "goods_stayed"
    BUSINESS_CHARGED_VAT = "business_charged_vat"
    SMALL_BUSINESS_VAT = "small_business_vat"
    POSTAL_CODE = "postal_code"  # `detail` is the country whose territories it should tell apart
    UNTAXED_LINE = "untaxed_line"  # in an order with VAT; `detail` is the territory
    OUTSIDE_VAT_WITH_VAT = "outside_vat_with_vat"
    RATE_AVERAGED = "rate_averaged"  # of shipping or payment cost, over the articles
    NEGATIVE_TOTAL = "negative_total"
    CREDIT_WITHOUT_ORIGINAL = "credit_without_original"
    REVERSAL_DIFFERS = "reversal_differs"
    PERIOD_LOCKED = "period_locked"  # `detail` is the last closed day, as ISO 8601
    # Given by those who read and write, never by the judgement:
    CREDITED_ALREADY = "credited_already"  # a reversal and a credit note of one order
    CREDIT_BEFORE_ORIGINAL = "credit_before_original"  # `detail` is the original's number
    SALE_UNDER_WAY = "sale_under_way"  # by another document; `detail` is its number
    VAT_NUMBER_INVALID = "vat_number_invalid"  # by VIES; `detail` is the member state
    UNREADABLE = "unreadable"  # SEOshop's answer lacks a field the books rest on
    UNWRITABLE = "unwritable"  # by the aXML profile; `detail` is its name of the field
    # Of what goes straight into Asperion:
    VAT_CODE_MISSING = "vat_code_missing"  # `detail` is as `treatment_details` writes it
    LEDGER_ACCOUNT_MISSING = "ledger_account_missing"  # `detail` is the VAT class
    CURRENCY_BY_API = "currency_by_api"  # `detail` is the currency
    ASPERION_REFUSED = "asperion_refused"  # `detail` is one of `refused_fields.RefusedField`


OF_ONE_WAY: Mapping[HoldReason, Way] = {
    HoldReason.UNWRITABLE: Way.FILE,
    HoldReason.VAT_CODE_MISSING: Way.API,
    HoldReason.LEDGER_ACCOUNT_MISSING: Way.API,
    HoldReason.CURRENCY_BY_API: Way.API,
    HoldReason.ASPERION_REFUSED: Way.API,
}
"""Reasons that only one way of delivering has: in the other one they are none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldLine:
    """The line that a hold is about: `title` as the books would call it, and the article's code,
    empty for shipping and payment cost and for articles without one.
    """

    title: str
    article_code: str


@dataclass(frozen=True, slots=True)
class Hold:
    """An order that is not booked.

    `detail` may be stored: a payment key (``klarna``), a currency, a VAT territory, a rate or both
    (``BE 21%``), a document number, a day; never an amount or a name. Orders with the same reason
    and detail are freed by the same cure. `figures` are the numbers that clash, two decimals with a
    dot, under the keys of `web.texts.hold_texts.FIGURES`; `line` is the line the reason was found
    in, if it is one line's. Both are shown live and never stored. A longer detail is cut.
    """

    reason: HoldReason
    detail: str = ""
    figures: Mapping[str, str] = field(default_factory=dict)
    line: HeldLine | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "detail", cut(self.detail, LONGEST_DETAIL))


class HeldBack(Exception):
    """Raised inside the judgement to end it with a hold; never leaves the heart."""

    def __init__(
        self, reason: HoldReason, detail: str = "", figures: Mapping[str, Decimal] | None = None
    ) -> None:
        super().__init__(reason.value)
        shown = {key: f"{amount:.2f}" for key, amount in (figures or {}).items()}
        self.hold = Hold(reason, detail, shown)
