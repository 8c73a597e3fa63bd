"""Hosts of addresses."""

from __future__ import annotations

from ipaddress import ip_address


def is_loopback(host: str) -> bool:
    """Whether a host (127.0.0.0/8, ::1, localhost) is this very machine: the only one that may be
    spoken to without TLS.
    """
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
