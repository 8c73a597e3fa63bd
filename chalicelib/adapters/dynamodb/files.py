"""The files table: one record an import file, from its name to its outcome."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from pynamodb.attributes import BooleanAttribute, JSONAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.expressions.condition import Condition
from pynamodb.indexes import GlobalSecondaryIndex, KeysOnlyProjection

from chalicelib.adapters.dynamodb.faults import told
from chalicelib.adapters.dynamodb.records import (
    Biography,
    DayAttribute,
    InstantAttribute,
    Table,
    beginning,
    line,
    told_events,
)
from chalicelib.domain.ledger import Actor, FileEntry, FileState
from chalicelib.errors import LedgerConflict, LedgerError

LAST_OF_A_DAY = 999
_TRIES = 25


class UnfinishedIndex(GlobalSecondaryIndex["FileItem"]):  # type: ignore[no-untyped-call]
    """Files whose documents do not all know the outcome."""

    class Meta:
        """See `schema`."""

        index_name = "unfinished"
        projection = KeysOnlyProjection()

    unfinished = NumberAttribute(hash_key=True)
    name = UnicodeAttribute(range_key=True)


class FileItem(Biography):
    """A `FileEntry` as stored. 250 documents make some 25 KB, so a change costs 25 write units:
    a tenth of a unit a document. The index shows names only.
    """

    shop_id = NumberAttribute(hash_key=True)
    name = UnicodeAttribute(range_key=True)
    day = DayAttribute()
    state = UnicodeAttribute()
    since = InstantAttribute()
    keys = JSONAttribute(default=dict)
    sha256 = UnicodeAttribute(null=True)
    size = NumberAttribute(null=True)
    inbox = UnicodeAttribute(null=True)
    settled = BooleanAttribute(default=False)
    unfinished = NumberAttribute(null=True)
    by_unfinished = UnfinishedIndex()


class DynamoFiles:
    """Port `Files` on DynamoDB."""

    def __init__(self, model: type[FileItem]) -> None:
        self._table = Table(model)
        self._model = model

    def create(self, shop_id: int, day: date, *, at: datetime, by: str) -> FileEntry:
        """See the port. Somebody else may take the name in between: then the next one is tried."""
        for _ in range(_TRIES):
            name = self._next_name(shop_id, day)
            item = self._model(
                shop_id,
                name,
                day=day,
                state=FileState.CLAIMED.value,
                since=at,
                keys={},
                settled=False,
                unfinished=shop_id,
                history=line(at, FileState.CLAIMED.value, by),
            )
            if self._table.put(shop_id, name, item, self._model.name.does_not_exist()):
                return _file(item)
        raise LedgerConflict(f"table {self._table.name}: no free file name for shop {shop_id}")

    def get(self, shop_id: int, name: str) -> FileEntry | None:
        """See the port."""
        item = self._table.read(shop_id, name)
        return None if item is None else _file(item)

    def unfinished(self, shop_id: int) -> list[FileEntry]:
        """See the port: names by the index, then each record consistently."""
        with told(self._table.name, f"unfinished of shop {shop_id}"):
            names = [item.name for item in self._model.by_unfinished.query(shop_id)]
        found = [self.get(shop_id, name) for name in names]
        return [file for file in found if file is not None and not file.settled]

    def recent(self, shop_id: int, limit: int) -> list[FileEntry]:
        """See the port."""
        m = self._model
        kept = (m.state != FileState.VOID.value) | m.sha256.exists()
        with told(self._table.name, f"files of shop {shop_id}"):
            items = m.query(
                shop_id,
                beginning(m.name, "axml-"),
                filter_condition=kept,
                scan_index_forward=False,
                limit=limit,
            )
            return [_file(item) for item in items]

    def fix(
        self,
        file: FileEntry,
        *,
        keys: Mapping[str, str],
        sha256: str,
        size: int,
        inbox: str = "",
        at: datetime,
        by: str = Actor.EXPORT,
    ) -> FileEntry | None:
        """See the port."""
        m = self._model
        actions = [
            m.state.set(FileState.PLACING.value),
            m.since.set(at),
            m.keys.set(dict(keys)),
            m.sha256.set(sha256),
            m.size.set(size),
            m.inbox.set(inbox),
            m.history.set(m.history.append(line(at, FileState.PLACING.value, by))),
        ]
        may = self._as_read(file) & (m.state == FileState.CLAIMED.value)
        item = self._table.change(file.shop_id, file.name, actions, may)
        return None if item is None else _file(item)

    def move(
        self, file: FileEntry, to: FileState, *, at: datetime, by: str, detail: str = ""
    ) -> FileEntry | None:
        """See the port."""
        m = self._model
        actions = [
            m.state.set(to.value),
            m.since.set(at),
            m.history.set(m.history.append(line(at, to.value, by, detail))),
        ]
        item = self._table.change(file.shop_id, file.name, actions, self._as_read(file))
        return None if item is None else _file(item)

    def settle(self, file: FileEntry) -> bool:
        """See the port."""
        m = self._model
        actions = [m.settled.set(True), m.unfinished.remove()]
        changed = self._table.change(file.shop_id, file.name, actions, self._as_read(file))
        return changed is not None

    def discard(self, file: FileEntry) -> bool:
        """See the port. The record stays, so that nobody else ever gets its name: a slow worker
        may still believe in the file.
        """
        m = self._model
        actions = [
            m.state.set(FileState.VOID.value),
            m.settled.set(True),
            m.unfinished.remove(),
        ]
        may = self._as_read(file) & (m.state == FileState.CLAIMED.value)
        return self._table.change(file.shop_id, file.name, actions, may) is not None

    def _as_read(self, file: FileEntry) -> Condition:
        """The stored file is the one `file` shows: in its state, and since the same moment."""
        m = self._model
        same: Condition = (m.state == file.state.value) & (m.since == file.since)
        return same

    def _next_name(self, shop_id: int, day: date) -> str:
        start = f"axml-orders-{day:%Y%m%d}-{shop_id}-"
        m = self._model
        with told(self._table.name, f"files of shop {shop_id}"):
            newest = list(
                m.query(
                    shop_id,
                    beginning(m.name, start),
                    consistent_read=True,
                    scan_index_forward=False,
                    limit=1,
                    attributes_to_get=["shop_id", "name"],
                )
            )
        last = int(newest[0].name.removeprefix(start).removesuffix(".xml")) if newest else 0
        if last >= LAST_OF_A_DAY:
            raise LedgerError(
                f"shop {shop_id} has {LAST_OF_A_DAY} files of {day}: go on tomorrow, or raise"
                " ORDERS_PER_FILE"
            )
        return f"{start}{last + 1:03d}.xml"


def _file(item: FileItem) -> FileEntry:
    return FileEntry(
        shop_id=int(item.shop_id),
        name=item.name,
        day=item.day,
        state=FileState(item.state),
        since=item.since,
        keys=dict(item.keys),
        sha256=item.sha256,
        size=None if item.size is None else int(item.size),
        inbox=item.inbox or None,
        settled=item.settled,
        history=told_events(item.history),
    )
