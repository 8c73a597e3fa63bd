"""Payment methods: keyed on SEOshop's id; a new one waits; iDEAL and Wero are one."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.domain.holds import Hold, HoldReason
from chalicelib.domain.invoices import Invoice
from chalicelib.domain.judgement import Verdict, judge
from chalicelib.domain.payments import is_new, is_same_method
from chalicelib.domain.policy import LEFT_TO_ASPERION, Policy
from tests.fakes.documents_of_shop import Facts, order, terms


def code(payment_id: str, **policy: Any) -> Verdict | str | None:
    verdict = judge(order(payment_id=payment_id), terms(**policy))
    return verdict.payment_code if isinstance(verdict, Invoice) else verdict


def test_a_mapped_method_gets_its_code() -> None:
    assert code("invoice", payments={"invoice": "Op factuur"}) == "Op factuur"


def test_a_method_left_to_asperion_has_no_code() -> None:
    assert code("invoice", payments={"invoice": LEFT_TO_ASPERION}) is None


def test_a_method_never_seen_before_uses_the_default() -> None:
    assert code("klarna", default_payment="Overboeking") == "Overboeking"
    assert code("klarna", default_payment=LEFT_TO_ASPERION) is None


def test_without_a_default_a_new_method_is_held_under_its_key() -> None:
    assert code("klarna", payments={"ideal": "IDEAL"}, default_payment=None) == Hold(
        HoldReason.PAYMENT_METHOD_NEW, "klarna"
    )


NEW = Hold(HoldReason.PAYMENT_METHOD_NEW, "klarna")


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ({}, None),
        ({"payments": {"ideal": "IDEAL"}}, NEW),
        ({"payments": {"ideal": LEFT_TO_ASPERION}}, NEW),
        ({"payments": {"ideal": "IDEAL"}, "default_payment": LEFT_TO_ASPERION}, None),
        ({"payments": {"ideal": "IDEAL"}, "default_payment": "PIN"}, "PIN"),
        ({"default_payment": None}, NEW),
        # seen in the form and left at "Default": decided
        ({"payments": {"ideal": "IDEAL"}, "seen_payments": frozenset({"klarna"})}, None),
        ({"default_payment": None, "seen_payments": frozenset({"klarna"})}, None),
        ({"default_payment": "PIN", "seen_payments": frozenset({"klarna"})}, "PIN"),
        ({"default_payment": None, "seen_payments": frozenset({"paypal"})}, NEW),
    ],
)
def test_a_new_method_waits_for_a_merchant_who_chose_for_others_and_for_no_default(
    policy: Facts, expected: Hold | str | None
) -> None:
    assert code("klarna", **policy) == expected
    assert is_new(Policy(**policy), "klarna") is (expected == NEW)


def test_wero_is_seen_where_ideal_was_seen() -> None:
    seen = {"payments": {"paypal": "PIN"}, "seen_payments": frozenset({"ideal"})}
    assert code("wero", **seen) is None
    assert isinstance(code("wero", **seen, ideal_is_wero=False), Hold)


@pytest.mark.parametrize(
    ("one", "other"),
    [("ideal", "wero"), ("ideal", "ideal-wero"), ("mollie-ideal", "mollie-wero"),
     ("Mollie_iDEAL", "mollie|wero"), ("ideal", "IdealWero")],
)  # fmt: skip
def test_ideal_and_wero_are_one_method(one: str, other: str) -> None:
    assert is_same_method(one, other)
    assert is_same_method(other, one)
    assert code(other, payments={one: "IDEAL"}, default_payment=None) == "IDEAL"


@pytest.mark.parametrize(
    ("one", "other"),
    [("ideal", "mollie-wero"), ("ideal", "idealo"), ("ideal", "werowood"), ("paypal", "klarna"),
     ("mollie-ideal", "buckaroo-ideal")],
)  # fmt: skip
def test_other_methods_are_not_taken_for_ideal(one: str, other: str) -> None:
    assert not is_same_method(one, other)
    assert isinstance(code(other, payments={one: "IDEAL"}, default_payment=None), Hold)


def test_the_merchant_may_say_that_wero_is_another_method() -> None:
    both = {"ideal": "IDEAL", "wero": "Wero"}
    assert code("wero", payments=both) == "Wero"
    apart = {"payments": {"ideal": "IDEAL"}, "ideal_is_wero": False}
    assert code("wero", **apart, default_payment="Overboeking") == "Overboeking"


def test_a_method_is_the_same_as_itself() -> None:
    assert is_same_method("paypal", "paypal")
