"""What the three tables share: stored forms of instants and biographies, and conditional writes.

PynamoDB binds a model to its table by a `Meta` class at import; `bind` does so at run time, because
the table's name begins with a prefix that is a setting.
"""

from __future__ import annotations

import types
import uuid
from collections.abc import Callable, Collection, Sequence
from datetime import UTC, date, datetime
from enum import EnumType
from functools import cache
from typing import Any, Generic, TypeVar, get_args, get_type_hints

from pynamodb.attributes import Attribute, ListAttribute, MapAttribute, UnicodeAttribute
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action
from pynamodb.models import Model

from chalicelib.adapters.dynamodb.expiry import ExpiryAttribute
from chalicelib.adapters.dynamodb.quick_reading import QuickModel
from chalicelib.adapters.dynamodb.table_errors import Refused, translate_errors
from chalicelib.domain.events import Event


def instant(moment: datetime) -> str:
    """An aware datetime as ``2026-01-23T22:15:00.000000Z``: UTC and of fixed width, so that text
    order is time order. Raises ValueError for a naive one.
    """
    if moment.tzinfo is None:
        raise ValueError("a moment without time zone cannot be stored")
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def starts_with(path: Attribute[str], prefix: str) -> Condition:
    """The key condition "begins with", written as a range.

    PynamoDB puts key conditions in brackets, and ministack then takes the hash key's number for
    begins_with's operand and refuses the query.
    """
    return path.between(prefix, prefix + "\U0010ffff")


class InstantAttribute(Attribute[datetime]):
    """An aware datetime, see `instant`."""

    attr_type = "S"

    def serialize(self, value: datetime) -> str:
        """Write as text."""
        return instant(value)

    def deserialize(self, value: str) -> datetime:
        """Read the text back as aware UTC."""
        return datetime.fromisoformat(value)


class DayAttribute(Attribute[date]):
    """A calendar day as ``2026-01-23``."""

    attr_type = "S"

    def serialize(self, value: date) -> str:
        """Write as text."""
        return value.isoformat()

    def deserialize(self, value: str) -> date:
        """Read the text back."""
        return date.fromisoformat(value)


class EventMap(MapAttribute[str, Any]):
    """One line of a biography. Version 1.0.0 wrote `what` and `detail` in place of `step`, `cause`,
    `file` and `note`; see `former_events`.
    """

    at = InstantAttribute()
    by = UnicodeAttribute()
    step = UnicodeAttribute(null=True)
    cause = UnicodeAttribute(null=True)
    file = UnicodeAttribute(null=True)
    note = UnicodeAttribute(null=True)
    what = UnicodeAttribute(null=True)
    detail = UnicodeAttribute(null=True)


def event_items(event: Event) -> list[EventMap]:
    """A biography of one event, to append."""
    return [event_item(event)]


def event_item(event: Event) -> EventMap:
    """One line of a biography."""
    return EventMap(  # type: ignore[no-untyped-call]
        at=event.at,
        by=event.by.value,
        step=event.step.value,
        cause=None if event.cause is None else event.cause.value,
        file=event.file,
        note=_or_none(event.note),
    )


def _or_none(text: str) -> str | None:
    return text or None


class Record(QuickModel):
    """An item that knows its last write, and until when it is kept: without `expires`, always.

    The AWS client repeats a call whose answer was lost, and a repeated conditional write is refused
    because of itself. `write_id`, new for every write, tells that case from a lost race.
    """

    write_id = UnicodeAttribute(null=True)
    expires = ExpiryAttribute(null=True)


class Biography(Record):
    """A record with a history."""

    history = ListAttribute(of=EventMap, default=list)


R = TypeVar("R", bound=Record)
T = TypeVar("T")


def bind(record: type[R], name: str, *, region: str | None, host: str | None) -> type[R]:
    """`record` as the model of the table `name`. Region and host come from the AWS SDK's own
    settings when they are None. Time-outs are short: a Lambda is waiting.
    """
    meta = type(
        "Meta",
        (),
        {
            "table_name": name,
            "region": region,
            "host": host,
            "connect_timeout_seconds": 2,
            "read_timeout_seconds": 5,
            "max_retry_attempts": 3,
        },
    )
    space = {"Meta": meta, "__module__": record.__module__}
    bound: type[R] = types.new_class(
        record.__name__, (record,), exec_body=lambda n: n.update(space)
    )
    return bound


