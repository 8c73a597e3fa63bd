"""Until when the tables keep what is written; how all that is kept of a shop is read, or erased."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import boto3
import pytest
from moto import mock_aws

from chalicelib.adapters.dynamodb import Tables
from chalicelib.adapters.dynamodb.schema import EXPIRES, TABLES
from chalicelib.domain.causes import DropCause
from chalicelib.domain.events import Actor, AuditEvent, Event, FileStep, OrderStep, ShopStep
from chalicelib.domain.lifetimes import Lifetimes
from chalicelib.domain.migrations import Migration
from chalicelib.domain.sending_progress import SendingProgress, name_progress
from chalicelib.domain.shop_records import ForgottenTotals, Trouble
from chalicelib.domain.shops import Shop, ShopState
from chalicelib.domain.slots import slot_of
from chalicelib.domain.statement import statement_name
from chalicelib.ports import Keeping
from tests.tables.conftest import DAY, FILE, NOW, Ledger, after, hint, new_shop_id, shop, taken
from tests.tables.conftest import waiting as let_wait
from tests.tables.test_shop_records import ENTRY, STARTED, STATEMENT
from tools.own_tables import create_tables, enable_lifetimes

SEVEN_YEARS, NINETY_DAYS = timedelta(days=2557), timedelta(days=90)
LEFT_AT = NOW + timedelta(days=10)


def end_of(table: Keeping, shop_id: int, key: str) -> datetime | None:
    """The moment after which the table may delete an item."""
    (item,) = table.extract_some(shop_id, [key])
    end = item.values.get(EXPIRES)
    assert end is None or isinstance(end, int)
    return None if end is None else datetime.fromtimestamp(end, NOW.tzinfo)


def test_an_open_document_never_ends_and_a_closed_one_seven_years_after_its_last_step(
    ledger: Ledger, shop_id: int
) -> None:
    entries, key = ledger.entries, let_wait(ledger, shop_id).key
    assert end_of(entries, shop_id, key) is None
    assert entries.record(shop_id, taken(key, OrderStep.CLAIM, 1))
    assert end_of(entries, shop_id, key) is None
    assert entries.record(shop_id, taken(key, OrderStep.DROP, 2, cause=DropCause.NOT_PAID))
    assert end_of(entries, shop_id, key) == after(2) + SEVEN_YEARS
    assert entries.record_hint(shop_id, hint(), at=after(3), by=Actor.WEBHOOK)
    assert end_of(entries, shop_id, key) is None
    assert entries.record(shop_id, taken(key, OrderStep.CLAIM, 4))
    assert entries.record(shop_id, taken(key, OrderStep.PLACE, 5))
    assert end_of(entries, shop_id, key) == after(5) + SEVEN_YEARS


def test_an_unfinished_file_never_ends(ledger: Ledger, shop_id: int) -> None:
    files = ledger.files
    file = files.create(shop_id, DAY, at=NOW, by=Actor.EXPORT)
    assert end_of(files, shop_id, file.name) is None
    discard = Event(at=after(2), step=FileStep.DISCARD, by=Actor.EXPORT)
    assert files.record(file, discard)
    assert end_of(files, shop_id, file.name) == after(2) + SEVEN_YEARS


def test_what_lies_beside_an_installed_shop_has_no_end_but_for_the_books(
    ledger: Ledger, shop_id: int
) -> None:
    fill(ledger, shop_id)

    ends = ends_beside(ledger, shop_id)

    assert ends.pop("note#day-2026-01-23") == STATEMENT.at + SEVEN_YEARS
    assert ends.pop(f"note#{ENTRY.name}") == STATEMENT.at + SEVEN_YEARS
    assert [end for part, end in ends.items() if part.startswith("audit#")] == [NOW + SEVEN_YEARS]
    assert {part for part, end in ends.items() if end is None} == {
        *("shop", "lease", "note#export", "note#backfill", "note#totals"),
    }


def fill(ledger: Ledger, shop_id: int) -> None:
    """A shop with something of everything beside it."""
    shops = ledger.shops
    shops.add(shop(shop_id))
    shops.append_audit(shop_id, AuditEvent(at=NOW, step=ShopStep.COMPLETE, by=Actor.MERCHANT))
    shops.save(shop_id, Trouble())
    shops.save(shop_id, STARTED)
    shops.save(shop_id, ForgottenTotals(until=DAY))
    statement = replace(STATEMENT, day=DAY)
    shops.change(shop_id, type(statement), lambda _: statement, statement_name(DAY))
    shops.change(shop_id, type(ENTRY), lambda _: ENTRY, ENTRY.name)
    shops.lease(shop_id, "run", now=NOW, until=after(5))


def ends_beside(ledger: Ledger, shop_id: int) -> dict[str, datetime | None]:
    parts = [item.key for item in ledger.shops.extract(shop_id)]
    return {part: end_of(ledger.shops, shop_id, part) for part in parts}


def leave(ledger: Ledger, shop_id: int) -> None:
    def uninstalled(stored: Shop) -> Shop:
        return replace(stored, state=ShopState.UNINSTALLED, changed_at=LEFT_AT)

    ledger.shops.update(shop_id, uninstalled)


def test_a_shop_that_left_ends_after_ninety_days_and_not_once_it_came_back(
    ledger: Ledger, shop_id: int
) -> None:
    fill(ledger, shop_id)
    leave(ledger, shop_id)
    assert end_of(ledger.shops, shop_id, "shop") == LEFT_AT + NINETY_DAYS

    assert ledger.shops.renew_lifetimes(shop_id, left_at=LEFT_AT, after="", limit=99) == ""

    ends = ends_beside(ledger, shop_id)
    beside = {"shop", "lease", "note#export", "note#backfill", "note#totals"}
    assert {part for part, end in ends.items() if end == LEFT_AT + NINETY_DAYS} == beside

    ledger.shops.update(shop_id, lambda stored: replace(stored, state=ShopState.INSTALLING))
    ledger.shops.keep_notes(shop_id)
    ledger.shops.lease(shop_id, "again", now=after(9), until=after(15))

    ends = ends_beside(ledger, shop_id)
    assert {part for part, end in ends.items() if end is None} == beside
    assert ledger.shops.load(shop_id, Migration) == STARTED


def test_what_is_open_of_a_shop_that_left_ends_as_well_until_it_comes_back(
    ledger: Ledger, shop_id: int
) -> None:
    open_ = let_wait(ledger, shop_id, 301).key
    closed = let_wait(ledger, shop_id, 302).key
    ledger.entries.record(shop_id, taken(closed, OrderStep.CLAIM, 1))
    ledger.entries.record(shop_id, taken(closed, OrderStep.DROP, 2, cause=DropCause.NOT_PAID))
    file = ledger.files.create(shop_id, DAY, at=NOW, by=Actor.EXPORT).name

    for table in (ledger.entries, ledger.files):
        assert table.renew_lifetimes(shop_id, left_at=LEFT_AT, after="", limit=99) == ""

    assert end_of(ledger.entries, shop_id, open_) == LEFT_AT + SEVEN_YEARS
    assert end_of(ledger.entries, shop_id, closed) == after(2) + SEVEN_YEARS
    assert end_of(ledger.files, shop_id, file) == LEFT_AT + SEVEN_YEARS
    for table in (ledger.entries, ledger.files):
        table.renew_lifetimes(shop_id, left_at=None, after="", limit=99)
    assert end_of(ledger.entries, shop_id, open_) is None
    assert end_of(ledger.files, shop_id, file) is None


def test_lifetimes_are_renewed_part_by_part(ledger: Ledger, shop_id: int) -> None:
    keys = [let_wait(ledger, shop_id, number).key for number in (301, 302, 303)]

    def renew(after: str) -> str:
        return ledger.entries.renew_lifetimes(shop_id, left_at=LEFT_AT, after=after, limit=2)

    assert renew("") == keys[1]
    assert end_of(ledger.entries, shop_id, keys[2]) is None
    assert renew(keys[1]) == ""
    assert end_of(ledger.entries, shop_id, keys[2]) == LEFT_AT + SEVEN_YEARS


def test_an_item_of_an_earlier_version_gets_its_end(tables: Tables, shop_id: int) -> None:
    ledger = Ledger(tables.shops, tables.entries, tables.files)
    key = let_wait(ledger, shop_id).key
    tables.entries.record(shop_id, taken(key, OrderStep.CLAIM, 1))
    tables.entries.record(shop_id, taken(key, OrderStep.DROP, 2, cause=DropCause.NOT_PAID))
    fill(ledger, shop_id)
    forget_ends(tables, shop_id)
    assert end_of(tables.entries, shop_id, key) is None

    tables.entries.renew_lifetimes(shop_id, left_at=None, after="", limit=9)
    tables.shops.renew_lifetimes(shop_id, left_at=None, after="", limit=99)

    assert end_of(tables.entries, shop_id, key) == after(2) + SEVEN_YEARS
    assert end_of(tables.shops, shop_id, "note#day-2026-01-23") == STATEMENT.at + SEVEN_YEARS


def forget_ends(tables: Tables, shop_id: int) -> None:
    """As versions before 1.3.0 wrote."""
    client = boto3.client("dynamodb", endpoint_url=tables.host)
    for name, table, key in (("orders", tables.entries, "key"), ("shops", tables.shops, "part")):
        for item in table.extract(shop_id):
            client.update_item(
                TableName=tables.prefix + name,
                Key={"shop_id": {"N": str(shop_id)}, key: {"S": item.key}},
                UpdateExpression="REMOVE expires, write_id",
            )


def test_a_lifetime_of_ones_own_is_kept_to(ledger: Ledger) -> None:
    short = Lifetimes(audit=timedelta(days=400), after_leaving=timedelta(days=3))
    event = AuditEvent(at=NOW, step=ShopStep.PAUSE, by=Actor.OPERATOR)
    assert short.end_of_audit(event) == NOW + timedelta(days=400)
    assert short.end_beside(NOW) == NOW + timedelta(days=3)


TABLES_OF: dict[str, Callable[[Ledger], Keeping]] = {
    "orders": lambda ledger: ledger.entries,
    "files": lambda ledger: ledger.files,
    "shops": lambda ledger: ledger.shops,
}


@pytest.mark.parametrize("name", TABLES_OF)
def test_a_shop_is_erased_part_by_part_and_no_other(ledger: Ledger, name: str) -> None:
    mine, other = new_shop_id(), new_shop_id()
    table = TABLES_OF[name](ledger)
    for shop_id in (mine, other):
        fill(ledger, shop_id)
        for number in (301, 302):
            let_wait(ledger, shop_id, number)
        for _ in range(2):
            ledger.files.create(shop_id, DAY, at=NOW, by=Actor.EXPORT)
    before = table.extract(other)

    erased = [table.erase(mine, limit=2) for _ in range(4)]

    assert sum(erased) == len(before) - 2 * (name == "shops")
    assert erased[-1] == 0
    assert {item.key for item in table.extract(mine)} <= {"shop", "lease"}
    assert table.extract(other) == before


def test_only_the_record_of_a_shop_that_left_is_removed(ledger: Ledger, shop_id: int) -> None:
    fill(ledger, shop_id)
    assert not ledger.shops.remove(shop_id)
    assert ledger.shops.get(shop_id)
    leave(ledger, shop_id)
    assert ledger.shops.remove(shop_id)
    assert ledger.shops.get(shop_id) is None
    assert ledger.shops.standing(shop_id) is None
    assert "lease" not in {item.key for item in ledger.shops.extract(shop_id)}
    assert ledger.shops.remove(shop_id)


def test_notes_are_forgotten_but_those_that_are_kept_and_the_statements(
    ledger: Ledger, shop_id: int
) -> None:
    fill(ledger, shop_id)
    name = name_progress("axml-orders-20260123-1-001.api")
    ledger.shops.change(shop_id, SendingProgress, lambda _: SendingProgress(at=NOW), name)
    ledger.shops.forget_notes(shop_id, {Migration.NAME, SendingProgress.NAME})
    left = {item.key for item in ledger.shops.extract(shop_id) if item.key.startswith("note#")}
    assert left == {
        *("note#backfill", "note#day-2026-01-23"),
        *(f"note#{ENTRY.name}", f"note#{name}"),
    }


def test_texts_of_the_audit_are_forgotten_but_those_of_some_steps(
    ledger: Ledger, shop_id: int
) -> None:
    for step in (ShopStep.CHANGE_SETTINGS, ShopStep.MEND_SUBSCRIPTIONS):
        event = AuditEvent(at=NOW, step=step, by=Actor.MERCHANT, note="a text")
        ledger.shops.append_audit(shop_id, event)
    ledger.shops.forget_audit_notes(shop_id, {ShopStep.MEND_SUBSCRIPTIONS})
    found = {event.step: event.note for event in ledger.shops.audit(shop_id)}
    assert found == {ShopStep.CHANGE_SETTINGS: "", ShopStep.MEND_SUBSCRIPTIONS: "a text"}


def test_items_are_shown_as_they_are_stored(ledger: Ledger, shop_id: int) -> None:
    key = let_wait(ledger, shop_id).key
    ledger.entries.record(shop_id, taken(key, OrderStep.CLAIM, 1))
    (item,) = ledger.entries.extract(shop_id)
    assert (item.key, item.values["number"], item.values["document_id"]) == (key, "ORD00301", 301)
    history = item.values["history"]
    assert isinstance(history, list | tuple)
    assert [event["step"] for event in history] == ["hint", "claim"]
    assert history[1]["file"] == FILE
    assert ledger.entries.extract(shop_id, after=key) == []
    assert ledger.entries.extract_some(shop_id, [key, "order-9"]) == [item]


def test_every_shop_is_numbered(ledger: Ledger, shop_id: int) -> None:
    ledger.shops.add(shop(shop_id, ShopState.PAUSED))
    assert ledger.shops.numbers(slot_of(shop_id), after=shop_id - 1, limit=1) == [shop_id]


def test_the_tables_delete_what_has_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        create_tables("t-")
        for _ in range(2):
            enable_lifetimes(f"t-{name}" for name in TABLES)
        client = boto3.client("dynamodb")
        for name in TABLES:
            found = client.describe_time_to_live(TableName=f"t-{name}")["TimeToLiveDescription"]
            assert (found["TimeToLiveStatus"], found["AttributeName"]) == ("ENABLED", "expires")
