"""The operator migrates existing orders of a shop."""

from __future__ import annotations

from typing import Any

from chalicelib import bootstrap
from chalicelib.entries.unforeseen import hide_unforeseen_errors
from chalicelib.usecases.operating import backfill as migration


def backfill(event: Any, _context: Any) -> dict[str, Any]:
    """Migrate existing orders, for the operator; see `usecases.operating.backfill`."""
    with hide_unforeseen_errors():
        return migration.backfill(bootstrap.open_connector(), event)
