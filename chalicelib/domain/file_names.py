"""The names of import files, ``axml-orders-<yyyymmdd>-<shop_id>-<seq>.xml``, and of deliveries by
API, which have the same with ``.api`` at the end, so that both are listed in one order.
"""

from __future__ import annotations

import re
from datetime import date

from chalicelib.domain.ways import Way

_ENDINGS = {Way.FILE: "xml", Way.API: "api"}
_NAME = r"(?a)axml-orders-([0-9]{8})-([0-9]{1,15})-([0-9]{3})\.(xml|api)"


def is_file_name(text: str, shop_id: int) -> bool:
    """Whether a file of that shop can have this name."""
    found = re.fullmatch(_NAME, text)
    return found is not None and found[2] == str(shop_id)


def read_sequence(name: str) -> int:
    """A file's number within its day and shop, from 1 on; 0 for a name of another form."""
    found = re.fullmatch(_NAME, name)
    return 0 if found is None else int(found[3])


def read_day_digits(name: str) -> str:
    """The day of a file as its name has it, ``20261123``; empty for a name of another form."""
    found = re.fullmatch(_NAME, name)
    return "" if found is None else found[1]


def read_day(name: str) -> date | None:
    """The day on which a file was made, as its name has it; None for a name of another form."""
    digits = read_day_digits(name)
    return date.fromisoformat(digits) if digits else None


def read_way(name: str) -> Way:
    """How what has this name goes to Asperion."""
    found = re.fullmatch(_NAME, name)
    return Way.API if found is not None and found[4] == _ENDINGS[Way.API] else Way.FILE


def write_name(day_digits: str, shop_id: int, number: int, way: Way = Way.FILE) -> str:
    """The name of a file, or of a delivery by API, by its day (``20261123``), its shop and its
    number.
    """
    return f"axml-orders-{day_digits}-{shop_id}-{number:03d}.{_ENDINGS[way]}"


def begin_names(day: date) -> str:
    """What the names of a day's files begin with; it comes before all of them."""
    return f"axml-orders-{day:%Y%m%d}-"
