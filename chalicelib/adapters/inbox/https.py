"""An inbox behind HTTPS: PUT stores a file under a name that is free, HEAD asks for one.

After a failure it must be known whether the file may have been stored. The body records when its
first byte is read: before that nothing was stored, after it everything but an answer is
`InboxUnknown`. Messages of `requests` are dropped, because they quote the URL and with it the
licence code.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import AbstractContextManager

import requests
import urllib3

from chalicelib.adapters.call_time import send_alone
from chalicelib.adapters.inbox.addressed_inbox import AddressedInbox, Said, to_presence
from chalicelib.adapters.inbox.digests import decode_sha256, encode_sha256
from chalicelib.adapters.inbox.inbox_address import InboxAddress
from chalicelib.adapters.inbox.outcomes import is_out_of_order, read_status
from chalicelib.adapters.inbox.page_answers import LONGEST_LOOK, is_page, is_page_type
from chalicelib.adapters.tracked_body import TrackedBody
from chalicelib.ports import Presence

_REPR_DIGEST = r"(?:^|,)\s*sha-256=:([A-Za-z0-9+/=]+):"
_ETAG = r'(?:W/)?"([0-9A-Fa-f]{64})"'


class HttpsInbox(AddressedInbox):
    """`ports.Inbox` over HTTPS, for one licence code. Follows no redirects. `timeout` is in seconds
    for connecting and for each wait, `call_time` for a whole call.
    """

    def __init__(
        self, address: InboxAddress, session: requests.Session, timeout: float, call_time: float
    ) -> None:
        super().__init__(address)
        self._session = session
        self._timeout = timeout
        self._call_time = call_time

    def ask(self, name: str, *, sha256: str, size: int) -> Presence:
        """HEAD the file. 410 means that it was there and Asperion has processed it."""
        headers = {"Accept-Encoding": "identity", "Want-Repr-Digest": "sha-256=10"}
        try:
            with self._send("HEAD", name, headers) as response:
                return _read_presence(response, sha256.lower(), size)
        except requests.RequestException:
            return Presence.NO_ANSWER

    def _put(self, name: str, content: bytes) -> Said:
        body = TrackedBody(content)
        digest = f"sha-256=:{encode_sha256(content)}:"
        headers = {
            "If-None-Match": "*",
            "Accept-Encoding": "identity",
            "Content-Type": "application/xml; charset=utf-8",
            "Content-Digest": digest,
            "Repr-Digest": digest,
        }
        try:
            with self._send("PUT", name, headers, body) as response:
                status, comes_with_page = response.status_code, _comes_with_page(response)
        except requests.RequestException as error:
            kind = type(error).__name__
        else:
            words = f"HTTP {status}" + (" and a page" if comes_with_page else "")
            return Said(read_status(status, is_page=comes_with_page), words)
        raise self._make_no_answer_error(name, kind, is_sent=body.is_started)

    def _send(
        self, method: str, name: str, headers: Mapping[str, str], body: TrackedBody | None = None
    ) -> AbstractContextManager[requests.Response]:
        url = self._address.url(name)
        request = requests.Request(method, url, headers=headers, data=body)
        return send_alone(self._session, request, timeout=self._timeout, call_time=self._call_time)


def _read_presence(response: requests.Response, sha256: str, size: int) -> Presence:
    """What a HEAD answer tells. A digest decides; a length does where no page answers."""
    status, headers = response.status_code, response.headers
    if status == 511:
        return Presence.NO_INBOX  # "network authentication required": a captive portal
    if status != 200:
        clear = {404: Presence.ABSENT, 410: Presence.SAME}
        unclear = Presence.NO_ANSWER if is_out_of_order(status) else Presence.CANNOT_TELL
        return clear.get(status, unclear)
    if digest := _read_sha256(headers):
        return to_presence(digest == sha256)
    if is_page_type(headers):
        return Presence.NO_INBOX
    length = headers.get("Content-Length", "")
    is_file = "json" not in headers.get("Content-Type", "")  # that would speak of the file
    is_plain = headers.get("Content-Encoding", "identity") == "identity"
    if not (length.isdecimal() and len(length) < 16 and is_file and is_plain):
        return Presence.CANNOT_TELL
    return to_presence(int(length) == size)


def _comes_with_page(response: requests.Response) -> bool:
    """Whether a page comes with an answer. What cannot be read of it does not count."""
    if is_page_type(response.headers):
        return True
    start = bytearray()
    try:
        for byte in response.iter_content(1):
            start += byte
            if len(start) >= LONGEST_LOOK:
                break
    except (requests.RequestException, urllib3.exceptions.HTTPError, OSError):
        pass  # the status stands
    return is_page(bytes(start))


def _read_sha256(headers: Mapping[str, str]) -> str:
    """The SHA-256 (hex) that a HEAD answer states: in ``Repr-Digest``, or as its ``ETag``."""
    if found := re.search(_REPR_DIGEST, headers.get("Repr-Digest", "")):
        return decode_sha256(found[1])
    tag = re.fullmatch(_ETAG, headers.get("ETag", "").strip())
    return tag[1].lower() if tag else ""
