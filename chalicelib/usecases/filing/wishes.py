"""Runs that somebody wishes for while another run is at work on their shop.

The wish is noted with the lease, and whoever holds that sends one message when it lets go. Many
wishes are one. In case the run at work is killed, a message waits for the end of its lease; it is
done with when the wish was served before.
"""

from __future__ import annotations

import logging

from chalicelib.errors import QueueError
from chalicelib.ports import LONGEST_DELAY, Lease, Task
from chalicelib.usecases.connector import Connector
from chalicelib.usecases.filing.run import Run

log = logging.getLogger(__name__)


def note_wish(run: Run) -> bool:
    """Note that this run is wished for, once the one at work lets go; False when none is at work
    any more. Raises `QueueError`.
    """
    wish = _name_wish(run)
    lease = run.connector.shops.note_wish(run.shop_id, wish, now=run.now())
    if lease is None:
        return False
    if lease.wish == wish:
        _come_back_later(run, lease, wish)
    return True


def _name_wish(run: Run) -> str:
    """The same for each delivery of the run's message, and for no other message."""
    message = run.name.removeprefix(run.origin).lstrip("/").partition("/")[0]
    return f"{run.origin.partition('+')[0]}+{message}" if message else run.origin


def _come_back_later(run: Run, lease: Lease, wish: str) -> None:
    """Come back when the lease ends, unless it is renewed."""
    left = ((lease.until or run.now()) - run.now()).total_seconds()
    delay = min(max(int(left) + 1, 1), LONGEST_DELAY)
    run.connector.queue.send(run.shop_id, delay=delay, run=wish, task=Task.WISH)


def is_still_wished(run: Run) -> bool:
    """Whether the wish that this run's message is about was not served yet, and nobody is at work.
    While somebody is, it looks again later. The run itself, killed, is found by its lease.
    """
    lease = run.connector.shops.find_lease(run.shop_id)
    if run.origin not in (lease.wish, lease.owner.partition("/")[0]):
        return False
    if not lease.is_held(run.now()):
        return True
    _come_back_later(run, lease, run.origin)
    return False


def let_go(connector: Connector, shop_id: int, owner: str) -> None:
    """Give the lease that a shop's `owner` has back, and let the run begin that was wished for
    meanwhile.
    """
    wish = connector.shops.release(shop_id, owner)
    if not wish:
        return
    try:
        connector.queue.send(shop_id, run=wish, task=Task.WISH)
    except QueueError as error:  # the message that waits for the lease's end serves it
        log.warning("a wish comes later: %s", error)
