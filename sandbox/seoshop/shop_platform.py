"""One running platform: its parts, wired together, and how views reach it."""

from __future__ import annotations

import secrets
from collections import deque
from typing import Any
from urllib.parse import urlencode

from flask import current_app

from sandbox.seoshop.api_allowance import RateLimiter
from sandbox.seoshop.config import Config
from sandbox.seoshop.desk import Desk
from sandbox.seoshop.partner_app import PartnerApp
from sandbox.seoshop.platform_faults import Faults
from sandbox.seoshop.platform_store import Store
from sandbox.seoshop.signing import url_signature
from sandbox.seoshop.webhook_sender import Sender
from sandbox.seoshop.webshop import Installation, Shop

CALLS_KEPT = 50_000


class Platform:
    """Store, desk, sender, limiter and faults of one sandbox, and the app's life in a shop."""

    def __init__(self, config: Config) -> None:
        """Build everything; nothing runs until ``sender.start``."""
        self.config = config
        self.app = PartnerApp(config.app_key, config.app_secret)
        self.app_url = config.app_url.rstrip("/")
        self.mail_url = config.mail_url
        self.store = Store()
        self.faults = Faults()
        self.limiter = RateLimiter(config.clock)
        self.sender = Sender(config, self.app, self.faults, self.limiter)
        self.desk = Desk(self.store, self.sender, config.clock)
        self.calls: deque[dict[str, Any]] = deque(maxlen=CALLS_KEPT)

    def reset(self) -> None:
        """Reset everything: one fresh shop, no faults, no log."""
        self.store.reset()
        self.faults.clear()
        self.limiter.reset()
        self.sender.clear()
        self.calls.clear()

    def shop(self, number: int) -> Shop:
        """Return a shop; ValueError when there is none of that number."""
        shop = self.store.shops.get(number)
        if shop is None:
            raise ValueError(f"there is no shop {number}")
        return shop

    def install(self, shop: Shop, new_token: bool = False) -> None:
        """Give the app a token in this shop, or keep the one it has."""
        live = shop.installation
        if live is None or live.status == "expired" or new_token:
            shop.installation = Installation(secrets.token_hex(16))
        else:
            live.status = "active"

    def cancel(self, shop: Shop) -> None:
        """Cancel the app: it works on until it is uninstalled."""
        if shop.installation and shop.installation.status == "active":
            shop.installation.status = "cancelled"

    def uninstall(self, shop: Shop) -> None:
        """Revoke the token and delete the app's webhooks."""
        if shop.installation:
            shop.installation.status = "expired"
        for webhook in list(shop.webhooks.values()):
            if webhook.key == "app":
                del shop.webhooks[webhook.id]

    def app_link(
        self, shop: Shop, path: str, language: str | None = None, timestamp: int | None = None
    ) -> str:
        """Return the app's signed ``install``, ``cancel`` or ``uninstall`` URL.

        Only the first carries the token. ``timestamp`` is in Unix seconds, default now.
        """
        when = timestamp if timestamp is not None else int(self.config.clock().timestamp())
        params = {
            "language": language or shop.language,
            "shop_id": str(shop.id),
            "timestamp": str(when),
        }
        if path == "install" and shop.installation:
            params["token"] = shop.installation.token
        params["signature"] = url_signature(params, self.app.secret)
        params["cluster_id"] = "eu1"
        return f"{self.app_url}/{path}?{urlencode(params)}"


def current() -> Platform:
    """Return the platform of the running Flask app."""
    platform = current_app.extensions["seoshop"]
    assert isinstance(platform, Platform)
    return platform
