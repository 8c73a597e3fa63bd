"""VAT facts: Dutch rates by date, who is in the EU's VAT area when, and well-formed numbers.

Sources: Wet op de omzetbelasting 1968, art. 9 (general rate 19 %, 21 % since 2012-10-01; reduced
rate 6 %, 9 % since 2019-01-01); directive 2006/112/EC, art. 5-8 (territories); the withdrawal
agreement (Great Britain left the VAT area on 2021-01-01, Northern Ireland, `XI`, did not for
goods); postal codes by La Poste (980 is Monaco, 984 to 989 are overseas) and ELTA (63086 and 63087
are Mount Athos). What follows for a line is in `treatment`.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from stdnum.eu import vat as eu_vat
from stdnum.gb import vat as gb_vat

from chalicelib.domain.policy import VatClass

NORTHERN_IRELAND = "XI"
NO_RATE = Decimal(0)

_DUTCH: tuple[tuple[VatClass, Decimal, date, date], ...] = (
    (VatClass.HIGH, Decimal("0.19"), date(2001, 1, 1), date(2012, 10, 1)),
    (VatClass.HIGH, Decimal("0.21"), date(2012, 10, 1), date.max),
    (VatClass.LOW, Decimal("0.06"), date(1986, 10, 1), date(2019, 1, 1)),
    (VatClass.LOW, Decimal("0.09"), date(2019, 1, 1), date.max),
)

_MEMBERS = frozenset(
    {"AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HU", "IE", "IT"}
    | {"LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK"}
)
_MEMBERS_FROM = {"HR": date(2013, 7, 1), NORTHERN_IRELAND: date(2021, 1, 1)}
_MEMBERS_UNTIL = {"GB": date(2021, 1, 1), "IM": date(2021, 1, 1)}
_TREATED_AS = {"MC": "FR", "EL": "GR", "UK": "GB"}
_OUTSIDE_THE_VAT_AREA = {  # postal codes of territories with their own VAT, or none
    "DE": ("78266", "27498"),  # Büsingen, Heligoland
    "ES": ("35", "38", "51", "52"),  # Canary Islands, Ceuta, Melilla
    "FI": ("22",),  # Åland
    "FR": ("97", "984", "986", "987", "988", "989"),  # overseas departments and territories
    "GR": ("63086", "63087"),  # Mount Athos
    "IT": ("23041", "22061"),  # Livigno, Campione d'Italia
}
_COUNTRY_BEFORE_CODE = re.compile(r"^[A-Z]{1,3}(?:-|(?=\d{5}))")  # D-78266, FI 22100
_WORDS_BESIDE_NUMBER = re.compile(
    r"(?:BTW|VAT|TVA|UST|MWST|NIF|CIF|PIVA|IVA)(?:NUMMER|NUMBER|NUM|NR|NO|IDNR|IDNO|ID)?"
)


def find_dutch_class(rate: Decimal, on: date) -> VatClass | None:
    """Give the Dutch class of a rate (a fraction) on a day; None for a rate that was not Dutch."""
    if rate == NO_RATE:
        return VatClass.NONE
    fitting = (name for name, known, first, end in _DUTCH if rate == known and first <= on < end)
    return next(fitting, None)


def find_vat_territory(country: str, postal_code: str, on: date) -> str:
    """Give the VAT territory of an address on a day: alpha-2, with `XI` for Northern Ireland.

    Monaco counts as France. Parts of member states outside the VAT area get a suffix, as in
    ``ES-35``, so that they equal no member state.
    """
    country = _TREATED_AS.get(country, country)
    code = _COUNTRY_BEFORE_CODE.sub("", postal_code.replace(" ", "").upper())
    if country == "GB" and code.startswith("BT") and is_in_vat_area(NORTHERN_IRELAND, on):
        return NORTHERN_IRELAND
    for outside in _OUTSIDE_THE_VAT_AREA.get(country, ()):
        if code.startswith(outside):
            return f"{country}-{outside}"
    return country


def is_in_vat_area(territory: str, on: date) -> bool:
    """Whether goods sent to a territory on a day stayed within the EU for VAT."""
    if territory in _MEMBERS_FROM:
        return on >= _MEMBERS_FROM[territory]
    if territory in _MEMBERS_UNTIL:
        return on < _MEMBERS_UNTIL[territory]
    return territory in _MEMBERS


def normalise_vat_number(typed: str, territory: str) -> str | None:
    """Give an EU VAT number in its compact form with prefix, or None when it is not well-formed.

    Spaces, dots, dashes and a word such as ``BTW`` or ``USt-IdNr.`` go; a number typed without its
    prefix is tried with that of `territory` (see `find_vat_territory`), where the customer is. Only
    the form is checked (length, characters, check digit), not whether the number is in use.
    """
    compact = "".join(sign for sign in typed if sign.isalnum()).upper()
    for number in (compact, _WORDS_BESIDE_NUMBER.sub("", compact)):
        for candidate in (number, territory[:2] + number):
            # British numbers counted until 2021, and business customers still state them.
            judge = gb_vat if candidate[:2] == "GB" else eu_vat
            if judge.is_valid(candidate):
                return "EL" + candidate[2:] if candidate[:2] == "GR" else candidate
    return None


def find_issuing_country(number: str) -> str:
    """Give the member state (alpha-2) that issued a compact VAT number: Greece writes `EL`."""
    return _TREATED_AS.get(number[:2], number[:2])


def percentage(rate: Decimal) -> str:
    """Write a rate (a fraction) as a percentage: ``21%``, ``25.5%``."""
    text = f"{rate * 100:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) + "%"
