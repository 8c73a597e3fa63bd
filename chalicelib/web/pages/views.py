"""Handlers that show: the overview, an order's biography, a file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from chalicelib.domain.days import local_day
from chalicelib.domain.ledger import DocumentKind, Entry, EntryState, FileEntry, FileState
from chalicelib.domain.shops import Shop, ShopState
from chalicelib.schedule import next_export
from chalicelib.usecases import overview
from chalicelib.usecases.operating.repair import can_be_sent_again
from chalicelib.usecases.preview import look
from chalicelib.web.http.http_messages import Response, redirect
from chalicelib.web.pages import held_groups as held
from chalicelib.web.pages.call import Call
from chalicelib.web.texts import biography_texts as wording
from chalicelib.web.texts import late_change_texts as late
from chalicelib.web.texts.hold_buttons import BUTTONS
from chalicelib.web.texts.hold_texts import TEXTS
from chalicelib.web.texts.notice_texts import NOTICES, Notice
from chalicelib.web.texts.trouble_texts import trouble_text

if TYPE_CHECKING:
    from chalicelib.web.pages.page_templates import Pages


def home(call: Call) -> Response:
    """``GET /``: the overview; with ``?order=…`` on to that order."""
    shop = call.signed_in()
    if shop.state is ShopState.INSTALLING:
        return redirect(call.pages().url("settings"))
    wanted = call.request.query.get("order", "").strip()
    if wanted:
        return redirect(call.pages().url("orders", wanted))
    seen = overview.overview(call.connector, shop.shop_id)
    return _with_notice(
        call,
        "overview.html",
        seen=seen,
        groups=[held.group(call, shop, each) for each in seen.held],
        buttons=BUTTONS,
        placed_today=_placed_on(seen.files, local_day(seen.now)),
        next_run=next_export(seen.now),
        trouble=trouble_text(seen.trouble.cause) if seen.trouble else None,
        codes=call.connector.profile().payments if seen.held else (),
        file_states=wording.FILE_STATES,
        changes=late.CHANGES,
        any_change=late.ANY_CHANGE,
        cure=late.cure,
        offer=late.offer,
        days=[(date.fromisoformat(day.day), day) for day in seen.days],
    )


def order(call: Call) -> Response:
    """``GET /orders/{number}``: everything that is known of an order."""
    shop = call.signed_in()
    number = call.params["number"]
    _, entries = overview.biography(call.connector, shop.shop_id, number)
    return _with_notice(
        call,
        "order.html",
        number=number,
        entries=[_chapter(call, shop, entry) for entry in entries],
        buttons=BUTTONS,
        next_run=next_export(call.connector.clock()),
        kinds=DocumentKind,
        wants_again=call.request.query.get("form") == "again",
        states=EntryState,
    )


def file(call: Call) -> Response:
    """``GET /files/{name}``: one import file and the orders in it."""
    shop = call.signed_in()
    _, found, entries = overview.file(call.connector, shop.shop_id, call.params["name"])
    return call.pages().render(
        "file.html",
        shop=shop,
        file=found,
        label=wording.FILE_STATES[found.state],
        file_events=wording.FILE_EVENTS,
        entries=entries,
        unknown=found.state is FileState.UNKNOWN,
    )


def _now(call: Call, shop: Shop, entry: Entry) -> late.Now | None:
    """A held order as it is at this moment."""
    return late.now(
        look(call.connector, shop, entry),
        entry.hold,
        texts={reason.value: text for reason, text in TEXTS.items()},
        currency=shop.currency,
        language=call.pages().language,
    )


def _chapter(call: Call, shop: Shop, entry: Entry) -> dict[str, Any]:
    """One document of a biography, as the template shows it."""
    return {
        "entry": entry,
        "now": _now(call, shop, entry),
        "offer": late.offer(entry),
        "label": wording.ORDER_STATES[entry.state],
        "lines": wording.biography(entry.history),
        "hold": held.hold_text(entry.hold or "") if entry.state is EntryState.HELD else None,
        "page": held.back_office(call, shop, entry),
        "change": late.CHANGES.get(entry.change, late.ANY_CHANGE) if entry.change else "",
        "cure": late.cure(entry),
        "can_be_sent_again": can_be_sent_again(entry),
    }


def _placed_on(files: Sequence[FileEntry], day: date) -> int:
    return sum(
        len(each.keys)
        for each in files
        if each.state is FileState.PLACED and local_day(each.since) == day
    )


def _with_notice(call: Call, template: str, **values: Any) -> Response:
    """A page that says what the last action did, this once."""
    sessions, pages, shop = call.sessions, call.pages(), call.shop
    noticed = sessions.notice(call.request.cookies)
    notice = NOTICES.get(noticed[0]) if noticed else None
    count = noticed[1] if noticed else 0
    return pages.render(
        template,
        shop=shop,
        cookies=[sessions.clear_notice()] if noticed else None,
        notice=notice,
        notice_title=_title(pages, notice, count) if notice else "",
        licence=_licence(shop, notice),
        **values,
    )


def _title(pages: Pages, notice: Notice, count: int) -> str:
    return pages.say(notice.one if count == 1 else notice.many, count=count)


def _licence(shop: Shop | None, notice: Notice | None) -> str:
    """The licence code in full, on the one page that confirms it."""
    if shop is None or notice is None or not notice.shows_licence:
        return ""
    return shop.licence or ""
