"""The books, checked: what the inbox really holds against what the shop really sold."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from chalicelib.domain.events import Actor, FileStep
from chalicelib.domain.holds import HoldReason
from chalicelib.domain.ledger import Entry, EntryState, FileEntry, FileState
from chalicelib.domain.ways import Way
from tests.simulation.bills import check_bills
from tests.simulation.booked import (
    SHOP_ID,
    Sold,
    is_in_unknown,
    is_of_before,
    is_truly_unknown,
    is_wanted,
    list_files,
    list_sold,
    may_be_booked,
    read_file,
)
from tests.simulation.delivered import find_claim, list_contents, read_content
from tests.simulation.entry_checks import check_biography
from tests.simulation.euros import check_money
from tests.simulation.landing_checks import check_landings
from tests.simulation.late_changes import check_change, sweeps_from
from tests.simulation.migrated import check_migration, is_in_migration
from tests.simulation.sale_checks import check_sales
from tests.simulation.sheet_checks import check_returns
from tests.simulation.sim_orders import SimOrder
from tests.simulation.statements import check_last_statements

if TYPE_CHECKING:
    from tests.simulation.sim_world import World

CLOCKS_DIFFER = 1.0  # seconds, of two workers
EVIDENCE = (Actor.WEBHOOK, Actor.OPERATOR, Actor.MERCHANT, Actor.BACKFILL)
HELD_FOR = {"email": "email_missing", "unreadable": "unreadable"}


def list_booked(world: World) -> dict[str, list[tuple[str, Sold]]]:
    """For every order number, the files that the inbox holds it in, and what they say of it."""
    held: dict[str, list[tuple[str, Sold]]] = {}
    for name, content in list_files(world).items():
        for sold in list_sold(world, name, content):
            held.setdefault(sold.number, []).append((name, sold))
    return held


def check_books(world: World) -> None:
    """At the end, when all is quiet."""
    check_last_statements(world)
    check_money(world)
    check_returns(world)
    check_migration(world)
    check_landings(world)
    booked = list_booked(world)
    known = {one.number: one for one in world.shop.orders.values()}
    for number in booked:
        if number not in known:
            world.blame(f"{number} is in a file and no order of the shop")
    _check_documents(world, booked)
    _check_files(world)
    for name in world.inbox.overwritten:
        world.blame(f"{name} was sent with two contents")


def _check_documents(world: World, booked: dict[str, list[tuple[str, Sold]]]) -> None:
    if world.bills_only:
        check_bills(world)
    if world.sells_both:
        check_sales(world, {number: len(files) for number, files in booked.items()})
    for one in world.shop.orders.values() if world.orders_only else ():
        _check_order(world, one, booked.get(one.number, []))
    entries = world.entries.items.get(SHOP_ID, {})
    for entry in entries.values():
        check_biography(world, entry)
        if entry.document_id not in {**world.shop.bills, **world.shop.orders}:
            world.blame(f"{entry.key} is in the ledger and no document of the shop")


def _check_order(world: World, one: SimOrder, booked: list[tuple[str, Sold]]) -> None:
    entry = world.entries.get(SHOP_ID, f"order-{one.id}")
    is_due = is_wanted(world, one.now)
    if entry is None:
        if booked:
            world.blame(f"{one.number} is in {booked} and not in the ledger")
        if is_due and one.now.order.updated_at > sweeps_from(world):
            world.blame(f"{one.number} is due and nobody knows it")
        return
    if entry.revision != world.observer.sent_again[entry.key]:
        world.blame(
            f"{one.number} has revision {entry.revision}, was sent again "
            f"{world.observer.sent_again[entry.key]} times"
        )
    stuck = is_in_unknown(world, entry)
    expected = entry.revision + (entry.state is EntryState.PLACED)
    if len(booked) != expected and not (stuck and len(booked) == expected + 1):
        world.blame(
            f"{one.number} is {entry.state.value} (revision {entry.revision}) and in "
            f"{[name for name, _ in booked]}"
        )
    for name, sold in booked:
        _check_booking(world, one, name, sold)
    _check_state(world, one, entry, stuck=stuck, is_due=is_due)


def _check_state(world: World, one: SimOrder, entry: Entry, *, stuck: bool, is_due: bool) -> None:
    what = f"{one.number} is {entry.state.value} {entry.hold or ''}"
    if entry.state is EntryState.WAITING:
        world.blame(f"{what} after quiet nights")
    elif entry.state is EntryState.CLAIMED and not stuck:
        world.blame(f"{what} by {entry.file}, which is not truthfully unknown")
    elif entry.state is EntryState.HELD:
        _check_hold(world, one, entry, is_due=is_due)
    elif entry.state is EntryState.DROPPED:
        # What was paid while the app was removed is the migration's business.
        if is_due and one.now.order.updated_at > sweeps_from(world):
            world.blame(f"{what} ({entry.drop_cause}) and due")
    elif entry.state is EntryState.PLACED:
        if read_content(world, entry.file or "") is None:
            world.blame(f"{what} in {entry.file}, which never came in")
        check_change(world, one, entry)


def _check_hold(world: World, one: SimOrder, entry: Entry, *, is_due: bool) -> None:
    what = f"{one.number} is held {entry.hold}"
    if entry.hold == HoldReason.MAYBE_BEFORE_START:
        order = one.now.order
        is_dated = order.paid_at is not None and order.updated_at > sweeps_from(world)
        if order.created_at >= world.standings.now.installed_at or is_dated:
            world.blame(f"{what} although it is known")
    elif _waits_for_a_word(world, entry):
        pass
    elif not is_due and one.now.flaw is None:
        world.blame(f"{what} and not due")
    elif is_due and HELD_FOR.get(one.now.flaw or "") != entry.hold:
        world.blame(f"{what} without cause")


def _waits_for_a_word(world: World, entry: Entry) -> bool:
    """An earlier installation could not read it, and nobody but the list knew of it: it may be from
    before that one, and is not read again unasked.
    """
    was_unreadable = entry.hold == HoldReason.UNREADABLE and not entry.has_evidence
    return was_unreadable and entry.since < world.standings.now.installed_at


def _check_booking(world: World, one: SimOrder, name: str, sold: Sold) -> None:
    """What the file says was so, and due, between the file's beginning and its last sending."""
    file = world.files.get(SHOP_ID, name)
    if file is None:
        return
    entry = world.entries.get(SHOP_ID, f"order-{one.id}")
    began = find_claim(entry, name) or file.history[0].at
    first = (began - world.machine.start).total_seconds()
    sent = [event.at for event in file.history if event.step in (FileStep.FIX, FileStep.RESEND)]
    last = (sent[-1] - world.machine.start).total_seconds() if sent else first
    first, last = first - CLOCKS_DIFFER, last + CLOCKS_DIFFER
    fitting = [
        version
        for version in one.during(first, last)
        if may_be_booked(world, version, first, last)
        and version.order.price_incl == sold.total
        and version.order.email == sold.email
    ]
    if not fitting:
        world.blame(f"{name} says of {one.number} what was not so ({sold.email}, {sold.total})")
    elif all(is_of_before(world, version) for version in fitting):
        asked = entry and any(e.by in EVIDENCE for e in entry.history)
        if not asked and not is_in_migration(world, one.now.order):
            world.blame(f"{one.number} is from before the connector and in {name}")


