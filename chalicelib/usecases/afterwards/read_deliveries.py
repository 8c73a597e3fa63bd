"""The deliveries by API that are read back, and their documents as the ledger has them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import field
from datetime import date, datetime, timedelta

from chalicelib.domain.days import local_day
from chalicelib.domain.landed import LandedDelivery, landing_name
from chalicelib.domain.ledger import Entry, EntryState, FileEntry, FileState
from chalicelib.domain.ways import Way
from chalicelib.lazy_dataclass import dataclass
from chalicelib.usecases.workspace import Workspace

READ_FOR = timedelta(days=14)
"""For so long after its day a delivery is read back, or until all of it is definitive."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadDelivery:
    """One delivery: `own` are the documents that are in Asperion by it, by their keys and invoice
    dates, `moved` the invoice dates of those that were booked anew since.
    """

    file: FileEntry
    own: dict[date, dict[str, Entry]] = field(default_factory=dict)
    moved: dict[date, int] = field(default_factory=dict)

    def list_known(self, read: Collection[date]) -> Iterator[date]:
        """The invoice dates of which all is known, when these dates were read."""
        for day in sorted({*self.own, *self.moved}):
            if day in read or day not in self.own:
                yield day


@dataclass(slots=True)
class ReadDeliveries:
    """All that are to be read. `open_since` is when the first of those was delivered that cannot be
    read yet.
    """

    each: list[ReadDelivery] = field(default_factory=list)
    open_since: datetime | None = None

    def collect_wanted(self) -> dict[date, dict[str, Entry]]:
        """Their documents, by invoice date and key."""
        wanted: dict[date, dict[str, Entry]] = {}
        for delivery in self.each:
            for day, entries in delivery.own.items():
                wanted.setdefault(day, {}).update(entries)
        return wanted


def find_deliveries(workspace: Workspace) -> ReadDeliveries:
    """The deliveries of the last days to the administration of now that may still change there.
    Read before Asperion is: what is delivered meanwhile is not among them.
    """
    connector, shop_id = workspace.connector, workspace.shop_id
    since = local_day(workspace.now()) - READ_FOR
    here = _list_prints(workspace)
    since_then = connector.files.list_since(shop_id, since)
    listed = [each for each in since_then if _is_there(each) and each.inbox in here]
    names = [landing_name(file.name) for file in listed]
    landed = connector.shops.load_all(shop_id, LandedDelivery, names) if names else {}
    found, chosen = ReadDeliveries(), list[FileEntry]()
    for file in listed:
        before = landed.get(landing_name(file.name))
        if not file.is_finished:  # some of its documents do not know their fate yet
            found.open_since = min(found.open_since or file.since, file.since)
        elif before is None or not before.is_final_there:
            chosen.append(file)
    keys = {key for file in chosen for key in file.keys}
    entries = connector.entries.get_all(shop_id, keys) if keys else {}
    found.each = [_collect(file, [entries.get(key) for key in file.keys]) for file in chosen]
    return found


def _list_prints(workspace: Workspace) -> list[str]:
    """What deliveries to the administration of now remember of it."""
    connection = workspace.shop.connection
    if connection is None:
        return []
    return workspace.list_administration_prints(connection.administration.id)


def is_of_administration(workspace: Workspace, file: FileEntry) -> bool:
    """Whether a delivery went to the administration that the shop is connected with now: another
    one knows nothing of it.
    """
    return file.inbox in _list_prints(workspace)


def _is_there(file: FileEntry) -> bool:
    return file.way is Way.API and file.state is FileState.PLACED and bool(file.keys)


def _collect(file: FileEntry, entries: Collection[Entry | None]) -> ReadDelivery:
    delivery = ReadDelivery(file=file)
    for entry in entries:
        if entry is None:
            delivery.moved[file.day] = delivery.moved.get(file.day, 0) + 1
        elif entry.state is EntryState.PLACED and entry.file == file.name:
            delivery.own.setdefault(entry.booked_on or entry.day, {})[entry.key] = entry
        else:
            day = file.days.get(entry.key, file.day)
            delivery.moved[day] = delivery.moved.get(day, 0) + 1
    return delivery
