"""Whether an answer comes from an inbox, or from a page in its place: a page to sign in, a captive
portal, an application that says "error" under a good status.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

LONGEST_LOOK = 4096
"""Bytes of an answer that are looked at."""

_PAGES = ("text/html", "application/xhtml+xml")
_BEGINS = (b"<!doctype html", b"<html", b"<head", b"<body")


def is_page_type(headers: Mapping[str, str]) -> bool:
    """Whether an answer's content type is that of a page for people."""
    kind = headers.get("Content-Type", "").partition(";")[0]
    return kind.strip().lower() in _PAGES


def is_page(body: bytes) -> bool:
    """Whether an answer's beginning is a page's, or a JSON object that says that it failed:
    ``error`` or ``errors`` with anything in it, ``success`` or ``ok`` that is false.
    """
    text = body.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if any(begin in text for begin in _BEGINS):
        return True
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return False
    if not isinstance(document, dict):
        return False
    has_error = any(document.get(name) for name in ("error", "errors"))
    return has_error or any(document.get(name) is False for name in ("success", "ok"))
