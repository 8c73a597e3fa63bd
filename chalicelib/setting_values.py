"""Reads single settings: each raises `SettingsError` that names the variable and what it may be."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from chalicelib.errors import SettingsError

C = TypeVar("C", bound=StrEnum)

_PRICE = r"[0-9]{1,5}(\.[0-9]{2})?"
_MAIL_ADDRESS = r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+"
_SWITCH = {"on": True, "off": False}


def read_order_page(given: Mapping[str, str], name: str) -> str:
    """A web address with ``{order}`` in it, or nothing."""
    text = read_web_address(given, name)
    if text and "{order}" not in text:
        raise SettingsError(f"{name} must be a web address with {{order}} in it.")
    return text


def read_web_address(given: Mapping[str, str], name: str) -> str:
    """A web address, or nothing."""
    text = given[name]
    if text and not text.startswith(("https://", "http://")):
        raise SettingsError(f"{name} must be a web address: it begins with https://.")
    return text


def read_mail_address(given: Mapping[str, str], name: str) -> str:
    """An e-mail address, or nothing."""
    text = given[name]
    if text and not (len(text) <= 254 and re.fullmatch(_MAIL_ADDRESS, text)):
        raise SettingsError(f"{name} must be an e-mail address alone, such as post@example.nl.")
    return text


def read_price(given: Mapping[str, str], name: str) -> Decimal | None:
    """An amount in euro; None for none."""
    text = given[name]
    if text and not re.fullmatch(_PRICE, text):
        raise SettingsError(f"{name} must be an amount in euro, such as 9.95.")
    return Decimal(text) if text else None


def read_seconds(
    given: Mapping[str, str], name: str, default: timedelta, most: int = 3600
) -> timedelta:
    """A time in whole seconds, from 1."""
    return timedelta(seconds=read_number(given, name, default.seconds, most, " of seconds"))


def read_days(
    given: Mapping[str, str], name: str, default: timedelta, least: int, most: int
) -> timedelta:
    """A time in whole days."""
    days = read_number(given, name, default.days, most, " of days", least=least)
    return timedelta(days=days)


def read_number(
    given: Mapping[str, str],
    name: str,
    default: int,
    most: int,
    unit: str = "",
    *,
    least: int = 1,
) -> int:
    """A whole number from `least` to `most`."""
    text = given[name] or str(default)
    if not (text.isascii() and text.isdigit() and least <= int(text) <= most):
        raise SettingsError(f"{name} must be a number{unit} from {least} to {most}.")
    return int(text)


def read_switch(given: Mapping[str, str], name: str, *, default: bool) -> bool:
    """``on`` or ``off``."""
    text = given[name]
    if text and text not in _SWITCH:
        raise SettingsError(f"{name} must be on or off.")
    return _SWITCH[text] if text else default


def read_choice(given: Mapping[str, str], name: str, default: C) -> C:
    """One of the values of an enum, that of `default`."""
    text = given[name]
    if not text:
        return default
    try:
        return type(default)(text)
    except ValueError:
        known = ", ".join(type(default))
        raise SettingsError(f"{name} must be one of: {known}.") from None


def read_pattern(
    given: Mapping[str, str], name: str, pattern: str, default: str, example: str
) -> str:
    """A text of a pattern; `example` is said when it is none."""
    text = given[name] or default
    if text and not re.fullmatch(pattern, text):
        raise SettingsError(f"{name} must be written such as {example}.")
    return text
