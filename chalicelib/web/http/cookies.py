"""The names and attributes of our cookies.

Over https a name begins with ``__Host-``: browsers then take the cookie from this very host alone,
so that no other application on a neighbouring domain can set it in our place.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from chalicelib.safe_urls import is_loopback

_HOST_ONLY = "__Host-"


class CookieRules:
    """Writes and finds the cookies of the app at one address.

    ``__Host-`` demands the whole host as path. Under API Gateway's own domain, which an API has to
    itself, other stages of that API share it. On plain http, which is for this machine only, a
    cookie has neither prefix nor ``Secure``, and the address's own path.
    """

    def __init__(self, public_url: str) -> None:
        parts = urlsplit(public_url)
        self._prefix = _HOST_ONLY if parts.scheme == "https" else ""
        self._path = "/" if self._prefix else parts.path or "/"
        self._is_plain = parts.scheme == "http" and is_loopback(parts.hostname or "")

    def write(self, name: str, value: str, lifetime: int) -> str:
        """The ``Set-Cookie`` value of a cookie that lasts `lifetime` seconds; 0 removes it."""
        cookie = (
            f"{self.find_name(name)}={value}; Path={self._path}; Max-Age={lifetime}; HttpOnly; "
            "SameSite=Lax"
        )
        return cookie if self._is_plain else f"{cookie}; Secure"

    def read(self, cookies: Mapping[str, str], name: str) -> str:
        """The value of a cookie of ours, empty without one."""
        return cookies.get(self.find_name(name), "")

    def find_name(self, name: str) -> str:
        """What the browser knows a cookie by."""
        return self._prefix + name
