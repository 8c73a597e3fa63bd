"""The platform's three md5 recipes: app URLs, API passwords, webhook bodies.

Md5 with an appended secret is what the platform uses; it is not a choice made here.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import md5

SIGNED_NAMES = ("language", "shop_id", "timestamp", "token")


def url_signature(params: Mapping[str, str], secret: str) -> str:
    """Sign an install, cancel or uninstall URL.

    Only language, shop_id, timestamp and (when there) token count; ``cluster_id`` does not.
    Pairs are sorted by name and joined without a separator. Returns 32 lower-case hex digits.
    """
    text = "".join(f"{name}={params[name]}" for name in SIGNED_NAMES if name in params)
    return _hex((text + secret).encode())


def api_password(token: str, secret: str) -> str:
    """Return the Basic password that goes with an app's token."""
    return _hex((token + secret).encode())


def webhook_signature(body: bytes, secret: str) -> str:
    """Sign the raw bytes of a webhook body."""
    return _hex(body + secret.encode())


def _hex(data: bytes) -> str:
    return md5(data, usedforsecurity=False).hexdigest()
