"""Signing with the connector's clock in the place of the machine's."""

from __future__ import annotations

import hashlib
from typing import Any

from itsdangerous import TimestampSigner

from chalicelib.ports import Clock


class TimedSigner(TimestampSigner):
    """Signs, and says when, by `clock`."""

    default_digest_method = staticmethod(hashlib.sha256)

    def __init__(self, *args: Any, clock: Clock, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._clock = clock

    def get_timestamp(self) -> int:
        """Seconds since 1970."""
        return int(self._clock().timestamp())
