"""The books, checked: what the inbox really holds against what the shop really sold."""

from __future__ import annotations

import hashlib
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from chalicelib.domain.days import local_day
from chalicelib.domain.ledger import Entry, EntryState, FileEntry, FileState
from chalicelib.domain.orders import Order
from tests.simulation.bills import check_bills
from tests.simulation.shop import SimOrder, Version

if TYPE_CHECKING:
    from tests.simulation.world import World

SHOP_ID = 184520
CLOCKS_DIFFER = 1.0  # seconds, of two workers
HELD_FOR = {"email": "email_missing", "unreadable": "unreadable"}


def in_file(content: bytes) -> list[tuple[str, str, Decimal]]:
    """Number, e-mail address and total of every order in a file."""
    found = []
    for order in ET.fromstring(content).findall("Orders/Order"):
        total = sum(
            (Decimal(each.text or "") for each in order.findall("Orderline/LineTotalIncl")),
            Decimal(0),
        )
        email = order.findtext("Debtor/Email") or ""
        found.append((order.findtext("OrderNumber") or "", email, total))
    return found


def wanted(world: World, one: SimOrder, version: Version) -> bool:
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


def check_proof(world: World, process: Any, since: datetime) -> None:
    """At the moment at which the day is called right."""
    booked = numbers_in_inbox(world)
    for one in () if world.bills_only else world.shop.orders.values():
        version = one.now
        if version.time >= process.started or not wanted(world, one, version):
            continue
        if version.order.updated_at < since:
            continue
        entry = world.entries.get(SHOP_ID, f"order-{one.id}")
        if entry is None or entry.state is EntryState.DROPPED:
            world.blame(f"the day is called right without {one.number}")
        elif entry.state is EntryState.PLACED and len(booked.get(one.number, [])) <= entry.revision:
            world.blame(f"the day is called right, {one.number} is placed and not in the inbox")


def numbers_in_inbox(world: World) -> dict[str, list[tuple[str, str, Decimal]]]:
    """For every order number, the files that the inbox holds it in."""
    held: dict[str, list[tuple[str, str, Decimal]]] = {}
    for name, content in world.inbox.files.items():
        for number, email, total in in_file(content):
            held.setdefault(number, []).append((name, email, total))
    return held


def check_books(world: World) -> None:
    """At the end, when all is quiet."""
    booked = numbers_in_inbox(world)
    known = {one.number: one for one in world.shop.orders.values()}
    for number in booked:
        if number not in known:
            world.blame(f"{number} is in a file and no order of the shop")
    if world.bills_only:
        check_bills(world)
    for one in () if world.bills_only else world.shop.orders.values():
        _check_order(world, one, booked.get(one.number, []))
    entries = world.entries.items.get(SHOP_ID, {})
    for entry in entries.values():
        if entry.document_id not in (world.shop.bills or world.shop.orders):
            world.blame(f"{entry.key} is in the ledger and no document of the shop")
    _check_files(world)
    for name in world.inbox.overwritten:
        world.blame(f"{name} was sent with two contents")


def _check_order(world: World, one: SimOrder, booked: list[tuple[str, str, Decimal]]) -> None:
    entry = world.entries.get(SHOP_ID, f"order-{one.id}")
    is_wanted = wanted(world, one, one.now)
    if entry is None:
        if booked:
            world.blame(f"{one.number} is in {booked} and not in the ledger")
        if is_wanted:
            world.blame(f"{one.number} is due and nobody knows it")
        return
    if entry.revision != world.sent_again[entry.key]:
        world.blame(
            f"{one.number} has revision {entry.revision}, was sent again "
            f"{world.sent_again[entry.key]} times"
        )
    stuck = in_unknown(world, entry)
    expected = entry.revision + (entry.state is EntryState.PLACED)
    if len(booked) != expected and not (stuck and len(booked) == expected + 1):
        world.blame(
            f"{one.number} is {entry.state.value} (revision {entry.revision}) and in "
            f"{[name for name, _, _ in booked]}"
        )
    for name, email, total in booked:
        _check_booking(world, one, name, email, total)
    _check_state(world, one, entry, stuck=stuck, is_wanted=is_wanted)


def in_unknown(world: World, entry: Entry) -> bool:
    """Whether its file is truthfully unknown."""
    if entry.state is not EntryState.CLAIMED or not world.inbox.mute:
        return False
    file = world.files.get(SHOP_ID, entry.file or "")
    return file is not None and file.state is FileState.UNKNOWN and entry.key in file.keys


