"""Which of the administrations that the account at Asperion opens is the shop's."""

from __future__ import annotations

from typing import Any

from chalicelib.domain import bounds
from chalicelib.errors import AsperionError, ShopBusy
from chalicelib.usecases.operating.changing_connection import choose_administration
from chalicelib.usecases.shop.connect_obstacles import ConnectObstacle, ConnectRefused
from chalicelib.usecases.shop.connecting import list_administrations
from chalicelib.web.http.http_messages import Response
from chalicelib.web.pages.call import Call
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
from chalicelib.web.pages.typed_numbers import read_number
from chalicelib.web.texts.connect_texts import CHOOSE_ADMINISTRATION, OBSTACLES, RUN_AT_WORK

FIELD = "administration"


def render_administrations(call: Call) -> Response:
    """``GET /connect/administration``: the administrations, of which the shop's own is chosen, or
    the only one there is.
    """
    detour = find_detour(call, wanted=ConnectState.ADMINISTRATION)
    return detour or _render(call)


def save_administration(call: Call) -> Response:
    """``POST /connect/administration``: the administration whose number is in the form is the
    shop's from now on; the proposal for it is next.
    """
    form = call.read_own_form()
    if detour := find_detour(call, wanted=ConnectState.ADMINISTRATION):
        return detour
    chosen = read_number(form.get(FIELD), bounds.LARGEST_ID)
    if chosen is None:
        return _render(call, problem=CHOOSE_ADMINISTRATION)
    return _choose(call, chosen, seen=form.get("seen"))


def _choose(call: Call, chosen: int, *, seen: str) -> Response:
    try:
        connection = choose_administration(call.workspace, chosen, by=call.actor, seen=seen)
    except ShopBusy:
        return _render(call, chosen=chosen, banner=RUN_AT_WORK, status=409)
    except ConnectRefused as refused:
        if refused.obstacle is ConnectObstacle.UNKNOWN_ADMINISTRATION:
            return _render(call, problem=CHOOSE_ADMINISTRATION)
        return _render(call, chosen=chosen, banner=OBSTACLES[refused.obstacle], status=409)
    except AsperionError as error:
        return _render_refusal(call, error)
    return go_to(call, ConnectStep.BEGIN if connection.choices else ConnectStep.PROPOSAL)


def _render(
    call: Call,
    *,
    status: int = 200,
    chosen: int | None = None,
    problem: str = "",
    banner: str = "",
) -> Response:
    try:
        opened = list_administrations(call.workspace)
    except AsperionError as error:
        return _render_refusal(call, error)
    connection = read_progress(call).connection
    if chosen is None and connection is not None:
        chosen = connection.administration.id
    elif chosen is None and len(opened) == 1:
        chosen = opened[0].id
    return _render_page(
        call,
        status=status,
        problems={FIELD: problem} if problem else {},
        administrations=opened,
        chosen=chosen,
        banner=banner,
    )


def _render_refusal(call: Call, error: AsperionError) -> Response:
    refusal = find_connect_refusal(call, error)
    return _render_page(call, status=refusal.status, refusal=refusal)


def _render_page(call: Call, **shown: Any) -> Response:
    progress = read_progress(call)
    return render_step(
        call,
        ConnectStep.ADMINISTRATION,
        targets={FIELD: f"{FIELD}-1"},
        current=progress.connection and progress.connection.administration,
        undecided=progress.undecided,
        seen=find_mark(call),
        **{"administrations": (), "chosen": None, "banner": "", "refusal": None, **shown},
    )
