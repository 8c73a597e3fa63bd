"""Sending out all shops of a night, slice by slice.

A slice is paged through the index of its slot, and each page's shops get their messages; how far it
is, is kept after every page. So a slice that is killed, that fails, or that is delivered twice goes
on where it was: each shop has a message at least once, and twice at most where the page under way
is done again. A second message does no harm, since a shop has one run at a time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from chalicelib.domain.fleet_halt import FleetPart
from chalicelib.domain.nights import Slice, SliceProgress
from chalicelib.domain.tasks import Task
from chalicelib.usecases.connector import Connector
from chalicelib.usecases.filing.shop_lease import keep_message
from chalicelib.usecases.shop.app_proof import ALL_SHOPS

PAGE = 500
"""Shops that are read and sent out at once: fifty calls of the queue, some two seconds."""

MESSAGE_KEPT = timedelta(minutes=5)
"""After so long without a page done, the message of a slice that was killed comes back."""

MOST_ENTERING = 1000
"""Shops of earlier versions that a slice lets enter their slot in one night."""


def send_slice(
    connector: Connector, one: Slice, *, stop_at: datetime, receipt: str = ""
) -> list[SliceProgress]:
    """Send the messages of a slice's shops, page after page until `stop_at`, and of the slots that
    go along with it; a message then goes on with the rest. One that comes before its time is sent
    again. Gives how far each slot is that was begun. `receipt` is the one under which its message
    was received. Raises `QueueError`.
    """
    now = connector.clock()
    if one.due_at > now:
        connector.queue.send_slices([one], now=now)
        return []
    done: list[SliceProgress] = []
    left: Slice | None = one
    while left is not None:
        progress = _send_slot(connector, left, stop_at, receipt)
        done.append(progress)
        if progress.is_of(left) and progress.done_at is None:
            rest = replace(left, after=progress.after)
            connector.queue.send_slices([rest], now=connector.clock())
            break
        left = left.next
    return done


def _send_slot(connector: Connector, one: Slice, stop_at: datetime, receipt: str) -> SliceProgress:
    progress = _begin(connector, one, connector.clock())
    if one.task is Task.WATCH and not progress.sent:
        connector.shops.enter_slot(one.slot, limit=MOST_ENTERING)
    while progress.is_of(one) and progress.done_at is None and connector.clock() < stop_at:
        keep_message(connector, receipt, MESSAGE_KEPT)
        progress = _send_page(connector, one, progress)
    return progress


def _begin(connector: Connector, one: Slice, now: datetime) -> SliceProgress:
    """How far the slice is, or a later night's that has taken its place."""
    begun = SliceProgress(
        task=one.task,
        slot=one.slot,
        part=one.part,
        run=one.run,
        due_at=one.due_at,
        started_at=now,
        at=now,
        after=one.after,
    )
    return _change(connector, one, begun)


def _send_page(connector: Connector, one: Slice, progress: SliceProgress) -> SliceProgress:
    find = connector.shops.numbers if one.task is Task.WATCH else connector.shops.exporting
    page = find(one.slot, after=progress.after, limit=PAGE)
    sent = connector.queue.send_many(_choose(connector, one, page), run=one.run, task=one.task)
    now = connector.clock()
    done = replace(
        progress,
        at=now,
        after=page[-1] if page else progress.after,
        sent=progress.sent + sent,
        done_at=now if len(page) < PAGE else None,
    )
    return _change(connector, one, done)


def _choose(connector: Connector, one: Slice, page: Sequence[int]) -> Sequence[int]:
    """Those of these shops that are of the slice's part."""
    if one.part is FleetPart.ALL:
        return page
    found = connector.shops.get_all(page)
    return [shop_id for shop_id in page if shop_id in found and one.part.covers(found[shop_id])]


def _change(connector: Connector, one: Slice, mine: SliceProgress) -> SliceProgress:
    """Keep how far this worker is, unless another one is further, or has a later night in hand."""

    def keep(kept: SliceProgress | None) -> SliceProgress:
        if kept is None or not (kept.is_of(one) or kept.comes_after(one)):
            return mine
        is_behind = kept.is_of(one) and kept.done_at is None and kept.after < mine.after
        return mine if is_behind or _ends(kept, mine) else kept

    return connector.shops.change(ALL_SHOPS, SliceProgress, keep, one.name) or mine


def _ends(kept: SliceProgress, mine: SliceProgress) -> bool:
    """Whether this worker has come to the end of what another one has in hand as far."""
    return kept.run == mine.run and kept.done_at is None and mine.done_at is not None
