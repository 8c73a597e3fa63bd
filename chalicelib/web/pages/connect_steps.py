"""How far a shop's connection with Asperion is, and the steps of the pages that make it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from chalicelib.domain.connection import AsperionTokens, Connection
from chalicelib.domain.days import local_day
from chalicelib.domain.shops import ShopState
from chalicelib.lazy_dataclass import dataclass
from chalicelib.usecases.operating.connection_reading import list_undecided
from chalicelib.web.http.http_messages import Response, redirect
from chalicelib.web.http.security_headers import POLICY, write_policy
from chalicelib.web.pages.call import Call
from chalicelib.web.texts.connect_texts import (
    STANDING_AGAIN,
    STANDING_AGAIN_ON,
    STANDING_NONE,
    STANDING_NOT_OFFERED,
    STANDING_OFF,
    STANDING_ON,
    STANDING_SETUP,
)

CONNECT = "connect"
COUNTED = 4
"""The steps that a merchant sees counted: "step 2 of 4"."""


class ConnectStep(StrEnum):
    """The pages of the path, as in their addresses, in their order; the first has no part of its
    own.
    """

    BEGIN = ""
    ADMINISTRATION = "administration"
    PROPOSAL = "proposal"
    TRY = "try"
    DONE = "done"
    OFF = "off"


_NUMBERS = {
    ConnectStep.BEGIN: 1,
    ConnectStep.ADMINISTRATION: 2,
    ConnectStep.PROPOSAL: 3,
    ConnectStep.TRY: 4,
}


class ConnectState(StrEnum):
    """How far the connection is."""

    NOT_OFFERED = "not offered"  # this installation has no account with Asperion
    NONE = "none"
    AGAIN = "again"  # Asperion takes the connection no more
    ADMINISTRATION = "administration"  # to be chosen
    PROPOSAL = "proposal"  # to be confirmed
    READY = "ready"  # everything is chosen, files are still made
    ON = "on"

    @property
    def is_open(self) -> bool:
        """Whether Asperion can be asked."""
        return self not in (ConnectState.NOT_OFFERED, ConnectState.NONE, ConnectState.AGAIN)


_NEXT = {
    ConnectState.ADMINISTRATION: ConnectStep.ADMINISTRATION,
    ConnectState.PROPOSAL: ConnectStep.PROPOSAL,
    ConnectState.READY: ConnectStep.TRY,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectProgress:
    """How far the connection is. `connection` is None while no administration is chosen, and after
    the merchant disconnected; `is_opened`: there is something that opens his account;
    `refused_since` is since when Asperion takes it no more; `undecided` is of how many deliveries
    it is not known whether they are in Asperion.
    """

    state: ConnectState
    connection: Connection | None = None
    is_opened: bool = False
    refused_since: datetime | None = None
    undecided: int = 0

    @property
    def is_on(self) -> bool:
        """Whether what is delivered goes straight into the administration."""
        return self.connection is not None and self.connection.is_on

    @property
    def is_turned_off(self) -> bool:
        """Whether everything is chosen, and the merchant went back to files."""
        was_on = self.connection is not None and self.connection.turned_at is not None
        return was_on and self.state is ConnectState.READY

    @property
    def next_step(self) -> str:
        """The page at which the merchant goes on; empty where there is none."""
        step = _NEXT.get(self.state)
        return "" if step is None else step.value

    @property
    def number(self) -> int:
        """That page's number among the steps; 0 where there is none."""
        step = _NEXT.get(self.state)
        return 0 if step is None else _NUMBERS[step]


def read_progress(call: Call) -> ConnectProgress:
    """How far the connection of the shop that is signed in is."""
    kept = call.shop.connection
    tokens = call.connector.shops.load(call.shop.shop_id, AsperionTokens)
    connection = None if kept is None or kept.left_at is not None else kept
    if call.connector.front_door is None:
        state = ConnectState.NOT_OFFERED
    elif kept is not connection:
        # What opens it is kept only until nothing has to be asked there any more.
        state = ConnectState.NONE
    else:
        state = _find_state(connection, tokens)
    return ConnectProgress(
        state=state,
        connection=connection,
        is_opened=tokens is not None and kept is connection,
        refused_since=None if tokens is None else tokens.refused_since,
        undecided=len(list_undecided(call.workspace)),
    )


def _find_state(connection: Connection | None, tokens: AsperionTokens | None) -> ConnectState:
    if tokens is None and connection is None:
        return ConnectState.NONE
    if tokens is None or tokens.refused_since is not None:
        return ConnectState.AGAIN
    if connection is None:
        return ConnectState.ADMINISTRATION
    if connection.choices is None:
        return ConnectState.PROPOSAL
    return ConnectState.ON if connection.is_on else ConnectState.READY


def describe_progress(call: Call, progress: ConnectProgress) -> str:
    """How far it is, in one sentence."""
    say, connection = call.templates.say, progress.connection
    match progress.state:
        case ConnectState.NONE:
            return say(STANDING_NONE)
        case ConnectState.NOT_OFFERED:
            return say(STANDING_NOT_OFFERED)
        case ConnectState.AGAIN:
            return say(STANDING_AGAIN_ON if progress.is_on else STANDING_AGAIN)
        case ConnectState.ON if connection is not None:
            since = local_day(connection.turned_at or connection.connected_at)
            day = call.templates.dates.format_day(since)
            return say(STANDING_ON, name=connection.administration.name, day=day)
        case _ if progress.is_turned_off:
            return say(STANDING_OFF)
        case _:
            return say(STANDING_SETUP, number=progress.number)


def find_detour(call: Call, *, wanted: ConnectState) -> Response | None:
    """Where to, instead of a step whose turn has not come: the connection has to be as far as
    `wanted` at least. None when it is. A shop that is being installed is led to its installation.
    """
    if call.shop.state is ShopState.INSTALLING:
        return redirect(call.build_url("settings"))
    state, order = read_progress(call).state, list(ConnectState)
    if order.index(state) >= order.index(wanted):
        return None
    return go_to(call, _NEXT.get(state, ConnectStep.BEGIN))


def go_to(call: Call, step: ConnectStep, *, notice: str = "") -> Response:
    """To the page of a step, which says `notice`, a key of `NOTICES`, if there is one."""
    cookies = [call.set_notice(notice)] if notice else None
    return redirect(find_address(call, step), cookies=cookies)


def find_mark(call: Call) -> str:
    """By which a form says for which state of the connection it was filled in."""
    connection = call.shop.connection
    return "" if connection is None else connection.version


def find_address(call: Call, step: ConnectStep) -> str:
    """The address of a step's page."""
    return call.build_url(CONNECT, *([step.value] if step.value else []))


def render_step(
    call: Call,
    step: ConnectStep,
    *,
    problems: Mapping[str, str] | None = None,
    status: int = 200,
    **values: Any,
) -> Response:
    """The page of a step; 400 with `problems`, which map names of fields to what is wrong."""
    page = call.render_with_notice(
        f"connect_{step.value or 'begin'}.html",
        status=400 if problems else status,
        number=_NUMBERS.get(step, 0),
        count=COUNTED,
        problems=problems or {},
        **values,
    )
    if step is not ConnectStep.BEGIN:
        return page
    identity = call.connector.settings.asperion_identity_url
    headers = {**page.headers, POLICY: write_policy(leads_to=identity)}
    return Response(status=page.status, body=page.body, headers=headers)
