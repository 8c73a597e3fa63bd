"""What of a period is not in the books, or not as it should be, with its money: so that no return
is filed over an open order. Two queries; the money is read from SEOshop for this look.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from enum import StrEnum

from chalicelib.domain.days import local_day
from chalicelib.domain.ledger import Entry, EntryState
from chalicelib.domain.money import NOTHING, Amount
from chalicelib.domain.open_records import RecentDrops
from chalicelib.domain.periods import Period
from chalicelib.domain.statement import DayStatement, statement_name
from chalicelib.lazy_dataclass import dataclass
from chalicelib.usecases.operating.open_amounts import read_amounts
from chalicelib.usecases.operating.overview_lists import MOST_ASKING, MOST_WAITING, read_lists
from chalicelib.usecases.workspace import Workspace

DROPPED_WITHIN = timedelta(days=92)
"""For so long after a period it is looked for what was dealt with by hand."""

MOST_DROPPED = 2_000
"""Documents that are looked at for it."""


class OpenKind(StrEnum):
    """Why a document is beside the sheet and not in it, or not for certain."""

    HELD = "held"
    CHANGED = "changed"  # booked, and changed in the shop since; nobody has decided yet
    WAITING = "waiting"  # for a file, or in one whose outcome is not known yet
    BY_HAND = "by hand"  # somebody dealt with it in Asperion himself


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenDocument:
    """A document and what it comes to in SEOshop now; None when that cannot be had."""

    entry: Entry
    amount: Amount | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenGroup:
    """The documents of one kind, the oldest first, at least one."""

    kind: OpenKind
    documents: tuple[OpenDocument, ...]

    @property
    def amount(self) -> Amount:
        """What those come to whose amount is known."""
        known = (each.amount for each in self.documents if each.amount is not None)
        return sum(known, NOTHING)

    @property
    def unread(self) -> int:
        """Of how many documents the amount is not known."""
        return sum(each.amount is None for each in self.documents)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenInPeriod:
    """All of a period that is open. `has_more`: there are more documents than were looked at."""

    groups: tuple[OpenGroup, ...] = ()
    has_more: bool = False

    @property
    def undecided(self) -> int:
        """How many documents may still change the period's return."""
        return sum(
            len(group.documents) for group in self.groups if group.kind is not OpenKind.BY_HAND
        )

    @property
    def unread(self) -> int:
        """Of how many documents the amount is not known."""
        return sum(group.unread for group in self.groups)


def read_open(workspace: Workspace, period: Period, *, asks_shop: bool = True) -> OpenInPeriod:
    """What is open of a period now, without amounts unless `asks_shop`. Raises `LedgerError`."""
    waiting, asking = read_lists(workspace)
    known = _read_facts(workspace, period, waiting, asking)
    dropped, has_more_dropped = _read_by_hand(workspace, period)
    found: dict[OpenKind, list[Entry]] = {kind: [] for kind in OpenKind}
    for entry in {**known, **dropped}.values():
        kind = _find_kind(entry)
        if kind is not None and _find_day(entry) in period:
            found[kind].append(entry)
    wanted = [entry for entries in found.values() for entry in entries]
    amounts = read_amounts(workspace, wanted) if asks_shop else {}
    return OpenInPeriod(
        groups=tuple(
            OpenGroup(kind=kind, documents=_list_documents(entries, amounts))
            for kind, entries in found.items()
            if entries
        ),
        has_more=has_more_dropped or len(asking) > MOST_ASKING or len(waiting) > MOST_WAITING,
    )


def _list_documents(
    entries: list[Entry], amounts: Mapping[str, Amount]
) -> tuple[OpenDocument, ...]:
    ordered = sorted(entries, key=lambda entry: (entry.day, len(entry.number), entry.number))
    return tuple(OpenDocument(entry=each, amount=amounts.get(each.key)) for each in ordered)


def _find_kind(entry: Entry) -> OpenKind | None:
    if entry.by_hand and entry.state in (EntryState.DROPPED, EntryState.WAITING):
        return OpenKind.BY_HAND
    if entry.state is EntryState.HELD:
        return OpenKind.HELD
    if entry.state.is_open:
        return OpenKind.WAITING
    return OpenKind.CHANGED if entry.change is not None else None


def _read_facts(
    workspace: Workspace, period: Period, waiting: list[Entry], asking: list[Entry]
) -> dict[str, Entry]:
    """The documents of the lists, which show neither facts nor claims, as they are: those of the
    period, and all that are booked, since only they themselves tell on which day.
    """
    listed = {entry.key: entry for entry in (*waiting, *asking)}
    wanted = [
        key
        for key, entry in listed.items()
        if entry.day in period or entry.state is EntryState.PLACED
    ]
    return workspace.connector.entries.get_all(workspace.shop_id, wanted) if wanted else {}


def _find_day(entry: Entry) -> date:
    """The day by which a document belongs to a period: that of its invoice, once it is booked, else
    its own.
    """
    is_booked = entry.state is EntryState.PLACED
    return entry.booked_on if is_booked and entry.booked_on is not None else entry.day


def _read_by_hand(workspace: Workspace, period: Period) -> tuple[dict[str, Entry], bool]:
    """What somebody dealt with himself, by the keys that statements and runs put down of what was
    dropped; and whether there was more than is looked at.
    """
    keys, is_cut = _list_unfiled(workspace, period)
    wanted = sorted(keys)[:MOST_DROPPED]
    entries = workspace.connector.entries.get_all(workspace.shop_id, wanted) if wanted else {}
    found = {key: entry for key, entry in entries.items() if entry.by_hand}
    return found, is_cut or len(keys) > MOST_DROPPED


def _list_unfiled(workspace: Workspace, period: Period) -> tuple[set[str], bool]:
    shops, shop_id = workspace.connector.shops, workspace.shop_id
    until = min(period.last + DROPPED_WITHIN, local_day(workspace.now()))
    names = [statement_name(day) for day in _list_days(period.first, until)]
    stated = shops.load_all(shop_id, DayStatement, names) if names else {}
    of_drops = [one for one in stated.values() if one.dropped]
    keys = {key for one in of_drops for key in one.unfiled or ()}
    recent = shops.load(shop_id, RecentDrops)
    keys.update(() if recent is None else recent.days)
    return keys, any(one.more_unfiled for one in of_drops)


def _list_days(first: date, last: date) -> Iterable[date]:
    return (first + timedelta(days=n) for n in range((last - first).days + 1))
