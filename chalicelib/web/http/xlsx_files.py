"""Workbooks (Office Open XML): real numbers and days, sums as formulas with their values, and texts
as texts whatever they begin with.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_col_to_name

from chalicelib.domain.days import AMSTERDAM
from chalicelib.lazy_dataclass import dataclass
from chalicelib.web.http.csv_files import Cell

_MONEY = "#,##0.00;[Red]-#,##0.00"
_WHOLE = "#,##0;[Red]-#,##0"
_DAY = "dd-mm-yyyy"
_NARROWEST, _WIDEST = 10, 60


@dataclass(frozen=True, slots=True, kw_only=True)
class SumRow:
    """A row that adds up all rows above it, of which there is at least one, in these `columns`
    (counted from 0), under a `title` in the first one.
    """

    title: str
    columns: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A sheet of a workbook: `above` the table a line for each text, then the headings and the
    rows. A row is a list of cells, or a sum of rows before it.
    """

    name: str
    headings: tuple[str, ...]
    rows: Sequence[Sequence[Cell] | SumRow]
    above: tuple[str, ...] = ()


@dataclass(slots=True)
class _Formats:
    workbook: Any
    made: dict[tuple[str, bool], Any] = field(default_factory=dict)

    def find(self, number: str = "", *, bold: bool = False) -> Any:
        """A format, made once."""
        if (number, bold) not in self.made:
            given = {"bold": bold, **({"num_format": number} if number else {})}
            self.made[number, bold] = self.workbook.add_format(given)
        return self.made[number, bold]


def write_workbook(tables: Sequence[Table], *, at: datetime) -> bytes:
    """A workbook of these sheets, made `at` a moment: the same tables give the same bytes."""
    content = io.BytesIO()
    workbook = Workbook(content, {"in_memory": True, "strings_to_numbers": False})
    workbook.set_properties({"created": at.astimezone(AMSTERDAM).replace(tzinfo=None)})
    formats = _Formats(workbook)
    for table in tables:
        _write_table(workbook.add_worksheet(table.name), table, formats)
    workbook.close()
    return content.getvalue()


def _write_table(sheet: Any, table: Table, formats: _Formats) -> None:
    top = len(table.above) + 1 if table.above else 0
    for at, text in enumerate(table.above):
        sheet.write_string(at, 0, text, formats.find(bold=not at))
    for column, heading in enumerate(table.headings):
        sheet.write_string(top, column, heading, formats.find(bold=True))
    for at, row in enumerate(table.rows):
        if isinstance(row, SumRow):
            _write_sums(sheet, table, row, (top + 1, at), formats)
            continue
        for column, cell in enumerate(row):
            _write_cell(sheet, (top + 1 + at, column), cell, formats)
    for column, width in enumerate(_find_widths(table)):
        sheet.set_column(column, column, width)
    sheet.freeze_panes(top + 1, 0)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(top)


def _write_cell(sheet: Any, place: tuple[int, int], cell: Cell, formats: _Formats) -> None:
    match cell:
        case None:
            return
        case datetime():
            naive = cell.astimezone(AMSTERDAM).replace(tzinfo=None)
            sheet.write_datetime(*place, naive, formats.find(f"{_DAY} hh:mm"))
        case date():
            sheet.write_datetime(*place, cell, formats.find(_DAY))
        case Decimal() | int():
            number = _WHOLE if _is_whole(cell) else _MONEY
            sheet.write_number(*place, float(cell), formats.find(number))
        case str():
            sheet.write_string(*place, cell, formats.find())


def _write_sums(
    sheet: Any, table: Table, sums: SumRow, place: tuple[int, int], formats: _Formats
) -> None:
    """The formulas, with what they come to: programs that only show a workbook do not reckon.
    SUBTOTAL leaves out the sums that it meets.
    """
    top, at = place
    sheet.write_string(top + at, 0, sums.title, formats.find(bold=True))
    for column in sums.columns:
        name = xl_col_to_name(column)
        formula = f"=SUBTOTAL(9,{name}{top + 1}:{name}{top + at})"
        cells = [row[column] for row in table.rows[:at] if not isinstance(row, SumRow)]
        amounts = [cell for cell in cells if isinstance(cell, Decimal | int)]
        number = _WHOLE if all(map(_is_whole, amounts)) else _MONEY
        value = float(sum(amounts, Decimal(0)))
        sheet.write_formula(top + at, column, formula, formats.find(number, bold=True), value)


def _is_whole(amount: Decimal | int) -> bool:
    """Whether it is counted without decimals; ``1.00`` is money."""
    return isinstance(amount, int) or amount.as_tuple().exponent == 0


def _find_widths(table: Table) -> list[int]:
    """Of each column that of its longest cell, within bounds."""
    widths = [len(heading) + 2 for heading in table.headings]
    for row in table.rows:
        for column, cell in enumerate([] if isinstance(row, SumRow) else row):
            widths[column] = max(widths[column], len(str(cell or "")) + 2)
    return [min(max(width, _NARROWEST), _WIDEST) for width in widths]
