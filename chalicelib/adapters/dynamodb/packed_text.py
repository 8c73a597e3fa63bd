"""JSON that is stored packed where it is long: a file's documents, which every step writes anew.

Short JSON is stored as it is, and so is what versions before 1.7.0 wrote.
"""

from __future__ import annotations

import base64
import json
import zlib
from functools import lru_cache
from typing import Any

from pynamodb.attributes import Attribute

_LONG = 1024  # characters; no shorter text costs a write unit by itself
_MARK = "zlib85:"


def write_packed(value: object) -> str:
    """A value's JSON, packed when it is long."""
    text = json.dumps(value)
    if len(text) < _LONG:
        return text
    return _MARK + base64.b85encode(zlib.compress(text.encode(), 9)).decode()


def read_packed(text: str) -> Any:
    """The value of a stored text, packed or not. Raises `ValueError` for one that is no JSON."""
    return json.loads(_unpack(text) if text.startswith(_MARK) else text)


@lru_cache(maxsize=4)  # a run reads the same file's documents after each of its steps
def _unpack(text: str) -> str:
    return zlib.decompress(base64.b85decode(text.removeprefix(_MARK))).decode()


def is_packed(text: str) -> bool:
    """Whether a stored text is packed."""
    return text.startswith(_MARK)


class PackedAttribute(Attribute[Any]):
    """A JSON value, packed where it is long."""

    attr_type = "S"

    def serialize(self, value: object) -> str:
        """Write as text."""
        return write_packed(value)

    def deserialize(self, value: str) -> Any:
        """Read the text back."""
        return read_packed(value)
