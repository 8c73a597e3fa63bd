"""Numbers in addresses and forms of our own."""

from __future__ import annotations

import re

_NUMBER = re.compile(r"[1-9][0-9]{0,17}", re.ASCII)


def read_number(typed: str, most: int) -> int | None:
    """A whole number from 1 to `most`, written as we write it; None for anything else."""
    number = int(typed) if _NUMBER.fullmatch(typed) else 0
    return number if 1 <= number <= most else None
