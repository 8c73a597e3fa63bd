"""What operators type: JSON objects whose keys and values are checked before anything is done."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from chalicelib.errors import RequestError


def only_keys(event: object, allowed: Collection[str], *, function: str) -> Mapping[str, Any]:
    """The event as a mapping without unknown keys. Raises `RequestError` naming the strangers."""
    if not isinstance(event, Mapping):
        raise RequestError(f'{function} takes a JSON object, such as {{"shop_id": 184520}}.')
    strangers = sorted(str(key) for key in event if key not in allowed)
    if strangers:
        raise RequestError(
            f"{function} does not know {', '.join(strangers)}; it takes {', '.join(allowed)}."
        )
    return event


def shop_id_of(event: Mapping[str, Any]) -> int:
    """The shop's number. Raises `RequestError`."""
    value = shop_number(event, "shop_id")
    if value is None:
        raise RequestError("shop_id must be a shop's number, such as 184520.")
    return value


def shop_number(event: Mapping[str, Any], name: str) -> int | None:
    """A shop's number, or None when left out."""
    value = event.get(name)
    if name in event and (type(value) is not int or value <= 0):
        raise RequestError(f"{name} must be a shop's number, such as 184520.")
    return value


def flag(event: Mapping[str, Any], name: str) -> bool:
    """A true-or-false value, false when left out."""
    value = event.get(name, False)
    if type(value) is not bool:
        raise RequestError(f"{name} must be true or false.")
    return value


def text(event: Mapping[str, Any], name: str, *, longest: int = 200) -> str | None:
    """A text, or None when left out."""
    value = event.get(name)
    if value is None:
        return None
    if not isinstance(value, str) or not value.strip() or len(value) > longest:
        raise RequestError(f"{name} must be a text of 1 to {longest} characters.")
    return " ".join(value.split())


def texts(event: Mapping[str, Any], name: str) -> list[str] | None:
    """A list of texts, or None when left out."""
    value = event.get(name)
    if value is None:
        return None
    if (
        not isinstance(value, list)
        or not value
        or not all(isinstance(each, str) and each.strip() for each in value)
    ):
        raise RequestError(f'{name} must be a list of numbers as texts, such as ["ORD00412"].')
    return list(dict.fromkeys(each.strip() for each in value))


def day(event: Mapping[str, Any], name: str) -> date | None:
    """An ISO date, or None when left out."""
    value = event.get(name)
    if value is None:
        return None
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise RequestError(f"{name} must be a date, such as 2026-01-01.") from None
