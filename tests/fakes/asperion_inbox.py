"""Asperion's inbox in memory."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from chalicelib.ports import Presence, Receipt


@dataclass(slots=True)
class _Failure:
    """An error for the files that are sent: see `MemoryInbox.fail`."""

    error: BaseException
    times: int | None
    though_stored: bool


@dataclass
class MemoryInbox:
    """Port `Inbox`: takes everything, but never two contents under one name. A `mute` inbox cannot
    be asked.
    """

    files: dict[str, bytes] = field(default_factory=dict)
    mute: bool = False
    _failure: _Failure | None = None

    def fail(
        self, error: BaseException, *, times: int | None = None, though_stored: bool = False
    ) -> None:
        """Answer the next `times` files (or all until `recover`) with an error; they are stored
        nevertheless when `though_stored`.
        """
        self._failure = _Failure(error, times, though_stored)

    def recover(self) -> None:
        """Take every file again."""
        self._failure = None

    def place(self, name: str, content: bytes) -> Receipt:
        failure = self._next_failure()
        if failure is None or failure.though_stored:
            assert self.store(name, content), f"{name} was sent with two contents"
        if failure is not None:
            raise failure.error
        return Receipt.TRUSTED if self.mute else Receipt.SHOWN

    def ask(self, name: str, *, sha256: str, size: int) -> Presence:
        if self.mute:
            return Presence.CANNOT_TELL
        content = self.files.get(name)
        if content is None:
            return Presence.ABSENT
        same = len(content) == size and hashlib.sha256(content).hexdigest() == sha256
        return Presence.SAME if same else Presence.DIFFERENT

    def store(self, name: str, content: bytes) -> bool:
        """Keep a file; False when the name is taken by other content."""
        return self.files.setdefault(name, content) == content

    def _next_failure(self) -> _Failure | None:
        failure = self._failure
        if failure is not None and failure.times is not None:
            failure.times -= 1
            if not failure.times:
                self._failure = None
        return failure