def _check_state(  # noqa: C901
    world: World, one: SimOrder, entry: Entry, *, stuck: bool, is_wanted: bool
) -> None:
    flaw = one.now.flaw
    told = f"{one.number} is {entry.state.value} {entry.hold or ''}"
    if entry.state is EntryState.WAITING:
        world.blame(f"{told} after quiet nights")
    elif entry.state is EntryState.CLAIMED and not stuck:
        world.blame(f"{told} by {entry.file}, which is not truthfully unknown")
    elif entry.state is EntryState.HELD:
        if not is_wanted and flaw is None:
            world.blame(f"{told} and not due")
        elif is_wanted and HELD_FOR.get(flaw or "") != entry.hold:
            world.blame(f"{told} without cause")
    elif entry.state is EntryState.DROPPED:
        if is_wanted:
            world.blame(f"{told} ({entry.history[-1].detail}) and due")
    elif entry.state is EntryState.PLACED:
        if entry.file not in world.inbox.files:
            world.blame(f"{told} in {entry.file}, which the inbox does not hold")
        _check_change(world, one, entry)


def _check_change(world: World, one: SimOrder, entry: Entry) -> None:
    """What happened after booking is marked by its name, unless the merchant has seen it."""
    if one.number in world.accepted:
        return
    content = world.inbox.files.get(entry.file or "")
    if content is None:
        return
    said = [(email, total) for number, email, total in in_file(content) if number == one.number]
    told = f"{one.number} changed after booking"
    if not said:
        return
    expected = _expected_change(world, one.now.order, *said[0])
    allowed = {expected}
    refunded = any(note.order_id == one.id for note in world.shop.credits)
    if refunded and expected not in FELL_THROUGH:
        # Which of two is shown first hangs on which was seen first.
        allowed = {"refunded"} if expected is None else {"refunded", expected}
    if expected is None and one.now.flaw is None and _once_told(entry, "details"):
        allowed.add("details")  # put back as it was, but told of before that
    if expected == "details" and one.now.flaw is not None:
        allowed.add(None)  # SEOshop gives no answer that could be read, or has no address
    if entry.change not in allowed:
        world.blame(f"{told} ({expected}{', refunded' * refunded}), marked {entry.change}")


FELL_THROUGH = ("cancelled", "unpaid")


def _expected_change(world: World, now: Order, email: str, total: Decimal) -> str | None:
    if now.status == "cancelled":
        return "cancelled"
    if not world.on_account and now.payment_status != "paid":
        return "partly_paid" if now.payment_status == "partially_paid" else "unpaid"
    if total != now.price_incl:
        return "edited"
    return "details" if email != now.email else None


def _once_told(entry: Entry, change: str) -> bool:
    return any(event.what == "changed" and event.detail == change for event in entry.history)


def _check_booking(world: World, one: SimOrder, name: str, email: str, total: Decimal) -> None:
    """What the file says was so, and due, between the file's beginning and its last sending."""
    file = world.files.get(SHOP_ID, name)
    if file is None:
        return
    first = (file.history[0].at - world.machine.start).total_seconds()
    sent = [event.at for event in file.history if event.what == "placing"]
    last = (sent[-1] - world.machine.start).total_seconds() if sent else first
    fitting = [
        version
        for version in one.during(first - CLOCKS_DIFFER, last + CLOCKS_DIFFER)
        if version.due(on_account=world.on_account)
        and version.order.price_incl == total
        and version.order.email == email
    ]
    if not fitting:
        world.blame(f"{name} says of {one.number} what was not so ({email}, {total})")
    elif not any(wanted(world, one, version) for version in fitting):
        entry = world.entries.get(SHOP_ID, f"order-{one.id}")
        asked = entry and any(e.by in ("webhook", "operator", "merchant") for e in entry.history)
        if not asked:
            world.blame(f"{one.number} is from before the connector and in {name}")


def _check_files(world: World) -> None:
    files = world.files.items.get(SHOP_ID, {})
    for name in world.inbox.files:
        if name not in files:
            world.blame(f"{name} is in the inbox and not in the ledger")
    for file in files.values():
        _check_file(world, file)


def _check_file(world: World, file: FileEntry) -> None:  # noqa: C901
    content = world.inbox.files.get(file.name)
    told = f"{file.name} is {file.state.value}"
    if len(file.keys) > world.settings.orders_per_file:
        world.blame(f"{told} with {len(file.keys)} orders")
    if content is not None:
        numbers = sorted(number for number, _, _ in in_file(content))
        entries = world.entries.items.get(SHOP_ID, {})
        if numbers != sorted(_order_number(world, entries[key]) for key in file.keys):
            world.blame(f"{told} for {sorted(file.keys)}, the inbox holds {numbers}")
        if hashlib.sha256(content).hexdigest() != file.sha256:
            world.blame(f"{told}, the inbox holds other bytes")
    if file.state is FileState.UNKNOWN:
        if not world.inbox.mute:
            world.blame(f"{told}, and the inbox could be asked")
    elif not file.settled:
        world.blame(f"{told} and not finished")
    elif (file.state is FileState.PLACED) != (content is not None):
        world.blame(f"{told}, the inbox holds it: {content is not None}")


def _order_number(world: World, entry: Entry) -> str:
    bill = world.shop.bills.get(entry.document_id)
    order = world.shop.orders.get(bill.order_id or 0) if bill else None
    return order.number if order else entry.number
