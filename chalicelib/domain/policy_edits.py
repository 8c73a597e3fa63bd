"""What differs between two policies, choice by choice; how that is applied, and taken back."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import fields
from datetime import date
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Any, get_type_hints

from chalicelib.domain.policy import Policy, VatClass
from chalicelib.lazy_dataclass import dataclass

Value = str | bool | None
Place = tuple[str, str]
"""A field of `Policy`, and which part of it: a payment method's key, an article's code, a currency,
or country and rate (``DE 0.19``); empty for a field that is one value. What was chosen for a
payment method is one choice, of the field ``payments``, although the policy keeps it in two.
"""

NOT_BOOKING = frozenset({"keep_totals", "vies", "own_vat_number"})
"""The fields that decide nothing about how an order is booked; what VIES answers decides whether it
is, and shows in a run alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One choice that changed: from `before` to `after`, as they are stored. Of a part of a list
    True means that it is on it; of a part of a table the value is its code; None that there is
    none. Of a payment method True means that it was left at the default. `title` is a payment
    method's name in the shop, where it is known.
    """

    field: str
    key: str = ""
    before: Value = None
    after: Value = None
    title: str = ""

    @property
    def place(self) -> Place:
        """Which choice it is."""
        return self.field, self.key


Edits = tuple[Edit, ...]

_HINTS: Mapping[str, Any] = MappingProxyType(get_type_hints(Policy))
_ORDER = MappingProxyType({each.name: index for index, each in enumerate(fields(Policy))})
_TABLES = frozenset({"payments", "foreign_rates"})
_LISTS = frozenset(
    {
        "accepted_currencies",
        *("service_articles", "gift_card_articles", "outside_vat_articles"),
    }
)
_DAYS = frozenset(name for name, hint in _HINTS.items() if hint == date | None)
_PARTED = _TABLES | _LISTS


def list_edits(before: Policy, after: Policy) -> Edits:
    """What differs, in the order of the policy's fields; empty for the same policy. That a payment
    method with a code of its own was left at the default once before is no difference.
    """
    former, new = _take_apart(before), _take_apart(after)
    places = sorted({*former, *new}, key=lambda place: (_ORDER[place[0]], place[1]))
    return tuple(
        Edit(field=place[0], key=place[1], before=former.get(place), after=new.get(place))
        for place in places
        if former.get(place) != new.get(place)
    )


def apply_edits(policy: Policy, edits: Iterable[Edit]) -> Policy:
    """The policy with every edited choice as it is after its edit. Raises `ValueError` for a value
    that no choice has.
    """
    parts = _take_apart(policy)
    for edit in edits:
        if edit.field not in _ORDER:
            continue  # of a choice that is no longer there
        if edit.after is None and edit.field in _PARTED:
            parts.pop(edit.place, None)
        else:
            parts[edit.place] = edit.after
    return _put_together(parts)


def turn_back(edits: Iterable[Edit]) -> Edits:
    """The edits that undo these."""
    return tuple(
        Edit(
            field=edit.field,
            key=edit.key,
            before=edit.after,
            after=edit.before,
            title=edit.title,
        )
        for edit in edits
    )


def read_value(policy: Policy, place: Place) -> Value:
    """What a policy says of one choice, as `Edit` has it."""
    return _take_apart(policy).get(place)


def changes_booking(edits: Iterable[Edit]) -> bool:
    """Whether any order may be booked otherwise after these edits."""
    return any(edit.field not in NOT_BOOKING for edit in edits)


def mark_policy(policy: Policy, names: Collection[str] = frozenset(_ORDER)) -> str:
    """A short text that is the same for as long as these fields of a policy are."""
    parts = sorted(
        (place, value) for place, value in _take_apart(policy).items() if place[0] in names
    )
    written = json.dumps(parts)
    return hashlib.sha256(written.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _take_apart(policy: Policy) -> dict[Place, Value]:
    """Every choice of a policy by its place."""
    parts: dict[Place, Value] = {}
    for name in _ORDER:
        value = getattr(policy, name)
        if name in _LISTS:
            parts |= {(name, member): True for member in value}
        elif name == "seen_payments":
            parts |= {("payments", key): True for key in value - policy.payments.keys()}
        elif name == "foreign_rates":
            parts |= {(name, name_rate(*pair)): str(each.value) for pair, each in value.items()}
        elif name == "payments":
            parts |= {(name, key): code for key, code in value.items()}
        else:
            parts[name, ""] = _write(value)
    return parts


def _put_together(parts: Mapping[Place, Value]) -> Policy:
    values: dict[str, Any] = {name: {} for name in _TABLES}
    values |= {name: set() for name in (*_LISTS, "seen_payments")}
    for (name, key), value in parts.items():
        if name in _LISTS:
            values[name].add(key)
        elif name == "foreign_rates":
            values[name][read_rate_name(key)] = VatClass(str(value))
        elif name == "payments" and value is True:
            values["seen_payments"].add(key)
        elif name == "payments":
            values[name][key] = str(value)
        else:
            values[name] = _read(name, value)
    chosen = {name: frozenset(values[name]) for name in (*_LISTS, "seen_payments")}
    tables = {name: MappingProxyType(values[name]) for name in _TABLES}
    return Policy(**{**values, **chosen, **tables})


def _write(value: StrEnum | date | str | bool | None) -> Value:
    if isinstance(value, StrEnum):
        return str(value.value)
    return value.isoformat() if isinstance(value, date) else value


def _read(name: str, value: Value) -> Any:
    if name in _DAYS:
        return None if value is None else date.fromisoformat(str(value))
    kind = _HINTS[name]
    return kind(str(value)) if isinstance(kind, type) and issubclass(kind, StrEnum) else value


def name_rate(country: str, rate: Decimal) -> str:
    """A VAT rate of a country as one text: ``DE 0.19``."""
    return f"{country} {rate.normalize():f}"


def read_rate_name(name: str) -> tuple[str, Decimal]:
    """The country and the rate of `name_rate`."""
    country, _, rate = name.partition(" ")
    return country, Decimal(rate)
