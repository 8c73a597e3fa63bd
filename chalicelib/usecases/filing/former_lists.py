"""What versions before 1.4.0 kept otherwise, put where a page reads it in few queries: once a shop,
by its next run.
"""

from __future__ import annotations

from dataclasses import replace

from chalicelib.domain.open_records import JoinedLists
from chalicelib.usecases.filing.lateness import find_start
from chalicelib.usecases.workspace import Workspace


def are_lists_joined(workspace: Workspace) -> bool:
    """Whether what waits, and what asks for somebody, is each in one list."""
    return workspace.connector.shops.load(workspace.shop_id, JoinedLists) is not None


def join_former_lists(workspace: Workspace) -> None:
    """Join the lists of a shop, and note since when it exports. They count as joined when a run has
    found nothing left to move: what an older version wrote while this one came is moved as well.
    """
    shops, shop_id = workspace.connector.shops, workspace.shop_id
    if are_lists_joined(workspace):
        return
    if not workspace.connector.entries.join_lists(shop_id):
        shops.save(shop_id, JoinedLists(at=workspace.now()))
    if workspace.shop.exports_since is None:
        start = find_start(workspace)
        workspace.update_shop(
            lambda stored: (
                replace(stored, exports_since=start)
                if stored.state.exports and stored.exports_since is None
                else stored
            )
        )
