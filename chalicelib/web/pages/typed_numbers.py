"""Numbers in addresses and forms of our own."""

from __future__ import annotations

import re

_NUMBER = r"(?a)[1-9][0-9]{0,17}"


def read_number(typed: str, most: int) -> int | None:
    """A whole number from 1 to `most`, written as we write it; None for anything else."""
    number = int(typed) if re.fullmatch(_NUMBER, typed) else 0
    return number if 1 <= number <= most else None
