"""A change of the connection with Asperion, kept in the write that makes it: so none is without its
trace. Audit and mail follow, and what is missing of them the nightly watch makes up for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

from chalicelib.domain.connection import Connection
from chalicelib.domain.connection_changes import ConnectionChange, ConnectionStep, keep_shown
from chalicelib.domain.events import Actor, AuditEvent, ShopStep
from chalicelib.domain.shops import Shop
from chalicelib.usecases.shop.contact import tell_contact
from chalicelib.usecases.shop.untold_changes import make_up_for
from chalicelib.usecases.workspace import Workspace

SHOP_STEPS: Mapping[ConnectionStep, ShopStep] = MappingProxyType(
    {
        ConnectionStep.CONNECT: ShopStep.CONNECT,
        ConnectionStep.MOVE: ShopStep.CHANGE_ADMINISTRATION,
        ConnectionStep.TURN_ON: ShopStep.TURN_ON_API,
        ConnectionStep.TURN_OFF: ShopStep.TURN_OFF_API,
        ConnectionStep.DISCONNECT: ShopStep.DISCONNECT_ASPERION,
    }
)
"""What the audit calls each change."""


def change_connection(
    workspace: Workspace,
    what: ConnectionStep,
    change: Callable[[Shop], Connection | None],
    *,
    by: Actor,
) -> ConnectionChange | None:
    """Let the shop have the connection that `change` makes of the stored shop; the audit and the
    shop's contact are told. Returns the change; None when the connection is the same already.
    `change` may run more than once, and raises what it likes.
    """
    now = workspace.now()
    made: list[ConnectionChange] = []

    def apply(stored: Shop) -> Shop:
        made.clear()
        connection = change(stored)
        if connection == stored.connection:
            return stored
        one = ConnectionChange(
            at=now,
            by=by,
            what=what,
            former=_name(stored.connection),
            new=_name(connection),
            is_on=connection is not None and connection.is_on,
        )
        made.append(one)
        changes = keep_shown((*stored.connection_changes, one), now)
        return replace(stored, connection=connection, connection_changes=changes, changed_at=now)

    workspace.update_shop(apply)
    for one in made:
        append_connection_audit(workspace, one)
        tell_contact(workspace, one)
        return one
    return None


def complete_connection_changes(workspace: Workspace) -> tuple[ConnectionChange, ...]:
    """Make up for what is missing of the last changes, as `licence_change.complete_changes`."""
    changes = workspace.shop.connection_changes
    return make_up_for(workspace, changes, [*SHOP_STEPS.values()], append_connection_audit)


def append_connection_audit(workspace: Workspace, change: ConnectionChange) -> None:
    """Under the moment of the change itself, by which the watch finds it."""
    step = SHOP_STEPS[change.what]
    event = AuditEvent(at=change.at, step=step, by=change.by, note=change.note)
    workspace.connector.shops.append_audit(workspace.shop_id, event)


def _name(connection: Connection | None) -> str:
    is_gone = connection is None or connection.left_at is not None
    return "" if is_gone or connection is None else connection.administration.name
