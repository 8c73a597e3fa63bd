"""A run that stopped before its end goes on by a message, instead of waiting in a function."""

from __future__ import annotations

from datetime import datetime, timedelta

from chalicelib.domain.causes import ReleaseCause
from chalicelib.domain.shop_records import UsedUpBudget
from chalicelib.ports import LONGEST_DELAY
from chalicelib.usecases.filing.run import Run


def continue_later(run: Run) -> None:
    """Hand the job on by a delayed message, if there is more to do. Raises `QueueError`."""
    if run.resume_at is None:
        return
    wait = (run.resume_at - run.now()).total_seconds()
    delay = min(max(int(wait) + 1, 1), LONGEST_DELAY)
    if run.stopped_by is ReleaseCause.BUDGET:
        _hand_on_once(run, run.resume_at, delay)
    else:
        run.connector.queue.send(run.shop_id, delay=delay, run=run.origin)


def _hand_on_once(run: Run, until: datetime, delay: int) -> None:
    """Send a message on, unless one that waits for the same moment is under way already.

    Waiting for a new day's allowance takes a hundred messages in a row: if each that is delivered
    twice had two successors, they would multiply. A successor is known by its name rather than by
    the time at which it comes: clocks differ. It is kept once it was sent: a record of a message
    that never was would silence all others.
    """
    now = run.now()
    kept = run.connector.shops.load(run.shop_id, UsedUpBudget)
    if kept is not None and kept.until == until and kept.run != run.origin and kept.next_at > now:
        return
    next_at = now + timedelta(seconds=delay)
    successor = f"{run.origin.partition('+')[0]}+{next_at:%H%M%S%f}"
    run.connector.queue.send(run.shop_id, delay=delay, run=successor)
    used_up = UsedUpBudget(until=until, next_at=next_at, run=successor)
    run.connector.shops.save(run.shop_id, used_up)
