"""Our webhook subscriptions in a shop: each topic exactly once, active, pointing here."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping

from chalicelib.domain.platform import Webhook
from chalicelib.domain.policy import Policy, Source
from chalicelib.errors import ShopNotFound
from chalicelib.ports import ShopApi
from chalicelib.usecases.workspace import Workspace


def topics(policy: Policy) -> tuple[str, ...]:
    """The topics a shop of that policy needs, as SEOshop names them."""
    if policy.source is Source.INVOICES:
        return ("invoices/created", "orders/paid")
    return ("orders/paid",)


def mend_subscriptions(workspace: Workspace) -> tuple[tuple[str, ...], int]:
    """Make the shop's subscriptions whole; doing it twice, or twice at once, leaves one of each.
    Gives the topics that were created, and how many superfluous subscriptions were removed.

    SEOshop accepts doubles, so after creating, the list is read again and all but the oldest of
    each topic are removed: two runs at once come to the same end. Raises `ShopError`.
    """
    api, shop = workspace.api, workspace.shop
    base = f"{workspace.connector.settings.public_url}/webhooks/{shop.shop_id}"
    # Where deliveries of a topic go: ``…/webhooks/184520/orders-paid``.
    wanted = {topic: f"{base}/{topic.replace('/', '-')}" for topic in topics(shop.policy)}
    found = _list_own(workspace)
    present = {each.topic for each in found if _fits(each, wanted)}
    missing = tuple(topic for topic in wanted if topic not in present)
    for topic in missing:
        api.create_webhook(topic, wanted[topic])
    if missing:
        found = _list_own(workspace)
    return missing, _remove_superfluous(api, found, wanted)


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
    known = {webhook.id: webhook for webhook in found if webhook.id is not None}
    for number in sorted(known):
        webhook = known[number]
        if _fits(webhook, wanted) and webhook.topic not in kept:
            kept.add(webhook.topic)
            continue
        with contextlib.suppress(ShopNotFound):  # somebody else was faster
            api.delete_webhook(number)
        removed += 1
    return removed
