"""Reads single values from SEOshop's JSON, with the platform's ways of saying "none".

``false``, ``null``, ``""``, ``[]`` and ``{}`` all mean "none", numbers may come as strings and
texts as numbers, whole amounts come as integers. The caller decides
field by field what may be none: an amount or state that the books rest on is never guessed. A wrong
shape within a document is `ShopUnreadable`, so that the document is held; an answer that holds no
document or list at all is `ShopUnavailable`. Both name resource and field, never a value.
Source: API reference, 1.4.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from chalicelib.errors import ShopUnavailable, ShopUnreadable

_NUMBER = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,20})?")
_DIGITS = re.compile(r"[0-9]{1,18}")
_SURROGATES = re.compile("[\ud800-\udfff]")
_MICRO = Decimal("0.000001")
_FALSE = (False, 0, "0", "false", "no")
_TRUE = (True, 1, "1", "true", "yes")


def malformed_answer(resource: str, field: str, why: str) -> ShopUnavailable:
    """The error for an answer that is JSON, but not what SEOshop promises."""
    return ShopUnavailable(
        f"SEOshop's answer cannot be used: {resource}, field {field}, {why}. Nothing was booked; "
        "it is tried again at the next run."
    )


def unreadable_document(resource: str, field: str, why: str) -> ShopUnreadable:
    """The error for a document of which one value, however deep inside, has the wrong shape."""
    return ShopUnreadable(f"SEOshop's answer cannot be used: {resource}, field {field}, {why}.")


def load_json(body: bytes) -> object:
    """Parse a body with every fraction as `Decimal`; ValueError when it is not (sane) JSON."""
    try:
        return json.loads(body, parse_float=Decimal, parse_constant=_refuse_constant)
    except (InvalidOperation, RecursionError) as error:
        raise ValueError("JSON with an impossible number or depth") from error


def _refuse_constant(name: str) -> object:
    raise ValueError(f"{name} is not JSON")


def is_none(value: object) -> bool:
    """Whether a value is one of SEOshop's ways of saying "none"."""
    return value is None or value is False or value in ("", [], {})


