"""The partner app's key and secret, which its maker may turn at any moment."""

from __future__ import annotations

import re
from dataclasses import dataclass

_HEX32 = re.compile(r"[0-9a-f]{32}")


@dataclass
class PartnerApp:
    """The pair that counts now: there is one at a time, and the former is refused at once."""

    key: str
    secret: str

    def turn(self, key: str, secret: str) -> None:
        """Replace the pair; ValueError unless both are 32 lower-case hexadecimal digits."""
        if not (_HEX32.fullmatch(key) and _HEX32.fullmatch(secret)):
            raise ValueError("key and secret are 32 lower-case hexadecimal digits each")
        self.key, self.secret = key, secret
