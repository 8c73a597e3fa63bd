"""The books of a shop that exports all its invoices, credit notes included, checked."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

from chalicelib.domain.events import FileStep
from chalicelib.domain.ledger import Entry, EntryState
from chalicelib.domain.orders import InvoiceStatus, ShopInvoice
from tests.simulation.booked import SHOP_ID, is_in_unknown, list_files, list_sold

if TYPE_CHECKING:
    from tests.simulation.sim_world import World

Booked = dict[str, list[tuple[str, Decimal]]]


def check_bills(world: World) -> None:
    """At the end, when all is quiet: every invoice is in one file, or visibly not; no credit note
    came before its invoice.
    """
    booked = _booked(world)
    for bill in world.shop.bills.values():
        entry = world.entries.get(SHOP_ID, f"invoice-{bill.id}")
        if entry is None:
            if not _is_of_before(world, bill):
                world.blame(f"{bill.number} exists and nobody knows it")
            continue
        _check_count(world, bill, entry, booked.get(bill.number, []))
        _check_state(world, bill, entry)
        is_placed = entry.state is EntryState.PLACED and bill.number in booked
        is_of_before = bill.updated_at < world.standings.now.installed_at
        if is_placed and bill.number not in world.accepted and not is_of_before:
            _check_change(world, bill, entry, booked[bill.number][-1][1])
        if bill.is_credit_note:
            _check_order(world, bill, booked)


def _is_of_before(world: World, bill: ShopInvoice) -> bool:
    """Made before the installation, by SEOshop's own clock."""
    return bill.created_at < world.shops.records[SHOP_ID].installed_at


def _sent(world: World) -> Iterator[tuple[str, bytes]]:
    """The files in the inbox, in the order in which they were last fixed, whatever the clocks of
    those who fixed them say.
    """
    files = list_files(world)
    for name in sorted(files, key=lambda one: world.observer.fixed_at[one]):
        yield name, files[name]


def _booked(world: World) -> Booked:
    """For every invoice number the files it is in, first first, and its total there."""
    found: Booked = {}
    for name, content in _sent(world):
        for sold in list_sold(world, name, content):
            words = sold.description.split()
            kind = "creditfactuur" if "creditfactuur" in words else "factuur"
            number = words[words.index(kind) + 1]
            found.setdefault(number, []).append((name, sold.total))
    return found


def _check_count(
    world: World, bill: ShopInvoice, entry: Entry, booked: list[tuple[str, Decimal]]
) -> None:
    expected = entry.revision + (entry.state is EntryState.PLACED)
    stuck = is_in_unknown(world, entry)
    if len(booked) != expected and not (stuck and len(booked) == expected + 1):
        world.blame(f"{bill.number} is {entry.state.value} ({entry.revision}) and in {booked}")
    if entry.revision != world.observer.sent_again[entry.key]:
        world.blame(f"{bill.number} was sent again {entry.revision} times, unasked")
    if bill.is_credit_note and any(total > 0 for _, total in booked):
        world.blame(f"{bill.number} is a credit note and positive in {booked}")


def _check_state(world: World, bill: ShopInvoice, entry: Entry) -> None:
    what = f"{bill.number} is {entry.state.value} {entry.hold or ''} {entry.hold_detail}"
    flaw = world.shop.orders[bill.order_id or 0].now.flaw
    if entry.state is EntryState.WAITING:
        world.blame(f"{what} after quiet nights")
    elif entry.state is EntryState.CLAIMED and not is_in_unknown(world, entry):
        world.blame(f"{what} by {entry.file}")
    elif entry.state is EntryState.DROPPED and bill.status is not InvoiceStatus.CANCELLED:
        world.blame(f"{what} ({entry.drop_cause}) and due")
    elif entry.state is EntryState.HELD and flaw is None and not _waits_rightly(world, bill):
        world.blame(f"{what} without cause")


def _waits_rightly(world: World, note: ShopInvoice) -> bool:
    """A credit note whose invoice is not in the books, or in a file that is truthfully unknown."""
    original = world.entries.get(SHOP_ID, f"invoice-{note.original_id}")
    return note.is_credit_note and (original is None or original.state is not EntryState.PLACED)


def _check_change(world: World, bill: ShopInvoice, entry: Entry, total: Decimal) -> None:
    expected = None
    if bill.status is InvoiceStatus.CANCELLED:
        expected = "cancelled"
    elif abs(total) != bill.price_incl:
        expected = "edited"
    credited = any(note.original_id == bill.id for note in world.shop.bills.values())
    allowed = {expected, entry.there}  # what Asperion has otherwise is checked by itself
    if entry.change not in allowed and not (credited and expected == "cancelled"):
        world.blame(f"{bill.number} changed after booking ({expected}), marked {entry.change}")


def _check_order(world: World, note: ShopInvoice, booked: Booked) -> None:
    """The first time a credit note is in a file, its invoice is in that one or an earlier one."""
    if note.number not in booked or _is_of_before(world, world.shop.bills[note.original_id or 0]):
        return
    if _surfaced(world, booked[note.number][0][0]):
        return  # which of its documents remain there is for a person to say
    names = [name for name, _ in _sent(world)]
    original = world.shop.bills[note.original_id or 0].number
    firsts = [names.index(name) for name, _ in booked.get(original, [])]
    if not firsts or min(firsts) > names.index(booked[note.number][0][0]):
        world.blame(f"{note.number} is in the books before {original}")


def _surfaced(world: World, name: str) -> bool:
    history = world.files.items[SHOP_ID][name].history
    return any(event.step is FileStep.SURFACE for event in history)
