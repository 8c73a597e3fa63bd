"""All that is kept about one shop, or about one order, as JSON: what a person may ask to see.

Items are shown as they are stored. Of a shop's own record only what is listed here is shown, so
that no secret is by forgetting one.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from chalicelib.errors import RequestError, UnknownOrder, UnknownShop
from chalicelib.ports import Keeping, KeptItem
from chalicelib.usecases.connector import Connector

LARGEST = 4_000_000
"""Characters of an answer, about: Lambda gives back 6 MB at most."""

PART = 100  # items that are read before the size is looked at
NOT_SHOWN = "kept, sealed"

RECORD, AUDIT, NOTE = "shop", "audit#", "note#"
SHOWN = frozenset(
    {
        *("state", "cluster", "language", "title", "currency", "country", "domain", "policy"),
        *("source", "installed_at", "changed_at", "swept_until", "resume_state", "version"),
        *("token_since", "leaving_since", "opened_at", "exports_since", "exporting", "known"),
        *("locks", "connection", "connection_changes", "behaviour"),
        *("expires", "shop_id", "part", "write_id"),
    }
)
"""The attributes of a shop's record that are shown as they are; of any other, only that it is
kept."""

SECRETS = frozenset(
    {
        *("token", "licence", "sealed_token", "sealed_licence", "licence_changes"),
        *("sealed_mail_address", "proposed", "address", "sealed_number", "access", "refresh"),
    }
)
"""Names under which a small record may keep what nobody is shown."""

Json = Any


def extract_shop(connector: Connector, shop_id: int, *, after: str | None) -> dict[str, Any]:
    """All that is kept about a shop, in pages: `next` is what the next request gives as `after`;
    null after the last. Raises `UnknownShop`, and `RequestError` for an `after` of no page.
    """
    tables: Mapping[str, Keeping] = {
        "shop": connector.shops,
        "orders": connector.entries,
        "files": connector.files,
    }
    table, key = _read_place(after, tables)
    page: dict[str, list[Json]] = {name: [] for name in tables}
    size, place = 0, after
    for name in list(tables)[list(tables).index(table) :]:
        for item in _list_items(tables[name], shop_id, after=key if name == table else ""):
            shown = _show(item, name)
            size += len(json.dumps(shown, ensure_ascii=False).encode())
            if size > LARGEST and place != after:
                return {"shop_id": shop_id, **page, "next": place}
            page[name].append(shown)
            place = f"{name}/{item.key}"
    if after is None and not any(page.values()):
        raise UnknownShop(f"Nothing is kept about shop {shop_id}.")
    return {"shop_id": shop_id, **page, "next": None}


def extract_order(connector: Connector, shop_id: int, number: str) -> dict[str, Any]:
    """All that is kept about the documents of one order or invoice number: with their biographies,
    the files that held them, the lines of the audit that name the number, and the names of the
    small records that do. Raises `UnknownOrder`.
    """
    entries = connector.entries.find_by_numbers(shop_id, [number])
    keys = {entry.key for entry in entries}
    names = {event.file for entry in entries for event in entry.history if event.file}
    named = {number, *keys, *(str(entry.document_id) for entry in entries)}
    beside = [
        item
        for item in _list_items(connector.shops, shop_id, after="")
        if item.key != RECORD and _mentions(item.values, named)
    ]
    if not entries and not beside:
        raise UnknownOrder(f"Order {number} is not known here.")
    return {
        "shop_id": shop_id,
        "order": number,
        "orders": [_show(item, "orders") for item in connector.entries.extract_some(shop_id, keys)],
        "files": [
            _show_part(item, keys)
            for item in connector.files.extract_some(shop_id, names | _files_of(entries))
        ],
        "audit": [_show(item, "shop") for item in beside if item.key.startswith(AUDIT)],
        "named_in": [item.key.removeprefix(NOTE) for item in beside if item.key.startswith(NOTE)],
    }


def _read_place(after: str | None, tables: Iterable[str]) -> tuple[str, str]:
    if after is None:
        return "shop", ""
    table, _, key = after.partition("/")
    if table not in tables or not key:
        raise RequestError('after must be what "next" was in the answer before.')
    return table, key


def _list_items(table: Keeping, shop_id: int, *, after: str) -> Iterable[KeptItem]:
    is_over = False
    while not is_over:
        items = table.extract(shop_id, after=after, limit=PART)
        yield from items
        is_over = len(items) < PART
        after = items[-1].key if items else after


def _show(item: KeptItem, table: str) -> Json:
    if table == "shop" and item.key == RECORD:
        values = item.values.items()
        return {
            "part": item.key,
            **{name: value if name in SHOWN else NOT_SHOWN for name, value in values if value},
        }
    key = {"part": item.key} if table == "shop" else {}
    return {**key, **_without_secrets(item.values)}


def _without_secrets(value: Json) -> Json:
    if isinstance(value, Mapping):
        return {
            name: NOT_SHOWN if name in SECRETS and each else _without_secrets(each)
            for name, each in value.items()
        }
    if isinstance(value, list | tuple):
        return [_without_secrets(each) for each in value]
    return value


def _files_of(entries: Iterable[Any]) -> set[str]:
    return {entry.file for entry in entries if entry.file}


def _show_part(item: KeptItem, keys: set[str]) -> Json:
    """A file, without the other documents in it."""
    values = dict(_without_secrets(item.values))
    documents = values.get("keys") or {}
    values["documents"] = len(documents)
    values["keys"] = {key: text for key, text in documents.items() if key in keys}
    for name in ("days", "sales"):
        values[name] = {key: each for key, each in (values.get(name) or {}).items() if key in keys}
    values["refunded"] = [key for key in values.get("refunded") or () if key in keys]
    return values


def _mentions(value: Json, named: set[str]) -> bool:
    """Whether a value, or anything in it, is one of these texts, or has one as a word."""
    if isinstance(value, Mapping):
        return any(_mentions(each, named) for pair in value.items() for each in pair)
    if isinstance(value, list | tuple):
        return any(_mentions(each, named) for each in value)
    return str(value) in named or (isinstance(value, str) and bool(named & {*value.split()}))
