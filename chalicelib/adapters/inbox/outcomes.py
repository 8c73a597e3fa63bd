"""What an inbox's answer means for a file, over HTTPS as in S3, and what digests prove of it.

Errors name the file and the host or bucket, never the address, which holds the licence code.
"""

from __future__ import annotations

import base64
import binascii
from abc import ABC, abstractmethod
from hashlib import sha256 as _digest

from chalicelib.adapters.inbox.inbox_address import InboxAddress
from chalicelib.errors import InboxBusy, InboxError, InboxNotSent, InboxRefused, InboxUnknown
from chalicelib.ports import Presence

_STORED = frozenset({200, 201, 204})
_TAKEN = frozenset({409, 412})
_LATER = frozenset({408, 425, 429})


class AddressedInbox(ABC):
    """`ports.Inbox` at an address that stores a file under a name that is free, and retries
    nothing.
    """

    def __init__(self, address: InboxAddress) -> None:
        self._address = address
        self._shown = f"bucket {address.host}" if address.scheme == "s3" else address.host

    def place(self, name: str, content: bytes) -> None:
        """Put the file under a free name; see `ports.Inbox.place`.

        200, 201 and 204 mean stored. 409 and 412 mean that the name is taken: by the same content
        is fine, by another is `InboxRefused`, and when the inbox cannot tell it may be ours, so
        it is `InboxUnknown`. 408, 425, 429 and 507 are `InboxBusy`, redirects and other 4xx
        `InboxRefused`. Other answers, and none, are `InboxUnknown`; not reaching the inbox at all
        is `InboxNotSent`.
        """
        status, answer = self._put(name, content)
        if status in _STORED:
            return
        if status not in _TAKEN:
            raise self._make_status_error(name, status, answer)
        presence = self.ask(name, sha256=_digest(content).hexdigest(), size=len(content))
        if presence is not Presence.SAME:
            raise self._make_taken_error(name, presence)

    @abstractmethod
    def ask(self, name: str, *, sha256: str, size: int) -> Presence:
        """See `ports.Inbox.ask`.

        A digest that the inbox states decides. Without one a file of the same length counts as the
        same: its name holds day, shop and number and is never given to other content, so another
        length means a broken upload.
        """

    @abstractmethod
    def _put(self, name: str, content: bytes) -> tuple[int, str]:
        """The status and name of the answer to a file. Raises `_make_no_answer_error`'s."""

    def _make_no_answer_error(self, name: str, kind: str, *, is_sent: bool) -> InboxError:
        host = self._shown
        if is_sent:
            return InboxUnknown(
                f"{host} gave no answer to {name} ({kind}): it may be stored or not"
            )
        return InboxNotSent(f"{host} cannot be reached ({kind}): nothing of {name} was sent")

    def _make_taken_error(self, name: str, presence: Presence) -> InboxError:
        host = self._shown
        if presence is Presence.CANNOT_TELL:
            return InboxUnknown(
                f"{host} already has a {name} and does not tell which: "
                "it may be this one, from an earlier attempt"
            )
        if presence is Presence.ABSENT:
            return InboxRefused(f"{host} refused {name} and does not hold it")
        return InboxRefused(f"{host} holds another file under the name {name}")

    def _make_status_error(self, name: str, status: int, answer: str) -> InboxError:
        host = self._shown
        if status in _LATER:
            return InboxBusy(f"{host} did not take {name} now ({answer}): try later")
        if status == 507:
            return InboxBusy(f"{host} is full and did not take {name} ({answer})")
        if 300 <= status < 500:
            return InboxRefused(f"{host} refused {name} ({answer}): check ASPERION_INBOX_URL")
        return InboxUnknown(f"{host} answered {name} with {answer}: it may be stored or not")


def encode_sha256(content: bytes) -> str:
    """Encode the digest of `content` in base64, as S3 and HTTP (RFC 9530) want it."""
    return base64.b64encode(_digest(content).digest()).decode("ascii")


def decode_sha256(text: str) -> str:
    """Decode a base64 digest to hex; the empty string when it is not one of SHA-256."""
    try:
        raw = base64.b64decode(text, validate=True)
    except binascii.Error:
        return ""
    return raw.hex() if len(raw) == 32 else ""


def to_presence(is_equal: bool) -> Presence:
    """SAME for equal content, else DIFFERENT."""
    return Presence.SAME if is_equal else Presence.DIFFERENT
