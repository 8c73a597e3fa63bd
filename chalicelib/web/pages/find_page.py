"""Finding an order by its number, a part of it, or a day; and asking the shop for one."""

from __future__ import annotations

from typing import Any

from chalicelib.domain import bounds
from chalicelib.domain.ledger import Entry
from chalicelib.domain.order_numbers import clean_number
from chalicelib.domain.seats import SeatRight
from chalicelib.domain.statement import DayStatement, statement_name
from chalicelib.errors import RequestError
from chalicelib.usecases.operating.finding import (
    NEWEST,
    Found,
    ListedOrder,
    Standing,
    find_documents,
    look_up,
    look_up_invoice,
    take_order,
)
from chalicelib.web.http.http_messages import Form, Response, redirect
from chalicelib.web.pages.call import Call
from chalicelib.web.texts.find_texts import KINDS, STANDINGS, find_cause_text
from chalicelib.web.texts.state_labels import ORDER_STATES

AS_ORDER, AS_INVOICE, TAKE = "order", "invoice", "take"


def find_orders(call: Call) -> Response:
    """``GET /find``: the orders that ``q`` may mean; the order itself when it is its number."""
    _ = call.shop
    typed = call.request.query.get("q", "").strip()
    sought = clean_number(typed)
    if not sought or len(sought) > bounds.LONGEST_NUMBER:
        return _render(call, sought, Found(), is_too_long=bool(sought))
    found = find_documents(call.workspace, sought)
    if found.exact:
        return redirect(call.build_url("orders", found.exact))
    return _render(call, typed, found)


def render_unknown_order(call: Call, number: str) -> Response:
    """The answer for an order that is not known: why that may be, and where else to look."""
    meant = number if bounds.is_number(number) else ""
    return _render(call, number, Found(meant=meant), status=404)


def look_up_order(call: Call) -> Response:
    """``POST /find``: ask the shop for the order of a ``number``, or with ``as`` ``invoice`` for
    the one of an invoice; with ``as`` ``take`` let the order wait, if the shop lists it as due.
    """
    form, workspace = call.read_own_form(), call.workspace
    number = _read_number(form)
    match form.get("as"):
        case "order":
            found = look_up(workspace, number)
        case "invoice":
            found = look_up_invoice(workspace, number)
        case "take":
            call.require(SeatRight.SOLVE)
            hint = take_order(workspace, number, by=call.actor)
            url = call.build_url(*(("orders", hint.number) if hint else ("find",)))
            return call.redirect_with_notice(url, "taken", int(hint is not None))
        case _:
            raise RequestError("The form does not say what is to be looked up.")
    if found.standing is Standing.KNOWN and found.hint is not None:
        return redirect(call.build_url("orders", found.hint.number))
    return _render(call, number, Found(meant=number), listed=found)


def _read_number(form: Form) -> str:
    number = form.get("number")
    if not bounds.is_number(number):
        raise RequestError("That is no order number.")
    return number


def _render(
    call: Call,
    typed: str,
    found: Found,
    *,
    status: int = 200,
    listed: ListedOrder | None = None,
    is_too_long: bool = False,
) -> Response:
    return call.render_with_notice(
        "find.html",
        status=status,
        typed=typed,
        found=found,
        hits=[_show_hit(entry) for entry in found.hits],
        is_too_long=is_too_long,
        longest=bounds.LONGEST_NUMBER,
        newest=NEWEST,
        has_statement=_has_statement(call, found),
        listed=listed,
        standing="" if listed is None else STANDINGS[listed.standing],
        cause=find_cause_text(None if listed is None else listed.cause),
        standings=Standing,
        since=call.shop.installed_at,
    )


def _show_hit(entry: Entry) -> dict[str, Any]:
    return {"entry": entry, "kind": KINDS[entry.kind.value], "label": ORDER_STATES[entry.state]}


def _has_statement(call: Call, found: Found) -> bool:
    """Whether there is a page of the day that was meant."""
    if found.day is None:
        return False
    name = statement_name(found.day)
    return call.connector.shops.load(call.shop.shop_id, DayStatement, name) is not None
