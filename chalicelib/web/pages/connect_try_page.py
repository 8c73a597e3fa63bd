"""The last step: the newest orders are tried in the administration, without anything being stored,
and deliveries are turned on.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from chalicelib.domain.holds import HoldReason
from chalicelib.errors import AsperionError, ShopBusy, ShopError
from chalicelib.schedule import next_export
from chalicelib.usecases.operating.changing_connection import turn_on
from chalicelib.usecases.operating.connection_reading import ChoicesRefused, find_connection
from chalicelib.usecases.operating.trying_in_asperion import (
    MOST_ASKED,
    AskedTryOut,
    try_in_asperion,
)
from chalicelib.usecases.shop.connect_obstacles import ConnectRefused
from chalicelib.web.http.http_messages import Response
from chalicelib.web.http.visits import is_asked_for
from chalicelib.web.pages.asked_view import show_asked
from chalicelib.web.pages.call import Call
from chalicelib.web.pages.connect_choices_form import write_also
from chalicelib.web.pages.connect_steps import (
    ConnectState,
    ConnectStep,
    find_detour,
    find_mark,
    go_to,
    read_progress,
    render_step,
)
from chalicelib.web.pages.connect_trouble import find_connect_refusal
from chalicelib.web.texts.connect_texts import OBSTACLES, RUN_AT_WORK
from chalicelib.web.texts.try_out_texts import STOPS


def render_try(call: Call) -> Response:
    """``GET /connect/try``: the button; with ``?what=newest`` what Asperion says of the newest
    orders.
    """
    if detour := find_detour(call, wanted=ConnectState.READY):
        return detour
    if call.request.query.get("what") != "newest" or not is_asked_for(call.request):
        return _render(call)
    try:
        tried = try_in_asperion(call.workspace)
    except (AsperionError, ShopError) as error:
        refusal = find_connect_refusal(call, error)
        return _render(call, status=refusal.status, refusal=refusal)
    return _render(call, tried=tried)


def turn_on_api(call: Call) -> Response:
    """``POST /connect/try``: from now on orders go straight into the administration."""
    form = call.read_own_form()
    if detour := find_detour(call, wanted=ConnectState.READY):
        return detour
    try:
        turn_on(call.workspace, by=call.actor, seen=form.get("seen"))
    except ChoicesRefused:
        return go_to(call, ConnectStep.PROPOSAL, notice="choices_gone")
    except ShopBusy:
        return _render(call, status=409, banner=RUN_AT_WORK)
    except ConnectRefused as refused:
        return _render(call, status=409, banner=OBSTACLES[refused.obstacle])
    except AsperionError as error:
        refusal = find_connect_refusal(call, error)
        return _render(call, status=refusal.status, refusal=refusal)
    return go_to(call, ConnectStep.DONE)


def render_done(call: Call) -> Response:
    """``GET /connect/done``: what happens from now on."""
    if detour := find_detour(call, wanted=ConnectState.ON):
        return detour
    return render_step(
        call,
        ConnectStep.DONE,
        connection=find_connection(call.shop),
        next_run=next_export(call.connector.clock()),
        tells=call.connector.post is not None,
    )


def _list_missing(tried: AskedTryOut | None) -> Iterator[str]:
    """The treatments for which a VAT code was missing."""
    for each in tried.documents if tried else ():
        if each.hold is not None and each.hold.reason is HoldReason.VAT_CODE_MISSING:
            yield each.hold.detail


def _render(
    call: Call, *, status: int = 200, tried: AskedTryOut | None = None, **shown: Any
) -> Response:
    connection = find_connection(call.shop)
    return render_step(
        call,
        ConnectStep.TRY,
        status=status,
        connection=connection,
        is_on=read_progress(call).is_on,
        most=MOST_ASKED,
        seen=find_mark(call),
        tried=tried,
        also=write_also(_list_missing(tried)),
        rows=show_asked(call, tried.documents, connection.choices) if tried else (),
        extent=tried and tried.extent,
        stops=STOPS,
        **{"banner": "", "refusal": None, **shown},
    )
