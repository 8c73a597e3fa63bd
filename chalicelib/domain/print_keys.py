"""The keys of fingerprints and marks: each shop has its own, derived and never stored.

A module of its own, because the webhook starts cold without what the forms of an order need.
"""

from __future__ import annotations

import hmac

FORM = 1
"""To be raised with every change of any canonical form: fingerprints of another form are not
compared, as those of another key are not.
"""


def derive_key(secret: str, shop_id: int) -> bytes:
    """Derive a shop's key from the installation's secret; raises ValueError when that is empty."""
    if not secret:
        raise ValueError("fingerprints need a secret")
    return hmac.digest(secret.encode(), f"fingerprint/{shop_id}".encode(), "sha256")


def key_id(key: bytes) -> str:
    """Identify a key and `FORM` (8 hex characters) without revealing the key."""
    return hmac.digest(key, f"key/{FORM}".encode(), "sha256").hex()[:8]
