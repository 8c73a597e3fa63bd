"""Shops, and what is kept beside them, as version 1.0.0 stored them: read, and saved again."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from chalicelib.adapters.dynamodb import Tables
from chalicelib.adapters.dynamodb.policies import from_document, to_document
from chalicelib.domain.events import ShopStep
from chalicelib.domain.migrations import Migration, MigrationState
from chalicelib.domain.policy import Policy
from chalicelib.domain.shop_records import (
    RefundProgress,
    RereadProgress,
    SweepProgress,
    Trouble,
    UsedUpBudget,
    WatchFindings,
)
from chalicelib.domain.shops import ShopState, TroubleCause
from chalicelib.domain.slots import slot_of
from chalicelib.domain.statement import DayStatement, Verdict
from tests.tables.conftest import new_shop_id
from tests.tables.former_items import (
    as_text,
    cases_of,
    move_case,
    parametrize_cases,
    put_case,
)

LATE = datetime.fromisoformat("2027-01-01T00:00:00+00:00")


@parametrize_cases("shops", "shop ")
def test_every_shop_is_read_as_it_was_and_saved_again(tables: Tables, case: dict[str, Any]) -> None:
    shop_id = new_shop_id()
    moved = move_case(case, shop_id)
    put_case(tables, moved)
    shop = tables.shops.get(shop_id)
    assert shop is not None
    read = moved["read"]
    policy = json.dumps(read.pop("policy"))
    assert {name: as_text(getattr(shop, name)) for name in read} == read
    assert shop.policy == from_document(policy)
    since = json.loads(to_document(Policy()))  # later choices have their defaults
    assert json.loads(to_document(shop.policy)) == since | json.loads(policy)
    standing = tables.shops.standing(shop_id)
    assert standing is not None
    assert (standing.state, standing.source) == (shop.state, shop.policy.source)
    at_it: Any = {"after": shop_id - 1, "limit": 1}
    found = tables.shops.exporting(slot_of(shop_id), **at_it)
    assert (found == [shop_id]) == shop.state.exports
    assert tables.shops.numbers(slot_of(shop_id), **at_it) == [shop_id]
    without_secrets = replace(shop, token=None, licence=None, token_since=None, domain="")
    assert without_secrets in [
        replace(each, token_since=None, domain="") for each in tables.shops.everyone()
    ]

    paused = tables.shops.update(shop_id, lambda stored: replace(stored, state=ShopState.PAUSED))

    version = shop.version + (shop.state is not ShopState.PAUSED)
    assert paused == replace(shop, state=ShopState.PAUSED, version=version)
    assert tables.shops.get(shop_id) == paused


def test_the_audit_is_read_as_it_was_and_goes_on(tables: Tables) -> None:
    shop_id = new_shop_id()
    audit = [case for case in cases_of() if case["case"].startswith("audit: ")]
    for case in audit:
        put_case(tables, move_case(case, shop_id))
    events = tables.shops.audit(shop_id)
    assert [
        {"at": as_text(e.at), "what": e.step, "by": e.by, "detail": e.note} for e in events
    ] == [case["read"] for case in audit]

    again = replace(events[-1], at=LATE, step=ShopStep.ARRIVE)
    tables.shops.append_audit(shop_id, again)
    assert tables.shops.audit(shop_id) == [*events, again]


def test_a_lease_is_kept_until_it_ends(tables: Tables) -> None:
    shop_id = new_shop_id()
    (case,) = [case for case in cases_of() if case["case"] == "lease"]
    put_case(tables, move_case(case, shop_id))
    until = datetime.fromisoformat(case["read"]["until"])
    before = until - timedelta(seconds=1)
    assert not tables.shops.lease(shop_id, "another", now=before, until=LATE)
    assert tables.shops.lease(shop_id, case["read"]["owner"], now=before, until=until)
    assert tables.shops.lease(shop_id, "another", now=until, until=LATE)


def at(text: str) -> datetime:
    """An instant of 2026, UTC: ``01-23 22:15``, seven seconds and a bit later."""
    return datetime.fromisoformat(f"2026-{text}:07.412305+00:00")


OF_ONE_DAY = DayStatement(day=at("01-23 22:15").date(), at=at("01-23 22:20"), due=1, placed=1)
NO_METHODS = WatchFindings(at=at("01-23 18:50"))
MOVED = Migration(
    state=MigrationState.RUNNING,
    first=datetime.fromisoformat("2025-12-31T23:00:00+00:00"),
    last=datetime.fromisoformat("2026-01-31T23:00:00+00:00"),
    excepted=frozenset({"ORD00099", "ORD00100"}),
    at=at("01-23 22:15"),
)
SWEPT = SweepProgress(since=at("01-22 22:15"), started=at("01-23 22:15"), after_id=301204650)
NOVEMBER = datetime.fromisoformat("2025-11-23T22:20:00+00:00")
KEPT: dict[str, Any] = {
    "day: right (booked and held)": replace(
        OF_ONE_DAY, at=at("01-23 16:20"), due=3, placed=2, held=1, verdict=Verdict.RIGHT
    ),
    "day: wrong": replace(OF_ONE_DAY, verdict=Verdict.WRONG),
    "day: running": replace(OF_ONE_DAY, opened=1, due=0, placed=0, waiting=1),
    "day, older shape: without carried": DayStatement(
        day=NOVEMBER.date(), at=NOVEMBER, due=3, placed=3, verdict=Verdict.RIGHT
    ),
    "refunds": RefundProgress(until=at("01-23 18:50")),
    "details, none left": RereadProgress(until=at("01-23 18:50")),
    "details, with one left": RereadProgress(
        until=at("02-02 01:20"), left={301300041: at("01-24 22:20")}
    ),
    "watch": NO_METHODS,
    "watch, new methods and quiet days": WatchFindings(
        at=at("02-02 01:20"),
        new_methods={"klarna": "Klarna achteraf", "cash": "Contant"},
        quiet_days=10,
    ),
    # Titles without keys: nobody can say whether they were decided on since.
    "watch, older shape: without new_method_keys": WatchFindings(at=NOVEMBER, quiet_days=4),
    "budget": UsedUpBudget(
        until=at("01-24 00:15"),
        next_at=at("01-23 22:35"),
        run="export-2026-01-23+223507412305",
    ),
    "export: trouble shop_unavailable, twice": Trouble(
        cause=TroubleCause.SHOP_UNAVAILABLE, since=at("01-23 22:20"), at=at("01-24 22:25")
    ),
    "export: trouble inbox_refused": Trouble(
        cause=TroubleCause.INBOX_REFUSED, since=at("01-23 22:20"), at=at("01-23 22:20")
    ),
    "export: cleared": Trouble(),
    "sweep": SWEPT,
    "sweep, with something unsettled": replace(SWEPT, unfinished_since=at("01-23 19:15")),
    "backfill: running": MOVED,
    "backfill: stopped": replace(MOVED, state=MigrationState.STOPPED),
    "backfill: done": replace(
        MOVED,
        state=MigrationState.DONE,
        after_id=301300052,
        orders=2,
        taken=2,
        at=at("01-23 22:20"),
    ),
}


@parametrize_cases("shops", "note ")
def test_every_record_is_read_and_saved_again(tables: Tables, case: dict[str, Any]) -> None:
    record = KEPT[case["case"].removeprefix("note ")]
    shop_id = new_shop_id()
    name = put_case(tables, move_case(case, shop_id)).removeprefix("note#")
    assert name == (record.NAME or f"day-{record.day}")

    assert tables.shops.load(shop_id, type(record), name) == record
    if isinstance(record, DayStatement):
        assert record.difference == 0
        assert tables.shops.statements(shop_id, 2) == [record]
        restated = replace(record, files={"a.xml": record.placed})
        assert tables.shops.change(shop_id, DayStatement, lambda _: restated, name) == restated
        assert tables.shops.statements(shop_id, 2) == [restated]
    else:
        tables.shops.save(shop_id, record)
        assert tables.shops.load(shop_id, type(record), name) == record
