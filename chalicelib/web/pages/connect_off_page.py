"""Back to files, or the end of the connection with Asperion: first what will happen, then the
button.
"""

from __future__ import annotations

from chalicelib.domain.shops import ShopState
from chalicelib.errors import RequestError, ShopBusy
from chalicelib.usecases.operating.changing_connection import disconnect, turn_off
from chalicelib.usecases.shop.connect_obstacles import ConnectRefused
from chalicelib.web.http.http_messages import Response, redirect
from chalicelib.web.pages.call import Call
from chalicelib.web.pages.connect_steps import ConnectStep, find_address, read_progress, render_step
from chalicelib.web.texts.connect_texts import OBSTACLES, RUN_AT_WORK

TURN_OFF, DISCONNECT = "turn_off", "disconnect"


def render_off(call: Call) -> Response:
    """``GET /connect/off``: what going back to files does, and what disconnecting does."""
    return _find_detour(call) or _render(call)


def save_off(call: Call) -> Response:
    """``POST /connect/off``: ``action`` is ``turn_off`` or ``disconnect``. Raises `RequestError`
    for another one.
    """
    form = call.read_own_form()
    action = form.get("action")
    if action not in (TURN_OFF, DISCONNECT):
        raise RequestError("The form does not say what to do with the connection.")
    if detour := _find_detour(call):
        return detour
    try:
        change = turn_off if action == TURN_OFF else disconnect
        is_changed = change(call.workspace, by=call.actor)
    except ShopBusy:
        return _render(call, banner=RUN_AT_WORK)
    except ConnectRefused as refused:
        return _render(call, banner=OBSTACLES[refused.obstacle])
    notice = "api_off" if action == TURN_OFF else "disconnected"
    address = find_address(call, ConnectStep.BEGIN)
    return call.redirect_with_notice(address, notice, int(is_changed))


def _find_detour(call: Call) -> Response | None:
    """To the settings, for a shop that is being installed; to the connection's own page, where
    there is nothing to end.
    """
    if call.shop.state is ShopState.INSTALLING:
        return redirect(call.build_url("settings"))
    progress = read_progress(call)
    if progress.connection is None and not progress.is_opened:
        return redirect(find_address(call, ConnectStep.BEGIN))
    return None


def _render(call: Call, *, banner: str = "") -> Response:
    return render_step(
        call,
        ConnectStep.OFF,
        status=409 if banner else 200,
        progress=read_progress(call),
        has_licence=call.shop.licence is not None,
        masked=call.shop.masked_licence,
        banner=banner,
    )
