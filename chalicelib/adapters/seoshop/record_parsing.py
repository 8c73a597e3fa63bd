"""Parses an object of SEOshop's into a record of the domain, field by field: each is read by its
type under its own name in camel case.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from enum import EnumType
from functools import cache
from typing import Any, NamedTuple, TypeVar, get_type_hints

from chalicelib.adapters.seoshop.values import Fields
from chalicelib.errors import ShopUnreadable

T = TypeVar("T")

Readers = Mapping[str, Callable[[Fields], Any]]
"""How fields are read that are named or shaped otherwise than the record's own."""

_CODES = frozenset({"company_vat_number", "payment_id", "address"})
"""Texts that are no person's prose: entities in them are not decoded."""


def parse_record(record: Callable[..., T], fields: Fields, prefix: str = "", /, **given: Any) -> T:
    """A record: what is not `given` is read under its name after the prefix. Texts and flags may
    always be none, amounts only where the record has a default. Raises `ShopUnreadable`.
    """
    for each in _list_fields(record, prefix):
        if each.name not in given:
            given[each.name] = _read_field(fields, each)
    return record(**given)


def parse_readable(
    record: Callable[..., T], fields: Fields, readers: Readers, instead: Mapping[str, Any]
) -> T:
    """A record of what can be read of it; each field that cannot has its value of `instead`, or
    without one raises its `ShopUnreadable`.
    """
    found: dict[str, Any] = {}
    for each in _list_fields(record, ""):
        try:
            read = readers.get(each.name)
            found[each.name] = read(fields) if read else _read_field(fields, each)
        except ShopUnreadable:
            if each.name not in instead:
                raise
            found[each.name] = instead[each.name]
    return record(**found)


class _Field(NamedTuple):
    """A field of a record, and its name at SEOshop."""

    name: str
    shop_name: str
    hint: Any
    default: Any


def _read_field(fields: Fields, field: _Field) -> Any:
    hint, shop_name = field.hint, field.shop_name
    if hint is str:
        is_code = field.name in _CODES
        return fields.text(shop_name) if is_code else fields.typed_text(shop_name)
    if isinstance(hint, EnumType):
        return hint(fields.needed_text(shop_name))
    return fields.read(shop_name, hint, field.default)


@cache
def _list_fields(record: Any, prefix: str) -> list[_Field]:
    hints = get_type_hints(record)
    return [
        _Field(
            name=each.name,
            shop_name=_name_at_shop(prefix, each.name),
            hint=hints[each.name],
            default=False if hints[each.name] is bool else each.default,
        )
        for each in dataclasses.fields(record)
    ]


def _name_at_shop(prefix: str, name: str) -> str:
    titled = name.title().replace("_", "")
    return prefix + titled if prefix else titled[0].lower() + titled[1:]
