"""The operator repeats or repairs exports of a shop."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from chalicelib import bootstrap
from chalicelib.entries.unforeseen import hide_unforeseen_errors
from chalicelib.usecases.operating import rerun as rerunning


def rerun(event: Any, context: Any) -> dict[str, Any]:
    """Repeat or repair exports, for the operator; see `usecases.operating.rerun`."""
    run = getattr(context, "aws_request_id", None) or uuid4().hex
    with hide_unforeseen_errors():
        return rerunning.rerun(bootstrap.open_connector(), event, run=f"rerun/{run}")
