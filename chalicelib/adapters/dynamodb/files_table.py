"""The files table: one record an import file, from its name to its outcome."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from chalicelib.adapters.dynamodb.compiling import compile_actions, compile_condition
from chalicelib.adapters.dynamodb.file_item import TOTALS, FileItem, file_of, given_of, totals_of
from chalicelib.adapters.dynamodb.kept_items import KeptItems
from chalicelib.adapters.dynamodb.records import (
    event_items,
    starts_with,
)
from chalicelib.adapters.dynamodb.shortening import shorten_history
from chalicelib.adapters.dynamodb.table_errors import translate_errors
from chalicelib.domain.events import Actor, Event, FileStep
from chalicelib.domain.file_content import FileContent
from chalicelib.domain.file_names import begin_names, read_sequence, write_name
from chalicelib.domain.file_totals import FileTotals
from chalicelib.domain.ledger import FileEntry, FileState
from chalicelib.domain.life import file_transition
from chalicelib.domain.lifetimes import Lifetimes
from chalicelib.domain.transitions import field_changes
from chalicelib.domain.ways import Way
from chalicelib.errors import LedgerConflict, LedgerError

LAST_OF_A_DAY = 999
_NAMES = "axml-orders-"
_PAST_NAMES = f"{_NAMES}\U0010ffff"
_TRIES = 25


class DynamoFiles(KeptItems[FileItem]):
    """Port `Files` on DynamoDB."""

    def __init__(self, model: type[FileItem], lifetimes: Lifetimes) -> None:
        super().__init__(model, model.name)
        self._lifetimes = lifetimes

    def create(
        self, shop_id: int, day: date, *, at: datetime, by: Actor, way: Way = Way.FILE
    ) -> FileEntry:
        """See the port. Somebody else may take the name in between: then the next one is tried."""
        event = Event(at=at, step=FileStep.CREATE, by=by)
        for _ in range(_TRIES):
            name = self._next_name(shop_id, day, way)
            item = self._model(
                shop_id,
                name,
                day=day,
                state=FileState.CLAIMED.value,
                since=at,
                keys={},
                is_finished=False,
                unfinished=shop_id,
                history=event_items(event),
            )
            if self._table.put(shop_id, name, item, self._model.name.does_not_exist()):
                return file_of(item)
        raise LedgerConflict(f"table {self._table.name}: no free file name for shop {shop_id}")

    def get(self, shop_id: int, name: str) -> FileEntry | None:
        item = self._table.read(shop_id, name)
        return None if item is None else file_of(item)

    def get_all(self, shop_id: int, names: Collection[str]) -> list[FileEntry]:
        found = [file_of(item) for item in self._table.read_all(shop_id, names)]
        return sorted(found, key=lambda file: file.name)

    def list_unfinished(self, shop_id: int) -> list[FileEntry]:
        """See the port: names by the index, then each record consistently."""
        with translate_errors(self._table.name, f"unfinished of shop {shop_id}"):
            names = [item.name for item in self._model.by_unfinished.query(shop_id)]
        found = [self.get(shop_id, name) for name in names]
        return [file for file in found if file is not None and not file.is_finished]

    def list_recent(self, shop_id: int, limit: int) -> list[FileEntry]:
        m = self._model
        kept = (m.state != FileState.VOID.value) | m.sha256.exists()
        with translate_errors(self._table.name, f"files of shop {shop_id}"):
            items = m.query(
                shop_id,
                starts_with(m.name, _NAMES),
                filter_condition=kept,
                scan_index_forward=False,
                limit=limit,
            )
            return [file_of(item) for item in items]

    def list_page(
        self, shop_id: int, *, limit: int, before: str = "", after: str = ""
    ) -> list[FileEntry]:
        """See the port. The name that is given is listed as well, and left out here."""
        m = self._model
        with translate_errors(self._table.name, f"files of shop {shop_id}"):
            items = m.query(
                shop_id,
                m.name.between(after or _NAMES, before or _PAST_NAMES),
                scan_index_forward=bool(after),
                limit=limit + bool(before or after),
            )
            files = [file_of(item) for item in items if item.name not in (before, after)][:limit]
        return files[::-1] if after else files

    def list_since(
        self, shop_id: int, day: date, *, after: str = "", limit: int | None = None
    ) -> list[FileEntry]:
        """See the port. No name begins with another one."""
        m, first = self._model, f"{after}." if after else begin_names(day)
        with translate_errors(self._table.name, f"files of shop {shop_id}"):
            items = m.query(
                shop_id, m.name.between(first, _PAST_NAMES), limit=limit, consistent_read=True
            )
            return [file_of(item) for item in items]

    def record(
        self, file: FileEntry, event: Event, content: FileContent | None = None
    ) -> FileEntry | None:
        """See the port. A discarded file's record stays, so that nobody else ever gets its name: a
        slow worker may still believe in the file.
        """
        m = self._model
        transition = file_transition(event, file.state)
        if transition is None:
            return None
        given = given_of(content)
        changes = list(field_changes(transition, event, given))
        finished = {change.value for change in changes if change.field == "is_finished"}
        actions = [
            m.history.set(m.history.append(event_items(event))),
            *compile_actions(m, changes),
        ]
        is_over = True in finished if finished else file.is_finished
        if finished:
            actions.append(m.unfinished.remove() if is_over else m.unfinished.set(file.shop_id))
        end = event.at + self._lifetimes.audit
        actions.append(m.expires.set(end) if is_over else m.expires.remove())
        as_read = (m.state == file.state.value) & (m.since == file.since)
        may = as_read & compile_condition(m, transition, event, given)
        item = self._table.change(file.shop_id, file.name, actions, may)
        if item is None:
            return None
        return file_of(shorten_history(self._table, file.shop_id, file.name, item))

    def get_returns(self, shop_id: int, names: Collection[str]) -> list[FileTotals]:
        """See the port; a hundred names a call. A file's documents are not read."""
        items = self._table.read_all(shop_id, names, only=TOTALS)
        return sorted(map(totals_of, items), key=lambda totals: totals.name)

    def forget_totals(self, file: FileEntry) -> None:
        m = self._model
        actions = [m.cover.remove(), m.returns.remove()]
        self._table.change(file.shop_id, file.name, actions, m.name.exists())

    def _end_of(self, item: FileItem, left_at: datetime | None) -> datetime | None:
        return self._lifetimes.end_of_file(file_of(item), left_at)

    def _next_name(self, shop_id: int, day: date, way: Way) -> str:
        start = f"{begin_names(day)}{shop_id}-"
        m = self._model
        with translate_errors(self._table.name, f"files of shop {shop_id}"):
            newest = list(
                m.query(
                    shop_id,
                    starts_with(m.name, start),
                    consistent_read=True,
                    scan_index_forward=False,
                    limit=1,
                    attributes_to_get=["shop_id", "name"],
                )
            )
        last = read_sequence(newest[0].name) if newest else 0
        if last >= LAST_OF_A_DAY:
            raise LedgerError(
                f"shop {shop_id} has {LAST_OF_A_DAY} files of {day}: go on tomorrow, or raise"
                " ORDERS_PER_FILE"
            )
        return write_name(f"{day:%Y%m%d}", shop_id, last + 1, way)
