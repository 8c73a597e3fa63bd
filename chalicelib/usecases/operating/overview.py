"""What a merchant sees at a glance: is everything in, what came of the last days, and if something
is not right, why and which button helps.

A page costs two queries: what asks for somebody, and what waits. All else is read by key.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from datetime import date, datetime
from enum import StrEnum

from chalicelib.domain.connection_changes import ConnectionChange
from chalicelib.domain.days import local_day
from chalicelib.domain.discrepancies import DiscrepancyKind
from chalicelib.domain.ledger import Entry, EntryState, FileEntry, FileState
from chalicelib.domain.licence_changes import LicenceChange
from chalicelib.domain.notified_changes import list_shown
from chalicelib.domain.payments import is_new
from chalicelib.domain.shop_records import Trouble, WatchFindings
from chalicelib.domain.shops import Shop, ShopState
from chalicelib.domain.statement import DayStatement, Verdict
from chalicelib.lazy_dataclass import dataclass
from chalicelib.usecases.filing.late_arrivals import Double, read_double
from chalicelib.usecases.filing.lateness import count_late, read_unanswered
from chalicelib.usecases.filing.open_files import read_noted_files
from chalicelib.usecases.operating.connections import (
    Connection,
    find_inbox_connection,
    find_shop_connection,
)
from chalicelib.usecases.operating.held_causes import HeldGroup, group_held
from chalicelib.usecases.operating.overview_lists import (
    FILES_SHOWN,
    MOST_ASKING,
    MOST_WAITING,
    read_days,
    read_files,
    read_lists,
    read_shared,
)
from chalicelib.usecases.operating.seen_in_asperion import Seen, Sight, find_sight
from chalicelib.usecases.shop.offers import find_running_trial
from chalicelib.usecases.shop.trouble import read_follow_up, read_trouble
from chalicelib.usecases.workspace import Workspace


class Headline(StrEnum):
    """The sentence that matters, the most urgent first."""

    DISCONNECTED = "disconnected"
    PAUSED = "paused"
    TROUBLED = "troubled"
    ORDERS = "orders"  # held, changed since, or in Asperion twice
    WRONG_DAY = "wrong day"
    OVERDUE = "overdue"
    NEW_METHODS = "new methods"
    CHECKED = "checked"  # it is being found out whether files arrived; nobody has to do anything
    READY = "ready"  # installed, and nothing came yet
    DELIVERED = "delivered"  # by API, and Asperion was not read since, or cannot be read
    ALL_IN = "all in"

    @property
    def asks(self) -> bool:
        """Whether it is for the merchant, or somebody, to do something."""
        calm = (Headline.CHECKED, Headline.READY, Headline.DELIVERED, Headline.ALL_IN)
        return self not in calm


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """Everything on the overview page.

    `waiting` documents are free for the next file, `claimed` ones in a file whose outcome they do
    not know, `uncertain` those of them whose file is `unknown`. `has_more_waiting` and
    `has_more_asking`: there are more than were counted. `days` are the statements of the last
    weeks, newest first, `files` the last few.

    `new_methods` are titles of payment methods that nobody decided on, `method_titles` those of all
    that the last watch found so, by key; `quiet_days` is set when the shop sells less than it is
    used to. `trouble` is what keeps files from arriving; after it there were `tries` the same
    night, and the next is at `next_try`. `unanswered` of the waiting orders wait for VIES, as the
    merchant chose; `overdue` counts others that wait for too long (see `lateness`). `shared` are
    documents of companies that have one e-mail address, by its keyed hash. `licence_changes` and
    `connection_changes` are those of the last weeks, newest first. `open_days` are the days of all
    that waits, is under way, is held or changed since, a day for each document: what may still
    change the return of its period. `seen` is whether Asperion shows what was delivered last.
    `is_busy`: a run is at work. `trial_ends_on` is the last day of a trial.
    """

    shop: Shop
    now: datetime
    waiting: int
    claimed: int
    held: tuple[HeldGroup, ...]
    files: tuple[FileEntry, ...]
    unknown: tuple[FileEntry, ...]
    doubles: tuple[Double, ...]
    changed: tuple[Entry, ...]
    days: tuple[DayStatement, ...]
    to_shop: Connection
    to_inbox: Connection
    has_more_waiting: bool = False
    has_more_asking: bool = False
    new_methods: tuple[str, ...] = ()
    method_titles: Mapping[str, str] = field(default_factory=dict)
    quiet_days: int | None = None
    trouble: Trouble | None = None
    tries: int = 0
    next_try: datetime | None = None
    unanswered: int = 0
    overdue: int = 0
    shared: Mapping[str, tuple[Entry, ...]] = field(default_factory=dict)
    licence_changes: tuple[LicenceChange, ...] = ()
    connection_changes: tuple[ConnectionChange, ...] = ()
    open_days: tuple[date, ...] = ()
    is_busy: bool = False
    trial_ends_on: date | None = None
    seen: Seen = field(default_factory=Seen)

    @property
    def today(self) -> date:
        """The calendar day in Amsterdam."""
        return local_day(self.now)

    @property
    def most_waiting(self) -> int:
        """How many waiting documents are counted at most."""
        return MOST_WAITING

    @property
    def is_unasked(self) -> bool:
        """Whether the newest file that was delivered is so by the inbox's own word alone."""
        placed = (file for file in self.files if file.state is FileState.PLACED)
        newest = next(placed, None)
        return newest is not None and newest.is_unasked

    @property
    def wrong_day(self) -> DayStatement | None:
        """The last day of which it is known whether it is right, if it is not for other reasons
        than what `doubles` tells.
        """
        day = next((each for each in self.days if each.verdict is not Verdict.RUNNING), None)
        if day is None or day.verdict is not Verdict.WRONG:
            return None
        kinds = {each.kind for each in day.discrepancies}
        return None if kinds == {DiscrepancyKind.DOUBLES} and self.doubles else day

    @property
    def held_count(self) -> int:
        """How many documents are held."""
        return sum(len(group.entries) for group in self.held)

    @property
    def uncertain(self) -> int:
        """How many documents are in files of which it is not known whether they arrived."""
        return sum(len(file.keys) for file in self.unknown)

    @property
    def underway(self) -> int:
        """How many documents are in a file that is being delivered."""
        return max(self.claimed - self.uncertain, 0)

    @property
    def attention(self) -> int:
        """How many documents ask for the merchant: held, changed since, or in Asperion twice; one
        that does so for two reasons counts once.
        """
        twice = (entry for double in self.doubles for entry in double.entries)
        held = (entry for group in self.held for entry in group.entries)
        return len({entry.key for entry in (*held, *self.changed, *twice)})

    @property
    def headline(self) -> Headline:
        """The sentence that matters. Orders that wait because of a trouble are no thing of their
        own, and nothing else is while the connector does not export.
        """
        return next(headline for headline, is_so in self._list_headlines() if is_so)

    def _list_headlines(self) -> Sequence[tuple[Headline, bool]]:
        is_stopped = not self.shop.state.exports
        is_new = not self.days and not self.files
        return (
            (Headline.DISCONNECTED, self.shop.state is ShopState.DISCONNECTED),
            (Headline.PAUSED, is_stopped),
            (Headline.TROUBLED, self.trouble is not None),
            (Headline.ORDERS, self.attention > 0),
            (Headline.WRONG_DAY, self.wrong_day is not None),
            (Headline.OVERDUE, self.overdue > 0),
            (Headline.NEW_METHODS, bool(self.new_methods)),
            (Headline.CHECKED, bool(self.unknown)),
            (Headline.READY, is_new),
            (Headline.DELIVERED, self.seen.sight in (Sight.TO_BE_SEEN, Sight.UNREAD)),
            (Headline.ALL_IN, True),
        )


