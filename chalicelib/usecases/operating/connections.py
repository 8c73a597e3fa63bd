"""How the two connections stand, to the webshop and to Asperion, by what our own tables tell."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from chalicelib.domain.ledger import FileEntry, FileState
from chalicelib.domain.shop_records import Trouble, WatchFindings
from chalicelib.domain.shops import Shop, ShopState, TroubleCause
from chalicelib.domain.statement import DayStatement
from chalicelib.lazy_dataclass import dataclass


class ConnectionState(StrEnum):
    """How a connection stands."""

    WORKS = "works"
    TROUBLED = "troubled"  # the last run did not get its answer
    REFUSED = "refused"  # only the merchant can mend it
    HINDERED = "hindered"  # it is the connector itself that cannot use it
    UNUSED = "unused"  # nothing went over it yet


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """`since` is when it came to stand so, `answered_at` when it last answered well; None when that
    is not known.
    """

    state: ConnectionState
    since: datetime | None = None
    answered_at: datetime | None = None


_OF_SHOP = frozenset(
    {
        TroubleCause.SHOP_UNAVAILABLE,
        TroubleCause.SHOP_FORBIDDEN,
        TroubleCause.SHOP_UNAUTHORISED,
        TroubleCause.UNPROVEN,
        TroubleCause.APP_REFUSED,
        TroubleCause.SHOP_REFUSED,
        TroubleCause.LANGUAGE,
    }
)
_OF_INBOX = frozenset(
    {
        TroubleCause.INBOX_REFUSED,
        TroubleCause.INBOX_UNAVAILABLE,
        TroubleCause.INBOX_UNKNOWN,
        TroubleCause.LICENCE,
        TroubleCause.ADMINISTRATION_CLOSED,
    }
)
_OF_CONNECTOR = frozenset({TroubleCause.VAULT_UNAVAILABLE, TroubleCause.SEAL_BROKEN})


def find_shop_connection(
    shop: Shop,
    trouble: Trouble | None,
    days: Iterable[DayStatement],
    findings: WatchFindings | None,
) -> Connection:
    """The connection to the webshop: it answered when its list was compared, when a sweep saw it
    whole, and when the watch asked for its payment methods.
    """
    checks = [day.check.at for day in days if day.check is not None and day.check.is_whole]
    answers = [*checks, shop.swept_until, None if findings is None else findings.at]
    answered_at = max((at for at in answers if at is not None), default=None)
    if shop.state is ShopState.DISCONNECTED:
        state, since = ConnectionState.REFUSED, shop.changed_at
        return Connection(state=state, since=since, answered_at=answered_at)
    since = shop.token_since or shop.installed_at
    return _judge(trouble, _OF_SHOP, since, answered_at)


def find_inbox_connection(
    shop: Shop, trouble: Trouble | None, files: Iterable[FileEntry]
) -> Connection:
    """The connection to Asperion: it answered well when it last took a file."""
    placed = [file.since for file in files if file.state is FileState.PLACED]
    if trouble is not None and trouble.cause is TroubleCause.CONNECT_AGAIN:
        answered_at = max(placed, default=None)
        state = ConnectionState.REFUSED
        return Connection(state=state, since=trouble.since, answered_at=answered_at)
    changes = [change.at for change in (*shop.licence_changes, *shop.connection_changes)]
    since = max([shop.installed_at, *changes])
    found = _judge(trouble, _OF_INBOX, since, max(placed, default=None))
    if found.state is ConnectionState.WORKS and not placed:
        return Connection(state=ConnectionState.UNUSED, since=since)
    return found


def _judge(
    trouble: Trouble | None,
    own: frozenset[TroubleCause],
    since: datetime,
    answered_at: datetime | None,
) -> Connection:
    cause = None if trouble is None else trouble.cause
    if trouble is None or cause not in own | _OF_CONNECTOR:
        return Connection(state=ConnectionState.WORKS, since=since, answered_at=answered_at)
    is_own = cause in own
    state = ConnectionState.TROUBLED if is_own else ConnectionState.HINDERED
    return Connection(state=state, since=trouble.since, answered_at=answered_at)
