"""What belongs into the books, and what the inbox really holds."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple
from xml.etree import ElementTree as ET

from chalicelib.domain.days import local_day
from chalicelib.domain.ledger import Entry, EntryState, FileState
from tests.simulation.sim_shop import SimOrder, Version

if TYPE_CHECKING:
    from tests.simulation.sim_world import World

SHOP_ID = 184520


class Sold(NamedTuple):
    """One invoice in a file: the order's number, its customer, its total, what it says it is."""

    number: str
    email: str
    total: Decimal
    description: str


@lru_cache(maxsize=500)
def read_file(content: bytes) -> tuple[Sold, ...]:
    """Every invoice of a file."""
    return tuple(
        Sold(
            number=order.findtext("OrderNumber") or "",
            email=order.findtext("Debtor/Email") or "",
            total=sum(
                (Decimal(each.text or "") for each in order.findall("Orderline/LineTotalIncl")),
                Decimal(0),
            ),
            description=order.findtext("Description") or "",
        )
        for order in ET.fromstring(content).findall("Orders/Order")
    )


def is_in_unknown(world: World, entry: Entry) -> bool:
    """Whether a document's file is truthfully unknown."""
    if entry.state is not EntryState.CLAIMED or not world.inbox.mute:
        return False
    file = world.files.get(SHOP_ID, entry.file or "")
    return file is not None and file.state is FileState.UNKNOWN and entry.key in file.keys


def is_wanted(world: World, one: SimOrder, version: Version) -> bool:
    """Whether an order in this shape belongs into the books: due, and not the business of the
    time before the connector came.
    """
    if not version.due(on_account=world.on_account):
        return False
    installed = world.shops.records[SHOP_ID].installed_at
    order = version.order
    if order.created_at >= installed or (order.paid_at is None and not world.on_account):
        return True
    return order.paid_at is not None and local_day(order.paid_at) >= local_day(installed)
