"""The totals of a day's files as a table for spreadsheets."""

from __future__ import annotations

from collections.abc import Iterator

from chalicelib.domain.ledger import FileEntry
from chalicelib.domain.statement import DayStatement, statement_name
from chalicelib.web.http.csv_files import Cell
from chalicelib.web.http.http_messages import Response
from chalicelib.web.pages.call import Call
from chalicelib.web.pages.day_page import parse_day
from chalicelib.web.pages.downloads import send_rows
from chalicelib.web.pages.error_pages import NoSuchPage
from chalicelib.web.texts.localisation import list_msgids, msgid

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
    headings = [call.templates.say(heading) for heading in _HEADINGS]
    rows = [[day, *row] for file in files for row in _list_rows(call, file)]
    named = call.templates.say(msgid("day-totals"))
    return send_rows(call, [headings, *rows], f"{named}-{day:%Y%m%d}")


def _list_rows(call: Call, file: FileEntry) -> Iterator[list[Cell]]:
    templates, cover = call.templates, file.cover
    named: list[Cell] = [file.name, file.sha256 or ""]
    if cover is None:
        unknown = templates.say(_UNKNOWN)
        yield [*named, unknown, len(file.keys), unknown, unknown, unknown, ""]
        return
    for each in cover.totals:
        treatment = templates.write_treatment(each.treatment, call.shop.country)
        amounts = (each.excl, each.vat, each.incl)
        yield [*named, treatment, each.documents, *amounts, cover.currency]
