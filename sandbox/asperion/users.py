"""Who signs in at the stand-in, and the applications that may ask for access."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

DEMO_USER, DEMO_PASSWORD = "demo", "demo"
LOOPBACK = ("http://127.0.0.1:", "http://localhost:")
"""Prefixes of the addresses that an application on this machine comes back at."""


@dataclass
class User:
    """A person with a password, and the licence codes of the administrations that are theirs."""

    name: str
    password: str
    licences: list[str] = field(default_factory=list)


@dataclass
class Application:
    """An application with a secret, and where a browser may be sent back to.

    `redirect_uris` are whole addresses; a prefix ends after a port or a path's slash.
    """

    id: str
    secret: str
    name: str = "SEOshop – Asperion koppeling"
    redirect_uris: list[str] = field(default_factory=list)
    redirect_prefixes: list[str] = field(default_factory=lambda: list(LOOPBACK))

    def may_return_to(self, address: str) -> bool:
        """Whether an address is registered for this application."""
        if address in self.redirect_uris:
            return True
        try:
            parts = urlsplit(address)
        except ValueError:
            return False
        if parts.fragment or "#" in address or "@" in parts.netloc or "\\" in address:
            return False
        return any(address.startswith(prefix) for prefix in self.redirect_prefixes)
