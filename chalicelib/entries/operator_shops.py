"""The operator looks after all shops."""

from __future__ import annotations

from typing import Any

from chalicelib import bootstrap
from chalicelib.entries.unforeseen import hide_unforeseen_errors
from chalicelib.usecases.operating import fleet


def shops(event: Any, _context: Any) -> dict[str, Any]:
    """List, pause or resume shops, for the operator; see `usecases.operating.fleet`."""
    with hide_unforeseen_errors():
        return fleet.shops(bootstrap.open_connector(), event)
