"""What a secret may look like: one value or two, each long and random enough."""

from __future__ import annotations

import re
from collections.abc import Iterable

from chalicelib.errors import SettingsError

LEAST_LENGTH = 32
LEAST_DISTINCT = 8
"""Characters that differ: of 32 random hexadecimal digits fewer do once in thirty million."""

_BETWEEN = r"[\s,]+"


def read_secrets(text: str, variable: str) -> tuple[str, ...]:
    """Read the values of a secret, the new one first: one, or two with blanks, a newline or a comma
    between. Raises `SettingsError`, which names the variable and never a value, for another number
    of values, or one of fewer than 32 random characters.
    """
    values = _check_signs(read_values(text, variable), variable)
    for value in values:
        if len(value) < LEAST_LENGTH or len(set(value)) < LEAST_DISTINCT:
            raise SettingsError(
                f"{variable} is too easily guessed: it must be at least {LEAST_LENGTH} random "
                "characters long."
            )
    return values


def read_given_secrets(text: str, variable: str) -> tuple[str, ...]:
    """Likewise, of a secret that somebody else makes, as short as it may be. A comma may be part of
    it: two have blanks or a newline between. Raises `SettingsError`.
    """
    return _check_signs(_list_values(text.split(), variable), variable)


def read_values(text: str, variable: str) -> tuple[str, ...]:
    """Likewise, of something that is no secret. Raises `SettingsError` for no value or for more
    than two. A value that is given twice is one.
    """
    return _list_values(re.split(_BETWEEN, text), variable)


def _list_values(parts: Iterable[str], variable: str) -> tuple[str, ...]:
    values = tuple(dict.fromkeys(each for each in parts if each))
    if not values:
        raise SettingsError(f"{variable} is empty.")
    if len(values) > 2:
        raise SettingsError(
            f"{variable} holds {len(values)} values: it may hold two, the new one first."
        )
    return values


def _check_signs(values: tuple[str, ...], variable: str) -> tuple[str, ...]:
    for value in values:
        if not (value.isascii() and value.isprintable()):
            raise SettingsError(f"{variable} holds characters that are neither letters nor signs.")
    return values
