"""Addresses as customers type them: house numbers in the street, postal codes in any shape."""

from __future__ import annotations

import re
from dataclasses import asdict, replace

from chalicelib.domain.orders import Address

_BOX = r"(?:bus|bte|boîte|box|apt?\.?|app\.?|unit|kamer)\s*[a-z0-9]{1,5}"
_NAMED = r"bis|ter|hs|huis|hoog|boven|beneden|achter|voor|links|rechts"
_FIRST = rf"(?:{_BOX}|{_NAMED}|[a-z]|\d{{1,3}}[a-z]{{0,3}})(?![a-z0-9])"
_LAST = rf"(?:{_BOX}|{_NAMED}|[ivx]{{1,4}}|[a-z]{{1,3}}|\d{{1,3}}[a-z]{{0,3}})(?![a-z0-9])"
_SIGNS = " -/.,"
_GAP = r"[\s\-/.,]*"
_ADDITION = re.compile(rf"{_GAP}(?:{_FIRST}{_GAP})?{_LAST}[\s.,]*", re.IGNORECASE)
_NUMBER = re.compile(r"(?<![\w\-/])(\d{1,5})(?!\d)")
_NUMBER_FIRST = re.compile(r"(\d{1,5})\s?(bis|ter|[a-z])?,?\s+(\S.*)", re.IGNORECASE)
_NUMBER_FIRST_COUNTRIES = frozenset({"FR", "GB", "IE", "LU", "US", "CA", "AU", "NZ"})
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d")
_LONGEST_ADDITION = 24
_DUTCH_CODE = re.compile(r"(\d{4})\s*([A-Za-z]{2})")


def tidy_text(text: str) -> str:
    """Trim, and make every run of white space (line ends too) one space."""
    return " ".join(text.split())


def normalise_address(address: Address) -> Address:
    """Tidy the texts of an address, split off its house number and space its Dutch postal code."""
    texts = {name: tidy_text(text) for name, text in asdict(address).items() if text}
    clean = Address(**texts)
    if clean.country == "NL" and (dutch := _DUTCH_CODE.fullmatch(clean.postal_code)):
        clean = replace(clean, postal_code=f"{dutch[1]} {dutch[2].upper()}")
    return _split_number(clean)


def split_street(street: str, country: str | None) -> tuple[str, str, str] | None:
    """Take street, house number and addition apart: ``("Dorpsstraat", "12", "A")``.

    None when no house number is to be found. A number in front of the name (1e Helmersstraat) or
    a year in it (Plein 1940-1945) is not taken for one.
    """
    if country in _NUMBER_FIRST_COUNTRIES and (first := _NUMBER_FIRST.fullmatch(street)):
        return first[3], first[1], first[2] or ""
    for found in _NUMBER.finditer(street):
        before, after = street[: found.start()], street[found.end() :]
        if _is_house_number(before, found[1], after):
            return before.rstrip(" ,"), found[1], after.strip(_SIGNS)
    return None


def _is_house_number(before: str, number: str, after: str) -> bool:
    if not any(sign.isalpha() for sign in before) or len(after) > _LONGEST_ADDITION:
        return False
    if _YEAR.fullmatch(number) and re.match(r"[\s\-/]*\d", after):
        return False
    return not after.strip(_SIGNS) or _ADDITION.fullmatch(after) is not None


def _split_number(address: Address) -> Address:
    """Put number and addition into their own fields, once, wherever the customer typed them."""
    if address.number:
        return _drop_repeated_number(_split_addition(address))
    if split := split_street(address.street, address.country):
        return _join_addition(replace(address, street=split[0], number=split[1]), split[2])
    if address.street and (split := split_street(f"x {address.line2}", None)):
        return replace(address, line2="", number=split[1], suffix=split[2])
    return address


def _split_addition(address: Address) -> Address:
    """Take the addition out of a number field that holds both."""
    split = split_street(f"x {address.number}", None)
    if split is None or not split[2]:
        return address
    return _join_addition(replace(address, number=split[1]), split[2])


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
