"""The books of a shop that changes between paid orders and invoices: one sale is booked once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.domain.ledger import Entry, EntryState
from chalicelib.domain.orders import PaymentStatus
from tests.simulation.booked import SHOP_ID, is_in_unknown
from tests.simulation.sim_orders import SimOrder

if TYPE_CHECKING:
    from tests.simulation.sim_world import World


def check_sales(world: World, booked: dict[str, int]) -> None:
    """At the end, when all is quiet. `booked` counts by order number the files that a sale is in,
    whichever document stands for it.
    """
    for one in world.shop.orders.values():
        _check_sale(world, one, booked.get(one.number, 0))


def _list_documents(world: World, one: SimOrder) -> list[Entry]:
    keys = [f"order-{one.id}"]
    keys += [f"invoice-{bill.id}" for bill in world.shop.bills.values() if bill.order_id == one.id]
    found = (world.entries.get(SHOP_ID, key) for key in keys)
    return [entry for entry in found if entry is not None]


def _check_sale(world: World, one: SimOrder, count: int) -> None:
    documents = _list_documents(world, one)
    what = f"{one.number}, as {[f'{each.key} {each.state.value}' for each in documents]},"
    placed = sum(each.state is EntryState.PLACED for each in documents)
    again = sum(each.revision for each in documents)
    stuck = sum(is_in_unknown(world, each) for each in documents)
    if again != sum(world.observer.sent_again[each.key] for each in documents):
        world.blame(f"{what} was sent again {again} times, unasked")
    if placed + stuck > 1:
        world.blame(f"{what} goes under two documents")
    if not placed + again <= count <= placed + again + stuck:
        world.blame(f"{what} is in {count} files")
    if count > 1 + again:
        world.blame(f"{what} is booked {count} times")
    _check_states(world, documents)
    is_held = any(each.state is EntryState.HELD for each in documents)
    if not count and not stuck and not is_held and _is_due(world, one):
        world.blame(f"{what} is paid and in no file")


def _check_states(world: World, documents: list[Entry]) -> None:
    for each in documents:
        if each.state is EntryState.WAITING:
            world.blame(f"{each.key} waits after quiet nights")
        elif each.state is EntryState.CLAIMED and not is_in_unknown(world, each):
            world.blame(f"{each.key} is claimed by {each.file}, which is not truthfully unknown")


def _is_due(world: World, one: SimOrder) -> bool:
    is_paid = one.now.order.payment_status is PaymentStatus.PAID
    return is_paid and one.now.order.created_at >= world.standings.now.installed_at
