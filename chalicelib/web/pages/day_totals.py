"""The totals of a day's files as a table for spreadsheets."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from decimal import Decimal

from chalicelib.domain.ledger import FileEntry
from chalicelib.domain.statement import DayStatement, statement_name
from chalicelib.web.http.http_messages import Response
from chalicelib.web.pages.call import Call
from chalicelib.web.pages.day_page import parse_day
from chalicelib.web.pages.error_pages import NoSuchPage
from chalicelib.web.texts.localisation import DUTCH, list_msgids, msgid

CSV = "text/csv; charset=utf-8"
_HEADINGS = list_msgids(
    *(
        "Day",
        "File",
        ("Checksum (SHA-256)"),
        "VAT",
        "Invoices",
        "Without VAT",
        "VAT amount",
        "With VAT",
    ),
    "Currency",
)
_UNKNOWN = msgid("unknown")
_MARK = "\ufeff"  # by which spreadsheets know that it is UTF-8


def send_totals(call: Call) -> Response:
    """``GET /days/{day}/totals.csv``: a line for each file of a day's statement and each of its VAT
    treatments. Raises `NoSuchPage` for a day without a statement, and for a merchant who wants no
    totals kept.
    """
    shop, connector = call.shop, call.connector
    day = parse_day(call.params["day"])
    statement = connector.shops.load(shop.shop_id, DayStatement, statement_name(day))
    if statement is None or not shop.policy.keep_totals:
        raise NoSuchPage
    found = (connector.files.get(shop.shop_id, name) for name in sorted(statement.files))
    files = [file for file in found if file is not None]
    text = io.StringIO(newline="")
    table = csv.writer(text, delimiter=";", lineterminator="\r\n")
    table.writerow([call.templates.say(heading) for heading in _HEADINGS])
    for file in files:
        table.writerows([day.isoformat(), *row] for row in _list_rows(call, file))
    name = f"{call.templates.say(msgid('day-totals'))}-{day:%Y%m%d}-{shop.shop_id}.csv"
    headers = {"Content-Type": CSV, "Content-Disposition": f'attachment; filename="{name}"'}
    return Response(status=200, body=_MARK + text.getvalue(), headers=headers)


def _list_rows(call: Call, file: FileEntry) -> Iterator[list[str]]:
    templates, cover = call.templates, file.cover
    named = [file.name, file.sha256 or ""]
    if cover is None:
        unknown = templates.say(_UNKNOWN)
        yield [*named, unknown, str(len(file.keys)), unknown, unknown, unknown, ""]
        return
    is_dutch = templates.language == DUTCH
    for each in cover.totals:
        amounts = [_write_plain(one, is_dutch=is_dutch) for one in (each.excl, each.vat, each.incl)]
        treatment = templates.write_treatment(each.treatment, call.shop.country)
        yield [*named, treatment, str(each.documents), *amounts, cover.currency]


def _write_plain(amount: Decimal, *, is_dutch: bool) -> str:
    """``1234,50``, as a spreadsheet of that language reads it; in English ``1234.50``."""
    text = f"{amount:.2f}"
    return text.replace(".", ",") if is_dutch else text
