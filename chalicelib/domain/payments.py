"""The payment code of the aXML profile that an order gets.

Methods are keyed on SEOshop's ``paymentId``, never on the title that customers see: titles change.
iDEAL becomes Wero (both names during 2026 and 2027); whether SEOshop will change the key is not
known, so keys that differ in that word only are one method until the merchant maps both.
"""

from __future__ import annotations

import re

from chalicelib.domain.holds import HeldBack, HoldReason
from chalicelib.domain.policy import LEFT_TO_ASPERION, NOT_CHOSEN, Policy

_WORD = r"[a-z]+"
_NO_CODES = (LEFT_TO_ASPERION, NOT_CHOSEN)
_ONE_METHOD = frozenset({"ideal", "wero"})


def is_same_method(one: str, other: str) -> bool:
    """Whether two payment keys name one method: equal, or equal but for iDEAL being Wero."""
    return one == other or _strip_wero(one) == _strip_wero(other) is not None


def choose_payment_code(policy: Policy, payment_id: str) -> str | None:
    """Choose the profile's payment code; None leaves the method to Asperion.

    The merchant's mapping of this key comes first, then (unless `policy.ideal_is_wero` is off)
    that of its iDEAL or Wero sibling, then the default. Without any of these `HeldBack` is raised
    with "new payment method".
    """
    code = _find_code(policy, payment_id)
    if code is None:
        raise HeldBack(HoldReason.PAYMENT_METHOD_NEW, payment_id)
    return None if code == LEFT_TO_ASPERION else code


def list_payment_codes(policy: Policy) -> tuple[str, ...]:
    """The payment codes that invoices of a shop may get, in their order."""
    chosen = {*policy.payments.values(), policy.default_payment}
    return tuple(sorted({code for code in chosen if code and code not in _NO_CODES}))


def is_new(policy: Policy, payment_id: str) -> bool:
    """Whether the merchant has yet to say how this method is booked: its orders are held."""
    return _find_code(policy, payment_id) is None


def _find_code(policy: Policy, payment_id: str) -> str | None:
    """The code; None where the merchant has yet to choose one. Of siblings iDEAL precedes Wero."""
    known = sorted({*policy.payments, *policy.seen_payments}) if policy.ideal_is_wero else ()
    keys = [payment_id, *(key for key in known if is_same_method(key, payment_id))]
    for key in keys:
        if key in policy.payments:
            return policy.payments[key]
    default = policy.default_payment
    if default not in (None, NOT_CHOSEN):
        return default
    nothing_mapped = default == NOT_CHOSEN and not policy.payments
    is_seen = not policy.seen_payments.isdisjoint(keys)
    return LEFT_TO_ASPERION if nothing_mapped or is_seen else None


def _strip_wero(key: str) -> str | None:
    """Take iDEAL or Wero out of a key; None for a key that is neither."""
    lowered = key.lower().replace("idealwero", "ideal")
    words = re.findall(_WORD, lowered)
    if not _ONE_METHOD.intersection(words):
        return None
    return " ".join(word for word in words if word not in _ONE_METHOD)
