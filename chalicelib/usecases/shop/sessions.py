"""Ending a merchant's or a bookkeeper's sessions before their time.

A session is a signed cookie and needs no record while it lasts. What is kept is which ones are
over, for as long as they would have lasted: a merchant's beside the shop, a bookkeeper's, which are
of no shop, under his holder.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from chalicelib.domain.events import Actor, ShopStep
from chalicelib.domain.shop_records import EndedSessions, HolderSessions
from chalicelib.ports import Shops
from chalicelib.usecases.connector import Connector
from chalicelib.usecases.shop.app_proof import ALL_SHOPS
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
    return _covers(shops.load(shop_id, EndedSessions), session, begun_at)


def end_session(workspace: Workspace, session: str, begun_at: datetime) -> None:
    """Sign one session out."""
    now = workspace.now()

    def end(kept: EndedSessions | None) -> EndedSessions:
        return _add_ended(kept or EndedSessions(), session, begun_at, now)

    workspace.connector.shops.change(workspace.shop_id, EndedSessions, end)


def end_all_sessions(workspace: Workspace) -> None:
    """Sign all sessions of the shop out that have begun, in every browser, and say so in its
    audit.
    """
    ended = EndedSessions(before=workspace.now() + _INSTANT)
    workspace.connector.shops.save(workspace.shop_id, ended)
    workspace.append_audit(ShopStep.END_SESSIONS, Actor.MERCHANT)


def is_ended_for_holder(shops: Shops, holder: str, session: str, begun_at: datetime) -> bool:
    """Whether a bookkeeper's session was signed out, by itself or with all others of his."""
    kept = shops.load(ALL_SHOPS, HolderSessions, _name_record(holder))
    return kept is not None and _covers(kept.ended, session, begun_at)


def end_session_of_holder(
    connector: Connector, holder: str, session: str, begun_at: datetime
) -> None:
    """Sign one session of a bookkeeper out."""
    now = connector.clock()
    _end_of_holder(connector, holder, lambda kept: _add_ended(kept, session, begun_at, now))


def end_all_sessions_of_holder(connector: Connector, holder: str) -> None:
    """Sign all sessions of a bookkeeper out that have begun, in every browser."""
    before = connector.clock() + _INSTANT
    _end_of_holder(connector, holder, lambda _: EndedSessions(before=before))


def _end_of_holder(
    connector: Connector, holder: str, end: Callable[[EndedSessions], EndedSessions]
) -> None:
    until = connector.clock() + SESSION_TIME

    def change(kept: HolderSessions | None) -> HolderSessions:
        ended = EndedSessions() if kept is None else kept.ended
        return HolderSessions(ended=end(ended), needed_until=until)

    connector.shops.change(ALL_SHOPS, HolderSessions, change, _name_record(holder))


def _name_record(holder: str) -> str:
    return f"{HolderSessions.NAME}/{holder}"


def _covers(ended: EndedSessions | None, session: str, begun_at: datetime) -> bool:
    if ended is None:
        return False
    return session in ended.begun_at or (ended.before is not None and begun_at < ended.before)


def _add_ended(
    kept: EndedSessions, session: str, begun_at: datetime, now: datetime
) -> EndedSessions:
    alive = {
        name: begun
        for name, begun in {**kept.begun_at, session: begun_at}.items()
        if now - begun < SESSION_TIME
    }
    newest_first = sorted(alive.items(), key=lambda one: one[1], reverse=True)
    dropped = [begun + _INSTANT for _, begun in newest_first[MOST_ENDED:]]
    before = max(filter(None, (kept.before, *dropped)), default=None)
    return EndedSessions(before=before, begun_at=dict(newest_first[:MOST_ENDED]))
