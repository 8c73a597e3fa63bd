"""SHA-256 digests as HTTP (RFC 9530) and S3 write them, and what they prove of a stored file."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from hashlib import sha256

from chalicelib.ports import Presence

_REPR_DIGEST = re.compile(r"(?:^|,)\s*sha-256=:([A-Za-z0-9+/=]+):")
_ETAG = re.compile(r'(?:W/)?"([0-9A-Fa-f]{64})"')


def encode_sha256(content: bytes) -> str:
    """Encode the digest of `content` in base64, as S3's ``ChecksumSHA256`` wants it."""
    return base64.b64encode(sha256(content).digest()).decode("ascii")


def to_presence(is_equal: bool) -> Presence:
    """SAME for equal content, else DIFFERENT."""
    return Presence.SAME if is_equal else Presence.DIFFERENT


def decode_sha256(text: str) -> str | None:
    """Decode a base64 digest to hex; None when it is not one of SHA-256."""
    try:
        raw = base64.b64decode(text, validate=True)
    except binascii.Error:
        return None
    return raw.hex() if len(raw) == 32 else None


def read_stated_sha256(headers: Mapping[str, str]) -> str | None:
    """Read the SHA-256 (hex) that a HEAD answer states: in ``Repr-Digest``, or as its ``ETag``."""
    found = _REPR_DIGEST.search(headers.get("Repr-Digest", ""))
    if found:
        return decode_sha256(found[1])
    tag = _ETAG.fullmatch(headers.get("ETag", "").strip())
    return tag[1].lower() if tag else None
