"""What is kept of a connection with Asperion that the merchant ended, and until when.

While it is not known of a delivery whether it is in the administration, Asperion has to be asked,
for which the merchant's access is needed. After that it is forgotten, as is the access of a
merchant who signed in at Asperion and chose no administration.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from chalicelib.domain.connection import AsperionTokens
from chalicelib.domain.shops import Shop
from chalicelib.domain.ways import Way
from chalicelib.usecases.filing.open_files import read_noted_files
from chalicelib.usecases.workspace import Workspace

CHOOSES_WITHIN = timedelta(days=1)
"""How long a merchant who has signed in at Asperion may take to choose an administration."""


def forget_left_connection(workspace: Workspace) -> None:
    """Forget an ended connection, and what opened it, unless a delivery into an administration is
    unfinished. Whoever calls has the shop's lease. Raises `LedgerError`.
    """
    connection, now = workspace.shop.connection, workspace.now()
    tokens = workspace.connector.shops.load(workspace.shop_id, AsperionTokens)
    if connection is None:
        if tokens is not None and now - tokens.granted_at >= CHOOSES_WITHIN:
            forget_access(workspace, tokens)
        return
    if connection.left_at is None or _has_unfinished(workspace):
        return

    def forget(stored: Shop) -> Shop:
        return replace(stored, connection=None) if stored.connection == connection else stored

    workspace.update_shop(forget)
    if workspace.shop.connection is None and tokens is not None:
        forget_access(workspace, tokens)


def forget_access(workspace: Workspace, tokens: AsperionTokens) -> None:
    """Forget what opens the merchant's account, unless he connected again meanwhile."""
    workspace.connector.shops.forget_if(
        workspace.shop_id, AsperionTokens, lambda kept: kept.access == tokens.access
    )


def _has_unfinished(workspace: Workspace) -> bool:
    noted = read_noted_files(workspace)
    return any(file.way is Way.API and not file.is_finished for file in noted)
