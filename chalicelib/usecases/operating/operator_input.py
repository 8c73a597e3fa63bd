"""What operators type: JSON objects whose keys and values are checked before anything is done."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from contextlib import suppress
from datetime import date
from typing import Any

from chalicelib.domain import bounds
from chalicelib.errors import RequestError

_NAME = r"[A-Za-z0-9_-]{1,40}"
_MOST_NAMED = 10


def only_keys(event: object, allowed: Collection[str], *, function: str) -> Mapping[str, Any]:
    """The event as a mapping without unknown keys. Raises `RequestError` naming the first of the
    strangers, as far as they can be names.
    """
    if not isinstance(event, Mapping):
        raise RequestError(f'{function} takes a JSON object, such as {{"shop_id": 184520}}.')
    strangers = sorted(str(key) for key in event if key not in allowed)
    if strangers:
        named = [key for key in strangers if re.fullmatch(_NAME, key)][:_MOST_NAMED]
        what = ", ".join(named) or "what it is given"
        raise RequestError(f"{function} does not know {what}; it takes {', '.join(allowed)}.")
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
    if name in event and not bounds.is_id(value):
        raise RequestError(f"{name} must be a shop's number, such as 184520.")
    return value


def count(event: Mapping[str, Any], name: str, most: int) -> int | None:
    """A number from 1 to `most`, or None when left out."""
    value = event.get(name)
    if name in event and (type(value) is not int or not 1 <= value <= most):
        raise RequestError(f"{name} must be a number from 1 to {most}.")
    return value


def flag(event: Mapping[str, Any], name: str) -> bool:
    """A true-or-false value, false when left out."""
    value = event.get(name, False)
    if type(value) is not bool:
        raise RequestError(f"{name} must be true or false.")
    return value


def text(
    event: Mapping[str, Any], name: str, *, longest: int = bounds.LONGEST_REASON
) -> str | None:
    """A text of visible characters, or None when left out. Blanks and line breaks are one blank."""
    value = event.get(name)
    if value is None:
        return None
    line = " ".join(value.split()) if isinstance(value, str) else ""
    if not bounds.is_line(line, longest) or len(value) > longest:
        raise RequestError(f"{name} must be a text of 1 to {longest} visible characters.")
    return line


def numbers(event: Mapping[str, Any], name: str, *, most: int) -> list[str] | None:
    """A list of at most so many documents' numbers, or None when left out."""
    value = event.get(name)
    if value is None:
        return None
    if not isinstance(value, list) or not value or len(value) > most:
        raise RequestError(f'{name} must be a list of 1 to {most} numbers, such as ["ORD00412"].')
    found = [each.strip() if isinstance(each, str) else "" for each in value]
    if not all(bounds.is_line(each, bounds.LONGEST_PART) for each in found):
        raise RequestError(f'{name} must be numbers as texts, such as ["ORD00412"].')
    return list(dict.fromkeys(found))


def day(event: Mapping[str, Any], name: str) -> date | None:
    """An ISO date, or None when left out."""
    value = event.get(name)
    if value is None:
        return None
    with suppress(TypeError, ValueError):
        found = date.fromisoformat(value)
        if bounds.is_day(found):
            return found
    raise RequestError(f"{name} must be a date of our time, such as 2026-01-01.")
