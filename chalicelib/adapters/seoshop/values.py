"""Reads single values and links from SEOshop's JSON, with the platform's ways of saying "none".

``false``, ``null``, ``""``, ``[]`` and ``{}`` all mean "none", and so does ``true`` where a text,
an object or a link belongs. Numbers may come as strings and texts as numbers, whole amounts come
as integers, a list of which PHP has dropped an element as an object: ``{"0": …, "2": …}``. The
caller decides field by field what may be none: an amount or state that the books rest on is never
guessed. A wrong shape within a document is `ShopUnreadable`, so that the document is held; an
answer that holds no document or list at all is `ShopUnavailable`. Both name resource and field,
never a value.
Source: API reference, 1.4, 16.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, NamedTuple, TypeVar

from chalicelib.adapters.seoshop.entities import decode_entities
from chalicelib.errors import ShopUnavailable, ShopUnreadable

T = TypeVar("T")

_NUMBER = r"-?[0-9]{1,12}(\.[0-9]{1,20})?"
_SURROGATES = "[\ud800-\udfff]"
_FLAGS: dict[object, bool] = dict.fromkeys((False, "0", "false", "no"), False)
_FLAGS |= dict.fromkeys((True, "1", "true", "yes"), True)
_ID = "[0-9]{1,18}"
_PLACE = "[0-9]{1,9}"
_URL = r"/?(?P<path>[a-z_]+(?:/[a-z0-9_]+)*)(?:\.json)?(?:\?([a-z_]+)=([0-9]+))?"


def malformed_answer(resource: str, field: str, why: str) -> ShopUnavailable:
    """The error for an answer that is JSON, but not what SEOshop promises."""
    return ShopUnavailable(
        f"SEOshop's answer cannot be used: {resource}, field {field}, {why}. Nothing was booked; "
        "it is tried again at the next run."
    )


def unreadable_document(resource: str, field: str, why: str) -> ShopUnreadable:
    """The error for a document of which one value, however deep inside, has the wrong shape."""
    return ShopUnreadable(f"SEOshop's answer cannot be used: {resource}, field {field}, {why}.")


def is_none(value: object) -> bool:
    """Whether a value is one of SEOshop's ways of saying "none"."""
    return not value and (value is None or value is False or value in ("", [], {}))


class Link(NamedTuple):
    """A resource link, ``{"resource": {"id": 1, "url": "orders/1", "link": …, "embedded": …}}``.

    `id` is None for collections, `embedded` as parsed JSON (None when absent), `path` the url ready
    to call, relative to our own base address (``orders/1/products.json``), with its query in
    `query`. ``link`` is never used, its scheme and host vary.
    """

    id: int | None
    embedded: Any
    path: str
    query: tuple[tuple[str, str], ...]


class Fields:
    """One JSON object of an answer, read field by field.

    `resource` names the object in error messages. An absent field is the same as "none".
    """

    def __init__(self, data: object, resource: str) -> None:
        if not isinstance(data, dict):
            raise unreadable_document(resource, "(all)", "is not an object")
        self._data: dict[str, Any] = data
        self.resource = resource

    def raw(self, name: str) -> Any:
        """The field as parsed, None when absent."""
        return self._data.get(name)

    def as_text(self) -> str:
        """All of the object, to tell it from others."""
        return repr(self._data)

    def read(self, name: str, kind: type[T], default: Any = MISSING) -> T:
        """The field as a value of one of `_READERS`; the default for none, else it is missing."""
        value = self.raw(name)
        read, why = _READERS[kind]
        if is_none(value) or (value is True and kind is str):
            if default is MISSING:
                raise unreadable_document(self.resource, name, "is missing")
            absent: T = default
            return absent
        try:
            found: T = read(value)
        except (TypeError, ValueError):  # which quote the value: nothing is raised beside them
            pass
        else:
            return found
        raise unreadable_document(self.resource, name, why)

    def text(self, name: str) -> str:
        """A code, a number, an address: text as it is given or, for none, the empty string."""
        return self.read(name, str, "")

    def typed_text(self, name: str) -> str:
        """Text that a person typed, likewise; see `decode_entities`."""
        return decode_entities(self.text(name))

    def needed_text(self, name: str) -> str:
        """Text that must be there, without blanks around it."""
        if text := self.text(name).strip():
            return text
        raise unreadable_document(self.resource, name, "is missing")

    def object(self, name: str) -> Fields:
        """An object inside this one; one without fields for none."""
        value = self.raw(name)
        is_absent = is_none(value) or value is True
        return Fields({} if is_absent else value, f"{self.resource}.{name}")

    def objects(self, name: str) -> list[Fields]:
        """The objects of a list inside this one."""
        return read_objects(self.raw(name), f"{self.resource}.{name}")

    def link(self, name: str) -> Link:
        """The link in a field; an empty one when there is none. Raises `ShopUnreadable` for a
        field that is no link, or one whose address is outside of the API.
        """
        resource = self.object(name).object("resource")
        embedded, url = resource.raw("embedded"), resource.text("url")
        # An empty list is an answer ("there are none"); false and null are not.
        is_embedded = isinstance(embedded, list) or not (is_none(embedded) or embedded is True)
        number = resource.raw("id")
        has_id = number not in (0, "0") and number is not True
        found = re.fullmatch(_URL, url)
        if url and not found:
            raise unreadable_document(resource.resource, "url", "is not an address within the API")
        return Link(
            id=resource.read("id", int, None) if has_id else None,
            embedded=embedded if is_embedded else None,
            path=f"{found['path']}.json" if found else "",
            query=((found[2], found[3]),) if found and found[2] else (),
        )


