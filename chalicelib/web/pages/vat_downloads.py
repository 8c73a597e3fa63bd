"""The VAT sheet to take along: a workbook, and a table (CSV)."""

from __future__ import annotations

from collections.abc import Sequence

from chalicelib.usecases.operating.return_look import look_at_return
from chalicelib.web.http.csv_files import Cell, send_csv, write_csv
from chalicelib.web.http.http_messages import Response, redirect
from chalicelib.web.http.visits import is_asked_for
from chalicelib.web.http.xlsx_files import SumRow, Table, send_workbook, write_workbook
from chalicelib.web.pages.asked_period import AskedPeriod, find_asked_period
from chalicelib.web.pages.call import Call
from chalicelib.web.pages.vat_tables import SheetTables
from chalicelib.web.texts.localisation import choose_point, msgid

_PART = msgid("Part")


def send_book(call: Call) -> Response:
    """``GET /vat/sheet.xlsx``: a workbook with the boxes, the one-stop-shop return, the
    files and what is open. A period that is none leads back to the page, which says so.
    """
    asked = find_asked_period(call)
    if asked.problems:
        return _lead_back(call)
    tables = _list_tables(call, asked)
    content = write_workbook(tables, at=call.connector.clock())
    return send_workbook(content, _name(call, asked))


def send_table(call: Call) -> Response:
    """``GET /vat/sheet.csv``: the same in one table, each line beginning with its part;
    likewise.
    """
    asked = find_asked_period(call)
    if asked.problems:
        return _lead_back(call)
    rows: list[Sequence[Cell]] = []
    for table in _list_tables(call, asked):
        rows += [*_list_lines(table, call.templates.say(_PART)), []]
    text = write_csv(rows, point=choose_point(call.templates.language))
    return send_csv(text, _name(call, asked))


def _list_tables(call: Call, asked: AskedPeriod) -> list[Table]:
    look = look_at_return(call.workspace, asked.period, asks_shop=is_asked_for(call.request))
    return SheetTables(look=look, title=asked.title, templates=call.templates).list_tables()


def _list_lines(table: Table, part: str) -> list[Sequence[Cell]]:
    """Headings and rows, each after the name of its part; sums are left to the spreadsheet."""
    rows = [[table.name, *row] for row in table.rows if not isinstance(row, SumRow)]
    return [[part, *table.headings], *rows] if rows else []


def _lead_back(call: Call) -> Response:
    return redirect(call.build_url("vat"))


def _name(call: Call, asked: AskedPeriod) -> str:
    named = call.templates.say(msgid("vat-return"))
    return f"{named}-{asked.period.name.replace('_', '-')}-{call.shop.shop_id}"
