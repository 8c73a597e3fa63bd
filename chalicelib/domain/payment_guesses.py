"""Guesses how a shop's payment method is called in Asperion, by its key and its title.

A guess is shown to the merchant, who takes it over or not; nothing is booked by it. Method and
code of the aXML profile are put together by their kind, so that a profile with other codes needs no
other list.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from enum import Enum, auto
from typing import Protocol

from chalicelib.domain.orders import PaymentMethod


class PaymentKind(Enum):
    """How a customer pays, as bookkeepers tell the ways apart."""

    IDEAL = auto()  # also under its later name, Wero
    BANCONTACT = auto()
    CARD = auto()
    PAYPAL = auto()
    ON_ACCOUNT = auto()  # afterwards, on an invoice
    TRANSFER = auto()  # by the customer himself
    DIRECT_DEBIT = auto()
    CASH = auto()  # at the door or at the counter, by card too
    OTHER = auto()  # known, and none of these: a gift card for instance


class NamedCode(Protocol):
    """A payment method of the aXML profile."""

    @property
    def code(self) -> str:
        """What is written into the file."""

    @property
    def label(self) -> str:
        """What merchants read."""


_PHRASES: dict[PaymentKind, tuple[str, ...]] = {
    PaymentKind.IDEAL: ("ideal", "wero", "idealwero"),
    PaymentKind.BANCONTACT: ("bancontact", "mister cash", "mistercash"),
    PaymentKind.CARD: (
        *("credit card", "creditcard", "creditcards", "credit cards", "kredietkaart"),
        *("visa", "mastercard", "master card", "maestro", "amex", "american express"),
    ),
    PaymentKind.PAYPAL: ("paypal", "pay pal"),
    PaymentKind.ON_ACCOUNT: (
        *("on account", "op rekening", "op factuur", "factuur", "invoice", "pay by invoice"),
        *("klarna", "afterpay", "after pay", "riverty", "billink", "in3", "achteraf", "pay later"),
        *("paylater", "achteraf betalen", "buy now pay later", "gespreid betalen", "spraypay"),
    ),
    PaymentKind.TRANSFER: (
        *("bank transfer", "banktransfer", "wire transfer", "overboeking", "bankoverboeking"),
        *("overschrijving", "bankoverschrijving", "overmaken", "vooruitbetaling", "sofort"),
        *("vooruit betalen", "vooraf betalen", "vooraf overmaken", "prepayment", "pay in advance"),
    ),
    PaymentKind.DIRECT_DEBIT: ("direct debit", "directdebit", "incasso", "automatische incasso"),
    PaymentKind.CASH: (
        *("cash on delivery", "cashondelivery", "cod", "rembours", "onder rembours", "cash"),
        *("contant", "pin", "pinnen", "pinbetaling", "kassa", "betalen bij afhalen"),
        *("pay at pickup", "pay on pickup", "betaal bij afhalen", "afrekenen bij afhalen"),
    ),
    PaymentKind.OTHER: (
        *("gift card", "giftcard", "cadeaubon", "cadeaukaart", "voucher", "debit card"),
        *("klarna pay now", "klarna direct betalen", "apple pay", "google pay"),
    ),
}
"""Words in Dutch and English by which a method is known; a longer phrase precedes what is in it."""

_KINDS = {phrase: kind for kind, phrases in _PHRASES.items() for phrase in phrases}
_KNOWN = r"(?<![a-z0-9])(?:" + "|".join(sorted(_KINDS, key=len, reverse=True)) + r")(?![a-z0-9])"
_BETWEEN = r"[^a-z0-9]+"


def guess_code(method: PaymentMethod, codes: Sequence[NamedCode]) -> str | None:
    """The code of the profile that a method of the shop is likely to be booked with; None where
    key and title tell no kind, or more than one, or where the profile has no code of that kind.
    """
    text = _simplify(method.key, method.title)
    kind = _find_kind(text)
    fitting = [each for each in codes if _find_kind(_simplify(each.code, each.label)) is kind]
    if kind in (None, PaymentKind.OTHER) or not fitting:
        return None

    def count_shared_words(each: NamedCode) -> int:
        return len(set(text.split()) & set(_simplify(each.code, each.label).split()))

    return max(fitting, key=count_shared_words).code


def _find_kind(text: str) -> PaymentKind | None:
    """The one kind that a simplified text tells."""
    kinds = {_KINDS[phrase] for phrase in re.findall(_KNOWN, text)}
    return kinds.pop() if len(kinds) == 1 else None


def _simplify(*texts: str) -> str:
    """Words in small letters without accents, one blank between them; a bar between the texts."""
    plain = (unicodedata.normalize("NFKD", text).encode("ascii", "ignore") for text in texts)
    return "|".join(re.sub(_BETWEEN, " ", each.decode().lower()).strip() for each in plain)
