"""The merchant chooses an administration, confirms how invoices are booked there, and lets them go
there or by file again.

Each change has the shop's lease, as the closing of a period: a run that has lost the lease looks at
the shop once more before it sends anything. What a run left undecided stays asked for where it was
made for, so that no order goes both ways.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime

from chalicelib.domain.administrations import AdministrationLists
from chalicelib.domain.choice_problems import ProblemKind
from chalicelib.domain.connection import ApiChoices, AsperionTokens, Connection
from chalicelib.domain.connection_changes import ConnectionStep
from chalicelib.domain.events import Actor, ShopStep
from chalicelib.domain.notified_changes import MOST_A_DAY, count_of_day
from chalicelib.domain.shops import Shop
from chalicelib.usecases.filing.leased_deeds import lease_shop
from chalicelib.usecases.filing.left_connection import forget_access, forget_left_connection
from chalicelib.usecases.operating.connection_reading import (
    check_against_lists,
    find_connection,
    read_lists,
)
from chalicelib.usecases.shop.connect_obstacles import ConnectObstacle, ConnectRefused
from chalicelib.usecases.shop.connecting import (
    check_installed,
    clear_connection_trouble,
    list_administrations,
)
from chalicelib.usecases.shop.connection_change import change_connection
from chalicelib.usecases.workspace import Workspace


def choose_administration(
    workspace: Workspace, administration_id: int, *, by: Actor, seen: str = ""
) -> Connection:
    """Let the shop be connected with an administration that the account opens; with another than
    before, how invoices are booked has to be confirmed anew, and they go by file until then. `seen`
    is the `Connection.version` of the form, empty for none. Chosen again, it changes nothing.

    Raises `ConnectRefused`, `ShopBusy` while a run is at work, `AsperionError`, `VaultError`.
    """
    check_installed(workspace.shop)
    opened = {each.id: each for each in list_administrations(workspace)}
    if administration_id not in opened:
        raise ConnectRefused(ConnectObstacle.UNKNOWN_ADMINISTRATION)
    chosen, now = opened[administration_id], workspace.now()

    def choose(stored: Shop) -> Connection:
        check_installed(stored)
        kept = stored.connection
        if kept is not None and kept.left_at is not None:
            raise ConnectRefused(ConnectObstacle.NOT_CONNECTED)
        if kept is not None and kept.administration.id == chosen.id:
            return kept
        _check_seen(kept, seen)
        _check_count(stored, now)
        return Connection(administration=chosen, connected_at=now, changed_at=now)

    with _lease(workspace, "choose", now):
        is_move = workspace.shop.connection is not None
        what = ConnectionStep.MOVE if is_move else ConnectionStep.CONNECT
        change_connection(workspace, what, choose, by=by)
    clear_connection_trouble(workspace)
    return find_connection(workspace.shop)


def confirm_choices(
    workspace: Workspace,
    choices: ApiChoices,
    *,
    by: Actor,
    seen: str,
    confirmed: Collection[ProblemKind] = (),
    lists: AdministrationLists | None = None,
) -> bool:
    """Let invoices be booked by these choices from now on. Whether that changed anything. `seen` is
    the `Connection.version` of the form, `confirmed` are kinds of problems that he confirms
    all the same, `lists` what the administration offers where it was read just now.

    Raises `ChoicesRefused` for what speaks against them in the administration as it is now;
    `ConnectRefused`, `ShopBusy`, `AsperionError`, `VaultError`.
    """
    if find_connection(workspace.shop).choices != choices:
        _check_seen(workspace.shop.connection, seen)
    check_against_lists(workspace, choices, lists or read_lists(workspace), confirmed)
    now, before = workspace.now(), workspace.shop.connection

    def confirm(stored: Shop) -> Shop:
        kept = find_connection(stored)
        if kept.choices == choices:
            return stored
        _check_seen(kept, seen)
        return replace(stored, connection=replace(kept, choices=choices, changed_at=now))

    with _lease(workspace, "confirm", now):
        workspace.update_shop(confirm)
        is_changed = workspace.shop.connection != before
        if is_changed:
            workspace.append_audit(ShopStep.CONFIRM_API_CHOICES, by)
    return is_changed


def turn_on(workspace: Workspace, *, by: Actor, seen: str) -> bool:
    """Let invoices go straight into the administration from now on. Whether that changed anything.

    Raises `ChoicesRefused` for what was confirmed and is not there any more; `ConnectRefused`,
    `ShopBusy`, `AsperionError`, `VaultError`.
    """
    connection = find_connection(workspace.shop)
    if connection.is_on:
        return False
    _check_seen(connection, seen)
    if connection.choices is None:
        raise ConnectRefused(ConnectObstacle.NO_CHOICES)
    check_against_lists(workspace, connection.choices, read_lists(workspace), [*ProblemKind])
    now = workspace.now()

    def turn(stored: Shop) -> Connection:
        kept = find_connection(stored)
        if kept.is_on:
            return kept
        _check_seen(kept, seen)
        _check_count(stored, now)
        return replace(kept, is_on=True, turned_at=now, changed_at=now)

    return _change(workspace, ConnectionStep.TURN_ON, turn, by=by)


def turn_off(workspace: Workspace, *, by: Actor) -> bool:
    """Let invoices go by file again, to the shop's licence code; the connection stays. Whether that
    changed anything. Raises `ConnectRefused`, `ShopBusy`.
    """
    now = workspace.now()

    def turn(stored: Shop) -> Connection:
        kept = find_connection(stored)
        if not kept.is_on:
            return kept
        if stored.licence is None:
            raise ConnectRefused(ConnectObstacle.NO_LICENCE)
        return replace(kept, is_on=False, turned_at=now, changed_at=now)

    is_changed = _change(workspace, ConnectionStep.TURN_OFF, turn, by=by)
    clear_connection_trouble(workspace)
    return is_changed


def disconnect(workspace: Workspace, *, by: Actor) -> bool:
    """End the connection with Asperion; invoices go by file again, and wait where there is no
    licence code. What opens the account is forgotten at once, unless it is not known yet of a
    delivery whether it is there: then by the run after that is known. Whether that changed
    anything. Raises `ShopBusy`, `LedgerError`.
    """
    now = workspace.now()

    def leave(stored: Shop) -> Connection | None:
        kept = stored.connection
        if kept is None or kept.left_at is not None:
            return kept
        return replace(kept, is_on=False, left_at=now, changed_at=now)

    with _lease(workspace, "disconnect", now):
        change = change_connection(workspace, ConnectionStep.DISCONNECT, leave, by=by)
        is_chosen = workspace.shop.connection is not None
        tokens = workspace.connector.shops.load(workspace.shop_id, AsperionTokens)
        if is_chosen:
            forget_left_connection(workspace)
        elif tokens is not None:
            forget_access(workspace, tokens)
    clear_connection_trouble(workspace)
    return change is not None or (tokens is not None and not is_chosen)


def _change(
    workspace: Workspace,
    what: ConnectionStep,
    change: Callable[[Shop], Connection],
    *,
    by: Actor,
) -> bool:
    with _lease(workspace, what.value, workspace.now()):
        return change_connection(workspace, what, change, by=by) is not None


def _lease(workspace: Workspace, what: str, now: datetime) -> AbstractContextManager[None]:
    """Raises `ShopBusy` while a run is at work."""
    owner = f"connection/{what}/{now.isoformat()}"
    return lease_shop(workspace, owner, otherwise="its connection stays as it is")


def _check_seen(connection: Connection | None, seen: str) -> None:
    if ("" if connection is None else connection.version) != seen:
        raise ConnectRefused(ConnectObstacle.STALE)


def _check_count(stored: Shop, now: datetime) -> None:
    if count_of_day(stored.connection_changes, now) >= MOST_A_DAY:
        raise ConnectRefused(ConnectObstacle.TOO_OFTEN)
