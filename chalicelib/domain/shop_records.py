"""Small records kept beside a shop: how far something has come, what was found, what is wrong.

A record is stored under its `NAME`, a day's statement under its own day.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import date, datetime
from typing import ClassVar

from chalicelib.domain.app_standing import AppStanding
from chalicelib.domain.choice_history import ChoiceHistory
from chalicelib.domain.connect_requests import ConnectRequests
from chalicelib.domain.connection import AsperionTokens
from chalicelib.domain.distance_sales import DistanceFigure
from chalicelib.domain.fleet_halt import FleetHalt
from chalicelib.domain.installation_progress import InstallationProgress
from chalicelib.domain.landed import ReadBack
from chalicelib.domain.lifetime_progress import LifetimeProgress
from chalicelib.domain.mail_records import MailChoices, MailProgress
from chalicelib.domain.migrations import Migration
from chalicelib.domain.month_files import DatedFiles
from chalicelib.domain.nights import SliceProgress
from chalicelib.domain.open_records import JoinedLists, OpenFiles, RecentDrops
from chalicelib.domain.repeated_requests import Requests
from chalicelib.domain.seat_records import Invitations, MailsToHolder, UsedSignIn
from chalicelib.domain.sending_progress import SendingProgress
from chalicelib.domain.shops import TroubleCause
from chalicelib.domain.vat_numbers import VatNumber, VatStanding
from chalicelib.lazy_dataclass import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepProgress:
    """How far a sweep of the orders changed since `since` has come: all up to the id `after_id`.

    It counts for as long as the shop's `swept_until` is where it was. `started` is when the sweep
    began; `unfinished_since` the earliest change of a document that is in an unfinished file;
    `skipped_since` that of a row without a usable id.
    """

    NAME: ClassVar[str] = "sweep"

    since: datetime
    started: datetime
    after_id: int = 0
    unfinished_since: datetime | None = None
    skipped_since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceChange:
    """The merchant chose at `at` to export invoices instead of paid orders, when the sweep had seen
    all that changed until `swept_until`.
    """

    NAME: ClassVar[str] = "source"

    at: datetime
    swept_until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundProgress:
    """Until which change of the shop's invoices every credit note was dealt with. `left` are the
    keys of documents, and when their refund was reported, that another change hid when a person
    dealt with that one: they are reported again.
    """

    NAME: ClassVar[str] = "refunds"

    until: datetime
    left: Mapping[str, datetime] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class RereadProgress:
    """Every booked order that changed before `until` was read again, but for `left`: ids, and when
    each changed, of orders that could not be read.
    """

    NAME: ClassVar[str] = "details"

    until: datetime
    left: Mapping[int, datetime] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class UsedUpBudget:
    """The shop's allowance of calls is used up until `until`; `run` goes on at `next_at`."""

    NAME: ClassVar[str] = "budget"

    until: datetime
    next_at: datetime
    run: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """What keeps the shop's exports from ending well: the first run that met it (`since`), and the
    last (`at`). Without a cause, nothing does.
    """

    NAME: ClassVar[str] = "export"

    cause: TroubleCause | None = None
    since: datetime | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp:
    """What follows the runs of a shop that did not do all they were to.

    `failed_at` is when the first of a series failed for a cause that may pass, `tries` how many of
    its later tries there were, `next_at` when the next is due (None: given up until the next
    night). Its message is that of `run`, and comes at `comes_at`, which may be earlier.
    `unfinished_since` is when the first of a row of runs stopped that go on by themselves.
    """

    NAME: ClassVar[str] = "follow-up"

    failed_at: datetime | None = None
    tries: int = 0
    next_at: datetime | None = None
    comes_at: datetime | None = None
    run: str = ""
    unfinished_since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchFindings:
    """What the last watch found: titles of payment methods that nobody decided on, by their keys,
    and for how many days the shop has sold nothing, when that is unlike it.
    """

    NAME: ClassVar[str] = "watch"

    at: datetime
    new_methods: Mapping[str, str] = field(default_factory=dict)
    quiet_days: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ForgottenTotals:
    """The files and days before `until` keep no totals any more."""

    NAME: ClassVar[str] = "totals"

    until: date


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedAddresses:
    """E-mail addresses, as keyed hashes, under which companies that differ were booked. The
    merchant was told of all in `reported`, the oldest first; `shown` maps those that he has not put
    away to the ledger keys of a document of each company.
    """

    NAME: ClassVar[str] = "addresses"

    reported: tuple[str, ...] = ()
    shown: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class UsedLink:
    """The session that an install link is for, and until when the link would be valid."""

    session: str
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class UsedLinks:
    """The install links that were used, by `signatures.Callback.link`, while they are valid."""

    NAME: ClassVar[str] = "links"

    by_link: Mapping[str, UsedLink] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class EndedSessions:
    """The sessions that were signed out before their time: those that began before `before`, and
    those of these names, each with when it began.
    """

    NAME: ClassVar[str] = "sessions"

    before: datetime | None = None
    begun_at: Mapping[str, datetime] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class HolderSessions:
    """The sessions of one bookkeeper that were signed out before their time. Kept under his holder,
    until the last of them would have ended.
    """

    NAME: ClassVar[str] = "holder-sessions"

    ended: EndedSessions
    needed_until: datetime


PassingRecord = MailsToHolder | UsedSignIn | HolderSessions
"""The records that are of no shop, and need not be kept after `needed_until`."""

ShopRecord = (
    AppStanding
    | SweepProgress
    | SourceChange
    | RefundProgress
    | RereadProgress
    | UsedUpBudget
    | Trouble
    | FollowUp
    | WatchFindings
    | ForgottenTotals
    | LifetimeProgress
    | SharedAddresses
    | Migration
    | InstallationProgress
    | Requests
    | UsedLinks
    | EndedSessions
    | OpenFiles
    | JoinedLists
    | RecentDrops
    | ChoiceHistory
    | DistanceFigure
    | MailChoices
    | MailProgress
    | VatNumber
    | VatStanding
    | AsperionTokens
    | ReadBack
    | ConnectRequests
    | SendingProgress
    | DatedFiles
    | Invitations
    | SliceProgress
    | FleetHalt
    | PassingRecord
)
