"""Parses an object of SEOshop's into a record of the domain, field by field: each is read by its
type under its own name in camel case.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from enum import EnumType
from functools import cache
from typing import Any, TypeVar, get_type_hints

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
    for name, hint, default in _list_fields(record):
        if name not in given:
            given[name] = _read_field(fields, prefix, name, hint, default)
    return record(**given)


def parse_readable(
    record: Callable[..., T], fields: Fields, readers: Readers, instead: Mapping[str, Any]
) -> T:
    """A record of what can be read of it; each field that cannot has its value of `instead`, or
    without one raises its `ShopUnreadable`.
    """
    found: dict[str, Any] = {}
    for name, hint, default in _list_fields(record):
        try:
            read = readers.get(name)
            found[name] = read(fields) if read else _read_field(fields, "", name, hint, default)
        except ShopUnreadable:
            if name not in instead:
                raise
            found[name] = instead[name]
    return record(**found)


def _read_field(fields: Fields, prefix: str, name: str, hint: Any, default: Any) -> Any:
    titled = name.title().replace("_", "")
    field = prefix + titled if prefix else titled[0].lower() + titled[1:]
    if isinstance(hint, EnumType):
        return hint(fields.needed_text(field))
    if hint is str:
        return fields.text(field) if name in _CODES else fields.typed_text(field)
    return fields.read(field, hint, False if hint is bool else default)


@cache
def _list_fields(record: Any) -> list[tuple[str, Any, Any]]:
    hints = get_type_hints(record)
    return [(each.name, hints[each.name], each.default) for each in dataclasses.fields(record)]
