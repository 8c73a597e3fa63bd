"""Order numbers out of what a merchant pastes or uploads: a list, or a table (CSV) that another
program made, in which the column of the numbers has to be found.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Sequence

from chalicelib.domain import bounds
from chalicelib.domain.descriptions import list_order_numbers
from chalicelib.lazy_dataclass import dataclass

DELIMITERS = ";,\t|"
_SEPARATORS = r"[\s,;|]+"
_NUMBER = r"[A-Za-z]{0,12}[-_/#]?[0-9]{1,15}([-/][0-9]{1,6})?"
_IN_WORDS = (
    r"(?i)\b(?:bestelling|bestelnummer|bestelnr|ordernummer|ordernr|order)\b[\s.:#]*"
    r"([A-Za-z]{0,12}[-_/]?[0-9]{1,15})"
)
_TITLES = (
    *("bestelnummer", "bestelnr", "ordernummer", "ordernr", "ordernumber", "orderno"),
    *("bestelling", "order", "orders", "nummer", "number", "referentie", "reference"),
    *("betref", "betreft", "omschrijving", "description"),
)
"""The titles of a column of order numbers without spaces and signs, the surest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberList:
    """The numbers that were found, each once; `column` is the title of the table's column they are
    from, or where it stands (``2``), and empty for a mere list. `unread` rows of the column held
    something that is no number.
    """

    numbers: tuple[str, ...] = ()
    column: str = ""
    unread: int = 0


def read_number_list(text: str, pattern: str) -> NumberList:
    """The order numbers in a text. `pattern` is that of the descriptions that may be in it. Raises
    `ValueError` for what is no text or no table, such as a spreadsheet's own file.
    """
    text = text.replace("\0", "").lstrip("\ufeff\ufffd")  # what is left of UTF-16 and of a BOM
    if text.startswith("PK\x03\x04") or _count_unseen(text) > len(text) // 20:
        raise ValueError("no text")
    rows = [[_take_number(cell, pattern) for cell in row] for row in _read_rows(text)]
    column = _find_column(rows)
    if column is None:
        words = filter(None, re.split(_SEPARATORS, text))
        return _gather(words, column="")
    has_title = _is_title(rows[0], column)
    title = rows[0][column].strip() if has_title else str(column + 1)
    cells = (row[column] for row in rows[has_title:] if len(row) > column and row[column].strip())
    return _gather(cells, column=bounds.cut(title, bounds.LONGEST_TITLE))


def _count_unseen(text: str) -> int:
    return sum(not (sign.isprintable() or sign in "\r\n\t") or sign == "\ufffd" for sign in text)


def _read_rows(text: str) -> list[list[str]]:
    """The rows of the table, by the sign that divides most rows into the same number of cells."""
    best: list[list[str]] = []
    for delimiter in DELIMITERS:
        try:
            found = [
                row
                for row in csv.reader(text.splitlines(keepends=True), delimiter=delimiter)
                if any(cell.strip() for cell in row)
            ]
        except csv.Error:
            raise ValueError("no table") from None
        if _measure(found) > _measure(best):
            best = found
    return best


def _measure(rows: Sequence[Sequence[str]]) -> int:
    """How many rows have the most usual number of cells; 0 when that is one."""
    widths = Counter(map(len, rows))
    [(width, count)] = widths.most_common(1) or [(0, 0)]
    return count if width > 1 and len(rows) > 1 else 0


def _find_column(rows: Sequence[Sequence[str]]) -> int | None:
    """Where the order numbers stand: under the surest title, or else where most cells are numbers
    that differ, those with letters first. None for a list, whose cells are all numbers, and for
    text that is no table.
    """
    if not rows:
        return None
    titles = [_simplify(cell) for cell in rows[0]]
    known = [titles.index(title) for title in _TITLES if title in titles]
    for column in known:
        if any(_find_number(row[column]) for row in rows[1:] if len(row) > column):
            return column
    if all(re.fullmatch(_NUMBER, cell.strip()) for row in rows for cell in row if cell.strip()):
        return None
    width = max(map(len, rows))
    return max(range(width), key=lambda column: _rate(rows, column))


def _rate(rows: Sequence[Sequence[str]], column: int) -> tuple[int, int]:
    found = {_find_number(row[column]) for row in rows if len(row) > column} - {""}
    return sum(not number.isdigit() for number in found), len(found)


def _is_title(row: Sequence[str], column: int) -> bool:
    return len(row) > column and not _find_number(row[column])


def _simplify(title: str) -> str:
    return "".join(sign for sign in title.lower() if sign.isalpha())


def _find_number(cell: str) -> str:
    """The number in a cell: the cell itself, or what follows the word for an order, as in
    ``Bestelling ORD000033 factuur INV000037``; empty without one.
    """
    cell = cell.strip()
    if re.fullmatch(_NUMBER, cell):
        return cell
    found = re.search(_IN_WORDS, cell)
    return found[1] if found else ""


def _take_number(cell: str, pattern: str) -> str:
    """A cell, of which the merchant's own description leaves the number."""
    found = list_order_numbers(cell.strip(), pattern)
    return next((each for each in found if re.fullmatch(_NUMBER, each)), cell)


def _gather(cells: Iterable[str], *, column: str) -> NumberList:
    found = [_find_number(cell) for cell in cells]
    numbers = tuple(dict.fromkeys(filter(None, found)))
    return NumberList(numbers=numbers, column=column, unread=sum(not each for each in found))
