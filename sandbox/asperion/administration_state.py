"""One administration: its inbox, its books and its settings."""

import threading
from dataclasses import dataclass, field
from datetime import date, datetime

from sandbox.asperion.axml_reader import UnreadableFile, read_orders
from sandbox.asperion.bookkeeping import Books
from sandbox.asperion.import_settings import ROWS, ImportSettings
from sandbox.asperion.inbox_files import IMPORTED, REJECTED, WAITING, Inbox, InboxError, StoredFile
from sandbox.serving import Clock


@dataclass(frozen=True)
class FileOutcome:
    """The result of importing one file: the number of invoices, or the reason for none in Dutch."""

    name: str
    invoices: int
    reason: str = ""


@dataclass(frozen=True)
class SyncReport:
    """The result of one press on Synchroniseren or Inlezen."""

    at: datetime
    outcomes: tuple[FileOutcome, ...] = ()

    @property
    def imported(self) -> list[FileOutcome]:
        """Files that were read in."""
        return [outcome for outcome in self.outcomes if not outcome.reason]

    @property
    def failed(self) -> list[FileOutcome]:
        """Files that were refused."""
        return [outcome for outcome in self.outcomes if outcome.reason]

    @property
    def invoices(self) -> int:
        """How many concept invoices were made."""
        return sum(outcome.invoices for outcome in self.outcomes)


@dataclass
class Administration:
    """One administration. Callers hold `lock` while they read or change it."""

    licence: str
    id: int
    name: str
    clock: Clock
    lock: threading.RLock = field(default_factory=threading.RLock)
    inbox: Inbox = field(default_factory=Inbox)
    books: Books = field(default_factory=Books)
    settings: dict[str, ImportSettings] = field(
        default_factory=lambda: {row.key: ImportSettings() for row in ROWS}
    )
    last_report: SyncReport | None = None
    is_closed: bool = False
    locked_until: date | None = None
    """The last day of the periods in which nothing can be booked any more."""

    def synchronise(self, row: str) -> SyncReport:
        """Import all waiting files in order of name; a bad file is refused, the rest goes on."""
        with self.lock:
            waiting = self.inbox.files(WAITING)
            outcomes = tuple(self._import(stored, row) for stored in waiting)
            self.last_report = SyncReport(self.clock(), outcomes)
            return self.last_report

    def read_in(self, name: str, content: bytes, row: str) -> SyncReport:
        """Import one uploaded file, unless the inbox has or had a file of that name."""
        with self.lock:
            try:
                self.inbox.put(name, content, self.clock(), only_new=True)
            except InboxError:
                reason = "Er is al een bestand met deze naam; het is niet nog eens ingelezen."
                outcome = FileOutcome(name, 0, reason)
            else:
                outcome = self._import(self._stored(name), row)
            self.last_report = SyncReport(self.clock(), (outcome,))
            return self.last_report

    def retry(self, name: str) -> bool:
        """Let a refused file wait again; False if there is none of that name."""
        with self.lock:
            stored = self.inbox.get(name)
            if stored is None or stored.state != REJECTED:
                return False
            stored.state, stored.reason = WAITING, ""
            return True

    def _stored(self, name: str) -> StoredFile:
        stored = self.inbox.get(name)
        assert stored is not None
        return stored

    def _import(self, stored: StoredFile, row: str) -> FileOutcome:
        now = self.clock()
        try:
            orders = read_orders(stored.content)
        except UnreadableFile as error:
            stored.state, stored.reason = REJECTED, str(error)
            return FileOutcome(stored.name, 0, stored.reason)
        booked = self.books.book(orders, stored.name, self.settings[row], now)
        stored.state, stored.imported, stored.invoices = IMPORTED, now, len(booked)
        return FileOutcome(stored.name, len(booked))
