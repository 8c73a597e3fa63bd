"""The files table: one record an import file, from its name to its outcome."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date, datetime

import msgspec
from pynamodb.attributes import BooleanAttribute, JSONAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.indexes import GlobalSecondaryIndex, KeysOnlyProjection

from chalicelib.adapters.dynamodb.compiling import compile_actions, compile_condition
from chalicelib.adapters.dynamodb.former_events import file_history
from chalicelib.adapters.dynamodb.kept_items import KeptItems
from chalicelib.adapters.dynamodb.records import (
    Biography,
    DayAttribute,
    InstantAttribute,
    event_items,
    read_fields,
    starts_with,
)
from chalicelib.adapters.dynamodb.shortening import shorten_history
from chalicelib.adapters.dynamodb.table_errors import translate_errors
from chalicelib.domain.cover_sheet import CoverSheet
from chalicelib.domain.events import Actor, Event, FileStep
from chalicelib.domain.file_names import begin_names
from chalicelib.domain.ledger import FileContent, FileEntry, FileState
from chalicelib.domain.life import file_transition
from chalicelib.domain.lifetimes import Lifetimes
from chalicelib.domain.transitions import Given, field_changes
from chalicelib.errors import LedgerConflict, LedgerError

LAST_OF_A_DAY = 999
_NAMES = "axml-orders-"
_PAST_NAMES = f"{_NAMES}\U0010ffff"
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
    cover = JSONAttribute(null=True)
    refunded = JSONAttribute(null=True)
    profile = UnicodeAttribute(null=True)
    terms = UnicodeAttribute(null=True)
    locked_until = DayAttribute(null=True)
    is_finished = BooleanAttribute(default=False, attr_name="settled")
    is_unasked = BooleanAttribute(null=True)
    acknowledged_at = InstantAttribute(null=True)
    unfinished = NumberAttribute(null=True)
    by_unfinished = UnfinishedIndex()


class DynamoFiles(KeptItems[FileItem]):
    """Port `Files` on DynamoDB."""

    def __init__(self, model: type[FileItem], lifetimes: Lifetimes) -> None:
        super().__init__(model, model.name)
        self._lifetimes = lifetimes

    def create(self, shop_id: int, day: date, *, at: datetime, by: Actor) -> FileEntry:
        """See the port. Somebody else may take the name in between: then the next one is tried."""
        event = Event(at=at, step=FileStep.CREATE, by=by)
        for _ in range(_TRIES):
            name = self._next_name(shop_id, day)
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
                return _file(item)
        raise LedgerConflict(f"table {self._table.name}: no free file name for shop {shop_id}")

    def get(self, shop_id: int, name: str) -> FileEntry | None:
        item = self._table.read(shop_id, name)
        return None if item is None else _file(item)

    def get_all(self, shop_id: int, names: Collection[str]) -> list[FileEntry]:
        found = [_file(item) for item in self._table.read_all(shop_id, names)]
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
            return [_file(item) for item in items]

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
            files = [_file(item) for item in items if item.name not in (before, after)][:limit]
        return files[::-1] if after else files

    def list_since(self, shop_id: int, day: date) -> list[FileEntry]:
        m = self._model
        with translate_errors(self._table.name, f"files of shop {shop_id}"):
            items = m.query(
                shop_id, m.name.between(begin_names(day), _PAST_NAMES), consistent_read=True
            )
            return [_file(item) for item in items]

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
        given = _given(content)
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
        return _file(shorten_history(self._table, file.shop_id, file.name, item))

    def forget_cover(self, file: FileEntry) -> None:
        m = self._model
        self._table.change(file.shop_id, file.name, [m.cover.remove()], m.name.exists())

    def _end_of(self, item: FileItem, left_at: datetime | None) -> datetime | None:
        return self._lifetimes.end_of_file(_file(item), left_at)

    def _next_name(self, shop_id: int, day: date) -> str:
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
        last = int(newest[0].name.removeprefix(start).removesuffix(".xml")) if newest else 0
        if last >= LAST_OF_A_DAY:
            raise LedgerError(
                f"shop {shop_id} has {LAST_OF_A_DAY} files of {day}: go on tomorrow, or raise"
                " ORDERS_PER_FILE"
            )
        return f"{start}{last + 1:03d}.xml"


def _given(content: FileContent | None) -> Mapping[Given, object]:
    if content is None:
        return {}
    return {
        Given.KEYS: dict(content.keys),
        Given.SHA256: content.sha256,
        Given.SIZE: content.size,
        Given.INBOX: content.inbox,
        Given.COVER: None if content.cover is None else msgspec.to_builtins(content.cover),
        Given.REFUNDED: list(content.refunded) or None,
        Given.PROFILE: content.profile,
        Given.TERMS: content.terms,
        Given.LOCKED_UNTIL: content.locked_until,
    }


def _file(item: FileItem) -> FileEntry:
    file = read_fields(item, FileEntry, "history", "cover", "refunded")
    return replace(
        file,
        inbox=file.inbox or None,
        cover=None if item.cover is None else msgspec.convert(item.cover, CoverSheet),
        refunded=tuple(item.refunded or ()),
        history=file_history(item.history),
    )
