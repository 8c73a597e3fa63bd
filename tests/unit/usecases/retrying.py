"""A held order waits again, whatever it looks like by now."""

from __future__ import annotations

from chalicelib.domain.causes import RequestCause
from chalicelib.domain.events import Actor, OrderStep
from chalicelib.usecases.workspace import Workspace


def retry_order(workspace: Workspace, number: str) -> int:
    """The merchant lets what is held of an order wait for the next run, as the page does when there
    is no time to look at it first; how many documents.
    """
    step, cause = OrderStep.RETRY, RequestCause.ASKED
    keys = [entry.key for entry in workspace.entries_of(number)]
    taken = [workspace.record(key, step, by=Actor.MERCHANT, cause=cause) for key in keys]
    return sum(entry is not None for entry in taken)
