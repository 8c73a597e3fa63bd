"""VAT facts: Dutch rates by date, who is in the EU's VAT area when, and well-formed numbers.

Sources: Wet op de omzetbelasting 1968, art. 9 (general rate 19 %, 21 % since 2012-10-01; reduced
rate 6 %, 9 % since 2019-01-01); directive 2006/112/EC, art. 5-8 (territories); the withdrawal
agreement (Great Britain left the VAT area on 2021-01-01, Northern Ireland, `XI`, did not for
goods); postal codes by La Poste (980 is Monaco, 984 to 989 are overseas), ELTA (63086 and 63087 are
Mount Athos), Poste Italiane (00120 is Vatican City, 47890 to 47899 are San Marino), PostNord (39xx
is Greenland) and Royal Mail. What follows for a line is in `treatment`.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from decimal import Decimal

from chalicelib.domain.policy import VatClass
from chalicelib.lazy_dataclass import dataclass

NORTHERN_IRELAND = "XI"
NO_RATE = Decimal(0)

_A_DAY = timedelta(days=1)
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
_SPELT_OTHERWISE = {"EL": "GR", "UK": "GB"}


@dataclass(frozen=True, slots=True)
class _PostalCodes:
    """The postal codes of a country with territories that have VAT of their own, or none.

    A code has that many `digits`. One with fewer lost its leading zeros if with them it is at least
    `lowest`, else it tells nothing. What begins with one of `outside` is outside the VAT area.
    """

    digits: int
    lowest: str
    outside: tuple[str, ...]


_POSTAL_CODES = {
    "DE": _PostalCodes(5, "01", ("27498", "78266")),  # Heligoland, Büsingen
    "DK": _PostalCodes(4, "1", ("39",)),  # Greenland; three digits may be the Faroe Islands
    "ES": _PostalCodes(5, "01", ("35", "38", "51", "52")),  # Canary Islands, Ceuta, Melilla
    "FI": _PostalCodes(5, "001", ("22",)),  # Åland
    "FR": _PostalCodes(5, "01", ("97", "984", "986", "987", "988", "989")),  # overseas
    "GR": _PostalCodes(5, "1", ("63086", "63087")),  # Mount Athos
    # Vatican City, Campione d'Italia, Livigno, San Marino
    "IT": _PostalCodes(5, "001", ("00120", "22061", "23041", "4789")),
}
_DIGITS = r"[A-Z]{0,3}([0-9]+)"  # behind a country's sign: D-78266, FI 22100
_BRITISH_AREA = r"(?:GB)?([A-Z]{1,2})(?![A-Z])"
_BRITISH_TERRITORIES = {"BT": NORTHERN_IRELAND, "GX": "GI", "GY": "GG", "IM": "IM", "JE": "JE"}
_WORDS_BESIDE_NUMBER = (
    r"(?:BTW|VAT|TVA|UST|MWST|NIF|CIF|PIVA|IVA)(?:NUMMER|NUMBER|NUM|NR|NO|IDNR|IDNO|ID)?"
)


def find_dutch_class(rate: Decimal, on: date) -> VatClass | None:
    """Give the Dutch class of a rate (a fraction) on a day; None for a rate that was not Dutch."""
    if rate == NO_RATE:
        return VatClass.NONE
    fitting = (name for name, known, first, end in _DUTCH if rate == known and first <= on < end)
    return next(fitting, None)


def list_dutch_rates(on: date) -> list[tuple[VatClass, Decimal]]:
    """The Dutch classes with VAT on a day and their rates (fractions), the highest first."""
    rates = [(name, known) for name, known, first, end in _DUTCH if first <= on < end]
    return sorted(rates, key=lambda each: -each[1])


def find_last_day(rate: Decimal, on: date) -> date:
    """The last day, `on` at the latest, on which a Dutch rate (a fraction) counted; `on` itself for
    a rate that was not Dutch by then.
    """
    ends = [end for _, known, first, end in _DUTCH if rate == known and first <= on]
    return min(on, max(ends) - _A_DAY) if ends else on


def find_vat_territory(country: str, postal_code: str, on: date) -> str:
    """Give the VAT territory of an address on a day: alpha-2, with `XI` for Northern Ireland.

    Monaco counts as France. Parts of member states outside the VAT area get a suffix, as in
    ``ES-35``, so that they equal no member state. Where `is_territory_unclear`, the country.
    """
    country = _SPELT_OTHERWISE.get(country, country)
    if country == "MC":
        return "FR"
    if country == "GB":
        country = _BRITISH_TERRITORIES.get(_read_british_area(postal_code), country)
    if country == NORTHERN_IRELAND and not is_in_vat_area(NORTHERN_IRELAND, on):
        return "GB"
    if country in _POSTAL_CODES:
        code = _read_digits(country, postal_code)
        for outside in _POSTAL_CODES[country].outside:
            if code.startswith(outside):
                return f"{country}-{outside}"
    return country


def is_territory_unclear(country: str, postal_code: str) -> bool:
    """Whether only the postal code tells the VAT territory, and it does not: it is missing, has
    digits too few or too many, or other signs.
    """
    country = _SPELT_OTHERWISE.get(country, country)
    if country == "GB":
        return not _read_british_area(postal_code)
    return country in _POSTAL_CODES and not _read_digits(country, postal_code)


def _read_digits(country: str, postal_code: str) -> str:
    """Read a code as long as the country's codes are, lost leading zeros put back; else nothing."""
    form = _POSTAL_CODES[country]
    found = re.match(_DIGITS, _drop_signs(postal_code))
    code = found[1].zfill(form.digits) if found else ""
    is_whole = found is not None and len(found[1]) == form.digits
    is_short = len(code) == form.digits and code >= form.lowest
    return code if is_whole or is_short else ""


