"""Record what this version stores: ``python -m tests.tables.record_items``, see `stored/README.md`.

It writes `stored/version-<VERSION>.json` anew, for as long as that version is not released.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import boto3

from chalicelib.adapters.dynamodb import Tables
from chalicelib.adapters.dynamodb.schema import FILES, ORDERS, SHOPS
from chalicelib.domain.events import Actor, AuditEvent, Event, FileStep, OrderStep, ShopStep
from chalicelib.domain.journal import JournalEntry
from chalicelib.domain.landed import LandedDelivery, landing_name
from chalicelib.domain.life import FILE_LIFE
from chalicelib.domain.month_files import MonthFiles, month_name
from chalicelib.domain.shops import ShopState
from chalicelib.domain.statement import DayStatement, statement_name
from chalicelib.version import VERSION
from tests.healths import health
from tests.tables.conftest import NOW, Ledger, after, hint, shop, tables_at
from tests.tables.former_items import STORED, as_text, read_item
from tests.tables.seating import seat
from tests.tables.stepping import CONTENT, HINTED_BY, STEPS, entry_in, file_in, step
from tests.tables.test_shop_records import ENTRY, EVERY_RECORD, LANDED, MONTH, STATEMENT
from tests.tables.test_shops import FULL_POLICY

FIRST_SHOP = 184520 + 10_000 * int(VERSION.split(".")[1])
"""Each version has shops of its own: all recordings are read in the same tables."""


def write_all(tables: Tables, shop_ids: Iterator[int]) -> Iterator[tuple[str, str, int]]:
    """Write each kind of item once. Gives its case, its table and the shop it alone is in."""
    ledger, shops, entries = (
        Ledger(tables.shops, tables.entries, tables.files),
        tables.shops,
        tables.entries,
    )
    for source, by in HINTED_BY:
        entry_in(ledger, shop_id := next(shop_ids), source)
        assert entries.record_hint(shop_id, hint(), at=after(60), by=by)
        yield f"{source or 'none'}, hint by {by}", ORDERS, shop_id
    for transition, source in STEPS:
        of, by = OrderStep(transition.step), min(transition.by)
        entry_in(ledger, shop_id := next(shop_ids), source, for_step=of)
        assert entries.record(shop_id, step(of, by, 60)), of
        yield f"{source}, {of} by {by}", ORDERS, shop_id
    for file_transition in FILE_LIFE[1:]:
        for state in filter(None, file_transition.sources):
            of_file, by = FileStep(file_transition.step), min(file_transition.by)
            file = file_in(ledger, shop_id := next(shop_ids), state)
            event = Event(at=after(60), step=of_file, by=by, note="n")
            assert tables.files.record(file, event, CONTENT if of_file is FileStep.FIX else None)
            yield f"file {state}, {of_file} by {by}", FILES, shop_id
    for shop_state in ShopState:
        full = replace(shop(next(shop_ids), shop_state), token_since=NOW, policy=FULL_POLICY)
        shops.add(replace(full, swept_until=NOW, domain="de-wilg", resume_state=ShopState.ACTIVE))
        yield f"shop {shop_state}", SHOPS, full.shop_id
    for shop_step in ShopStep:
        audited = AuditEvent(at=NOW, step=shop_step, by=Actor.PLATFORM, note="n")
        shops.append_audit(shop_id := next(shop_ids), audited)
        yield f"audit {shop_step}", SHOPS, shop_id
    for record in EVERY_RECORD:
        shops.save(shop_id := next(shop_ids), record)
        yield f"record {record.NAME}", SHOPS, shop_id
    name = statement_name(STATEMENT.day)
    shops.change(shop_id := next(shop_ids), DayStatement, lambda _: STATEMENT, name)
    yield f"statement {name}", SHOPS, shop_id
    shops.change(shop_id := next(shop_ids), JournalEntry, lambda _: ENTRY, ENTRY.name)
    yield "entry of the journal", SHOPS, shop_id
    shops.change(shop_id := next(shop_ids), MonthFiles, lambda _: MONTH, month_name(NOW.date()))
    yield "files of a month", SHOPS, shop_id
    name = landing_name("axml-orders-20260123-1-001.api")
    shops.change(shop_id := next(shop_ids), LandedDelivery, lambda _: LANDED, name)
    yield "what Asperion showed", SHOPS, shop_id
    shops.put_seat(seat(shop_id := next(shop_ids)))
    yield "seat", SHOPS, shop_id
    shops.save_health(health(shop_id := next(shop_ids)))
    yield "health", SHOPS, shop_id
    shops.lease(shop_id := next(shop_ids), "run", now=NOW, until=after(10))
    yield "lease", SHOPS, shop_id


def record_items(tables: Tables) -> list[dict[str, Any]]:
    """Everything that this version stores, as the recordings have it."""
    scan = boto3.client("dynamodb", endpoint_url=tables.host).get_paginator("scan").paginate
    written = list(write_all(tables, itertools.count(FIRST_SHOP)))
    items = {
        (table, int(item["shop_id"]["N"])): item
        for table in (ORDERS, FILES, SHOPS)
        for page in scan(TableName=tables.prefix + table)
        for item in page["Items"]
    }
    cases = [
        {"case": case, "table": table, "item": items[table, shop_id]}
        for case, table, shop_id in written
    ]
    return [{**case, "read": as_text(read_item(tables, case))} for case in cases]


if __name__ == "__main__":
    with tables_at("moto") as fresh:
        text = json.dumps(record_items(fresh), indent=1, ensure_ascii=False, sort_keys=True)
    (STORED / f"version-{VERSION}.json").write_text(text + "\n", encoding="utf-8")
