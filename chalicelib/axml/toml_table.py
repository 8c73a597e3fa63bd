"""A strict reader of TOML tables that can say on which line something is wrong."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from chalicelib.errors import ProfileError

_Choice = TypeVar("_Choice", bound=StrEnum)
_Value = TypeVar("_Value")
_HEADER = re.compile(r"^\s*\[\[?\s*([^\]]+?)\s*\]\]?\s*(?:#.*)?$")
_AT_LINE = re.compile(r"\(at line (\d+)")


class TomlTable:
    """One table of a TOML file. Each key is asked for once; `finish` refuses what is left.

    All methods raise `ProfileError` with file and line.
    """

    def __init__(
        self, path: Path, text: str, values: Mapping[str, Any], name: str = "", row: int = 0
    ) -> None:
        self._path, self._text, self._name, self._row = path, text, name, row
        self._values = dict(values)

    @classmethod
    def read(cls, path: Path) -> TomlTable:
        """The file's top-level table."""
        try:
            text = path.read_text(encoding="utf-8")
            return cls(path, text, tomllib.loads(text))
        except tomllib.TOMLDecodeError as error:
            found = _AT_LINE.search(str(error))
            line = int(found[1]) if found else len(text.splitlines()) or 1
            raise ProfileError(f"{path}, line {line}: not valid TOML: {error}") from error
        except (OSError, UnicodeDecodeError) as error:
            raise ProfileError(f"{path}, line 1: the file cannot be read ({error})") from error

    def text(self, key: str, *, default: str | None = None) -> str:
        """A string."""
        return self._take(key, str, "a string", default)

    def flag(self, key: str) -> bool:
        """``true`` or ``false``."""
        return self._take(key, bool, "true or false", None)

    def number(self, key: str, *, least: int) -> int:
        """A whole number of at least `least`, and at most 1,000."""
        value = self._take(key, int, "a whole number", None)
        if isinstance(value, bool) or not least <= value <= 1000:
            raise self.wrong(key, f"must be a whole number from {least} to 1000")
        return value

    def day(self, key: str) -> date | None:
        """A date, or None when it is not there."""
        return self._take(key, date, "a date") if key in self._values else None

    def choice(self, key: str, choices: type[_Choice]) -> _Choice:
        """One of the values of `choices`."""
        value = self.text(key)
        if value not in list(choices):
            raise self.wrong(key, f"must be one of {', '.join(choices)}")
        return choices(value)

    def table(self, key: str) -> TomlTable:
        """A table inside this one."""
        values = self._take(key, dict, "a table")
        return TomlTable(self._path, self._text, values, self._inner(key))

    def tables(self, key: str) -> list[TomlTable]:
        """An array of tables; none when it is not there."""
        rows = self._take(key, list, "an array of tables", [])
        if not all(isinstance(row, dict) for row in rows):
            raise self.wrong(key, "must be an array of tables")
        inner = self._inner(key)
        return [
            TomlTable(self._path, self._text, row, inner, place) for place, row in enumerate(rows)
        ]

    def keys(self) -> list[str]:
        """The keys not yet asked for."""
        return list(self._values)

    def finish(self) -> None:
        """Raises `ProfileError` for the first key nobody asked for."""
        for key in self._values:
            raise self.wrong(key, "is not a setting of a profile")

    def wrong(self, key: str, what: str) -> ProfileError:
        """The error to raise about a key: names file, line, table and key."""
        return ProfileError(f"{self._path}, line {self._line(key)}: {self._inner(key)} {what}")

    def _take(
        self, key: str, kind: type[_Value], described: str, default: _Value | None = None
    ) -> _Value:
        if key not in self._values:
            if default is not None:
                return default
            raise self.wrong(key, "is missing")
        value = self._values[key]
        if not isinstance(value, kind):
            raise self.wrong(key, f"must be {described}")
        del self._values[key]
        return value

    def _inner(self, key: str) -> str:
        return f"{self._name}.{key}" if self._name else key

    def _line(self, key: str) -> int:
        """The line of the key; where it is missing, that of its table; else 1."""
        here, rows_seen, header = "", 0, 1
        assigned = re.compile(rf"""^\s*["']?{re.escape(key)}["']?\s*=""")
        for number, line in enumerate(self._text.splitlines(), start=1):
            found = _HEADER.match(line)
            if found:
                here = found[1]
                if here == self._inner(key) or here.startswith(self._inner(key) + "."):
                    return number
                if here == self._name:
                    header = number if rows_seen <= self._row else header
                    rows_seen += 1
            elif here == self._name and rows_seen in {0, self._row + 1} and assigned.match(line):
                return number
        return header
