"""The try-out: invoices as they would be booked, before anything is sent. Nothing is kept."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from chalicelib.domain import bounds
from chalicelib.domain.holds import HeldLine, Hold
from chalicelib.domain.invoices import Invoice
from chalicelib.domain.ledger import DocumentKind
from chalicelib.errors import ShopError, UnknownOrder
from chalicelib.lazy_dataclass import dataclass
from chalicelib.usecases.judging.candidates import MOST_TRIED
from chalicelib.usecases.judging.trying_out import Tried, TryOut, try_documents, try_out
from chalicelib.web.http.http_messages import Response
from chalicelib.web.http.visits import is_asked_for
from chalicelib.web.pages.back_office_links import link_order
from chalicelib.web.pages.call import Call
from chalicelib.web.pages.error_pages import find_error_text
from chalicelib.web.pages.held_details import read_method_titles, write_detail
from chalicelib.web.pages.invoice_view import InvoiceView, Room, show_invoice
from chalicelib.web.texts.biography_texts import DROP_CAUSES
from chalicelib.web.texts.hold_buttons import BUTTONS, ONCE_INVOICED, HoldText
from chalicelib.web.texts.hold_texts import FIGURES, find_hold_text
from chalicelib.web.texts.localisation import format_money, msgid
from chalicelib.web.texts.state_labels import Label
from chalicelib.web.texts.try_out_texts import STOPS, find_standing

_SEPARATORS = r"[\s,;]+"
_TOO_MANY = msgid("Give at most 50 numbers at once.")
_NO_NUMBERS = msgid("Give the numbers as your webshop shows them, such as ORD00412, ORD00413.")


@dataclass(frozen=True, slots=True, kw_only=True)
class TriedView:
    """A document that was tried, as the pages show it: one of `invoice`, `hold` (with the `detail`,
    the `line` and the `figures` that it is about) and `cause` (why it is left out). `address` is
    that of its own page here, `page` that of its order in the shop's back office, if that is known.
    """

    tried: Tried
    label: Label
    standing: str
    address: str
    page: str
    invoice: InvoiceView | None = None
    hold: HoldText | None = None
    detail: str = ""
    line: HeldLine | None = None
    figures: tuple[tuple[str, str], ...] = ()
    cause: str = ""


def render_try_out(call: Call) -> Response:
    """``GET /try-out``: the form; with ``?what=newest`` or ``?numbers=…`` what it gives."""
    query = call.request.query
    _ = call.shop
    typed = query.get("numbers", "").strip()
    is_asked = bool(typed) or "what" in query
    if not is_asked or not is_asked_for(call.request):
        return _render(call, typed=typed)
    is_newest = query.get("what") == "newest"
    numbers = [] if is_newest else [each for each in re.split(_SEPARATORS, typed) if each]
    problem = _find_problem(query, numbers)
    if problem:
        return _render(call, typed=typed, status=400, problems={"numbers": problem})
    try:
        tried = try_out(call.workspace, numbers=numbers)
    except ShopError as error:
        return _render_refusal(call, typed, error)
    return _render(call, typed=typed, tried=tried)


def render_order_invoice(call: Call) -> Response:
    """``GET /orders/{number}/invoice``: how one order comes into Asperion; also one that is only in
    the shop. Raises `UnknownOrder`.
    """
    number, workspace = call.params["number"], call.workspace
    entries = call.connector.entries.find_by_numbers(workspace.shop_id, [number])
    tried = try_documents(workspace, entries) if entries else try_out(workspace, numbers=[number])
    if tried.extent.missing:
        raise UnknownOrder(f"Order {number} is not in the shop.")
    room = Room()
    return call.render(
        "order_invoice.html",
        number=number,
        is_known=bool(entries),
        documents=[show_tried(call, each, room) for each in tried.documents],
        extent=tried.extent,
        stops=STOPS,
        kinds=DocumentKind,
        once_invoiced=ONCE_INVOICED,
        buttons=BUTTONS,
    )


def show_tried(call: Call, tried: Tried, room: Room) -> TriedView:
    """A document that was tried, with its words. Raises `ProfileError`."""
    label, standing = find_standing(tried, exports=call.shop.state.exports)
    number, verdict = tried.hint.number, tried.verdict
    is_known = tried.entry is not None
    shown: dict[str, Any] = {}
    if isinstance(verdict, Invoice):
        shown["invoice"] = show_invoice(call, verdict, room)
    elif isinstance(verdict, Hold):
        shown = _show_hold(call, verdict, taken_back=tried.hint.kind is DocumentKind.REVERSAL)
    else:
        shown["cause"] = DROP_CAUSES[verdict.cause]
    return TriedView(
        tried=tried,
        label=label,
        standing=" ".join(map(call.templates.say, standing)),
        address=call.build_url("orders", number, *([] if is_known else ["invoice"])),
        page=link_order(call, tried.hint),
        **shown,
    )


def _show_hold(call: Call, hold: Hold, *, taken_back: bool) -> dict[str, Any]:
    language = call.templates.language
    titles = read_method_titles(call, hold.reason)
    return {
        "hold": find_hold_text(hold.reason, detail=hold.detail, taken_back=taken_back),
        "detail": write_detail(call.templates, hold.reason, hold.detail, titles),
        "line": hold.line,
        "figures": tuple(
            (FIGURES[name], format_money(amount, call.shop.currency, language))
            for name, amount in hold.figures.items()
        ),
    }


def _find_problem(query: Mapping[str, str], numbers: Sequence[str]) -> str:
    is_empty = query.get("what") != "newest" and not numbers
    if is_empty or not all(map(bounds.is_number, numbers)):
        return _NO_NUMBERS
    return _TOO_MANY if len(numbers) > MOST_TRIED else ""


def _render_refusal(call: Call, typed: str, error: ShopError) -> Response:
    call.log.warning("try-out failed: %s", error, extra={"error": type(error).__name__})
    text = find_error_text(error)
    return _render(call, typed=typed, status=text.status, refusal=text)


def _render(
    call: Call, *, typed: str, status: int = 200, tried: TryOut | None = None, **shown: Any
) -> Response:
    room = Room()
    documents = [show_tried(call, each, room) for each in (tried.documents if tried else ())]
    invoices = [each for each in documents if each.invoice]
    return call.render(
        "try_out.html",
        status=status,
        typed=typed,
        most=MOST_TRIED,
        extent=tried and tried.extent,
        totals=tried and tried.totals,
        invoices=invoices,
        in_asperion=sum(each.tried.is_in_asperion for each in invoices),
        early=sum(each.tried.is_early for each in invoices),
        holds=[each for each in documents if each.hold],
        left_out=[each for each in documents if each.cause],
        stops=STOPS,
        once_invoiced=ONCE_INVOICED,
        buttons=BUTTONS,
        **{"problems": {}, "refusal": None, **shown},
    )
