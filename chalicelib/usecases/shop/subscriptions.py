"""Our webhook subscriptions in a shop: each topic exactly once, active, pointing here."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass

from chalicelib.domain.platform import Webhook
from chalicelib.domain.policy import Policy, Source
from chalicelib.errors import ShopNotFound
from chalicelib.ports import ShopApi
from chalicelib.settings import Settings
from chalicelib.usecases.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Mended:
    """What had to be done to a shop's subscriptions: topics created, doubles removed."""

    created: tuple[str, ...] = ()
    removed: int = 0

    @property
    def was_whole(self) -> bool:
        """Whether nothing had to be done."""
        return not self.created and not self.removed


def topics(policy: Policy) -> tuple[str, ...]:
    """The topics a shop of that policy needs, as SEOshop names them."""
    if policy.source is Source.INVOICES:
        return ("invoices/created", "orders/paid")
    return ("orders/paid",)


def webhook_address(settings: Settings, shop_id: int, topic: str) -> str:
    """Where deliveries of a topic go: ``…/webhooks/184520/orders-paid``."""
    return f"{settings.public_url}/webhooks/{shop_id}/{topic.replace('/', '-')}"


def mend_subscriptions(workspace: Workspace) -> Mended:
    """Make the shop's subscriptions whole; doing it twice, or twice at once, leaves one of each.

    SEOshop accepts doubles, so after creating, the list is read again and all but the oldest of
    each topic are removed: two runs at once come to the same end. Raises `ShopError`.
    """
    api, shop = workspace.api, workspace.shop
    settings = workspace.connector.settings
    wanted = {
        topic: webhook_address(settings, shop.shop_id, topic) for topic in topics(shop.policy)
    }
    found = _list_own(workspace)
    present = {each.topic for each in found if _fits(each, wanted)}
    missing = tuple(topic for topic in wanted if topic not in present)
    for topic in missing:
        api.create_webhook(topic, wanted[topic])
    if missing:
        found = _list_own(workspace)
    return Mended(created=missing, removed=_remove_superfluous(api, found, wanted))


def _list_own(workspace: Workspace) -> list[Webhook]:
    """Subscriptions that have the shape of ours, wherever they point.

    SEOshop is said to list an app's own subscriptions only; that is not proven, so nothing that
    does not look like ours is ever touched.
    """

    def is_ours(webhook: Webhook) -> bool:
        path = f"/webhooks/{workspace.shop_id}/{webhook.topic.replace('/', '-')}"
        return webhook.address.endswith(path)

    return [webhook for webhook in workspace.api.webhooks() if is_ours(webhook)]


def _fits(webhook: Webhook, wanted: Mapping[str, str]) -> bool:
    return webhook.is_active and wanted.get(webhook.topic) == webhook.address


def _remove_superfluous(api: ShopApi, found: list[Webhook], wanted: Mapping[str, str]) -> int:
    """Remove doubles, switched-off ones, and those that point to a former address."""
    kept: set[str] = set()
    removed = 0
    for webhook in sorted(found, key=lambda each: each.id):
        if _fits(webhook, wanted) and webhook.topic not in kept:
            kept.add(webhook.topic)
            continue
        with contextlib.suppress(ShopNotFound):  # somebody else was faster
            api.delete_webhook(webhook.id)
        removed += 1
    return removed
