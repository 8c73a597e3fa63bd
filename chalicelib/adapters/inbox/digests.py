"""SHA-256 digests in base64, as S3 and HTTP (RFC 9530) write them."""

from __future__ import annotations

import base64
import binascii
from hashlib import sha256


def encode_sha256(content: bytes) -> str:
    """Encode the digest of `content` in base64."""
    return base64.b64encode(sha256(content).digest()).decode("ascii")


def decode_sha256(text: str) -> str:
    """Decode a base64 digest to hex; the empty string when it is not one of SHA-256."""
    try:
        raw = base64.b64decode(text, validate=True)
    except binascii.Error:
        return ""
    return raw.hex() if len(raw) == 32 else ""