def read_overview(workspace: Workspace) -> Overview:
    """The overview of one shop. Reads only our own tables."""
    connector, shop, shop_id = workspace.connector, workspace.shop, workspace.shop_id
    noted = read_noted_files(workspace)
    unfinished = [file for file in noted if not file.is_finished]
    claimed = workspace.claimed_by(unfinished)
    listed, asking = read_lists(workspace)
    waiting = [entry for entry in listed if entry.key not in claimed]
    unanswered = read_unanswered(workspace)
    others = [entry for entry in waiting if entry.key not in unanswered]
    held = [entry for entry in asking if entry.state is EntryState.HELD]
    days = read_days(workspace)
    files = read_files(workspace, noted, days)
    findings = connector.shops.load(shop_id, WatchFindings)
    trouble, follow_up = read_trouble(workspace), read_follow_up(workspace)
    doubles = [read_double(workspace, f) for f in unfinished if f.state is FileState.DOUBLE]
    return Overview(
        shop=shop,
        now=workspace.now(),
        waiting=len(waiting),
        claimed=len(claimed),
        held=group_held(held),
        files=tuple(files[:FILES_SHOWN]),
        unknown=tuple(file for file in unfinished if file.state is FileState.UNKNOWN),
        doubles=tuple(doubles),
        changed=tuple(entry for entry in asking if entry.change is not None),
        days=days,
        to_shop=find_shop_connection(shop, trouble, days, findings),
        to_inbox=find_inbox_connection(shop, trouble, files),
        has_more_waiting=len(listed) > MOST_WAITING,
        has_more_asking=len(asking) > MOST_ASKING,
        method_titles={} if findings is None else findings.new_methods,
        new_methods=() if findings is None else _list_new_methods(shop, findings),
        quiet_days=None if findings is None else findings.quiet_days,
        trouble=trouble,
        tries=follow_up.tries,
        next_try=follow_up.next_at,
        unanswered=len(waiting) - len(others),
        overdue=count_late(workspace, others) if shop.state.exports else 0,
        shared=read_shared(workspace),
        licence_changes=list_shown(shop.licence_changes, workspace.now()),
        connection_changes=list_shown(shop.connection_changes, workspace.now()),
        open_days=tuple(entry.day for entry in (*listed, *asking)),
        is_busy=connector.shops.find_lease(shop_id).is_held(workspace.now()),
        seen=find_sight(workspace, files),
        trial_ends_on=find_running_trial(connector.settings, shop, local_day(workspace.now())),
    )


def _list_new_methods(shop: Shop, findings: WatchFindings) -> tuple[str, ...]:
    """Titles from the last watch, without those that were decided on since."""
    methods = findings.new_methods.items()
    return tuple(title or key for key, title in methods if is_new(shop.policy, key))
