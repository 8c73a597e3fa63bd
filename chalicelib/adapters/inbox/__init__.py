"""Asperion's inbox, where a shop's files are placed: by HTTPS or in an S3 bucket."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from chalicelib.adapters.inbox.inbox_address import check_inbox_url, make_inbox_address
from chalicelib.ports import Inbox

if TYPE_CHECKING:
    import requests

__all__ = ["check_inbox_url", "open_inbox"]


def open_inbox(
    url: str,
    licence: str,
    *,
    session: requests.Session | None = None,
    s3: Callable[[], Any] | None = None,
    timeout: float = 30,
    call_time: float = 45,
) -> Inbox:
    """Open the inbox of one licence code at `url` (see `check_inbox_url`). Nothing is sent yet.

    `session` gives headers, proxies and certificates; it is the caller's to close, and may be
    shared between inboxes. `s3` makes an S3 client and is called on first use. `timeout` is
    in seconds, for connecting and for each wait for an answer; `call_time` for a whole call over
    HTTPS.
    Raises `SettingsError` for the URL and `LicenceError` for the licence code.
    """
    address = make_inbox_address(url, licence)
    # Each kind pays for what it imports, and who only checks an address for neither.
    if address.scheme == "s3":
        from chalicelib.adapters.inbox.s3 import S3Inbox, make_s3_client

        return S3Inbox(address, s3 or (lambda: make_s3_client(timeout)))
    import requests

    from chalicelib.adapters.inbox.https import HttpsInbox

    return HttpsInbox(address, session or requests.Session(), timeout, call_time)
