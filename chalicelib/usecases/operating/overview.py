"""What a merchant sees at a glance: is everything in, and if not, why and which button helps."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.ledger import Entry, EntryState, FileEntry, FileState
from chalicelib.domain.payments import is_new
from chalicelib.domain.shops import Shop
from chalicelib.errors import UnknownFile
from chalicelib.usecases.connector import Connector
from chalicelib.usecases.exporting.lateness import overdue
from chalicelib.usecases.exporting.trouble import TROUBLE_NOTE
from chalicelib.usecases.lifecycle.watch import WATCH_NOTE

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
class DayProof:
    """One day's proof of completeness, as counts: paid = placed + held + dropped + waiting.

    `day` is ISO; `verdict` is ``right``, ``wrong`` or ``running``; `at` when it was drawn up.
    """

    day: str
    paid: int
    placed: int
    held: int
    dropped: int
    waiting: int
    verdict: str
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """What keeps the exports from ending well (a `TroubleCause`'s value), and since which run."""

    cause: str
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """Everything on the overview page.

    `new_methods` are titles of payment methods that nobody decided on; `quiet_days` is set when
    the shop sells less than it is used to. `trouble` is what keeps files from arriving, `overdue`
    counts orders that wait for too long (see `lateness`).
    """

    shop: Shop
    now: datetime
    waiting: int
    claimed: int
    held: tuple[HeldGroup, ...]
    files: tuple[FileEntry, ...]
    unknown: tuple[FileEntry, ...]
    changed: tuple[Entry, ...]
    days: tuple[DayProof, ...]
    new_methods: tuple[str, ...] = ()
    quiet_days: int | None = None
    trouble: Trouble | None = None
    overdue: int = 0

    @property
    def held_count(self) -> int:
        """How many documents are held."""
        return sum(len(group.entries) for group in self.held)

    @property
    def attention(self) -> int:
        """How many things ask for somebody; 0 means that everything is in, or soon will be by
        itself. Orders that wait because of a trouble are no thing of their own.
        """
        asking = (self.held, self.unknown, self.changed)
        wrong = bool(self.days) and self.days[0].verdict == "wrong"
        stopped = not self.shop.state.exports
        stuck = not stopped and (self.trouble is not None or self.overdue > 0)
        undecided = bool(self.new_methods)  # one form for all of them
        return sum(len(each) for each in asking) + undecided + wrong + stopped + stuck


def overview(connector: Connector, shop_id: int) -> Overview:
    """The overview of one shop. Reads only our own tables. Raises `UnknownShop`."""
    shop = connector.shop(shop_id)
    files = connector.files.recent(shop_id, FILES_SHOWN)
    watched = connector.shops.noted(shop_id, WATCH_NOTE) or {}
    return Overview(
        shop=shop,
        now=connector.clock(),
        waiting=connector.entries.count(shop_id, EntryState.WAITING),
        claimed=connector.entries.count(shop_id, EntryState.CLAIMED),
        held=grouped(connector.entries.open(shop_id, EntryState.HELD, limit=HELD_SHOWN)),
        files=tuple(file for file in files if file.state is not FileState.VOID),
        unknown=tuple(
            file for file in connector.files.unfinished(shop_id) if file.state is FileState.UNKNOWN
        ),
        changed=tuple(connector.entries.changed(shop_id)),
        days=_days(connector, shop_id),
        new_methods=_new_methods(shop, watched),
        quiet_days=int(watched["quiet_days"]) if watched.get("quiet_days") else None,
        trouble=trouble(connector, shop_id),
        overdue=overdue(connector, shop),
    )


def trouble(connector: Connector, shop_id: int) -> Trouble | None:
    """What keeps the shop's exports from ending well; None when the last one did."""
    noted = connector.shops.noted(shop_id, TROUBLE_NOTE) or {}
    if not noted.get("cause"):
        return None
    return Trouble(cause=noted["cause"], since=datetime.fromisoformat(noted["since"]))


def _new_methods(shop: Shop, watched: Mapping[str, str]) -> tuple[str, ...]:
    """Titles from the last watch, without those that were decided on since."""
    keys = watched.get("new_method_keys", "")
    titles = watched.get("new_methods", "")
    return tuple(
        title or key
        for key, title in zip(keys.split("\n"), titles.split("\n"), strict=False)
        if key and is_new(shop.policy, key)
    )


def grouped(held: Sequence[Entry]) -> tuple[HeldGroup, ...]:
    """Held entries by root cause, the largest group first."""
    groups: dict[tuple[str, str], list[Entry]] = defaultdict(list)
    for entry in held:
        groups[entry.hold or "", entry.hold_detail].append(entry)
    return tuple(
        HeldGroup(reason=reason, detail=detail, entries=tuple(entries))
        for (reason, detail), entries in sorted(groups.items(), key=lambda g: (-len(g[1]), g[0]))
    )


def _days(connector: Connector, shop_id: int) -> tuple[DayProof, ...]:
    return tuple(
        DayProof(
            day=name.removeprefix("day-"),
            paid=int(values["paid"]),
            placed=int(values["placed"]),
            held=int(values["held"]),
            dropped=int(values["dropped"]),
            waiting=int(values["waiting"]),
            verdict=values["verdict"],
            at=values["at"],
        )
        for name, values in connector.shops.notes(shop_id, "day-", DAYS_SHOWN)
    )


def biography(connector: Connector, shop_id: int, number: str) -> tuple[Shop, list[Entry]]:
    """All that is known of an order (or invoice) number. Raises `UnknownOrder`."""
    shop = connector.shop(shop_id)
    return shop, connector.entries_of(shop_id, number)


def file(connector: Connector, shop_id: int, name: str) -> tuple[Shop, FileEntry, list[Entry]]:
    """One file and its documents. Raises `UnknownFile`."""
    shop = connector.shop(shop_id)
    found = connector.files.get(shop_id, name)
    if found is None:
        raise UnknownFile(f"File {name} is not known here.")
    entries = [connector.entries.get(shop_id, key) for key in found.keys]
    return shop, found, [entry for entry in entries if entry is not None]