def _read_british_area(postal_code: str) -> str:
    """Read the letters a British code begins with: ``BT`` of ``BT1 5GS``; without any, nothing."""
    found = re.match(_BRITISH_AREA, _drop_signs(postal_code))
    return found[1] if found else ""


def _drop_signs(typed: str) -> str:
    """Keep letters and digits, in capitals."""
    return "".join(sign for sign in typed if sign.isalnum()).upper()


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
    prefix is tried with that of `territory` (see `find_vat_territory`), where the customer is. What
    is checked is what is given: ``BE 403.019.261`` is ``BE0403019261``. Only the form is checked
    (length, characters, check digit), not whether the number is in use.
    """
    compact = _drop_signs(typed)
    if not compact:  # as of most customers
        return None
    for number in (compact, re.sub(_WORDS_BESIDE_NUMBER, "", compact)):
        for candidate in (number, territory[:2] + number):
            if valid := _complete_vat_number(candidate):
                return valid
    return None


def _complete_vat_number(candidate: str) -> str | None:
    """Give a number with prefix as its country writes it today: old ones get the zero in front that
    they lack.
    """
    from stdnum.exceptions import ValidationError  # as long to import as all of the domain

    prefix = "EL" if candidate[:2] == "GR" else candidate[:2]
    if prefix == "GB":
        # British numbers counted until 2021, and business customers still state them.
        from stdnum.gb import vat as judge
    elif find_issuing_country(prefix) in _MEMBERS or prefix in _MEMBERS_FROM:
        # It also takes numbers of the import scheme (EU, IM), which no customer has.
        from stdnum.eu import vat as judge
    else:
        return None
    try:
        number: str = judge.validate(candidate)
    except ValidationError:
        return None
    return prefix + number.removeprefix(candidate[:2])


def read_own_number(typed: str, home: str) -> str | None:
    """A merchant's own VAT number in its compact form, see `normalise_vat_number`; None for one
    that the EU's register does not know or knows no longer, such as a British one. `home` is the
    shop's country (alpha-2).
    """
    number = normalise_vat_number(typed, home)
    has_left = number is not None and find_issuing_country(number) in _MEMBERS_UNTIL
    return None if has_left else number


def find_issuing_country(number: str) -> str:
    """Give the member state (alpha-2) that issued a compact VAT number: Greece writes `EL`."""
    return _SPELT_OTHERWISE.get(number[:2], number[:2])


def may_be_asked(number: str, now: datetime) -> bool:
    """Whether the EU's register may know a VAT number in compact form. British ones are in it no
    longer, but for those of Northern Ireland.
    """
    issuer = find_issuing_country(number)
    return issuer == NORTHERN_IRELAND or is_in_vat_area(issuer, now.date())


def percentage(rate: Decimal) -> str:
    """Write a rate (a fraction) as a percentage: ``21%``, ``25.5%``."""
    text = f"{rate * 100:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) + "%"
