"""``/connect``: what a connection with Asperion is and how this shop's stands; the way to
Asperion's sign-in page, and the way back.
"""

from __future__ import annotations

from chalicelib.domain.shops import ShopState
from chalicelib.errors import AsperionError
from chalicelib.schedule import next_export
from chalicelib.usecases.shop.connect_obstacles import ConnectRefused
from chalicelib.usecases.shop.connecting import (
    Answer,
    begin_connecting,
    finish_connecting,
)
from chalicelib.web.http.http_messages import Response, redirect
from chalicelib.web.http.visits import check_visit
from chalicelib.web.pages.call import Call
from chalicelib.web.pages.connect_steps import (
    ConnectState,
    ConnectStep,
    go_to,
    read_progress,
    render_step,
)
from chalicelib.web.pages.error_pages import find_error_text
from chalicelib.web.pages.error_words import ErrorText
from chalicelib.web.pages.fresh_session import is_fresh
from chalicelib.web.texts.connect_notices import CAME_BACK, find_refusal_notice

_ANSWER = ("state", "code", "error")


def render_connect(call: Call) -> Response:
    """``GET /connect``: how the connection stands, and what can be done about it."""
    if call.shop.state is ShopState.INSTALLING:
        return redirect(call.build_url("settings"))
    return _render(call)


def begin(call: Call) -> Response:
    """``POST /connect``: to Asperion's sign-in page, for a merchant who has just come from the
    AppCenter.
    """
    call.read_own_form()
    if call.shop.state is ShopState.INSTALLING:
        return redirect(call.build_url("settings"))
    if read_progress(call).state is ConnectState.NOT_OFFERED:
        return _render(call, status=404)
    if not is_fresh(call):
        return _render(call, status=403)
    try:
        address = begin_connecting(call.workspace, call.find_session().name)
    except ConnectRefused as refused:
        return go_to(call, ConnectStep.BEGIN, notice=find_refusal_notice(refused.obstacle))
    except AsperionError as error:
        return _render_refusal(call, error)
    return redirect(address)


def receive_answer(call: Call) -> Response:
    """``GET /connect/callback``: the merchant comes back from Asperion, and goes on at an address
    in which nothing of that is left. Raises `NotAVisit`, `NotSignedIn`.
    """
    check_visit(call.request, is_page=True)
    session, request = call.find_session(), call.request
    said = {name: request.query.get(name, "") for name in _ANSWER}
    if not (request.repeated.isdisjoint(_ANSWER) and all(map(str.isprintable, said.values()))):
        said = {}
    try:
        connected = finish_connecting(call.workspace, session.name, Answer(**said))
    except ConnectRefused as refused:
        notice = find_refusal_notice(refused.obstacle)
        return go_to(call, ConnectStep.BEGIN, notice=notice)
    except AsperionError as error:
        _log(call, error)
        return go_to(call, ConnectStep.BEGIN, notice="connect_unanswered")
    if connected.is_again:
        return go_to(call, ConnectStep.BEGIN, notice=CAME_BACK)
    return go_to(call, ConnectStep.ADMINISTRATION)


def _render_refusal(call: Call, error: AsperionError) -> Response:
    _log(call, error)
    text = find_error_text(error)
    return _render(call, status=text.status, refusal=text)


def _log(call: Call, error: AsperionError) -> None:
    call.log.warning("connecting failed: %s", error, extra={"error": type(error).__name__})


def _render(call: Call, *, status: int = 200, refusal: ErrorText | None = None) -> Response:
    progress = read_progress(call)
    is_missing = progress.state is ConnectState.NOT_OFFERED and progress.connection is None
    return render_step(
        call,
        ConnectStep.BEGIN,
        status=404 if is_missing and status == 200 else status,
        standing=progress,
        is_stale=not is_fresh(call),
        refusal=refusal,
        next_run=next_export(call.connector.clock()),
        has_licence=call.shop.licence is not None,
    )
