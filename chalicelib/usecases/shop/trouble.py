"""What keeps a shop's exports from ending well: kept beside the shop until one ends well."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from chalicelib.domain.shop_records import FollowUp, Trouble
from chalicelib.domain.shops import TroubleCause
from chalicelib.usecases.workspace import Workspace

_LATE = timedelta(minutes=30)
"""A try whose message has not come for so long comes no more."""

_MENDED_BY_COMING = (
    TroubleCause.SHOP_UNAUTHORISED,
    TroubleCause.UNPROVEN,
    TroubleCause.APP_REFUSED,
    TroubleCause.LANGUAGE,
)


def read_trouble(workspace: Workspace) -> Trouble | None:
    """What keeps the shop's exports from ending well; None when the last one did."""
    kept = workspace.connector.shops.load(workspace.shop_id, Trouble)
    return None if kept is None or kept.cause is None else kept


def read_follow_up(workspace: Workspace) -> FollowUp:
    """What follows the shop's last runs, without a try that is long past."""
    kept = workspace.connector.shops.load(workspace.shop_id, FollowUp) or FollowUp()
    if kept.next_at is None or kept.next_at + _LATE > workspace.now():
        return kept
    return replace(kept, next_at=None)


def note_trouble(workspace: Workspace, cause: TroubleCause) -> None:
    """Keep what troubles the shop, since the first run that met it."""
    kept, now = read_trouble(workspace), workspace.now()
    since = kept.since if kept is not None and kept.cause is cause else now
    trouble = Trouble(cause=cause, since=since, at=now)
    workspace.connector.shops.save(workspace.shop_id, trouble)


def clear_trouble(workspace: Workspace) -> None:
    """Nothing troubles the shop any more."""
    if read_trouble(workspace) is not None:
        workspace.connector.shops.save(workspace.shop_id, Trouble())


def clear_trouble_by_coming(workspace: Workspace) -> bool:
    """The merchant came from SEOshop with a token and a language that work. Whether that ended what
    kept the shop's exports from ending well.
    """
    kept = read_trouble(workspace)
    is_mended = kept is not None and kept.cause in _MENDED_BY_COMING
    if is_mended:
        clear_trouble(workspace)
    return is_mended
