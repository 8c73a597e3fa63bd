"""The overview, and its buttons that pause and resume exporting."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from chalicelib.domain.days import local_day
from chalicelib.domain.ledger import FileEntry, FileState
from chalicelib.domain.shops import ShopState
from chalicelib.schedule import next_export
from chalicelib.usecases import overview
from chalicelib.usecases.lifecycle import leave
from chalicelib.web.http.http_messages import Response, redirect
from chalicelib.web.pages.call import MERCHANT, Call
from chalicelib.web.pages.held_groups import show_group
from chalicelib.web.texts.hold_buttons import BUTTONS
from chalicelib.web.texts.late_change_texts import find_change, find_cure, find_offer
from chalicelib.web.texts.state_labels import FILE_STATES
from chalicelib.web.texts.trouble_texts import find_trouble_text


def render_overview(call: Call) -> Response:
    """``GET /``: the overview; with ``?order=…`` a redirect to that order."""
    if call.shop.state is ShopState.INSTALLING:
        return redirect(call.build_url("settings"))
    number = call.request.query.get("order", "").strip()
    if number:
        return redirect(call.build_url("orders", number))
    shown = overview.overview(call.connector, call.shop.shop_id)
    return call.render_with_notice(
        "overview.html",
        overview=shown,
        groups=[show_group(call, group) for group in shown.held],
        buttons=BUTTONS,
        placed_today=_count_placed(shown.files, local_day(shown.now)),
        next_run=next_export(shown.now),
        trouble=find_trouble_text(shown.trouble.cause) if shown.trouble else None,
        codes=call.connector.profile().payments if shown.held else (),
        file_states=FILE_STATES,
        find_change=find_change,
        find_cure=find_cure,
        find_offer=find_offer,
        days=[(date.fromisoformat(day.day), day) for day in shown.days],
    )


def pause_exports(call: Call) -> Response:
    """``POST /pause``: exporting stops for now."""
    call.read_own_form()
    leave.pause(call.connector, call.shop.shop_id, by=MERCHANT)
    return call.redirect_with_notice(call.build_url(), "paused", 1)


def resume_exports(call: Call) -> Response:
    """``POST /resume``: exporting goes on."""
    call.read_own_form()
    leave.resume(call.connector, call.shop.shop_id, by=MERCHANT)
    return call.redirect_with_notice(call.build_url(), "resumed", 1)


def _count_placed(files: Sequence[FileEntry], day: date) -> int:
    """How many documents are in files that were placed on a day."""
    return sum(
        len(file.keys)
        for file in files
        if file.state is FileState.PLACED and local_day(file.since) == day
    )
