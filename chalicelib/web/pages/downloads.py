"""Tables to take along, named after what they are and the shop."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from chalicelib.web.http.csv_files import CSV, Cell, write_csv
from chalicelib.web.http.http_messages import Response, send_download
from chalicelib.web.http.media_types import WORKBOOK
from chalicelib.web.http.xlsx_files import Table, write_workbook
from chalicelib.web.pages.call import Call
from chalicelib.web.texts.localisation import choose_point


def send_rows(call: Call, rows: Iterable[Sequence[Cell]], name: str) -> Response:
    """A table (CSV), with the decimal point of the call's language."""
    text = write_csv(rows, point=choose_point(call.templates.language))
    return send_download(text, CSV, f"{name}-{call.shop.shop_id}.csv")


def send_tables(call: Call, tables: Sequence[Table], name: str) -> Response:
    """A workbook with a sheet for each table."""
    content = write_workbook(tables, at=call.connector.clock())
    return send_download(content, WORKBOOK, f"{name}-{call.shop.shop_id}.xlsx")
