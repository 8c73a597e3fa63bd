"""A merchant's policy as one JSON document, as the shops table keeps it.

How a choice is written follows from its default in `Policy`, so that a new choice is stored without
a change here, or, when its type is new too, refused loudly.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any, get_type_hints

from chalicelib.domain.policy import Policy, VatClass

_DAYS = frozenset(name for name, hint in get_type_hints(Policy).items() if hint == date | None)


def to_document(policy: Policy) -> str:
    """The policy as JSON text; the same policy always gives the same text."""
    document = {f.name: _written(f.name, getattr(policy, f.name)) for f in fields(Policy)}
    return json.dumps(document, sort_keys=True, separators=(",", ":"))


def from_document(text: str) -> Policy:
    """The policy a document holds. A choice the document does not know (it was written before that
    choice existed) has its default; one that `Policy` no longer knows is left out.
    """
    document: dict[str, Any] = json.loads(text)
    default = Policy()
    known = [f.name for f in fields(Policy) if f.name in document]
    return Policy(
        **{name: _read(name, document[name], like=getattr(default, name)) for name in known}
    )


def _written(name: str, value: object) -> object:
    if name == "foreign_rates" and isinstance(value, Mapping):
        return sorted([country, str(rate), vat.value] for (country, rate), vat in value.items())
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, Mapping):
        return dict(value)
    if value is None or isinstance(value, str | bool | int):
        return value
    raise TypeError(f"the policy's {name} is of a type that has no stored form")


def _read(name: str, value: Any, *, like: object) -> Any:
    if name == "foreign_rates":
        return {(country, Decimal(rate)): VatClass(vat) for country, rate, vat in value}
    if name in _DAYS:
        return None if value is None else date.fromisoformat(value)
    if isinstance(like, Enum):
        return type(like)(value)
    return frozenset(value) if isinstance(like, frozenset) else value
