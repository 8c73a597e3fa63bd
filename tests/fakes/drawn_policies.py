"""Draws a merchant's choices."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from types import MappingProxyType

from hypothesis import strategies as st

from chalicelib.domain.descriptions import STANDARD
from chalicelib.domain.policy import (
    LEFT_TO_ASPERION,
    NOT_CHOSEN,
    DateBasis,
    GiftCardPayments,
    LateOrders,
    Policy,
    Source,
    UnansweredNumbers,
    VatClass,
    ZeroOrders,
)

CODES = ("IDEAL", "Op factuur")
KEYS = ("ideal", "paypal", "klarna", "op rekening: 14 dagen", "wero")
ARTICLES = ("A", "B-2", "KRAT", "BON 25%", "é\N{SNOWMAN}")
Days = tuple[date | None, date | None]
DAYS: st.SearchStrategy[date | None] = st.one_of(
    st.none(), st.dates(date(2024, 1, 1), date(2027, 12, 31))
)
RATES = tuple(map(Decimal, ("0.05", "0.19", "0.255")))


def _lists(*codes: str) -> st.SearchStrategy[frozenset[str]]:
    return st.frozensets(st.sampled_from(codes), max_size=3)


@st.composite
def _periods(draw: st.DrawFn) -> Days:
    since, until = draw(DAYS), draw(DAYS)
    return (until, since) if since and until and until < since else (since, until)


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    """Choices as the pages store them: a payment method has a code or was left at the default, what
    is outside VAT is on no other list, and no scheme ends before it begins.
    """
    payments = draw(st.dictionaries(st.sampled_from(KEYS), st.sampled_from(("", *CODES))))
    seen = draw(_lists(*KEYS)) - payments.keys()
    outside = draw(_lists(*ARTICLES))
    default = st.sampled_from((NOT_CHOSEN, None, LEFT_TO_ASPERION, *CODES))
    (kor_since, kor_until), (oss_since, oss_until) = draw(_periods()), draw(_periods())
    rates = st.dictionaries(
        st.tuples(st.sampled_from(("DE", "FI")), st.sampled_from(RATES)), st.sampled_from(VatClass)
    )
    return Policy(
        payments=MappingProxyType(payments),
        seen_payments=seen,
        default_payment=draw(default),
        ideal_is_wero=draw(st.booleans()),
        source=draw(st.sampled_from(Source)),
        on_account=draw(st.booleans()),
        date_basis=draw(st.sampled_from(DateBasis)),
        zero_orders=draw(st.sampled_from(ZeroOrders)),
        small_business_scheme=draw(st.booleans()),
        kor_since=kor_since,
        kor_until=kor_until,
        one_stop_shop=draw(st.booleans()),
        oss_since=oss_since,
        oss_until=oss_until,
        foreign_rates=MappingProxyType(draw(rates)),
        service_articles=draw(_lists(*ARTICLES)) - outside,
        gift_card_articles=draw(_lists(*ARTICLES)) - outside,
        outside_vat_articles=outside,
        gift_card_payments=draw(st.sampled_from(GiftCardPayments)),
        accepted_currencies=draw(st.frozensets(st.sampled_from(("EUR", "USD", "GBP")), min_size=1)),
        keep_totals=draw(st.booleans()),
        late_orders=draw(st.sampled_from(LateOrders)),
        vies=draw(st.sampled_from(UnansweredNumbers)),
        description_pattern=draw(
            st.sampled_from((STANDARD, "{bestelling}[ {kenmerk}]", "Order {bestelling} {factuur}"))
        ),
        own_vat_number=draw(st.sampled_from(("", "NL123456782B12", "BE0403019261"))),
    )
