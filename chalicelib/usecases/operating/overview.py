"""What a merchant sees at a glance: is everything in, and if not, why and which button helps."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from chalicelib.domain.discrepancies import DiscrepancyKind
from chalicelib.domain.ledger import Entry, FileEntry, FileState
from chalicelib.domain.licence_changes import LicenceChange, list_shown
from chalicelib.domain.payments import is_new
from chalicelib.domain.shop_records import SharedAddresses, Trouble, WatchFindings
from chalicelib.domain.shops import Shop
from chalicelib.domain.statement import DayStatement, Verdict
from chalicelib.errors import UnknownFile
from chalicelib.usecases.filing.late_arrivals import Double, list_doubles
from chalicelib.usecases.filing.lateness import count_overdue
from chalicelib.usecases.shop.trouble import read_follow_up, read_trouble
from chalicelib.usecases.workspace import Workspace

FILES_SHOWN = 14
DAYS_SHOWN = 14
HELD_SHOWN = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldGroup:
    """Held documents with one root cause: mend it once and all are free."""

    reason: str
    detail: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """Everything on the overview page.

    `new_methods` are titles of payment methods that nobody decided on; `quiet_days` is set when
    the shop sells less than it is used to. `trouble` is what keeps files from arriving; after it
    there were `tries` the same night, and the next is at `next_try`. `overdue` counts orders that
    wait for too long (see `lateness`). `shared` are documents of companies that have one e-mail
    address, by its keyed hash. `licence_changes` are those of the last weeks, newest first.
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
    new_methods: tuple[str, ...] = ()
    quiet_days: int | None = None
    trouble: Trouble | None = None
    tries: int = 0
    next_try: datetime | None = None
    overdue: int = 0
    shared: Mapping[str, tuple[Entry, ...]] = field(default_factory=dict)
    licence_changes: tuple[LicenceChange, ...] = ()

    @property
    def is_unasked(self) -> bool:
        """Whether the newest file that was delivered is so by the inbox's own word alone."""
        placed = (file for file in self.files if file.state is FileState.PLACED)
        newest = next(placed, None)
        return newest is not None and newest.is_unasked

    @property
    def wrong_day(self) -> DayStatement | None:
        """The last day, if it is not right for other reasons than what `doubles` tells."""
        day = self.days[0] if self.days else None
        if day is None or day.verdict is not Verdict.WRONG:
            return None
        kinds = {each.kind for each in day.discrepancies}
        return None if kinds == {DiscrepancyKind.DOUBLES} else day

    @property
    def held_count(self) -> int:
        """How many documents are held."""
        return sum(len(group.entries) for group in self.held)

    @property
    def attention(self) -> int:
        """How many things ask for somebody; 0 means that everything is in, or soon will be by
        itself. Orders that wait because of a trouble are no thing of their own.
        """
        asking = (self.held, self.unknown, self.doubles, self.changed)
        wrong = self.wrong_day is not None
        stopped = not self.shop.state.exports
        stuck = not stopped and (self.trouble is not None or self.overdue > 0)
        undecided = bool(self.new_methods)  # one form for all of them
        return sum(len(each) for each in asking) + undecided + wrong + stopped + stuck


def read_overview(workspace: Workspace) -> Overview:
    """The overview of one shop. Reads only our own tables."""
    connector, shop, shop_id = workspace.connector, workspace.shop, workspace.shop_id
    entries = connector.entries
    recent = connector.files.list_recent(shop_id, FILES_SHOWN)
    unfinished = connector.files.list_unfinished(shop_id)
    claimed = len(workspace.claimed_keys())
    findings = connector.shops.load(shop_id, WatchFindings)
    follow_up = read_follow_up(workspace)
    return Overview(
        shop=shop,
        now=workspace.now(),
        waiting=max(entries.count_waiting(shop_id) - claimed, 0),
        claimed=claimed,
        held=group_held(entries.list_held(shop_id, limit=HELD_SHOWN)),
        files=tuple(file for file in recent if file.state is not FileState.VOID),
        unknown=tuple(file for file in unfinished if file.state is FileState.UNKNOWN),
        doubles=tuple(list_doubles(workspace)),
        changed=tuple(entries.list_changed(shop_id)),
        days=tuple(connector.shops.statements(shop_id, DAYS_SHOWN)),
        new_methods=() if findings is None else _list_new_methods(shop, findings),
        quiet_days=None if findings is None else findings.quiet_days,
        trouble=read_trouble(workspace),
        tries=follow_up.tries,
        next_try=follow_up.next_at,
        overdue=count_overdue(workspace),
        shared=_read_shared(workspace),
        licence_changes=list_shown(shop.licence_changes, workspace.now()),
    )


def _read_shared(workspace: Workspace) -> dict[str, tuple[Entry, ...]]:
    kept = workspace.connector.shops.load(workspace.shop_id, SharedAddresses)
    shown = {} if kept is None else kept.shown
    keys = {key for each in shown.values() for key in each}
    entries = workspace.connector.entries.get_all(workspace.shop_id, keys) if keys else {}
    return {
        address: tuple(entries[key] for key in each if key in entries)
        for address, each in shown.items()
    }


def _list_new_methods(shop: Shop, findings: WatchFindings) -> tuple[str, ...]:
    """Titles from the last watch, without those that were decided on since."""
    methods = findings.new_methods.items()
    return tuple(title or key for key, title in methods if is_new(shop.policy, key))


def group_held(held: Sequence[Entry]) -> tuple[HeldGroup, ...]:
    """Held entries by root cause, the largest group first."""
    groups: dict[tuple[str, str], list[Entry]] = defaultdict(list)
    for entry in held:
        groups[entry.hold or "", entry.hold_detail].append(entry)
    return tuple(
        HeldGroup(reason=reason, detail=detail, entries=tuple(entries))
        for (reason, detail), entries in sorted(groups.items(), key=lambda g: (-len(g[1]), g[0]))
    )


def read_file(workspace: Workspace, name: str) -> tuple[FileEntry, list[Entry]]:
    """One file and its documents. Raises `UnknownFile`."""
    connector, shop_id = workspace.connector, workspace.shop_id
    file = connector.files.get(shop_id, name)
    if file is None:
        raise UnknownFile(f"File {name} is not known here.")
    entries = connector.entries.get_all(shop_id, file.keys)
    return file, [entries[key] for key in file.keys if key in entries]
