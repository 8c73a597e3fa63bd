"""The overview, and its buttons that pause and resume exporting."""

from __future__ import annotations

from urllib.parse import urlencode

from chalicelib.domain import bounds
from chalicelib.domain.cover_sheet import CoverSheet
from chalicelib.domain.days import local_day
from chalicelib.domain.ledger import FileState
from chalicelib.domain.notified_changes import SHOWN_FOR
from chalicelib.domain.shops import ShopState
from chalicelib.domain.statement import DayStatement
from chalicelib.schedule import next_export
from chalicelib.usecases.filing.health_keeping import try_to_renew_health
from chalicelib.usecases.filing.shared_addresses import put_away_addresses
from chalicelib.usecases.operating.overview import Overview, read_overview
from chalicelib.usecases.operating.threshold import find_warning
from chalicelib.usecases.shop.leaving import pause_shop, resume_shop
from chalicelib.web.http.http_messages import Response, redirect
from chalicelib.web.pages.call import Call
from chalicelib.web.pages.changed_groups import group_changed
from chalicelib.web.pages.delivered_money import show_delivered
from chalicelib.web.pages.error_pages import NoSuchPage
from chalicelib.web.pages.held_groups import show_group
from chalicelib.web.texts.discrepancy_texts import NAMES_FILES, TEXTS
from chalicelib.web.texts.hold_buttons import BUTTONS, ONCE_INVOICED
from chalicelib.web.texts.licence_texts import NOTIFICATIONS
from chalicelib.web.texts.overview_texts import CONNECTION_STEPS, CONNECTIONS, UNKNOWN
from chalicelib.web.texts.state_labels import FILE_STATES
from chalicelib.web.texts.statement_texts import FIGURES, VERDICTS
from chalicelib.web.texts.trouble_texts import find_trouble_text

DAYS_SHOWN = 7


def render_overview(call: Call) -> Response:
    """``GET /``: the overview; with ``?order=…``, as pages once asked, a redirect to the search."""
    if call.shop.state is ShopState.INSTALLING:
        return redirect(call.build_url("settings"))
    number = call.request.query.get("order", "").strip()
    if len(number) > bounds.LONGEST_PART:
        raise NoSuchPage
    if number:
        return redirect(f"{call.build_url('find')}?{urlencode({'q': number})}")
    shown = read_overview(call.workspace)
    trouble = shown.trouble
    return call.render_with_notice(
        "overview.html",
        overview=shown,
        groups=[show_group(call, group, shown.method_titles) for group in shown.held],
        buttons=BUTTONS,
        once_invoiced=ONCE_INVOICED,
        placed_today=_count_placed_today(shown),
        delivered=show_delivered(shown),
        covers=[_show_cover(call, day) for day in shown.days[:DAYS_SHOWN]],
        connections=CONNECTIONS,
        why_unknown=UNKNOWN,
        discrepancy_texts=TEXTS,
        names_files=NAMES_FILES,
        next_run=next_export(shown.now),
        trouble=find_trouble_text(trouble.cause) if trouble and trouble.cause else None,
        codes=call.workspace.profile.payments if shown.held else (),
        file_states=FILE_STATES,
        changed_groups=group_changed(shown.changed),
        figures=FIGURES,
        verdicts=VERDICTS,
        masked=call.shop.masked_licence,
        notifications=NOTIFICATIONS,
        connection_steps=CONNECTION_STEPS,
        shown_days=SHOWN_FOR.days,
        offers_api=call.connector.front_door is not None,
        warned=find_warning(call.workspace),
    )


def put_notice_away(call: Call) -> Response:
    """``POST /addresses``: the merchant has seen the shared e-mail addresses that the page showed,
    whose keyed hashes are in the field ``shown``, separated by spaces.
    """
    shown = call.read_own_form().get("shown").split()
    count = put_away_addresses(call.workspace, shown)
    return call.redirect_with_notice(call.build_url(), "put_away", count)


def pause_exports(call: Call) -> Response:
    """``POST /pause``: exporting stops for now."""
    call.read_own_form()
    is_paused = pause_shop(call.workspace, by=call.actor)
    try_to_renew_health(call.connector, call.shop.shop_id)
    return call.redirect_with_notice(call.build_url(), "paused", int(is_paused))


def resume_exports(call: Call) -> Response:
    """``POST /resume``: exporting goes on."""
    call.read_own_form()
    is_resumed = resume_shop(call.workspace, by=call.actor)
    try_to_renew_health(call.connector, call.shop.shop_id)
    return call.redirect_with_notice(call.build_url(), "resumed", int(is_resumed))


def _show_cover(call: Call, day: DayStatement) -> CoverSheet | None:
    """What a day's files add up to, when totals are kept and there was a file."""
    is_shown = call.shop.policy.keep_totals and day.placed
    return day.cover if is_shown else None


def _count_placed_today(shown: Overview) -> int:
    """How many documents were delivered today: as today's statement says, or before there is one,
    as the files do.
    """
    today = local_day(shown.now)
    if shown.days and shown.days[0].day == today:
        return shown.days[0].placed
    return sum(
        len(file.keys)
        for file in shown.files
        if file.state is FileState.PLACED and local_day(file.since) == today
    )
