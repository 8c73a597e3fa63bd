"""Since when the connector books a shop's orders, for a shop that was installed more than once."""

from __future__ import annotations

from datetime import datetime

from chalicelib.domain.events import ShopStep
from chalicelib.domain.ledger import Entry
from chalicelib.usecases.workspace import Workspace


def find_start(workspace: Workspace, entry: Entry) -> datetime:
    """Since when the connector books the shop's orders, as far as this one goes: an order that an
    earlier installation knew, and did not come to book, counts from the start of that one.
    """
    installed_at = workspace.shop.installed_at
    if entry.asked_at is None or entry.asked_at >= installed_at:
        return installed_at
    audit = workspace.connector.shops.audit(workspace.shop_id)
    starts = (event.at for event in audit if event.step is ShopStep.COMPLETE)
    return max((at for at in starts if at <= entry.asked_at), default=installed_at)
