"""Ending a merchant's sessions before their time.

A session is a signed cookie and needs no record while it lasts. What is kept beside the shop is
which ones are over, for as long as they would have lasted.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from chalicelib.domain.events import Actor, ShopStep
from chalicelib.domain.shop_records import EndedSessions
from chalicelib.ports import Shops
from chalicelib.usecases.workspace import Workspace

SESSION_TIME = timedelta(hours=12)
"""The longest that a session lasts, however much it is used."""

MOST_ENDED = 100
"""So many single sessions are kept as ended. Beyond that the oldest end by their age, and with them
all that are older still.
"""

_INSTANT = timedelta(microseconds=1)


def is_ended(shops: Shops, shop_id: int, session: str, begun_at: datetime) -> bool:
    """Whether a session was signed out, by itself or with all others of its shop."""
    ended = shops.load(shop_id, EndedSessions)
    if ended is None:
        return False
    return session in ended.begun_at or (ended.before is not None and begun_at < ended.before)


def end_session(workspace: Workspace, session: str, begun_at: datetime) -> None:
    """Sign one session out."""
    now = workspace.now()

    def end(kept: EndedSessions | None) -> EndedSessions:
        kept = kept or EndedSessions()
        alive = {
            name: begun
            for name, begun in {**kept.begun_at, session: begun_at}.items()
            if now - begun < SESSION_TIME
        }
        newest_first = sorted(alive.items(), key=lambda one: one[1], reverse=True)
        dropped = [begun + _INSTANT for _, begun in newest_first[MOST_ENDED:]]
        before = max(filter(None, (kept.before, *dropped)), default=None)
        return EndedSessions(before=before, begun_at=dict(newest_first[:MOST_ENDED]))

    workspace.connector.shops.change(workspace.shop_id, EndedSessions, end)


def end_all_sessions(workspace: Workspace) -> None:
    """Sign all sessions of the shop out that have begun, in every browser, and say so in its
    audit.
    """
    ended = EndedSessions(before=workspace.now() + _INSTANT)
    workspace.connector.shops.save(workspace.shop_id, ended)
    workspace.append_audit(ShopStep.END_SESSIONS, Actor.MERCHANT)
