"""A TOML file read into typed records; an error names the line and the key that is wrong."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import TypeVar

from msgspec import DecodeError, Struct, ValidationError, inspect, toml

from chalicelib.errors import ProfileError

_Table = TypeVar("_Table", bound="Table")
_ERROR = r"(?P<what>.*?)(?: - at `\$\.?(?P<table>.*)`)?"
_KEY = r"(?:^|field )`([^`]+)`"  # what msgspec misses or refuses, or a check of ours
_HEADER = r"\s*(\[\[?)\s*([^\]]+?)\s*\]"
_ASSIGNMENT = r"""\s*["']?([^"'=]+?)["']?\s*="""
_AT_LINE = r"\(at line (\d+)"


class Table(Struct, frozen=True, forbid_unknown_fields=True):
    """A table of a TOML file; its fields are the keys there are. Where ``__post_init__`` checks
    more, its `ValueError` begins with the wrong key in backticks.
    """


def read_toml(path: Path, kind: type[_Table]) -> _Table:
    """The file as a table of a type. Raises `ProfileError` with file, line and key."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ProfileError(f"{path}, line 1: the file cannot be read ({error})") from error
    try:
        return toml.decode(text, type=kind)
    except ValidationError as error:
        key, what = _explain(str(error), kind)
        raise ProfileError(f"{path}, line {_find_line(text, key)}: {key}: {what}") from error
    except DecodeError as error:
        found = re.search(_AT_LINE, str(error))
        line = int(found[1]) if found else len(text.splitlines()) or 1
        raise ProfileError(f"{path}, line {line}: not valid TOML: {error}") from error


def _explain(message: str, kind: type) -> tuple[str, str]:
    """The full name of the key that an error of msgspec is about, and what is wrong with it."""
    found = re.fullmatch(_ERROR, message)
    key, what = (found["table"] or "", found["what"]) if found else ("", message)
    if named := re.search(_KEY, what):
        key = f"{key}.{named[1]}" if key else named[1]
    choices = _list_choices(inspect.type_info(kind), f".{key}")
    return key, f"{what}: must be one of {', '.join(choices)}" if choices else what


def _list_choices(kind: inspect.Type, key: str) -> list[str]:
    """What may stand under a key of a type; nothing where that is no matter of choice."""
    match kind:
        case inspect.EnumType():
            return [f'"{choice}"' for choice in kind.cls]
        case inspect.LiteralType():
            return [f'"{choice}"' for choice in kind.values]
        case inspect.UnionType():
            return [choice for option in kind.types for choice in _list_choices(option, key)]
        case inspect.VarTupleType():
            return _list_choices(kind.item_type, key.partition("]")[2])
        case inspect.StructType():
            for each in kind.fields:
                name = f".{each.encode_name}"
                if key.startswith(name) and key[len(name) :][:1] in {"", ".", "["}:
                    return _list_choices(each.type, key[len(name) :])
    return []


def _find_line(text: str, key: str) -> int:
    """The line of a key such as ``payments[2].code``; where it is missing, that of its table."""
    rows = Counter[str]()
    table, line, longest = "", 1, ""
    for number, written in enumerate(text.splitlines(), start=1):
        if header := re.match(_HEADER, written):
            name = table = header[2]
            if header[1] == "[[":
                name = table = f"{table}[{rows[table]}]"
                rows[header[2]] += 1
        elif assigned := re.match(_ASSIGNMENT, written):
            name = f"{table}.{assigned[1]}" if table else assigned[1]
        else:
            continue
        if len(name) > len(longest) and f"{key}.".startswith((f"{name}.", f"{name}[")):
            line, longest = number, name
    return line
