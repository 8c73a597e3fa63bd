"""An inbox at an address: puts a file, asks for it, and says what came of it.

Errors name the file and the host or bucket, never the address, which holds the licence code.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from hashlib import sha256 as _digest
from typing import NamedTuple

from chalicelib.adapters.inbox.inbox_address import InboxAddress
from chalicelib.adapters.inbox.outcomes import OUTCOMES, Answer, Outcome
from chalicelib.errors import (
    InboxBusy,
    InboxContradicts,
    InboxError,
    InboxNotSent,
    InboxRefused,
    InboxUnknown,
)
from chalicelib.ports import Presence, Receipt

_RECEIPTS = {Outcome.SHOWN: Receipt.SHOWN, Outcome.TRUSTED: Receipt.TRUSTED}
_ERRORS: dict[Outcome, type[InboxError]] = {
    Outcome.ABSENT: InboxRefused,
    Outcome.UNKNOWN: InboxUnknown,
    Outcome.CONTRADICTED: InboxContradicts,
}
_CONSEQUENCES = {
    Outcome.ABSENT: "nothing is stored",
    Outcome.UNKNOWN: "it may be stored or not",
    Outcome.CONTRADICTED: "that contradicts itself",
}
_FOUND = {
    Presence.SAME: "it shows the file",
    Presence.DIFFERENT: "it shows another file under this name",
    Presence.ABSENT: "it does not show the file",
    Presence.CANNOT_TELL: "it does not tell whether it has the file",
    Presence.NO_INBOX: "a page for people answers in its place",
}
_ADVICE = {Answer.REFUSED: ": check ASPERION_INBOX_URL", Answer.NOT_NOW: ": try later"}


class Said(NamedTuple):
    """An inbox's answer to a file: its meaning, and its own name, such as ``HTTP 403``."""

    answer: Answer
    words: str


class AddressedInbox(ABC):
    """`ports.Inbox` at an address that stores a file under a name that is free, and retries
    nothing.
    """

    def __init__(self, address: InboxAddress) -> None:
        self._address = address
        self._shown = f"bucket {address.host}" if address.scheme == "s3" else address.host

    def place(self, name: str, content: bytes) -> Receipt:
        """Put the file under a free name and ask for it; see `ports.Inbox.place`, and `OUTCOMES`
        for what follows from the two answers. Without any answer it is `InboxUnknown`; not
        reaching the inbox at all is `InboxNotSent`.
        """
        said = self._put(name, content)
        presence = self.ask(name, sha256=_digest(content).hexdigest(), size=len(content))
        outcome = OUTCOMES[said.answer][presence]
        if outcome in _RECEIPTS:
            return _RECEIPTS[outcome]
        error = _ERRORS[outcome]
        if error is InboxRefused and said.answer is Answer.NOT_NOW:
            error = InboxBusy
        advice = _ADVICE.get(said.answer, "") if outcome is Outcome.ABSENT else ""
        raise error(
            f"{self._shown} answered {name} with {said.words}, and, asked, {_FOUND[presence]}: "
            f"{_CONSEQUENCES[outcome]}{advice}"
        )

    @abstractmethod
    def ask(self, name: str, *, sha256: str, size: int) -> Presence:
        """See `ports.Inbox.ask`.

        A digest that the inbox states decides. Without one a file of the same length counts as the
        same: its name holds day, shop and number and is never given to other content, so another
        length means a broken upload.
        """

    @abstractmethod
    def _put(self, name: str, content: bytes) -> Said:
        """The answer to a file. Raises `_make_no_answer_error`'s."""

    def _make_no_answer_error(self, name: str, kind: str, *, is_sent: bool) -> InboxError:
        host = self._shown
        if is_sent:
            return InboxUnknown(
                f"{host} gave no answer to {name} ({kind}): it may be stored or not"
            )
        return InboxNotSent(f"{host} cannot be reached ({kind}): nothing of {name} was sent")


def to_presence(is_equal: bool) -> Presence:
    """SAME for equal content, else DIFFERENT."""
    return Presence.SAME if is_equal else Presence.DIFFERENT
