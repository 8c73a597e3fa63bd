"""The inbox of one administration: files placed by a connector, waiting to be imported."""

import base64
import hashlib
import re
from dataclasses import dataclass
from datetime import datetime

WAITING, IMPORTED, REJECTED = "waiting", "imported", "rejected"
_DIGEST = re.compile(r"\s*([a-z0-9-]+)\s*=\s*:([A-Za-z0-9+/=]*):\s*")
_ALGORITHMS = {"sha-256": hashlib.sha256, "sha-512": hashlib.sha512}


class InboxError(Exception):
    """A file the inbox will not take; `status` is the HTTP status, the message says why."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


@dataclass
class StoredFile:
    """A file with the time (UTC) it came, and what import made of it."""

    name: str
    content: bytes
    received: datetime
    state: str = WAITING
    imported: datetime | None = None
    reason: str = ""
    invoices: int = 0

    @property
    def sha256(self) -> str:
        """Hash of the bytes, in hex."""
        return hashlib.sha256(self.content).hexdigest()

    @property
    def repr_digest(self) -> str:
        """Hash of the bytes as an RFC 9530 digest field."""
        digest = base64.b64encode(hashlib.sha256(self.content).digest()).decode()
        return f"sha-256=:{digest}:"


class Inbox:
    """Files by name; a file that was there stays known after its import."""

    def __init__(self) -> None:
        self._files: dict[str, StoredFile] = {}

    def put(self, name: str, content: bytes, at: datetime, *, only_new: bool = False) -> bool:
        """Store a file; True if it is new, False if the same bytes were there already.

        Raises InboxError 412 if it exists and `only_new`, 409 if it exists with other bytes.
        """
        known = self._files.get(name)
        if known and only_new:
            raise InboxError(412, f"A file named {name} has been placed before.")
        if known and known.content != content:
            raise InboxError(409, f"A file named {name} with other contents is already here.")
        if known:
            return False
        self._files[name] = StoredFile(name, content, at)
        return True

    def get(self, name: str) -> StoredFile | None:
        """A file that is or was here."""
        return self._files.get(name)

    def remove(self, name: str) -> bool:
        """Forget a file that was not imported; False if there is none."""
        known = self._files.get(name)
        if known is None or known.state == IMPORTED:
            return False
        del self._files[name]
        return True

    def files(self, state: str | None = None) -> list[StoredFile]:
        """All files, or those in one state, in order of name."""
        return [
            self._files[name]
            for name in sorted(self._files)
            if state in (None, self._files[name].state)
        ]


def check_digests(content: bytes, *fields: str | None) -> None:
    """Compare bytes with Content-Digest or Repr-Digest fields (RFC 9530), if any were sent.

    Raises InboxError 400 for a malformed field or another hash; unknown algorithms are ignored.
    """
    for field in filter(None, fields):
        for member in field.split(","):
            match = _DIGEST.fullmatch(member)
            if match is None:
                raise InboxError(400, "The digest field is malformed; expected sha-256=:base64:.")
            algorithm, sent = match.groups()
            if algorithm in _ALGORITHMS:
                _compare(_ALGORITHMS[algorithm](content).digest(), sent)


def _compare(digest: bytes, sent: str) -> None:
    if base64.b64encode(digest).decode() != sent:
        raise InboxError(400, "The digest does not match the received bytes; nothing was stored.")
