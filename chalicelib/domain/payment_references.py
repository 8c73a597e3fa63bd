"""The number by which a payment provider knows a payment, out of what a shop's gateway left with an
order. It is content of the order: it goes into the description that the merchant asked for, and is
neither stored nor logged.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

NAMES = (
    *("transaction_id", "transactionId", "transactionid", "transaction"),
    *("payment_id", "paymentId", "psp_reference", "pspReference", "reference"),
)
"""Where gateways may put it; the first that fits counts. These are guesses: what a gateway leaves
is free-form, and no source names its parts. They matter only to shops whose merchant put the
reference into the description.
"""

_REFERENCE = r"[A-Za-z0-9][A-Za-z0-9._-]{3,39}"
_IBAN = r"[A-Z]{2}[0-9]{2}[A-Z0-9]{10,30}"
_CARD_LENGTHS = range(12, 20)  # figures of a card's number


def find_reference(left: Mapping[str, object]) -> str:
    """The reference among what a gateway left; empty when there is none that is surely one.

    It has 4 to 40 letters, figures, points, dashes and underscores, a figure among them, which no
    name has. What looks like an account's or a card's number is none.
    """
    for name in NAMES:
        value = left.get(name)
        text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
        if isinstance(text, str) and _is_reference(text.strip()):
            return text.strip()
    return ""


def _is_reference(text: str) -> bool:
    if not re.fullmatch(_REFERENCE, text) or not any(sign.isdigit() for sign in text):
        return False
    joined = re.sub("[._-]", "", text).upper()
    return not re.fullmatch(_IBAN, joined) and not _is_card(joined)


def _is_card(text: str) -> bool:
    """Whether a text is figures alone that check as those of a card do (ISO/IEC 7812)."""
    if not text.isdecimal() or len(text) not in _CARD_LENGTHS:
        return False
    figures = [int(sign) for sign in reversed(text)]
    doubled = (sum(divmod(2 * figure, 10)) for figure in figures[1::2])
    return (sum(figures[::2]) + sum(doubled)) % 10 == 0
