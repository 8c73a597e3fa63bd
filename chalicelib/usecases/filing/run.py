"""One run of one shop: what it works with, where it must stop, what came of it."""

from __future__ import annotations

from dataclasses import field
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from chalicelib.domain.causes import ReleaseCause
from chalicelib.domain.events import Actor
from chalicelib.domain.invoices import Debtor
from chalicelib.domain.ledger import FileState
from chalicelib.domain.refused_fields import RefusedField
from chalicelib.domain.shops import TroubleCause
from chalicelib.domain.statement import ShopCheck
from chalicelib.domain.ways import Way
from chalicelib.errors import LicenceError
from chalicelib.lazy_dataclass import dataclass
from chalicelib.ports import AsperionApi, ShopApi
from chalicelib.usecases.filing.shop_lease import ShopLease, renew_at_each_call
from chalicelib.usecases.judging.number_questions import NumberQuestions
from chalicelib.usecases.workspace import Workspace


class FileResult(NamedTuple):
    """What came of a file of so many orders."""

    name: str
    orders: int
    state: FileState


class NotBooked(NamedTuple):
    """An order's number (or `THE_SHOP`), and the code of its hold reason or why it does not go
    along.
    """

    order: str
    reason: str


THE_SHOP = "shop"
TO_ANSWER = timedelta(minutes=1)
"""How long after a run's time a call of Asperion may last that it began before."""
NO_ID = "its row in SEOshop's list has no id"


@dataclass(kw_only=True)
class Run(Workspace):
    """One run of one shop: its limits, and what came of it.

    `name` names it in logs and leases. `stop_at` is the instant after which no further document is
    read (the function's time is nearly up). `resume_at` is set when the run must go on later, with
    the cause in `stopped_by`. `trouble` is set when the shop, as a whole, could not be worked on.
    `left` are the keys of documents that SEOshop could not give, but may give later. `lease` is the
    run's own on the shop, renewed with every call of the shop's API.
    `debtors` are Asperion's ids of the debtors that it looked up, by e-mail address without
    capitals; `shared_debtors` those of them that are one of several with the address. `refusals`
    are the fields that Asperion refused since it took the last invoice.
    `claimed` are the keys of all documents that it claimed, or tried to; `booked` the amounts,
    including VAT, of the invoices that it put into files, by ledger key, until the shop's list is
    checked; `companies` the customers of these that are companies, by e-mail address, each with the
    key of the first document and without its addresses; `check` is what it saw of the shop's list.
    """

    name: str
    by: Actor
    stop_at: datetime
    files: list[FileResult] = field(default_factory=list)
    held: list[NotBooked] = field(default_factory=list)
    skipped: list[NotBooked] = field(default_factory=list)
    left: set[str] = field(default_factory=set)
    claimed: set[str] = field(default_factory=set)
    booked: dict[str, Decimal] = field(default_factory=dict)
    companies: dict[str, list[tuple[str, Debtor]]] = field(default_factory=dict)
    debtors: dict[str, int] = field(default_factory=dict)
    shared_debtors: set[int] = field(default_factory=set)
    refusals: list[RefusedField] = field(default_factory=list)
    resume_at: datetime | None = None
    stopped_by: ReleaseCause | None = None
    trouble: TroubleCause | None = None
    check: ShopCheck | None = None
    is_day_wrong: bool = False
    lease: ShopLease | None = None

    @cached_property
    def api(self) -> ShopApi:
        """SEOshop's API for this shop, of which no call lasts beyond `stop_at`. Raises
        `ShopUnauthorised` without a token, `VaultError`. Its calls may raise `LeaseLost`.
        """
        api = self.connector.open_shop(self.shop)
        api.limit_time(self.stop_at - self.now())
        return api if self.lease is None else renew_at_each_call(api, self.lease)

    def open_administration(self, administration_id: int | None) -> AsperionApi:
        """As in any workspace, and no call lasts much beyond `stop_at`."""
        api = super().open_administration(administration_id)
        api.limit_time(self.stop_at + TO_ANSWER - self.now())
        return api

    @cached_property
    def questions(self) -> NumberQuestions:
        """What this run asks of the register of VAT numbers."""
        return NumberQuestions(self, stop_at=self.stop_at)

    @property
    def origin(self) -> str:
        """What the run's message said of it: the night's name, or that of what follows it."""
        return self.name.partition("/")[0]

    @property
    def has_placed(self) -> bool:
        """Whether a file or delivery of this run is in Asperion."""
        return FileState.PLACED in {file.state for file in self.files}

    def require_access(self) -> None:
        """Open the shop, and its inbox or its administration in Asperion, not in the middle of a
        delivery. Raises `ShopUnauthorised` without a token, `LicenceError` without a usable licence
        code, `ConnectionRefused` when the merchant has to connect with Asperion again,
        `AsperionUnavailable` when its identity server does not answer, `VaultError`.
        """
        _ = self.api
        if self.shop.way is Way.API:
            _ = self.asperion, self.access.get()
            return
        if not self.shop.licence:
            raise LicenceError("there is no licence code; the merchant enters it in the settings")
        _ = self.inbox, self.open_licence()

    def stop(self, cause: ReleaseCause, *, resume_at: datetime | None = None) -> None:
        """Make nothing new in this run."""
        self.stopped_by = self.stopped_by or cause
        if resume_at is not None and (self.resume_at is None or resume_at > self.resume_at):
            self.resume_at = resume_at
