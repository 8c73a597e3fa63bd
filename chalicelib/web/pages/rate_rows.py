"""The form's rows of foreign VAT rates: a country, a rate and one of Asperion's classes each."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType

from chalicelib.domain import bounds
from chalicelib.domain.policy import VatClass
from chalicelib.web.http.http_messages import Form
from chalicelib.web.texts.localisation import msgid

_RATE = r"([0-9]{1,2})(?:[.,]([0-9]{1,6}))? ?%?"
_COUNTRY = r"[A-Z]{2}"


def read_rates(form: Form, problems: dict[str, str]) -> Mapping[tuple[str, Decimal], VatClass]:
    """The filled rows, by country and rate as a fraction; what is wrong joins `problems`."""
    rates: dict[tuple[str, Decimal], VatClass] = {}
    for row, country in form.select("rate_country:").items():
        percent = form.get(f"rate_percent:{row}")
        if not country and not percent:
            continue
        try:
            rate = read_rate(percent)
            rates[read_country(country), rate] = _read_class(form.get(f"rate_class:{row}"), rate)
        except ValueError:
            problems[f"rate_country:{row}"] = msgid(
                "Give a country by its two letters and a rate between 0 and 100, such as DE 19."
            )
        if len(rates) > bounds.MOST_RATES:
            problems[f"rate_country:{row}"] = msgid("These are more rates than can be kept.")
            break
    return MappingProxyType(rates)


def _read_class(text: str, rate: Decimal) -> VatClass:
    vat_class = VatClass(text)
    if not rate and vat_class is not VatClass.NONE:
        raise ValueError(text)
    return vat_class


def read_country(text: str) -> str:
    """A country by its two letters. Raises ValueError."""
    if not re.fullmatch(_COUNTRY, text.upper()):
        raise ValueError(text)
    return text.upper()


def read_rate(text: str) -> Decimal:
    """``21``, ``25,5`` or ``21%`` as a fraction. Raises ValueError for anything else."""
    found = re.fullmatch(_RATE, text.strip())
    if found is None:
        raise ValueError("no number")
    percent = Decimal(f"{found[1]}.{found[2]}" if found[2] else found[1])
    if percent != round(percent, 2):
        raise ValueError("no rate")
    return percent / 100
