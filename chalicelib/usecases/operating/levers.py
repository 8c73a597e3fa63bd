"""The operator's levers on all shops: dead letters, and tokens that were refused by mistake."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from chalicelib.domain.shops import ShopState
from chalicelib.usecases.connector import Connector
from chalicelib.usecases.filing.health_keeping import try_to_renew_health
from chalicelib.usecases.operating.fleet_lists import list_page
from chalicelib.usecases.operating.shop_levers import Unchanged, report
from chalicelib.usecases.shop.reconnecting import Reconnection, reconnect_shop
from chalicelib.usecases.workspace import open_workspace

RECONNECTING_TIME = timedelta(seconds=40)
"""Less than an operator's client waits for an answer."""

_AT_ONCE = 100


def redrive(connector: Connector, *, dry_run: bool) -> dict[str, Any]:
    """Give the dead letters another chance, or only count them. Raises `QueueError`."""
    if dry_run:
        dead = connector.queue.measure().dead
        why = None if dead else Unchanged.NO_DEAD_LETTERS
        return {"dry_run": True, "dead_letters": dead, **report(why, "would_change")}
    redriven = connector.queue.redrive()
    return {"redriven": redriven, **report(None if redriven else Unchanged.NO_DEAD_LETTERS)}


def reconnect_all(connector: Connector, *, after: int, dry_run: bool) -> dict[str, Any]:
    """Connect every disconnected shop again, each proven first, for as long as there is time; with
    `dry_run` only name them. It goes through all shops in the order in which they are listed, from
    the one after the number `after` on; where it stopped is ``"go_on_after"``, null at the end.
    """
    stop_at = connector.clock() + RECONNECTING_TIME
    outcomes: dict[Reconnection, list[int]] = {outcome: [] for outcome in Reconnection}
    lost, place = list[int](), after
    is_over = False
    while not is_over and connector.clock() < stop_at:
        page = list_page(connector, after=place, limit=_AT_ONCE)
        is_over = len(page) < _AT_ONCE
        for shop in page:
            if shop.state is ShopState.DISCONNECTED:
                if connector.clock() >= stop_at:
                    is_over = False
                    break
                lost.append(shop.shop_id)
                if not dry_run:
                    outcomes[_reconnect(connector, shop.shop_id)].append(shop.shop_id)
            place = shop.shop_id
    go_on_after = None if is_over else place or None
    if dry_run:
        return {
            "dry_run": True,
            "would_change": bool(lost),
            "disconnected": lost,
            "go_on_after": go_on_after,
        }
    done = outcomes.pop(Reconnection.DONE)
    return {
        "changed": bool(done),
        "reconnected": done,
        "not_reconnected": {outcome.value: ids for outcome, ids in outcomes.items() if ids},
        "is_all": is_over,
        "go_on_after": go_on_after,
    }


def _reconnect(connector: Connector, shop_id: int) -> Reconnection:
    outcome = reconnect_shop(open_workspace(connector, shop_id))
    if outcome is Reconnection.DONE:
        try_to_renew_health(connector, shop_id)
    return outcome