def _check_files(world: World) -> None:
    files = world.files.items.get(SHOP_ID, {})
    contents = list_contents(world)
    for name in contents:
        if name not in files:
            world.blame(f"{name} came in and is not in the ledger")
    for file in files.values():
        _check_file(world, file, contents.get(file.name))


def _check_file(world: World, file: FileEntry, content: bytes | None) -> None:  # noqa: C901
    what = f"{file.name} is {file.state.value}"
    if len(file.keys) > world.settings.orders_per_file:
        world.blame(f"{what} with {len(file.keys)} orders")
    if content is not None:
        numbers = sorted(sold.number for sold in read_file(content))
        entries = world.entries.items.get(SHOP_ID, {})
        if numbers != sorted(_order_number(world, entries[key]) for key in file.keys):
            world.blame(f"{what} for {sorted(file.keys)}, what came in holds {numbers}")
        if file.way is Way.FILE and hashlib.sha256(content).hexdigest() != file.sha256:
            world.blame(f"{what}, the inbox holds other bytes")
    if file.state is FileState.UNKNOWN:
        if not is_truly_unknown(world, file):
            world.blame(f"{what}, and the inbox could be asked")
    elif file.state is FileState.DOUBLE:
        world.blame(f"{what}, and nobody dealt with it")
    elif not file.is_finished:
        world.blame(f"{what} and not finished")
    elif (file.state is FileState.PLACED) != (file.name in list_files(world)):
        world.blame(f"{what}, it came in: {content is not None}")


def _order_number(world: World, entry: Entry) -> str:
    bill = world.shop.bills.get(entry.document_id)
    order = world.shop.orders.get(bill.order_id or 0) if bill else None
    return order.number if order else entry.number
