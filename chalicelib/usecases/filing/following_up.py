"""What follows a run that did not do all it was to: later tries the same night.

What may pass by itself is tried again after 15 minutes, one hour and three hours, and then left to
the next night. A message may be delayed for 15 minutes at most, so one that comes early passes
itself on. Each has one successor, known by its name: what is delivered twice does not multiply.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from chalicelib.domain.causes import ReleaseCause
from chalicelib.domain.shop_records import FollowUp
from chalicelib.domain.shops import TroubleCause
from chalicelib.ports import LONGEST_DELAY, Task
from chalicelib.usecases.filing.run import Run

TRIES_AFTER = (timedelta(minutes=15), timedelta(hours=1), timedelta(hours=3))
"""When a run that failed is tried again, counted from its failure."""

TOO_SOON = timedelta(minutes=5)
"""A try that would come sooner than this after another is left out."""

UNFINISHED_AFTER = timedelta(hours=24)
"""For so long a shop's runs may go on in parts. Then one night's work is not done when the next
begins, and a person should know.
"""

_IN_PARTS = (ReleaseCause.BUDGET, ReleaseCause.TIME, ReleaseCause.ASPERION_BUSY)


def is_time_to_try(run: Run) -> bool:
    """Whether the later try that this run's message is about is due now. Early, it passes itself
    on; when nothing is to be tried any more, or another message is under way, it is done with.
    """
    kept, now = _read(run), run.now()
    if kept.next_at is None or _is_under_way(run, kept):
        return False
    if now >= kept.next_at:
        return True
    _send_try(run, kept, kept, at=kept.next_at)
    return False


def try_after_the_other(run: Run) -> bool:
    """Another run is at work on the shop: the try comes again when its lease ends. False when none
    is at work any more.
    """
    lease = run.connector.shops.find_lease(run.shop_id)
    if lease.until is None or not lease.is_held(run.now()):
        return False
    kept = _read(run)
    _send_try(run, kept, kept, at=lease.until)
    return True


def follow_up(run: Run, *, is_try: bool, is_whole: bool) -> None:
    """Under the lease: let a later try follow a run that left something which may pass, and forget
    the tries when nothing is left. `is_try`: the run was such a try itself.
    """
    kept = _read(run)
    if run.resume_at is not None:
        _count_parts(run, kept)
    elif run.left or (run.trouble is not None and run.trouble.passes):
        _plan_try(run, kept, is_try=is_try)
    elif is_whole or run.trouble is not None:
        _save(run, kept, FollowUp())


def _read(run: Run) -> FollowUp:
    return run.connector.shops.load(run.shop_id, FollowUp) or FollowUp()


def _count_parts(run: Run, kept: FollowUp) -> None:
    """The run goes on by itself; for a day and more is too long."""
    if run.stopped_by not in _IN_PARTS:
        return
    since = kept.unfinished_since or run.now()
    if run.now() - since >= UNFINISHED_AFTER:
        run.trouble = TroubleCause.UNFINISHED
    _save(run, kept, replace(kept, unfinished_since=since))


def _plan_try(run: Run, kept: FollowUp, *, is_try: bool) -> None:
    now = run.now()
    failed_at = (kept.failed_at if is_try else None) or now
    moments = (failed_at + after for after in TRIES_AFTER)
    next_at = next((moment for moment in moments if moment > now + TOO_SOON), None)
    planned = replace(
        kept,
        failed_at=failed_at,
        tries=kept.tries + 1 if is_try else 0,
        next_at=next_at,
        unfinished_since=None,
    )
    if next_at is None:
        _save(run, kept, replace(planned, comes_at=None, run=""))
    elif _is_under_way(run, kept):
        _save(run, kept, planned)
    else:
        _send_try(run, kept, planned, at=next_at)


def _is_under_way(run: Run, kept: FollowUp) -> bool:
    """Whether the try's message is another than this run's, and is still to come."""
    is_another = kept.run != run.origin
    return is_another and kept.comes_at is not None and kept.comes_at > run.now()


def _send_try(run: Run, kept: FollowUp, planned: FollowUp, *, at: datetime) -> None:
    """Send the message, then keep its name: that of a message which never was would silence all
    others.
    """
    now = run.now()
    delay = min(max(int((at - now).total_seconds()) + 1, 1), LONGEST_DELAY)
    comes_at = now + timedelta(seconds=delay)
    name = f"{run.origin.partition('+')[0]}+{comes_at:%H%M%S%f}"
    run.connector.queue.send(run.shop_id, delay=delay, run=name, task=Task.RETRY)
    _save(run, kept, replace(planned, comes_at=comes_at, run=name))


def _save(run: Run, kept: FollowUp, planned: FollowUp) -> None:
    """Keep what is planned, unless another run has planned something else meanwhile."""
    if planned != kept:
        run.connector.shops.change(
            run.shop_id, FollowUp, lambda now: planned if (now or FollowUp()) == kept else None
        )
