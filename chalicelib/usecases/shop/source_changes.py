"""A shop changes between exporting its paid orders and its invoices: what the sweep has to know.

While a shop exports invoices, the sweep leaves its orders to their invoices. An order that has none
is in nobody's list then, until the shop exports orders again.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from chalicelib.domain.orders import OrderSummary
from chalicelib.domain.policy import Policy, Source
from chalicelib.domain.shop_records import SourceChange
from chalicelib.domain.shops import Shop, ShopState
from chalicelib.usecases.workspace import Workspace

ANY_CLOCK = timedelta(minutes=30)
"""More than SEOshop's clock differs from ours."""


def note_change_to_invoices(workspace: Workspace, policy: Policy) -> None:
    """Before a policy is stored with which the shop exports invoices from now on: keep how far its
    orders were seen. Kept first: a mark that is too early is harmless.
    """
    shop = workspace.connector.find_shop(workspace.shop_id)
    if shop.state is ShopState.INSTALLING or not _changes(shop, policy, to=Source.INVOICES):
        return
    seen_until = shop.swept_until or shop.installed_at
    change = SourceChange(at=workspace.now(), swept_until=seen_until)
    workspace.connector.shops.save(workspace.shop_id, change)


def read_change_to_invoices(workspace: Workspace) -> SourceChange | None:
    """The present installation's last change from orders to invoices; None for a shop that never
    changed, or did so before version 1.3.0.
    """
    change = workspace.connector.shops.load(workspace.shop_id, SourceChange)
    is_of_former = change is not None and change.at < workspace.shop.installed_at
    return None if is_of_former else change


def find_mark_under(shop: Shop, policy: Policy, change: SourceChange | None) -> datetime | None:
    """Where the next sweep begins once the shop has this policy (its `swept_until`). One that
    exports orders again is swept from where its orders were left out, or else from its beginning.
    Nothing is booked twice by that: see `judging.one_sale`.
    """
    if shop.swept_until is None or not _changes(shop, policy, to=Source.ORDERS):
        return shop.swept_until
    return min(shop.swept_until, change.swept_until if change else shop.installed_at)


def is_of_former_choice(order: OrderSummary, shop: Shop, change: SourceChange | None) -> bool:
    """Whether an order was made while the shop, which exports invoices by now, exported orders. It
    may never get an invoice; should it have one, `judging.one_sale` books one of the two.
    """
    return change is not None and shop.installed_at <= order.created_at < change.at + ANY_CLOCK


def _changes(shop: Shop, policy: Policy, *, to: Source) -> bool:
    return policy.source is to and shop.policy.source is not to
