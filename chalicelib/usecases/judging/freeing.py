"""Frees what waited for another document, once that is decided, for a closed period, once it is
open, or for a way into Asperion that the shop has no longer: nothing has to be clicked.
"""

from __future__ import annotations

from collections.abc import Sequence

from chalicelib.domain.causes import RequestCause
from chalicelib.domain.events import Actor, OrderStep
from chalicelib.domain.holds import OF_ONE_WAY, HoldReason
from chalicelib.domain.late_documents import is_freed
from chalicelib.domain.ledger import Entry
from chalicelib.domain.ways import Way
from chalicelib.usecases.judging.one_sale import is_sale_decided
from chalicelib.usecases.judging.originals import is_original_booked
from chalicelib.usecases.workspace import ALL_OPEN, Workspace

_FOR_ANOTHER = (HoldReason.CREDIT_BEFORE_ORIGINAL, HoldReason.SALE_UNDER_WAY)
"""For what a document is held while another one, whose number its detail has, is undecided."""


def free_held(workspace: Workspace) -> list[str]:
    """Let the credit notes wait for a file whose original is in the books by now, the documents of
    a sale of which another one was under way, those whose period was closed, and those that could
    not go out in the way that the shop had. Returns their keys.
    """
    held = workspace.connector.entries.list_held(workspace.shop_id, limit=ALL_OPEN)
    numbers = {each.hold_detail for each in held if each.hold in _FOR_ANOTHER}
    shop_id = workspace.shop_id
    others = workspace.connector.entries.find_by_numbers(shop_id, numbers) if numbers else []
    return [each.key for each in held if _free(workspace, each, others)]


def _free(workspace: Workspace, held: Entry, others: Sequence[Entry]) -> bool:
    cause = _find_cause(workspace, held, others)
    if cause is None:
        return False
    return workspace.record(held.key, OrderStep.FREE, by=Actor.SWEEP, cause=cause) is not None


def _find_cause(workspace: Workspace, held: Entry, others: Sequence[Entry]) -> RequestCause | None:
    """`others` have the numbers that held documents wait for."""
    if held.hold == HoldReason.PERIOD_LOCKED:
        shop = workspace.shop
        late_orders, locked_until = shop.policy.late_orders, shop.locked_until
        is_free = is_freed(held.hold_detail, locked_until=locked_until, late_orders=late_orders)
        return RequestCause.PERIOD_OPEN if is_free else None
    if _find_way(held) not in (None, workspace.shop.way):
        return RequestCause.OTHER_WAY
    if held.hold not in _FOR_ANOTHER:
        return None
    awaited = [entry for entry in others if entry.number == held.hold_detail]
    if held.hold == HoldReason.SALE_UNDER_WAY:
        return RequestCause.SALE_DECIDED if is_sale_decided(held, awaited) else None
    return RequestCause.ORIGINAL_PLACED if is_original_booked(awaited) else None


def _find_way(held: Entry) -> Way | None:
    """The only way of delivering in which a document is held for its reason; None for any."""
    return next((way for reason, way in OF_ONE_WAY.items() if reason == held.hold), None)