def read_objects(value: Any, resource: str) -> list[Fields]:
    """The objects of a list; nothing for none. Raises `ShopUnreadable`."""
    return [Fields(entry, resource) for entry in read_rows(value, resource)]


def read_rows(value: Any, resource: str) -> list[Any]:
    """What a list holds, whatever that is; nothing for none. Raises `ShopUnreadable`."""
    if is_none(value):
        return []
    if isinstance(value, dict) and all(re.fullmatch(_PLACE, each) for each in value):
        return list(value.values())
    if not isinstance(value, list):
        raise unreadable_document(resource, "(all)", "is not a list")
    return value


def unwrap(document: object, *keys: str) -> Any:
    """What an answer wraps: the value under one of `keys` (capitals apart), else under its only
    key. Raises `ShopUnavailable` when there is neither.
    """
    if not isinstance(document, dict):
        raise malformed_answer(keys[0], "(all)", "is not wrapped in an object")
    names = {key.lower() for key in keys}
    for name, value in document.items():
        if name.lower() in names or len(document) == 1:
            return value
    raise malformed_answer(keys[0], "(all)", "is not in the answer")


def _read_text(value: object) -> str:
    """Half surrogate pairs become U+FFFD: such text could be neither stored nor rendered."""
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        raise TypeError
    text = str(value)
    return text if text.isascii() else re.sub(_SURROGATES, "\ufffd", text)


def _read_number(value: object) -> Decimal:
    """SEOshop gives at most four decimals, so beyond six they are a binary fraction's noise: PHP
    may print 44.74 as 44.739999999999995. Also 1E+2 becomes 100.
    """
    text = _read_text(value).strip()
    if isinstance(value, str) and not re.fullmatch(_NUMBER, text):
        raise ValueError
    number = Decimal(text) or Decimal(0)
    if not number.is_finite() or number.adjusted() > 12:
        raise ValueError
    if -6 <= int(number.as_tuple().exponent) <= 0:
        return number
    return Decimal(f"{round(number, 6).normalize():f}") or Decimal(0)


def _read_id(value: object) -> int:
    digits = _read_text(value)
    if not re.fullmatch(_ID, digits) or not int(digits):
        raise ValueError
    return int(digits)


def _read_flag(value: Any) -> bool:
    if (flag := _FLAGS.get(value)) is None:
        raise ValueError
    return flag


def _read_instant(value: object) -> datetime:
    moment = datetime.fromisoformat(_read_text(value).strip())
    if moment.tzinfo is None or not 1990 <= moment.year < 2200:
        raise ValueError
    return moment.astimezone(UTC)


_READERS: Mapping[type, tuple[Callable[[object], Any], str]] = {
    str: (_read_text, "is not text"),
    Decimal: (_read_number, "is not a sensible number"),
    int: (_read_id, "is not an id"),
    bool: (_read_flag, "is not a truth value"),
    datetime: (_read_instant, "is not a timestamp of our time with its offset"),
}
"""How a value of a type is read, and what is wrong with one that cannot be."""