class Fields:
    """One JSON object of an answer, read field by field.

    `resource` names the object in error messages. An absent field is the same as "none".
    """

    def __init__(self, data: object, resource: str) -> None:
        if not isinstance(data, dict):
            raise unreadable_document(resource, "(all)", "is not an object")
        self._data: dict[str, Any] = data
        self.resource = resource

    def raw(self, name: str) -> object:
        """The field as parsed, None when absent."""
        return self._data.get(name)

    def filled(self, name: str) -> bool:
        """Whether the field holds anything at all."""
        return not is_none(self.raw(name))

    def fail(self, name: str, why: str) -> ShopUnreadable:
        """The error for a field of this object."""
        return unreadable_document(self.resource, name, why)

    def text(self, name: str) -> str:
        """Text or, for none, the empty string. Half surrogate pairs become U+FFFD, because such
        text could be neither stored nor rendered.
        """
        value = self.raw(name)
        if is_none(value):
            return ""
        if isinstance(value, str):
            return _SURROGATES.sub("\ufffd", value)
        if isinstance(value, int | Decimal) and not isinstance(value, bool):
            return str(value)
        raise self.fail(name, "is not text")

    def needed_text(self, name: str) -> str:
        """Text that must be there."""
        value = self.text(name).strip()
        if not value:
            raise self.fail(name, "is missing")
        return value

    def number(self, name: str) -> Decimal:
        """An amount, rate or quantity that must be there."""
        value = self.raw(name)
        if is_none(value):
            raise self.fail(name, "is missing")
        return self._parse_decimal(name, value)

    def number_or_zero(self, name: str) -> Decimal:
        """An amount, rate or quantity; zero for none."""
        value = self.raw(name)
        return Decimal(0) if is_none(value) else self._parse_decimal(name, value)

    def _parse_decimal(self, name: str, value: object) -> Decimal:
        if isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
            value = Decimal(value.strip())
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            raise self.fail(name, "is not a number")
        number = Decimal(value)
        if number.is_finite() and not number:
            return Decimal(0)
        if not number.is_finite() or number.adjusted() > 12:
            raise self.fail(name, "is not a sensible number")
        return _remove_noise(number)

    def id(self, name: str) -> int:
        """A positive id that must be there."""
        found = self.id_or_none(name)
        if found is None:
            raise self.fail(name, "is missing")
        return found

    def id_or_none(self, name: str) -> int | None:
        """A positive id; None for none and for 0."""
        value = self.raw(name)
        if is_none(value) or value == 0:
            return None
        if isinstance(value, int | str) and not isinstance(value, bool):
            digits = str(value) if isinstance(value, str) or abs(value) < 10**18 else ""
            if _DIGITS.fullmatch(digits) and int(digits) > 0:
                return int(digits)
        raise self.fail(name, "is not an id")

    def flag(self, name: str) -> bool:
        """A truth value; False for none."""
        value = self.raw(name)
        if is_none(value) or (isinstance(value, int | str) and value in _FALSE):
            return False
        if isinstance(value, int | str) and value in _TRUE:
            return True
        raise self.fail(name, "is not a truth value")

    def instant(self, name: str) -> datetime:
        """An ISO 8601 timestamp with offset, as aware UTC datetime."""
        try:
            moment = datetime.fromisoformat(self.needed_text(name))
        except ValueError:
            raise self.fail(name, "is not a timestamp") from None
        if moment.tzinfo is None or not 1990 <= moment.year < 2200:
            raise self.fail(name, "is not a timestamp of our time with its offset")
        return moment.astimezone(UTC)

    def country(self, name: str) -> str | None:
        """The upper-case alpha-2 code of a country object (or bare code); None for none."""
        value = self.raw(name)
        if is_none(value):
            return None
        code = value if isinstance(value, str) else self.object(name).needed_text("code")
        if not re.fullmatch(r"[A-Za-z]{2}", code):
            raise self.fail(name, "is not a country with a code of two letters")
        return code.upper()

    def object(self, name: str) -> Fields:
        """An object inside this one."""
        return Fields(self.raw(name), f"{self.resource}.{name}")

    def objects(self, name: str) -> Iterator[Fields]:
        """The objects of a list inside this one; nothing for none."""
        yield from read_objects(self.raw(name), f"{self.resource}.{name}")


def read_objects(value: object, resource: str) -> Iterator[Fields]:
    """The objects of a list; nothing for none. Raises `ShopUnreadable`."""
    if is_none(value):
        return
    if not isinstance(value, list):
        raise unreadable_document(resource, "(all)", "is not a list")
    for entry in value:
        yield Fields(entry, resource)


def _remove_noise(number: Decimal) -> Decimal:
    """Undo a binary fraction's tail (PHP may print 44.74 as 44.739999999999995): SEOshop gives
    at most four decimals, so beyond six they are noise. Also 1E+2 becomes 100.
    """
    exponent = number.as_tuple().exponent
    if isinstance(exponent, int) and exponent > 0:
        return number.quantize(Decimal(1))
    if isinstance(exponent, int) and exponent < -6:
        plain = f"{number.quantize(_MICRO):f}".rstrip("0").rstrip(".")
        return abs(Decimal(plain)) if Decimal(plain) == 0 else Decimal(plain)
    return number


def unwrap(document: object, *keys: str) -> object:
    """What an answer wraps: the value under one of `keys` (capitals apart), else under its only
    key. Raises `ShopUnavailable` when there is neither.
    """
    if not isinstance(document, dict):
        raise malformed_answer(keys[0], "(all)", "is not wrapped in an object")
    names = {key.lower() for key in keys}
    for name, value in document.items():
        if str(name).lower() in names:
            return value
    if len(document) == 1:
        return next(iter(document.values()))
    raise malformed_answer(keys[0], "(all)", "is not in the answer")
