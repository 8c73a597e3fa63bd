"""The page of an order: its biography, how it is in the shop now, and what its buttons do."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from chalicelib.domain.holds import Hold, HoldReason
from chalicelib.domain.invoices import Invoice
from chalicelib.domain.judgement import Verdict
from chalicelib.domain.ledger import DocumentKind, Entry, EntryState
from chalicelib.errors import RequestError, UnknownOrder
from chalicelib.schedule import next_export
from chalicelib.usecases.afterwards.corrections import request_correction
from chalicelib.usecases.judging.preview import preview_verdict
from chalicelib.usecases.operating import repair
from chalicelib.usecases.operating.first_invoices import is_known_gone
from chalicelib.usecases.operating.releasing import Released, release_and_judge, release_order
from chalicelib.usecases.operating.taking_back import list_ways
from chalicelib.web.http.http_messages import Response
from chalicelib.web.pages.back_office_links import link_order
from chalicelib.web.pages.call import Call
from chalicelib.web.pages.find_page import render_unknown_order
from chalicelib.web.pages.held_details import read_method_titles, write_detail
from chalicelib.web.pages.held_groups import store_policy
from chalicelib.web.pages.order_again_page import send_again
from chalicelib.web.pages.take_back_page import take_back_document
from chalicelib.web.texts.biography_texts import describe_history
from chalicelib.web.texts.hold_buttons import BUTTONS, ONCE_INVOICED, HoldText
from chalicelib.web.texts.hold_texts import FIGURES, find_hold_text
from chalicelib.web.texts.late_change_texts import CHANGES, find_cure, find_offer
from chalicelib.web.texts.localisation import format_money
from chalicelib.web.texts.state_labels import ORDER_STATES


def render_order(call: Call) -> Response:
    """``GET /orders/{number}``: all documents of an order; of one that is not known, why that may
    be.
    """
    number, workspace = call.params["number"], call.workspace
    try:
        entries = workspace.entries_of(number)
    except UnknownOrder:
        return render_unknown_order(call, number)
    return call.render_with_notice(
        "order.html",
        number=number,
        entries=[_show_document(call, entry) for entry in entries],
        buttons=BUTTONS,
        once_invoiced=ONCE_INVOICED,
        next_run=next_export(call.connector.clock()),
        kinds=DocumentKind,
        wants_again=call.request.query.get("form") == "again",
        wants_back=call.request.query.get("form") == "back",
        states=EntryState,
    )


def change_order(call: Call) -> Response:
    """``POST /orders/{number}``: ``action`` is ``retry``, ``again`` (see `send_again`),
    ``take_back`` (see `take_back_document`), ``accept``, ``correct``, ``outside_vat`` (with
    ``article``, a code) or ``by_hand`` (with ``document``, the key of one of several); with
    ``from`` ``overview`` the overview is next.
    """
    form = call.read_own_form()
    number = call.params["number"]
    workspace, by = call.workspace, call.actor
    url = call.build_url(*(() if form.get("from") == "overview" else ("orders", number)))
    match form.get("action"):
        case "retry":
            return call.redirect_with_released(url, release_order(workspace, number, by=by))
        case "outside_vat":
            released = _list_outside_vat(call, number, form.get("article"))
            return call.redirect_with_released(url, released)
        case "again":
            return send_again(call, number, form)
        case "take_back":
            return take_back_document(call, number, form)
        case "accept":
            notice, count = "accepted", repair.accept_changes(workspace, number, by=by)
        case "correct":
            notice, count = "corrected", request_correction(workspace, number, by=by)
        case "by_hand":
            key = form.get("document")
            notice, count = "by_hand", repair.book_order_by_hand(workspace, number, by=by, key=key)
        case _:
            raise RequestError("The form does not say what to do with the order.")
    return call.redirect_with_notice(url, notice, count)


def _list_outside_vat(call: Call, number: str, code: str) -> Released:
    """Put the article that an order is held for on the list of those outside VAT, and look again at
    the orders that wait for such a choice. Raises `RequestError` for any other article, and while
    the shop does not answer.
    """
    policy = call.shop.policy
    if code not in policy.outside_vat_articles:  # else the button was pressed twice
        held = (preview_verdict(call.workspace, each) for each in call.workspace.entries_of(number))
        if not code or all(_find_listable(verdict) != code for verdict in held):
            raise RequestError("The order is not held for that article.")
        listed = policy.outside_vat_articles | {code}
        services = policy.service_articles - {code}
        store_policy(call, replace(policy, outside_vat_articles=listed, service_articles=services))
    return release_and_judge(call.workspace, {HoldReason.UNTAXED_LINE}, by=call.actor)


def _show_document(call: Call, entry: Entry) -> dict[str, Any]:
    """One document of an order, as the template shows it."""
    titles = read_method_titles(call, entry.hold)
    return {
        "entry": entry,
        "about": write_detail(call.templates, entry.hold, entry.hold_detail, titles),
        "hold": _find_text(entry, entry.hold or "", entry.hold_detail)
        if entry.state is EntryState.HELD
        else None,
        "now": _read_current_state(call, entry),
        "offer": find_offer(entry),
        "label": ORDER_STATES[entry.state],
        "events": describe_history(entry.history),
        "page": link_order(call, entry),
        "change": CHANGES[entry.change] if entry.change else "",
        "cure": find_cure(entry),
        "can_be_sent_again": repair.can_be_sent_again(entry),
        "ways_back": list_ways(call.workspace, entry),
        "is_by_api": entry.asperion_id is not None,
        "is_gone": is_known_gone(entry),
    }


def _find_listable(verdict: Verdict | None) -> str:
    """The code of the article that the list of those outside VAT may help; empty without one."""
    if not isinstance(verdict, Hold) or verdict.reason is not HoldReason.UNTAXED_LINE:
        return ""
    return verdict.line.article_code if verdict.line else ""


def _find_text(entry: Entry, reason: str, detail: str) -> HoldText:
    taken_back = entry.kind is DocumentKind.REVERSAL
    return find_hold_text(reason, detail=detail, taken_back=taken_back)


def _read_current_state(call: Call, entry: Entry) -> dict[str, Any] | None:
    """A held order as it is in the shop at this moment: `state` is ``fine``, ``gone`` (nothing to
    book) or ``held``, `other` has the texts of a reason that is not the stored one, `figures` are
    labels with amounts, `line` is the line it is about and `listable` its article's code when the
    list of articles outside VAT may help. None for a document that is not held, and when the shop
    does not answer.
    """
    verdict = preview_verdict(call.workspace, entry)
    if verdict is None:
        return None
    nothing: dict[str, Any] = {"other": None, "figures": (), "line": None, "listable": ""}
    if isinstance(verdict, Invoice):
        return {"state": "fine", **nothing}
    if not isinstance(verdict, Hold):
        return {"state": "gone", **nothing}
    return {
        "state": "held",
        "other": None
        if verdict.reason == entry.hold
        else _find_text(entry, verdict.reason, verdict.detail),
        "line": verdict.line,
        "listable": _find_listable(verdict),
        "figures": [
            (FIGURES[name], format_money(amount, call.shop.currency, call.templates.language))
            for name, amount in verdict.figures.items()
            if name in FIGURES
        ],
    }
