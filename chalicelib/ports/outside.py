"""Asperion's inbox, the export's queue, and mail."""

from __future__ import annotations

from dataclasses import field
from enum import Enum
from typing import TYPE_CHECKING, Protocol

from chalicelib.domain.tasks import Task
from chalicelib.lazy_dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from chalicelib.domain.connection_changes import ConnectionStep
    from chalicelib.domain.mail_matters import DueMail
    from chalicelib.domain.nights import Slice

LONGEST_DELAY = 900
"""Seconds that a message may be delayed at most: SQS's maximum."""


class Presence(Enum):
    """What an inbox knows of a file."""

    SAME = "same"  # there, with this content
    DIFFERENT = "different"  # there, with other content
    ABSENT = "absent"  # it says that it is not there
    CANNOT_TELL = "cannot tell"  # it answers, and does not say
    NO_ANSWER = "no answer"  # none, or that it is out of order: it may tell later
    NO_INBOX = "no inbox"  # a page for people answers in its place, such as one to sign in


class Receipt(Enum):
    """Why a file counts as placed."""

    SHOWN = "shown"  # the inbox was asked, and shows it
    TRUSTED = "trusted"  # the inbox says that it stored it, and cannot be asked


class Inbox(Protocol):
    """Asperion's inbox of one licence code."""

    def place(self, name: str, content: bytes) -> Receipt:
        """Store a file under a name that is not yet taken (a second PUT of the same content is
        harmless), and ask at once whether it is there. Raises `InboxNotSent` and `InboxRefused`
        when it is proven not to be, else `InboxUnknown` or its `InboxContradicts`.
        """

    def ask(self, name: str, *, sha256: str, size: int) -> Presence:
        """Whether the file of this name, hash (hex) and size (bytes) is there. Never raises for
        an inbox that cannot be asked: that is `CANNOT_TELL` or `NO_ANSWER`. ABSENT proves only
        that it was not there at that moment: an upload may still be on its way.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class Backlog:
    """How many messages the queue has, about: those that wait to be taken, those that are worked on
    or come back after a failure, those that were sent to come later, and the dead letters.
    """

    waiting: int = 0
    in_hand: int = 0
    later: int = 0
    dead: int = 0


class ExportQueue(Protocol):
    """The queue of shops to export, and to watch over."""

    def send(
        self, shop_id: int, *, delay: int = 0, run: str = "", task: Task = Task.EXPORT
    ) -> None:
        """One message for one shop, visible after `delay` seconds (at most `LONGEST_DELAY`). Raises
        `QueueError`.
        """

    def keep(self, receipt: str, seconds: int) -> None:
        """Keep a message that was received for another so many seconds from now on; unless it is
        done with by then, it comes back. Raises `QueueError`.
        """

    def measure(self) -> Backlog:
        """How many messages there are. Raises `QueueError`."""

    def redrive(self) -> int:
        """Give every message that failed too often another chance. Returns how many there were.
        Raises `QueueError`.
        """

    def send_many(self, shop_ids: Sequence[int], *, run: str, task: Task = Task.EXPORT) -> int:
        """One message for each shop; returns how many. Raises `QueueError` when some could not be
        sent even at the second attempt (the others were).
        """

    def send_slices(self, slices: Sequence[Slice], *, now: datetime) -> None:
        """One message for each slice, visible when it is due, or after `LONGEST_DELAY`: whoever
        takes it too soon sends it again. Raises `QueueError` likewise.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """A mail of plain text; `headers` are those that it has beside the usual ones."""

    subject: str
    text: str
    headers: Mapping[str, str] = field(default_factory=dict)


class Mailer(Protocol):
    """Sends mail in this installation's name."""

    def send(self, address: str, mail: Mail) -> None:
        """Hand one mail to the mail service, which takes a few seconds at most. Raises `MailError`
        when it does not take it. That it was taken does not say that it arrives.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class LicenceNotice:
    """What a shop's contact is told of a change of the licence code: the shop's `title`, its
    `language` as SEOshop has it, when it was changed, and both endings (``••42``).
    """

    title: str
    language: str
    at: datetime
    former: str
    new: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionNotice:
    """What a shop's contact is told of a change of the connection with Asperion: what was done, the
    names of the administrations before and after (empty: none), and whether invoices go straight
    into the latter from now on.
    """

    title: str
    language: str
    at: datetime
    what: ConnectionStep
    former: str
    new: str
    is_on: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MorningNotice:
    """What a merchant is told in the morning about the shop of that `title`; with `ticket` he
    switches these mails off. `closed_on` is the day of the newest entry of the journal, of the hash
    `journal_hash`; None while there is none.
    """

    title: str
    language: str
    due: DueMail
    ticket: str
    closed_on: date | None = None
    journal_hash: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressRequest:
    """The question, sent to an address, whether mail about the shop may go there: with `ticket` it
    is confirmed, for `days` from now.
    """

    title: str
    language: str
    ticket: str
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressNotice:
    """What the former address is told when mail about the shop goes elsewhere from `at` on."""

    title: str
    language: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatInvitation:
    """A bookkeeper is invited to a seat in the shop of that `title`: `invitation` is the token, for
    `days` from now.
    """

    title: str
    language: str
    invitation: str
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatProof:
    """Somebody typed this address behind an invitation of the shop of that `title`: with `proof` he
    shows that it is his, and accepts.
    """

    title: str
    language: str
    proof: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInLink:
    """What a bookkeeper signs in with: `ticket`, once, for `minutes` from now."""

    language: str
    ticket: str
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatAccepted:
    """What the shop's contact is told when somebody has a seat since `at`."""

    title: str
    language: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatRevoked:
    """What a bookkeeper is told when his seat in the shop of that `title` was taken away."""

    title: str
    language: str


SeatNotice = SeatInvitation | SeatProof | SignInLink | SeatAccepted | SeatRevoked
DestinationNotice = LicenceNotice | ConnectionNotice
Notice = DestinationNotice | MorningNotice | AddressRequest | AddressNotice | SeatNotice
"""All that mail tells."""