def read_fields(item: Model, kind: type[T], **formed: object) -> T:
    """A record of the domain: each field is the attribute of its name, absent ones have their
    defaults; `formed` are the fields that are read otherwise.
    """
    cached: Any = kind  # mypy takes a type for unhashable
    readers = _list_readers(cached)
    for name, value in item.attribute_values.items():
        if value is not None and name in readers and name not in formed:
            read = readers[name]
            formed[name] = value if read is None else read(value)
    return kind(**formed)


@cache
def _list_readers(kind: Any) -> dict[str, Callable[[Any], Any] | None]:
    """The fields of a dataclass, each with what makes its value out of an attribute's, or None
    where that is it.
    """
    hints = get_type_hints(kind)
    return {
        name: next((each for each in (hint, *get_args(hint)) if isinstance(each, EnumType)), None)
        for name, hint in hints.items()
    }


class Table(Generic[R]):
    """Consistent reads and conditional writes on one table."""

    def __init__(self, model: type[R]) -> None:
        self.model = model
        self.name: str = model.Meta.table_name

    @property
    def client(self) -> Any:
        """The AWS SDK's client, for calls that PynamoDB does not know."""
        return self.model._get_connection().connection.client  # noqa: SLF001

    def read(self, shop_id: int, key: str, *, only: Sequence[str] | None = None) -> R | None:
        """The item (or `only` these attributes of it), read consistently, or None."""
        with translate_errors(self.name, f"shop {shop_id}, {key}"):
            try:
                return self.model.get(
                    shop_id,
                    key,
                    consistent_read=True,
                    attributes_to_get=None if only is None else list(only),
                )
            except self.model.DoesNotExist:
                return None

    def read_all(
        self, shop_id: int, keys: Collection[str], *, only: Sequence[str] | None = None
    ) -> list[R]:
        """The items of these keys that exist (or `only` these attributes), read consistently."""
        return self.read_each([(shop_id, key) for key in keys], only=only)

    def read_each(
        self, keys: Collection[tuple[int, str]], *, only: Sequence[str] | None = None
    ) -> list[R]:
        """Likewise the items of these shops and keys."""
        shown = None if only is None else list(only)
        with translate_errors(self.name, f"{len(keys)} items"):
            return list(self.model.batch_get(keys, consistent_read=True, attributes_to_get=shown))

    def put(self, shop_id: int, key: str, item: R, condition: Condition | None = None) -> bool:
        """Store a whole item if the condition holds."""
        write_id = new_id()
        item.write_id = write_id
        try:
            with translate_errors(self.name, f"shop {shop_id}, {key}"):
                item.save(condition)
        except Refused:
            return self._was_ours(shop_id, key, write_id) is not None
        return True

    def change(
        self,
        shop_id: int,
        key: str,
        actions: Sequence[Action],
        condition: Condition,
        *,
        verify: bool = True,
        write_id: str = "",
    ) -> R | None:
        """Update an item in one conditional write; the new item, or None when it was refused.

        `verify=False` spares the read after a refusal, for callers who may only write. `write_id`
        is that of the same write, when it was sent before in another way.
        """
        write_id = write_id or new_id()
        item = self.model(shop_id, key)
        mark = self.model.write_id.set(write_id)
        try:
            with translate_errors(self.name, f"shop {shop_id}, {key}"):
                item.update([*actions, mark], condition)
        except Refused:
            return self._was_ours(shop_id, key, write_id) if verify else None
        return item

    def _was_ours(self, shop_id: int, key: str, write_id: str) -> R | None:
        stored = self.read(shop_id, key)
        return stored if stored is not None and stored.write_id == write_id else None


def new_id() -> str:
    """A `write_id`."""
    return uuid.uuid4().hex[:16]
