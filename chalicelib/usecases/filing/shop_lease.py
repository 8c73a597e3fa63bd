"""A run's lease on its shop: short, and renewed as the work goes on.

Correctness does not rest on it but on the conditional writes beneath; it keeps two runs from doing
the same work, and a killed run from keeping its shop. The run's message is kept from coming back
for as long, so that it comes back soon after its run was killed.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from datetime import datetime, timedelta
from threading import get_ident
from typing import Any, TypeVar, cast

from chalicelib.errors import LeaseLost, QueueError, ShopError
from chalicelib.lazy_dataclass import dataclass
from chalicelib.ports import ShopApi
from chalicelib.usecases.connector import Connector

log = logging.getLogger(__name__)

R = TypeVar("R")

AFTER_THE_LEASE = timedelta(seconds=10)
"""How long after the end of the lease the message of a killed run comes back: clocks differ."""


@dataclass(slots=True, kw_only=True)
class ShopLease:
    """The lease that `owner` has until `until`. `receipt` is that of the run's message, if any."""

    connector: Connector
    shop_id: int
    owner: str
    until: datetime
    receipt: str = ""

    def renew_when_due(self) -> None:
        """Renew the lease once half of it has passed. Raises `LeaseLost`."""
        if self.until - self.connector.clock() <= self.connector.settings.run_lease / 2:
            self.renew()

    def renew(self) -> None:
        """Renew the lease now. Raises `LeaseLost` when another run has taken the shop over."""
        until = self.connector.clock() + self.connector.settings.run_lease
        if not self.connector.shops.renew(self.shop_id, self.owner, until=until):
            raise LeaseLost(f"Another run has taken over shop {self.shop_id}.")
        self.until = until
        _keep_for_the_lease(self.connector, self.receipt)


def take_lease(
    connector: Connector, shop_id: int, owner: str, *, receipt: str, serves_wish: bool
) -> ShopLease | None:
    """The shop's lease; None when another run has it. A run that does all there is, and whose
    message comes back if it is killed, serves the wishes that were noted before it.
    """
    now = connector.clock()
    until = now + connector.settings.run_lease
    if not connector.shops.lease(shop_id, owner, now=now, until=until, serves_wish=serves_wish):
        return None
    _keep_for_the_lease(connector, receipt)
    return ShopLease(
        connector=connector, shop_id=shop_id, owner=owner, until=until, receipt=receipt
    )


def _keep_for_the_lease(connector: Connector, receipt: str) -> None:
    """Let the message come back when the lease has ended, and not sooner."""
    keep_message(connector, receipt, connector.settings.run_lease + AFTER_THE_LEASE)


def keep_message(connector: Connector, receipt: str, time: timedelta) -> None:
    """Let the message that is worked on come back after that time, and not sooner. If that fails it
    comes back later, when the queue's own time is over.
    """
    if not receipt:
        return
    try:
        connector.queue.keep(receipt, int(time.total_seconds()))
    except QueueError as error:
        log.warning("the message is not kept: %s", error)


def renew_at_each_call(api: ShopApi, lease: ShopLease) -> ShopApi:
    """The shop's API, of which every call looks first whether the lease is to be renewed. The lease
    is the work of the thread that asks for it here: calls that `ShopApi.read_many` makes in others
    are made as they are, and the taking of their answers looks after the lease.
    """
    return cast("ShopApi", _LeasedShop(api, lease))


class _LeasedShop:
    """Whatever a run does for long, it calls the shop: for each page and for each document."""

    def __init__(self, api: ShopApi, lease: ShopLease) -> None:
        self._api = api
        self._lease = lease
        self._thread = get_ident()

    def read_many(self, reads: Sequence[Callable[[], R]]) -> Generator[R | ShopError, None, None]:
        self._lease.renew_when_due()
        with closing(self._api.read_many(reads)) as answers:
            for answer in answers:
                yield answer
                self._lease.renew_when_due()

    def __getattr__(self, name: str) -> Callable[..., Any]:
        call = getattr(self._api, name)

        def renew_and_call(*args: Any, **kwargs: Any) -> Any:
            if get_ident() == self._thread:
                self._lease.renew_when_due()
            return call(*args, **kwargs)

        return renew_and_call
