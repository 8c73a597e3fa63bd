"""What a posted form makes of the policy."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.policy import (
    NOT_CHOSEN,
    DateBasis,
    GiftCardPayments,
    Policy,
    Source,
    VatClass,
    ZeroOrders,
)
from chalicelib.web.http.http_messages import Form
from chalicelib.web.pages.settings_form import list_values, read_answers

CODES = ("IDEAL", "Op factuur")


def test_a_form_with_nothing_in_it_changes_nothing() -> None:
    answers = read_answers(Form({}), Policy(on_account=True), CODES)

    assert answers.policy == Policy(on_account=True)
    assert not answers.problems


def test_every_choice_of_the_policy_can_be_made() -> None:
    answers = read_answers(
        Form(
            {
                "payment:ideal": "IDEAL",
                "payment:klarna": "-asperion",
                "payment:paypal": "",
                "default_payment": "-hold",
                "ideal_is_wero": "no",
                "keep_totals": "no",
                "source": "invoices",
                "on_account": "yes",
                "date_basis": "payment",
                "zero_orders": "skip",
                "small_business_scheme": "yes",
                "kor_since": "2026-07-01",
                "kor_until": "",
                "one_stop_shop": "yes",
                "oss_since": "",
                "oss_until": "2026-12-31",
                "rate_country:0": "de",
                "rate_percent:0": "19 %",
                "rate_class:0": "high",
                "rate_country:1": "FI",
                "rate_percent:1": "25,5",
                "rate_class:1": "none",
                "rate_country:2": "",
                "rate_percent:2": "",
                "rate_class:2": "high",
                "service_articles": "S-1\r\n\r\n S-2 ",
                "outside_vat_articles": "STATIEGELD\nKRAT",
                "gift_card_articles": "BON",
                "gift_card_payments": "book",
                "accepted_currencies": "eur; gbp",
            }
        ),
        Policy(),
        CODES,
    )

    assert not answers.problems
    assert answers.policy == Policy(
        payments={"ideal": "IDEAL", "klarna": ""},
        seen_payments=frozenset({"paypal"}),
        default_payment=None,
        ideal_is_wero=False,
        keep_totals=False,
        source=Source.INVOICES,
        on_account=True,
        date_basis=DateBasis.PAYMENT,
        zero_orders=ZeroOrders.SKIP,
        small_business_scheme=True,
        kor_since=date(2026, 7, 1),
        one_stop_shop=True,
        oss_until=date(2026, 12, 31),
        foreign_rates={
            ("DE", Decimal("0.19")): VatClass.HIGH,
            ("FI", Decimal("0.255")): VatClass.NONE,
        },
        service_articles=frozenset({"S-1", "S-2"}),
        outside_vat_articles=frozenset({"STATIEGELD", "KRAT"}),
        gift_card_articles=frozenset({"BON"}),
        gift_card_payments=GiftCardPayments.BOOK,
        accepted_currencies=frozenset({"EUR", "GBP"}),
    )
    assert read_answers(Form(list_values(answers.policy)), Policy(), CODES).policy == answers.policy


def test_every_field_of_the_policy_has_its_control() -> None:
    policy = Policy(
        payments={"ideal": "IDEAL"}, foreign_rates={("DE", Decimal("0.19")): VatClass.LOW}
    )
    controls = {name.partition(":")[0] for name in list_values(policy)}
    named = {"payment": "payments", "rate_country": "foreign_rates"}
    parts = {"rate_percent", "rate_class"}

    assert {named.get(name, name) for name in controls - parts} == {
        field.name for field in fields(Policy)
    } - {"seen_payments"}  # the methods whose control stands at "Default"


@pytest.mark.parametrize(
    ("posted", "stored"),
    [("-auto", NOT_CHOSEN), ("-hold", None), ("", ""), ("-asperion", ""), ("IDEAL", "IDEAL")],
)
def test_the_default_is_what_was_chosen(posted: str, stored: str | None) -> None:
    answers = read_answers(Form({"default_payment": posted}), Policy(), CODES)

    assert answers.policy.default_payment == stored
    assert not answers.problems


TODAY = date(2026, 11, 24)
OLD = date(2024, 1, 1)


@pytest.mark.parametrize(
    ("stored", "posted", "since"),
    [
        (Policy(), {"one_stop_shop": "yes"}, TODAY),
        (Policy(), {"one_stop_shop": "yes", "oss_since": ""}, TODAY),
        (Policy(), {"one_stop_shop": "yes", "oss_since": "2024-01-01"}, OLD),
        (Policy(), {"one_stop_shop": "no", "oss_since": ""}, None),
        (Policy(), {"oss_since": "2024-01-01"}, None),
        (Policy(one_stop_shop=True), {"one_stop_shop": "yes", "oss_since": ""}, None),
        (Policy(one_stop_shop=True, oss_since=OLD), {"one_stop_shop": "yes", "oss_since": ""}, OLD),
        (Policy(one_stop_shop=True, oss_since=OLD), {"one_stop_shop": "yes"}, OLD),
    ],
)
def test_a_scheme_ticked_without_a_first_day_counts_from_the_day_it_was_ticked(
    stored: Policy, posted: dict[str, str], since: date | None
) -> None:
    answers = read_answers(Form(posted), stored, CODES, ticked=TODAY)

    assert not answers.problems
    assert answers.policy.oss_since == since


def test_a_scheme_ticked_at_the_installation_counts_for_all_orders() -> None:
    answers = read_answers(Form({"small_business_scheme": "yes"}), Policy(), CODES, ticked=None)

    assert answers.policy == Policy(small_business_scheme=True)


def test_a_form_without_days_keeps_them() -> None:
    stored = Policy(one_stop_shop=True, oss_since=OLD, oss_until=TODAY)

    assert read_answers(Form({"one_stop_shop": "yes"}), stored, CODES).policy == stored


def test_a_method_set_back_to_default_loses_its_code() -> None:
    answers = read_answers(Form({"payment:ideal": ""}), Policy(payments={"ideal": "IDEAL"}), CODES)

    assert not answers.policy.payments
    assert answers.policy.seen_payments == {"ideal"}


def test_a_rate_of_zero_abroad_is_booked_without_vat_or_not_at_all() -> None:
    row = {"rate_country:0": "IE", "rate_percent:0": "0", "rate_class:0": "none"}
    answers = read_answers(Form(row), Policy(), CODES)

    assert not answers.problems
    assert answers.policy.foreign_rates == {("IE", Decimal(0)): VatClass.NONE}


def test_lists_that_overlapped_before_are_no_problem_of_another_answer() -> None:
    both = frozenset({"A"})
    stored = Policy(outside_vat_articles=both, gift_card_articles=both)

    assert not read_answers(Form({"on_account": "yes"}), stored, CODES).problems


@pytest.mark.parametrize(
    ("fields", "flagged"),
    [
        ({"payment:ideal": "CASH"}, "payment:ideal"),
        ({"payment:": "IDEAL"}, "payment:"),
        ({"payment:" + "x" * 200: "IDEAL"}, "payment:" + "x" * 200),
        ({"default_payment": "CASH"}, "default_payment"),
        ({"source": "everything"}, "source"),
        ({"accepted_currencies": ""}, "accepted_currencies"),
        ({"accepted_currencies": "EURO"}, "accepted_currencies"),
        ({"service_articles": "x" * 200}, "service_articles"),
        ({"one_stop_shop": "yes", "oss_since": "gisteren"}, "oss_since"),
        (
            {"small_business_scheme": "yes", "kor_since": "2026-07-01", "kor_until": "2026-06-30"},
            "kor_until",
        ),
        ({"gift_card_articles": "\n".join(map(str, range(501)))}, "gift_card_articles"),
        ({"outside_vat_articles": "\n".join(map(str, range(501)))}, "outside_vat_articles"),
        ({"outside_vat_articles": "A", "gift_card_articles": "A"}, "outside_vat_articles"),
        ({"outside_vat_articles": "A\nB", "service_articles": "B"}, "outside_vat_articles"),
        ({"rate_country:0": "Germany", "rate_percent:0": "19"}, "rate_country:0"),
        ({"rate_country:0": "DE", "rate_percent:0": ""}, "rate_country:0"),
        ({"rate_country:0": "DE", "rate_percent:0": "0"}, "rate_country:0"),
        ({"rate_country:0": "DE", "rate_percent:0": "100"}, "rate_country:0"),
        ({"rate_country:0": "DE", "rate_percent:0": "NaN"}, "rate_country:0"),
        ({"rate_country:0": "DE", "rate_percent:0": "19.123"}, "rate_country:0"),
        ({"rate_country:0": "", "rate_percent:0": "19"}, "rate_country:0"),
    ],
)
def test_what_cannot_be_meant_is_flagged_at_its_field(fields: dict[str, str], flagged: str) -> None:
    answers = read_answers(Form({"rate_class:0": "high", **fields}), Policy(), CODES)

    assert set(answers.problems) == {flagged}


@given(st.dictionaries(st.sampled_from(sorted(list_values(Policy()))), st.text(max_size=20)))
def test_whatever_is_posted_is_read_or_refused(fields: dict[str, str]) -> None:
    answers = read_answers(Form(fields), Policy(), CODES)

    if not answers.problems:
        again = read_answers(Form(list_values(answers.policy)), Policy(), CODES)
        assert again.policy == answers.policy
