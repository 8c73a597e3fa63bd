"""One run of one shop: what it works with, where it must stop, what came of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from chalicelib.domain.fingerprint import derive_key, inbox_print
from chalicelib.domain.invoices import Invoice
from chalicelib.domain.ledger import FileState
from chalicelib.domain.shops import Shop
from chalicelib.ports import Inbox, ShopApi
from chalicelib.usecases.connector import Connector


@dataclass(slots=True)
class Run:
    """One run of one shop: its parts, its limits and what came of it.

    `stop_at` is the instant after which no further document is read (the function's time is
    nearly up). `resume_at` is set when the run must go on later, with the cause in `stopped_by`.
    """

    connector: Connector
    shop: Shop
    api: ShopApi
    inbox: Inbox
    name: str
    by: str
    stop_at: datetime
    files: list[tuple[str, int, FileState]] = field(default_factory=list)
    held: list[tuple[str, str]] = field(default_factory=list)
    skipped: list[tuple[str, str]] = field(default_factory=list)
    booked: dict[str, Invoice] = field(default_factory=dict)
    resume_at: datetime | None = None
    stopped_by: str | None = None
    day_is_wrong: bool = False

    @property
    def shop_id(self) -> int:
        """The shop's number."""
        return self.shop.shop_id

    def now(self) -> datetime:
        """The connector's clock."""
        return self.connector.clock()

    def inbox_print(self) -> str:
        """What a file remembers of the inbox that it is sent to."""
        settings = self.connector.settings
        key = derive_key(settings.session_secret, self.shop_id)
        return inbox_print(settings.inbox_url, self.shop.licence or "", key)

    def stop(self, cause: str, *, resume_at: datetime | None = None) -> None:
        """Make nothing new in this run."""
        self.stopped_by = self.stopped_by or cause
        if resume_at is not None and (self.resume_at is None or resume_at > self.resume_at):
            self.resume_at = resume_at
