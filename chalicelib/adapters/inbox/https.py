"""An inbox behind HTTPS: PUT stores a file under a name that is free, HEAD asks for one.

After a failure it must be known whether the file may have been stored. The body records when its
first byte is read: before that nothing was stored, after it everything but a clear answer is
`InboxUnknown`.

Errors name host and file. Messages of `requests` are dropped, because they quote the URL and with
it the licence code.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256 as _digest
from io import BytesIO

import requests

from chalicelib.adapters.inbox.digests import encode_sha256, read_stated_sha256, to_presence
from chalicelib.adapters.inbox.inbox_address import InboxAddress
from chalicelib.errors import InboxError, InboxNotSent, InboxRefused, InboxUnknown
from chalicelib.ports import Presence

_STORED = frozenset({200, 201, 204})
_TAKEN = frozenset({409, 412})
_LATER = frozenset({408, 425, 429})
_FULL = 507
_GONE = 410


class _TrackedBody(BytesIO):
    """A request's body that records whether the connection began to read it."""

    is_started = False

    def __init__(self, content: bytes) -> None:
        super().__init__(content)
        self._size = len(content)

    def __len__(self) -> int:
        return self._size

    def read(self, size: int | None = -1, /) -> bytes:
        self.is_started = True
        return super().read(size)


class HttpsInbox:
    """`ports.Inbox` over HTTPS, for one licence code. Follows no redirects, retries nothing."""

    def __init__(self, address: InboxAddress, session: requests.Session, timeout: float) -> None:
        self._address = address
        self._session = session
        self._timeout = timeout

    def place(self, name: str, content: bytes) -> None:
        """PUT the file under a free name; see `ports.Inbox.place`.

        200, 201 and 204 mean stored. 409 and 412 mean that the name is taken: by the same content
        is fine, by another is `InboxRefused`, and when the inbox cannot tell it may be ours, so
        it is `InboxUnknown`. Redirects, other 4xx and 507 are `InboxRefused`. Other answers, and
        none, are `InboxUnknown`; not reaching the inbox at all is `InboxNotSent`.
        """
        status = self._put(name, content)
        if status in _STORED:
            return
        if status in _TAKEN:
            presence = self.ask(name, sha256=_digest(content).hexdigest(), size=len(content))
            if presence is Presence.SAME:
                return
            raise self._make_taken_error(name, presence)
        raise self._make_status_error(name, status)

    def ask(self, name: str, *, sha256: str, size: int) -> Presence:
        """HEAD the file; see `ports.Inbox.ask`.

        A digest in the answer decides. Without one a file of the same length counts as the same:
        its name holds day, shop and number and is never given to other content, so another length
        means a broken upload. 410 means that it was there and Asperion has processed it.
        """
        response = self._head(name)
        if response is None:
            return Presence.CANNOT_TELL
        if response.status_code == 404:
            return Presence.ABSENT
        if response.status_code == _GONE:
            return Presence.SAME
        if response.status_code != 200:
            return Presence.CANNOT_TELL
        return _compare(response.headers, sha256=sha256, size=size)

    def _put(self, name: str, content: bytes) -> int:
        body = _TrackedBody(content)
        digest = f"sha-256=:{encode_sha256(content)}:"
        headers = {
            "If-None-Match": "*",
            "Content-Type": "application/xml; charset=utf-8",
            "Content-Digest": digest,
            "Repr-Digest": digest,
        }
        try:
            with self._send("PUT", name, headers, body) as response:
                return response.status_code
        except requests.RequestException as error:
            kind = type(error).__name__
        raise self._make_no_answer_error(name, kind, is_sent=body.is_started)

    def _head(self, name: str) -> requests.Response | None:
        headers = {"Accept-Encoding": "identity", "Want-Repr-Digest": "sha-256=10"}
        try:
            with self._send("HEAD", name, headers) as response:
                return response
        except requests.RequestException:
            return None

    def _send(
        self, method: str, name: str, headers: Mapping[str, str], body: _TrackedBody | None = None
    ) -> requests.Response:
        """Not prepared by the session, which would send one merchant's cookies along with the next
        one's file. The status is the answer; nothing else is waited for.
        """
        url = self._address.url(name)
        request = requests.Request(
            method, url, headers={**self._session.headers, **headers}, data=body
        ).prepare()
        environment = self._session.merge_environment_settings(url, {}, True, None, None)
        return self._session.send(
            request, timeout=self._timeout, allow_redirects=False, **environment
        )

    def _make_no_answer_error(self, name: str, kind: str, *, is_sent: bool) -> InboxError:
        if is_sent:
            return InboxUnknown(
                f"{self._address.host} gave no answer to {name} ({kind}): it may be stored or not"
            )
        return InboxNotSent(
            f"{self._address.host} cannot be reached ({kind}): nothing of {name} was sent"
        )

    def _make_taken_error(self, name: str, presence: Presence) -> InboxError:
        if presence is Presence.CANNOT_TELL:
            return InboxUnknown(
                f"{self._address.host} already has a {name} and does not tell which: "
                "it may be this one, from an earlier attempt"
            )
        if presence is Presence.ABSENT:
            return InboxRefused(f"{self._address.host} refused {name} and does not hold it")
        return InboxRefused(f"{self._address.host} holds another file under the name {name}")

    def _make_status_error(self, name: str, status: int) -> InboxError:
        host = self._address.host
        if status in _LATER:
            return InboxRefused(f"{host} did not take {name} now (HTTP {status}): try later")
        if status == _FULL:
            return InboxRefused(f"{host} is full and did not take {name} (HTTP 507)")
        if 300 <= status < 500:
            return InboxRefused(f"{host} refused {name} (HTTP {status}): check ASPERION_INBOX_URL")
        return InboxUnknown(f"{host} answered {name} with HTTP {status}: it may be stored or not")


def _compare(headers: Mapping[str, str], *, sha256: str, size: int) -> Presence:
    digest = read_stated_sha256(headers)
    if digest:
        return to_presence(digest == sha256.lower())
    length = headers.get("Content-Length", "")
    encoding = headers.get("Content-Encoding", "identity")
    if not length.isdecimal() or encoding != "identity":
        return Presence.CANNOT_TELL
    return to_presence(int(length) == size)
