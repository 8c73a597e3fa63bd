"""Tables for spreadsheets: CSV as Excel opens it with a double click.

Semicolons between the cells, since Dutch and Belgian Excel divides by them; a byte order mark, or
it takes UTF-8 for something else. A text of figures is written as it is, and Excel takes it for a
number: where its first zero counts there is a workbook as well.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal

from chalicelib.domain.days import AMSTERDAM

CSV = "text/csv; charset=utf-8"

Cell = str | int | Decimal | date | datetime | None

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a text may begin with that a spreadsheet would carry out."""


def write_csv(rows: Iterable[Sequence[Cell]], *, point: str) -> str:
    """The table; amounts with two decimals and `point` between, days and moments (Amsterdam) as ISO
    has them.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerows([_write_cell(cell, point) for cell in row] for row in rows)
    return f"\ufeff{text.getvalue()}"


def _write_cell(cell: Cell, point: str) -> str:
    match cell:
        case None:
            return ""
        case datetime():
            return f"{cell.astimezone(AMSTERDAM):%Y-%m-%d %H:%M}"
        case Decimal():
            return f"{cell:.2f}".replace(".", point)
        case str():
            return f"'{cell}" if cell.startswith(_FORMULA) else cell
        case _:
            return str(cell)
