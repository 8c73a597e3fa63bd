"""Which addresses credentials may be sent to."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

from chalicelib.errors import SettingsError


def root_of(base_url: str, language: str) -> str:
    """The address all calls of a shop begin with. `base_url` must be https, or http to a loopback
    address, without credentials or query; `language` two letters. Raises `SettingsError`.
    """
    if not _is_safe(base_url):
        raise SettingsError(
            "SEOshop's API address (SEOSHOP_API_URL_…) must begin with https://, without "
            "credentials or a query; plain http is only for a loopback address."
        )
    if not (len(language) == 2 and language.isascii() and language.isalpha()):
        raise SettingsError("The shop's language must be two letters, such as nl.")
    return f"{base_url.rstrip('/')}/{language.lower()}"


def _is_safe(base_url: str) -> bool:
    try:
        parts = urlsplit(base_url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    if not host or "@" in parts.netloc or parts.query or parts.fragment:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(host))


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
