"""The operator sees what another version of the rules of booking does, and switches shops."""

from __future__ import annotations

from typing import Any

from chalicelib import bootstrap
from chalicelib.entries.unforeseen import hide_unforeseen_errors
from chalicelib.usecases.operating import behaviour_switch


def behaviours(event: Any, _context: Any) -> dict[str, Any]:
    """Preview or switch versions, for the operator; see `usecases.operating.behaviour_switch`."""
    with hide_unforeseen_errors():
        return behaviour_switch.behaviours(bootstrap.open_connector(), event)
