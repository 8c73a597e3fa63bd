"""What became in the shop of a booked order, checked against what the merchant is shown of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from chalicelib.domain.events import OrderStep
from chalicelib.domain.ledger import Entry
from chalicelib.domain.orders import Order, OrderStatus, PaymentStatus, ShopInvoice
from tests.simulation.booked import Sold, read_file
from tests.simulation.delivered import read_content
from tests.simulation.sim_orders import SimOrder

if TYPE_CHECKING:
    from tests.simulation.sim_world import World

FIRST_SWEEP = timedelta(minutes=25)  # back from the installation, surely


def sweeps_from(world: World) -> datetime:
    """What changed later the first sweep since the last installation sees."""
    return world.standings.now.installed_at - FIRST_SWEEP


def check_change(world: World, one: SimOrder, entry: Entry) -> None:
    """What happened after booking is marked by its name, unless the merchant has seen it."""
    if one.number in world.accepted or one.now.order.updated_at <= sweeps_from(world):
        return
    content = read_content(world, entry.file or "")
    if content is None:
        return
    said = [sold for sold in read_file(content) if sold.number == one.number]
    what = f"{one.number} changed after booking"
    if not said:
        return
    notes = [note for note in world.shop.list_notes() if note.order_id == one.id]
    # One that the order does not show, and from before the last installation, nobody looks for.
    seen = [note for note in notes if _is_seen(world, note)]
    policies = {standing.policy.on_account for standing in world.standings.all}
    changes = [_expected_change(one.now.order, said[0], on_account=each) for each in policies]
    allowed = {
        change
        for each in changes
        for refunded in (bool(notes), bool(seen))
        for change in _allow(one, entry, each, refunded=refunded)
    }
    if len(policies) > 1 and one.now.time < world.standings.account_since:
        allowed.add(None)  # right by the choice of then, and not listed since
    if entry.there is not None:
        allowed.add(entry.there)  # what Asperion has otherwise is checked by itself
    if entry.change not in allowed:
        world.blame(f"{what} ({changes}{', refunded' * bool(seen)}), marked {entry.change}")


def _is_seen(world: World, note: ShopInvoice) -> bool:
    return note not in world.shop.credits or note.updated_at > sweeps_from(world)


FELL_THROUGH = ("cancelled", "unpaid")


def _allow(one: SimOrder, entry: Entry, expected: str | None, *, refunded: bool) -> set[str | None]:
    allowed = {expected}
    if refunded and expected not in FELL_THROUGH:
        # Which of two is shown first hangs on which was seen first.
        allowed = {"refunded"} if expected is None else {"refunded", expected}
    if expected is None and one.now.flaw is None and _was_reported(entry, "details"):
        allowed.add("details")  # put back as it was, but told of before that
    if expected == "details" and one.now.flaw is not None:
        allowed.add(None)  # SEOshop gives no answer that could be read, or has no address
    return allowed


def _expected_change(now: Order, sold: Sold, *, on_account: bool) -> str | None:
    if now.status is OrderStatus.CANCELLED:
        return "cancelled"
    if not on_account and now.payment_status is not PaymentStatus.PAID:
        return "partly_paid" if now.payment_status is PaymentStatus.PARTIALLY_PAID else "unpaid"
    if sold.total != now.price_incl:
        return "edited"
    return "details" if sold.email != now.email else None


def _was_reported(entry: Entry, change: str) -> bool:
    return any(event.step is OrderStep.REPORT and event.cause == change for event in entry.history)
