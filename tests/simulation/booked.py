"""What belongs into the books, and what the inbox really holds."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from functools import cache, lru_cache
from typing import TYPE_CHECKING, NamedTuple
from xml.etree import ElementTree as ET

from chalicelib.domain.days import local_day
from chalicelib.domain.events import FileStep, OrderStep
from chalicelib.domain.fingerprint import inbox_print
from chalicelib.domain.ledger import Entry, EntryState, FileEntry, FileState
from chalicelib.domain.orders import Order, PaymentStatus
from chalicelib.domain.print_keys import derive_key
from chalicelib.domain.ways import Way
from tests.fakes.fixed_secrets import PRINT_SECRET
from tests.fakes.open_vault import look_into
from tests.simulation.delivered import is_unknowable, list_contents, list_late
from tests.simulation.migrated import is_migrated
from tests.simulation.sim_inbox import INBOX_URL
from tests.simulation.sim_orders import Version

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


def list_files(world: World) -> dict[str, bytes]:
    """What came in, by file or by API, but for what nobody can know of: it was denied to everybody
    who asked, or came after it had been given up, and whoever sent it did not live to hear of it.
    """
    hidden = {*world.observer.unprovable, *world.inbox.late}
    hidden |= list_late(world, world.asperion.orphaned)
    files = world.files.items.get(SHOP_ID, {})
    return {
        name: one
        for name, one in list_contents(world).items()
        if name not in hidden or files[name].state is not FileState.VOID
    }


def list_sold(world: World, name: str, content: bytes) -> list[Sold]:
    """What a file adds to the books: all of it, but of one that surfaced late only what no other
    file took along; the rest is told of as double.
    """
    sold = read_file(content)
    file = world.files.get(SHOP_ID, name)
    if file is None or all(event.step is not FileStep.SURFACE for event in file.history):
        return list(sold)
    entries = [world.entries.items[SHOP_ID][key] for key in file.keys]
    inside = {_describe(world, entry) for entry in entries if _was_placed_by(entry, name)}
    return [one for one in sold if inside & _own_numbers(one.description)]


def _own_numbers(description: str) -> set[str]:
    """The numbers of the document itself: a credit note names what it takes back as well."""
    words = description.split()
    if "creditfactuur" in words:
        return {words[words.index("creditfactuur") + 1]}
    return set(words)


def _was_placed_by(entry: Entry, name: str) -> bool:
    return any(e.step is OrderStep.PLACE and e.file == name for e in entry.history)


def _describe(world: World, entry: Entry) -> str:
    bill = world.shop.bills.get(entry.document_id)
    return entry.number if bill is None else bill.number


def is_in_unknown(world: World, entry: Entry) -> bool:
    """Whether a document's file is truthfully unknown."""
    if entry.state is not EntryState.CLAIMED:
        return False
    file = world.files.get(SHOP_ID, entry.file or "")
    return file is not None and entry.key in file.keys and is_truly_unknown(world, file)


def is_truly_unknown(world: World, file: FileEntry) -> bool:
    """Whether nothing that could be asked would tell what became of a file: an inbox that cannot be
    asked, another one than it was sent to, or one that has contradicted itself.
    """
    if file.way is Way.API:
        return file.state is FileState.UNKNOWN and is_unknowable(world, file)
    inbox = world.inbox
    is_elsewhere = file.inbox not in {_print_inbox(code) for code in _list_known_codes(world)}
    contradicts = file.name not in inbox.files and file.acknowledged_at is not None
    is_unclear = inbox.mute or is_elsewhere or contradicts
    return file.state is FileState.UNKNOWN and is_unclear


def _list_known_codes(world: World) -> list[str]:
    """The shop's present licence code, and the former ones that it still has."""
    shop = world.shops.records[SHOP_ID]
    codes = (shop.licence, *(one.code for one in shop.licence_changes))
    return [look_into(code) or "" for code in codes if code is not None]


@cache
def _print_inbox(licence: str) -> str:
    return inbox_print(INBOX_URL, licence, derive_key(PRINT_SECRET, SHOP_ID))


def is_wanted(world: World, version: Version) -> bool:
    """Whether an order in this shape belongs into the books: due, and not the business of the
    time before the connector came, unless a migration has brought it in.
    """
    standing = world.standings.now
    if is_migrated(world, version):
        return version.due(on_account=False)
    if not version.due(on_account=standing.policy.on_account):
        return False
    if version.order.payment_status is not PaymentStatus.PAID:
        # Nobody tells of an order that was there before the merchant changed his mind.
        return version.time >= world.standings.account_since and _is_since(
            version.order, standing.installed_at, on_account=True
        )
    return _is_since(version.order, standing.installed_at, on_account=standing.policy.on_account)


def may_be_booked(world: World, version: Version, first: float, last: float) -> bool:
    """Whether an order in this shape could rightly be in a file made and sent between these times,
    but for the question of what was before the connector came.
    """
    return any(
        version.due(on_account=standing.policy.on_account)
        for standing in world.standings.during(first, last)
    )


def is_of_before(world: World, version: Version) -> bool:
    """Whether an order in this shape was the business of the time before the connector came."""
    first = world.standings.first_installed_at
    return not _is_since(version.order, first, on_account=world.standings.ever_on_account)


def _is_since(order: Order, installed_at: datetime, *, on_account: bool) -> bool:
    if order.created_at >= installed_at or (order.paid_at is None and not on_account):
        return True
    return order.paid_at is not None and local_day(order.paid_at) >= local_day(installed_at)
