"""A shop's locks as they are kept: which seats count, and what the audit says of each change."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import timedelta

from chalicelib.domain.events import AuditEvent, ShopStep
from chalicelib.domain.period_locks import Locks, PeriodLock, list_standing, mark_seat
from chalicelib.domain.shops import Shop, ShopState
from chalicelib.errors import RequestError
from chalicelib.usecases.shop.seat_holders import list_seats
from chalicelib.usecases.workspace import Workspace

MADE_UP_FOR = timedelta(days=3)
"""How long the nightly watch looks whether the audit tells of a lock."""

_NOT_INSTALLED = (ShopState.INSTALLING, ShopState.UNINSTALLED)


def read_seats(workspace: Workspace) -> frozenset[str]:
    """The marks of the seats that there are, where any lock asks for them."""
    if not any(lock.seat for lock in list_standing(workspace.shop.locks)):
        return frozenset()
    return frozenset(mark_seat(seat) for seat in list_seats(workspace))


def change_locks(workspace: Workspace, change: Callable[[Locks, Collection[str]], Locks]) -> bool:
    """Change the shop's locks by what `change` makes of them and of the marks of seats, and say so
    in its audit. Whether anything was changed. Raises `RequestError` for a shop that is not
    installed, and whatever `change` does.
    """
    before: list[Locks] = []

    def change_shop(stored: Shop) -> Shop:
        if stored.state in _NOT_INSTALLED:
            raise RequestError("The books of a shop that is not installed are not closed.")
        before[:] = [stored.locks]
        # The seats are read for the locks as they are in this moment.
        seats = read_seats(replace(workspace, shop=stored))
        return replace(stored, locks=change(stored.locks, seats))

    after = workspace.update_shop(change_shop).locks
    former = _list_events(before[-1])
    for event in _list_events(after):
        if event not in former:
            workspace.connector.shops.append_audit(workspace.shop_id, event)
    return after != before[-1]


def complete_lock_audit(workspace: Workspace) -> None:
    """Make up for lines that are missing in the audit of locks set or taken back lately."""
    since = workspace.now() - MADE_UP_FOR
    events = [event for event in _list_events(workspace.shop.locks) if event.at >= since]
    if not events:
        return
    shops, shop_id = workspace.connector.shops, workspace.shop_id
    written = {(event.step, event.at) for event in shops.audit(shop_id)}
    for event in events:
        if (event.step, event.at) not in written:
            shops.append_audit(shop_id, event)


def _list_events(locks: Locks) -> list[AuditEvent]:
    """What the audit says of these locks, each under the moment of the change itself."""
    return [event for lock in locks for event in _list_events_of(lock)]


def _list_events_of(lock: PeriodLock) -> list[AuditEvent]:
    events = [AuditEvent(at=lock.at, step=ShopStep.LOCK, by=lock.by, note=lock.note)]
    if lock.lifted is not None:
        note = f"{lock.note}: {lock.lifted.reason}"
        by, at = lock.lifted.by, lock.lifted.at
        events.append(AuditEvent(at=at, step=ShopStep.UNLOCK, by=by, note=note))
    return events
