"""One run of one shop: what it works with, where it must stop, what came of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from chalicelib.domain.fingerprint import derive_key, inbox_print
from chalicelib.domain.invoices import Invoice
from chalicelib.domain.ledger import Actor, FileState, ReleaseCause
from chalicelib.domain.shops import Shop, TroubleCause
from chalicelib.errors import LicenceError
from chalicelib.ports import Inbox, ShopApi
from chalicelib.usecases.connector import Connector


class FileResult(NamedTuple):
    """What came of a file of so many orders."""

    name: str
    orders: int
    state: FileState


class Held(NamedTuple):
    """An order's number, and the code of its hold reason."""

    order: str
    reason: str


class Skip(NamedTuple):
    """An order's number (or `THE_SHOP`), and why it does not go along."""

    order: str
    reason: str


THE_SHOP = "shop"


@dataclass(slots=True)
class Run:
    """One run of one shop: its parts, its limits and what came of it.

    `stop_at` is the instant after which no further document is read (the function's time is
    nearly up). `resume_at` is set when the run must go on later, with the cause in `stopped_by`.
    `trouble` is set when the shop, as a whole, could not be worked on. `open` comes first.
    """

    connector: Connector
    shop: Shop
    name: str
    by: Actor
    stop_at: datetime
    api: ShopApi = field(init=False)
    inbox: Inbox = field(init=False)
    files: list[FileResult] = field(default_factory=list)
    held: list[Held] = field(default_factory=list)
    skipped: list[Skip] = field(default_factory=list)
    booked: dict[str, Invoice] = field(default_factory=dict)
    resume_at: datetime | None = None
    stopped_by: ReleaseCause | None = None
    trouble: TroubleCause | None = None
    day_is_wrong: bool = False

    def open(self) -> None:
        """Open the shop and its inbox. Raises `ShopUnauthorised` without a token, `LicenceError`
        without a usable licence code.
        """
        if not self.shop.licence:
            raise LicenceError("there is no licence code; the merchant enters it in the settings")
        self.api = self.connector.open_shop(self.shop)
        self.inbox = self.connector.open_inbox(self.shop)

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

    def stop(self, cause: ReleaseCause, *, resume_at: datetime | None = None) -> None:
        """Make nothing new in this run."""
        self.stopped_by = self.stopped_by or cause
        if resume_at is not None and (self.resume_at is None or resume_at > self.resume_at):
            self.resume_at = resume_at
