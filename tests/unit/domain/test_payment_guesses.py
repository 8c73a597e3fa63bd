"""How a shop's payment method is likely to be called in Asperion."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from chalicelib.axml import load_profile
from chalicelib.domain.orders import PaymentMethod
from chalicelib.domain.payment_guesses import guess_code
from tools.build import ROOT


@dataclass(frozen=True)
class Code:
    code: str
    label: str


CODES = load_profile(ROOT / "templates" / "axml" / "reconstructed-1.4").payments


def guess(key: str, title: str) -> str | None:
    return guess_code(PaymentMethod(key=key, title=title), CODES)


@pytest.mark.parametrize(
    ("key", "title", "code"),
    [
        ("ideal", "iDEAL", "IDEAL"),
        ("mollie_ideal", "iDEAL | Wero", "IDEAL"),
        ("idealwero", "Betaal met uw bank", "IDEAL"),
        ("external-4", "Wero", "IDEAL"),
        ("paypal", "PayPal", "PayPal"),
        ("creditcard", "Visa / Mastercard", "Creditcard"),
        ("external", "Crédit card", "Creditcard"),
        ("mistercash", "Bancontact/Mister Cash", "Bancontact"),
        ("klarna", "Klarna – achteraf betalen", "Op factuur"),
        ("afterpay", "Riverty", "Op factuur"),
        ("invoice", "Op rekening", "Op factuur"),
        ("x1", "Pay by invoice", "Op factuur"),
        ("x1", "On account", "Op factuur"),
        ("banktransfer", "Bankoverschrijving", "Overboeking"),
        ("prepayment", "Vooraf overmaken", "Overboeking"),
        ("directdebit", "Automatische incasso", "Automatische incasso"),
        ("cashondelivery", "Onder rembours", "Contant"),
        ("cod", "Cash on delivery", "Contant"),
        ("external", "Pinnen bij afhalen", "Contant"),
    ],
)
def test_a_method_is_known_by_its_key_and_its_title(key: str, title: str, code: str) -> None:
    assert guess(key, title) == code


@pytest.mark.parametrize(
    ("key", "title"),
    [
        ("external", "Ophalen"),
        ("multisafepay", "MultiSafepay"),
        ("x", "iDEAL of creditcard"),
        ("ideal", "PayPal"),
        ("giftcard", "Cadeaukaart"),
        ("klarna_pay_now", "Klarna Pay Now"),
        ("debit", "Debit card"),
        ("pinda", "Pindakaas"),
        ("idealisten", "Idealisten"),
        ("", ""),
        ("💶", "支付"),
    ],
)
def test_what_tells_no_kind_or_more_than_one_is_not_guessed(key: str, title: str) -> None:
    assert guess(key, title) is None


def test_only_what_the_profile_has_is_guessed() -> None:
    paypal = PaymentMethod(key="paypal", title="PayPal")
    assert guess_code(paypal, [Code("IDEAL", "iDEAL"), Code("x", "Iets")]) is None
    assert guess_code(paypal, [Code("07", "Paypal")]) == "07"
    assert guess_code(PaymentMethod(key="nothing", title="known"), [Code("x", "Iets")]) is None


def test_of_two_codes_of_one_kind_the_one_of_the_same_name_is_guessed() -> None:
    codes = [Code("IDEAL", "iDEAL"), Code("WERO", "Wero")]
    assert guess_code(PaymentMethod(key="ideal", title="iDEAL"), codes) == "IDEAL"
    assert guess_code(PaymentMethod(key="wero", title="Wero"), codes) == "WERO"


def test_a_key_and_a_title_make_no_phrase_together() -> None:
    assert guess("gift", "Card") is None
    assert guess("credit", "Card") is None
