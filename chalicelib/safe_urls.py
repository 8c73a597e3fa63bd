"""Which web addresses keep what is sent to them secret on the way."""

from __future__ import annotations

from contextlib import suppress
from ipaddress import ip_address
from urllib.parse import urlsplit

from chalicelib.errors import SettingsError


def check_url(url: str, variable: str) -> None:
    """Raises `SettingsError` naming the variable unless a URL keeps its content secret on the way:
    the token goes to SEOshop's API, customers' VAT numbers go to VIES, and merchants' browsers and
    SEOshop's webhooks come to ours.
    """
    with suppress(ValueError):
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
        is_safe = parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host))
        if host and is_safe and not ("@" in parts.netloc or parts.query or parts.fragment):
            return
    raise SettingsError(
        f"{variable} must begin with https:// and have a host, without credentials, query or "
        "fragment; plain http is only for a loopback address."
    )


def is_loopback(host: str) -> bool:
    """Whether a host is this machine: 127.0.0.0/8, ::1, localhost."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
