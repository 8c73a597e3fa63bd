"""How many documents go out together."""

from __future__ import annotations

from chalicelib.domain.ways import Way
from chalicelib.usecases.workspace import Workspace

MOST_BY_API = 50
"""Documents that one delivery by API takes along at most: what was read is sent soon."""


def find_delivery_size(workspace: Workspace) -> int:
    """How many documents a file, or a delivery by API, takes along at most."""
    per_file = workspace.connector.settings.orders_per_file
    return min(per_file, MOST_BY_API) if workspace.shop.way is Way.API else per_file
