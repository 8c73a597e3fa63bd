"""Addresses as customers type them: house numbers in the street, postal codes in any shape."""

from __future__ import annotations

import re
from dataclasses import fields, replace
from typing import Any

from chalicelib.domain.orders import Address

_BOX = r"(?:bus|bte|boîte|box|apt?\.?|app\.?|unit|kamer)\s*[a-z0-9]{1,5}"
_NAMED = r"bis|ter|hs|huis|hoog|boven|beneden|achter|voor|links|rechts"
_FIRST = rf"(?:{_BOX}|{_NAMED}|[a-z]|\d{{1,3}}[a-z]{{0,3}})(?![a-z0-9])"
_LAST = rf"(?:{_BOX}|{_NAMED}|[ivx]{{1,4}}|[a-z]{{1,3}}|\d{{1,3}}[a-z]{{0,3}})(?![a-z0-9])"
_SIGNS = " -–/.,"
_GAP = r"[\s\-–/.,]*"
_ADDITION = rf"(?i){_GAP}(?:{_FIRST}{_GAP})?{_LAST}[\s.,]*"
_NUMBER = r"(?<![\w\-–/'’‘`´])(\d{1,5})(?!\d)"
_NUMBER_FIRST = r"(?i)(\d{1,5})\s?(bis|ter|[a-z])?,?\s+(\S.*)"
_NUMBER_FIRST_COUNTRIES = frozenset({"FR", "GB", "IE", "LU", "US", "CA", "AU", "NZ"})
_YEAR = r"(?:1[5-9]|20)\d\d"
_TO = r"\s*[-–/]\s*['’‘`´]?"
# The wars, as squares are named after them: Plein 1940-1945, Plein 40-45, Place '14-'18.
_WAR = rf"(?:(?:19)?14{_TO}(?:19)?18|(?:19)?40{_TO}(?:19)?45)(?!\w)"
# Behind a number: 40-42 3, 40 42 3. In front of one: 5 t/m 7, 5 + 7.
_RANGE_AND_NUMBER = r"(?i)[\s,]*[-–/]\s*\d+[a-z]?[\s,]+\d|[\s,]+\d+[\s,]+\d"
_RANGE_IN_WORDS = r"(?i)\d[a-z]?\s*(?:t/m|tm|tot|en|und|et|and|&|\+)\s*$"
_MONTH = r"(?i)[\s.]*(?:jan|feb|mrt|mar|apr|mei|mai|may|jun|jul|aug|sep|okt|oct|nov|dec)\b"
_NUMBER_WORD = r"(?i)[\s,]+(?:nr|no|num|nummer|huisnr|huisnummer|n°)[.:]?\s*$"
_LONGEST_STREET = 200
_LONGEST_ADDITION = 24
_FIELDS = tuple(each.name for each in fields(Address))
_DUTCH_CODE = r"(\d{4})\s*([A-Za-z]{2})"


def tidy_text(text: str) -> str:
    """Trim, and make every run of white space (line ends too) one space."""
    return " ".join(text.split())


def normalise_address(address: Address) -> Address:
    """Tidy the texts of an address, split off its house number and space its Dutch postal code."""
    texts: dict[str, Any] = {name: tidy_text(getattr(address, name) or "") for name in _FIELDS}
    texts["country"] = texts["country"] or None
    if texts["country"] == "NL" and (dutch := re.fullmatch(_DUTCH_CODE, texts["postal_code"])):
        texts["postal_code"] = f"{dutch[1]} {dutch[2].upper()}"
    return _split_number(Address(**texts))


def split_street(street: str, country: str | None) -> tuple[str, str, str] | None:
    """Take street, house number and addition apart: ``("Dorpsstraat", "12", "A")``.

    None when no house number is to be found, or when it may be one of several (``Kade 4-6 3``,
    ``10 Market Street 5``): a street that holds its number is not wrong, another house is. A number
    in front of the name (1e Helmersstraat) or a year in it (Plein 1940-1945, Plein 40-45, Plein
    1813) is not taken for one.
    """
    if len(street) > _LONGEST_STREET:
        return None
    if country in _NUMBER_FIRST_COUNTRIES and (first := re.fullmatch(_NUMBER_FIRST, street)):
        is_only = split_street(first[3], None) is None
        return (first[3], first[1], first[2] or "") if is_only else None
    name = max((war.end() for war in re.finditer(_WAR, street)), default=0)
    for found in re.compile(_NUMBER).finditer(street, name):
        before, after = street[: found.start()], street[found.end() :]
        if _is_one_of_several(before, found[1], after):
            return None
        if name and not _is_next_to_name(street[name : found.start()]):
            return None
        if _is_house_number(before, found[1], after):
            return re.sub(_NUMBER_WORD, "", before).rstrip(" ,"), found[1], after.strip(_SIGNS)
    return None


def _is_one_of_several(before: str, number: str, after: str) -> bool:
    is_in_front = not re.fullmatch(_YEAR, number) and re.match(_RANGE_AND_NUMBER, after) is not None
    return is_in_front or re.search(_RANGE_IN_WORDS, before) is not None


def _is_next_to_name(between: str) -> bool:
    """Whether a number follows a name with a war in it at once, or behind ``nr``. In ``Steenweg
    40-45 bus 3`` it is a box's, and the houses are 40 to 45.
    """
    return not re.sub(_NUMBER_WORD, "", between).strip(_SIGNS)


def _is_house_number(before: str, number: str, after: str) -> bool:
    if not any(sign.isalpha() for sign in before) or len(after) > _LONGEST_ADDITION:
        return False
    rest = after.strip(_SIGNS)
    if re.fullmatch(_YEAR, number) and (not rest or rest[0].isdigit()):
        return False
    if re.match(_MONTH, after):
        return False
    return not rest or re.fullmatch(_ADDITION, after) is not None


def _split_number(address: Address) -> Address:
    """Put number and addition into their own fields, once, wherever the customer typed them."""
    if address.number:
        return _drop_repeated_number(_split_addition(address))
    if split := split_street(address.street, address.country):
        return _join_addition(replace(address, street=split[0], number=split[1]), split[2])
    if address.street and (alone := _split_alone(address.line2)):
        return replace(address, line2="", number=alone[0], suffix=alone[1])
    return address


def _split_addition(address: Address) -> Address:
    """Take the addition out of a number field that holds both."""
    alone = _split_alone(address.number)
    if alone is None or not alone[1]:
        return address
    return _join_addition(replace(address, number=alone[0]), alone[1])


def _split_alone(text: str) -> tuple[str, str] | None:
    """Take house number and addition apart where a text holds nothing else, so that nothing is
    lost: ``12 bus 3``, but not ``gebouw B 12`` or ``40-45 3``.
    """
    split = split_street(f"x {text}", None)
    return split[1:] if split is not None and split[0] == "x" else None


def _drop_repeated_number(address: Address) -> Address:
    """Take the number out of the street when the number field holds it as well."""
    split = split_street(address.street, address.country)
    if split is None or split[1] != address.number:
        return address
    if split[2] and address.suffix and split[2].casefold() != address.suffix.casefold():
        return address
    return replace(address, street=split[0], suffix=address.suffix or split[2])


def _join_addition(address: Address, addition: str) -> Address:
    """Put an addition in front of the one there is, unless they are the same."""
    if addition.casefold() != address.suffix.casefold():
        addition = f"{addition} {address.suffix}".strip()
    return replace(address, suffix=addition)
