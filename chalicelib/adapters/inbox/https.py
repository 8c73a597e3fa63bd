"""An inbox behind HTTPS: PUT stores a file under a name that is free, HEAD asks for one.

After a failure it must be known whether the file may have been stored. The body records when its
first byte is read: before that nothing was stored, after it everything but a clear answer is
`InboxUnknown`. Messages of `requests` are dropped, because they quote the URL and with it the
licence code.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from io import BytesIO

import requests

from chalicelib.adapters.inbox.inbox_address import InboxAddress
from chalicelib.adapters.inbox.outcomes import (
    AddressedInbox,
    decode_sha256,
    encode_sha256,
    to_presence,
)
from chalicelib.ports import Presence

_REPR_DIGEST = re.compile(r"(?:^|,)\s*sha-256=:([A-Za-z0-9+/=]+):")
_ETAG = re.compile(r'(?:W/)?"([0-9A-Fa-f]{64})"')


class _TrackedBody(BytesIO):
    """A request's body that records whether the connection began to read it."""

    is_started = False

    def __len__(self) -> int:
        return len(self.getbuffer())

    def read(self, size: int | None = -1, /) -> bytes:
        self.is_started = True
        return super().read(size)


class HttpsInbox(AddressedInbox):
    """`ports.Inbox` over HTTPS, for one licence code. Follows no redirects."""

    def __init__(self, address: InboxAddress, session: requests.Session, timeout: float) -> None:
        super().__init__(address)
        self._session = session
        self._timeout = timeout

    def ask(self, name: str, *, sha256: str, size: int) -> Presence:
        """HEAD the file. 410 means that it was there and Asperion has processed it."""
        headers = {"Accept-Encoding": "identity", "Want-Repr-Digest": "sha-256=10"}
        try:
            response = self._send("HEAD", name, headers)
        except requests.RequestException:
            return Presence.CANNOT_TELL
        if response.status_code != 200:
            clear = {404: Presence.ABSENT, 410: Presence.SAME}
            return clear.get(response.status_code, Presence.CANNOT_TELL)
        if digest := _read_sha256(response.headers):
            return to_presence(digest == sha256.lower())
        length = response.headers.get("Content-Length", "")
        encoding = response.headers.get("Content-Encoding", "identity")
        if not length.isdecimal() or encoding != "identity":
            return Presence.CANNOT_TELL
        return to_presence(int(length) == size)

    def _put(self, name: str, content: bytes) -> tuple[int, str]:
        body = _TrackedBody(content)
        digest = f"sha-256=:{encode_sha256(content)}:"
        headers = {
            "If-None-Match": "*",
            "Content-Type": "application/xml; charset=utf-8",
            "Content-Digest": digest,
            "Repr-Digest": digest,
        }
        try:
            status = self._send("PUT", name, headers, body).status_code
        except requests.RequestException as error:
            kind = type(error).__name__
        else:
            return status, f"HTTP {status}"
        raise self._make_no_answer_error(name, kind, is_sent=body.is_started)

    def _send(
        self, method: str, name: str, headers: Mapping[str, str], body: _TrackedBody | None = None
    ) -> requests.Response:
        """Not prepared by the session, which would send one merchant's cookies along with the next
        one's file. The status and headers are the answer; nothing else is waited for.
        """
        url = self._address.url(name)
        request = requests.Request(
            method, url, headers={**self._session.headers, **headers}, data=body
        ).prepare()
        environment = self._session.merge_environment_settings(url, {}, True, None, None)
        with self._session.send(
            request, timeout=self._timeout, allow_redirects=False, **environment
        ) as response:
            return response


def _read_sha256(headers: Mapping[str, str]) -> str:
    """The SHA-256 (hex) that a HEAD answer states: in ``Repr-Digest``, or as its ``ETag``."""
    if found := _REPR_DIGEST.search(headers.get("Repr-Digest", "")):
        return decode_sha256(found[1])
    tag = _ETAG.fullmatch(headers.get("ETag", "").strip())
    return tag[1].lower() if tag else ""
