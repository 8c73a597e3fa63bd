"""A merchant's policy as one JSON document, as the shops table keeps it.

How a choice is written follows from its type in `Policy`, so that a new choice is stored without a
change here, or, when its type is new too, refused.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import msgspec

from chalicelib.domain.policy import Policy

_DEFAULTS = Policy()
_ADDED_SINCE_1_0_0 = (
    *("outside_vat_articles", "late_orders", "vies", "own_vat_number"),
    "description_pattern",
)
"""Choices that are left out at their default, so that documents without them stay as they were."""


def to_document(policy: Policy) -> str:
    """The policy as JSON text; the same policy always gives the same text. Raises `TypeError` for
    a value that has no stored form.
    """
    document = msgspec.to_builtins(policy, enc_hook=_to_dict, order="deterministic")
    for name in _ADDED_SINCE_1_0_0:
        if getattr(policy, name) == getattr(_DEFAULTS, name):
            del document[name]
    rates = document["foreign_rates"].items()  # JSON's keys are texts, these are pairs
    document["foreign_rates"] = sorted([*pair, vat_class] for pair, vat_class in rates)
    return json.dumps(document, sort_keys=True, separators=(",", ":"))


def from_document(text: str) -> Policy:
    """The policy a document holds. A choice the document does not know (it was written before that
    choice existed) has its default; one that `Policy` no longer knows is left out.
    """
    document: dict[str, Any] = json.loads(text)
    rates = document.pop("foreign_rates", [])
    document["foreign_rates"] = {(country, rate): vat_class for country, rate, vat_class in rates}
    return msgspec.convert(document, Policy)


def _to_dict(value: object) -> dict[Any, Any]:
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"a policy's {type(value).__name__} has no stored form")
