"""Leaving politely: what is still open, what to take along, what is erased when, and the end."""

from __future__ import annotations

from enum import StrEnum

from chalicelib.domain import bounds
from chalicelib.domain.days import local_day
from chalicelib.domain.shops import ShopState
from chalicelib.errors import RequestError
from chalicelib.schedule import next_export
from chalicelib.usecases.filing.health_keeping import try_to_renew_health
from chalicelib.usecases.operating import own_records
from chalicelib.usecases.operating.overview import read_overview
from chalicelib.usecases.shop.leaving import ask_last_file, pause_shop
from chalicelib.usecases.shop.offers import find_offer
from chalicelib.web.http.csv_files import CSV, write_csv
from chalicelib.web.http.http_messages import Response, redirect, send_download
from chalicelib.web.pages.app_centers import list_app_centers
from chalicelib.web.pages.call import Call
from chalicelib.web.pages.error_pages import NoSuchPage
from chalicelib.web.pages.record_rows import RecordRows, Rows
from chalicelib.web.pages.typed_numbers import read_number
from chalicelib.web.texts.kept_texts import LIFETIMES, say_how_long
from chalicelib.web.texts.localisation import Msgids, choose_point, msgid

LAST_PART = 1_000  # of a table; more orders than any shop has


class Action(StrEnum):
    """What a button of the page asks for."""

    SEND = "send"
    END = "end"


class Table(StrEnum):
    """What can be taken along; the last part of the download's address."""

    STATEMENTS = "statements"
    FILES = "files"
    ORDERS = "orders"
    HISTORY = "history"


_FILE_NAMES: Msgids[Table] = {
    Table.STATEMENTS: "daily-statements",
    Table.FILES: "files",
    Table.ORDERS: "orders",
    Table.HISTORY: "history",
}
_MORE = msgid("This is part %(part)s. The next one: %(url)s")


def render_leave(call: Call) -> Response:
    """``GET /leave``: how to leave, in three steps, as it stands."""
    if call.shop.state is ShopState.INSTALLING:
        return redirect(call.home)
    settings, now = call.connector.settings, call.connector.clock()
    say = call.templates.say
    durations = say_how_long(say, settings)
    return call.render_with_notice(
        "leave.html",
        overview=read_overview(call.workspace),
        next_run=next_export(now),
        lifetimes=[say(text, **durations) for text in LIFETIMES.texts],
        offer=find_offer(settings, call.shop, local_day(now)),
        app_centers=list_app_centers(call),
        most_orders=own_records.MOST_ORDERS,
    )


def change_leave(call: Call) -> Response:
    """``POST /leave``: make the last file now, or end the connector's work. Raises `RequestError`
    for anything else.
    """
    form = call.read_own_form()
    if call.shop.state is ShopState.INSTALLING:
        return redirect(call.home)
    address = call.build_url("leave")
    match form.get("action"):
        case Action.SEND:
            return call.redirect_with_notice(
                address, "last_file", int(ask_last_file(call.workspace))
            )
        case Action.END:
            is_ended = pause_shop(call.workspace, by=call.actor)
            try_to_renew_health(call.connector, call.shop.shop_id)
            return call.redirect_with_notice(address, "ended", int(is_ended))
    raise RequestError("The form asks for nothing that can be done here.")


def send_table(call: Call) -> Response:
    """``GET /leave/{table}``: a table to take along, as CSV; of files and orders a part, from what
    ``after`` names.
    """
    if call.shop.state is ShopState.INSTALLING:
        return redirect(call.home)
    try:
        table = Table(call.params["table"])
    except ValueError:
        raise NoSuchPage from None
    part = _read_part(call)
    templates = call.templates
    rows, following = _list_rows(call, table)
    text = write_csv(rows, point=choose_point(templates.language))
    if following:
        url = f"{call.build_url('leave', table.value)}?after={following}&part={part + 1}"
        text += write_csv([[templates.say(_MORE, part=part, url=url)]], point="").lstrip("\ufeff")
    name = f"{templates.say(_FILE_NAMES[table])}-{call.shop.shop_id}"
    numbered = f"{name}-{part}" if following or part > 1 else name
    return send_download(text, CSV, f"{numbered}.csv")


def _read_part(call: Call) -> int:
    part = read_number(call.request.query.get("part", "1"), LAST_PART)
    if part is None:
        raise NoSuchPage
    return part


def _list_rows(call: Call, table: Table) -> tuple[Rows, str]:
    """The rows, and what the next part begins after."""
    workspace, rows = call.workspace, RecordRows(call.templates, call.shop)
    after = call.request.query.get("after", "")
    if after and not bounds.is_ascii_line(after, bounds.LONGEST_PART):
        raise NoSuchPage
    if table is Table.STATEMENTS:
        return rows.list_statements(own_records.read_statements(workspace)), ""
    if table is Table.HISTORY:
        return rows.list_audit(own_records.read_audit(workspace)), ""
    if table is Table.FILES:
        files = own_records.read_files(workspace, after=after)
        return rows.list_files(files.records), files.following
    orders = own_records.read_orders(workspace, after=after)
    return rows.list_orders(orders.records), orders.following
