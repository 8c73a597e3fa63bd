"""What DynamoDB takes as a key, in memory."""

from __future__ import annotations

from chalicelib.errors import LedgerError


def check_key(key: str, *, longest: int) -> None:
    """Raises `LedgerError` for a key that is empty or has more bytes than DynamoDB takes, and
    `UnicodeEncodeError` for halves of characters.
    """
    if not 0 < len(key.encode()) <= longest:
        raise LedgerError("a key of this length is refused")
