"""The port `Shops`: the shop, its audit, its lease and the records kept beside it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta, timezone
from decimal import Decimal
from typing import Any, get_args

import pytest

from chalicelib.adapters.dynamodb import Tables
from chalicelib.domain.events import Actor, AuditEvent, ShopStep
from chalicelib.domain.policy import DateBasis, Policy, Source, VatClass
from chalicelib.domain.shop_records import (
    Migration,
    MigrationState,
    RefundProgress,
    RereadProgress,
    ShopRecord,
    SweepProgress,
    Trouble,
    UsedUpBudget,
    WatchFindings,
)
from chalicelib.domain.shops import Shop, ShopState, Standing, TroubleCause
from chalicelib.domain.statement import DayStatement, ShopCheck, Verdict, statement_name
from chalicelib.errors import LedgerError, UnknownShop
from tests.tables.conftest import NOW, Ledger, after, new_shop_id, shop

LOCAL = NOW.astimezone(timezone(timedelta(hours=1)))
STARTED = Migration(
    state=MigrationState.RUNNING,
    first=LOCAL,
    last=NOW,
    excepted=frozenset({"ORD00099", "ORD 1\n2"}),
    at=NOW,
)
STATEMENT = DayStatement(
    day=NOW.date(),
    at=NOW,
    opened=1,
    due=2,
    placed=2,
    held=1,
    files={"axml-orders-20260123-1-001.xml": 2},
    unfinished=("axml-orders-20260123-1-002.xml",),
    previous_left=1,
    check=ShopCheck(since=LOCAL, at=NOW, due=2, is_whole=True),
    verdict=Verdict.RIGHT,
)
FULL_POLICY = Policy(
    payments={"mollie-ideal": "IDEAL", "Cadeaubon €": ""},
    default_payment=None,
    date_basis=DateBasis.PAYMENT,
    one_stop_shop=True,
    foreign_rates={("DE", Decimal("0.19")): VatClass.HIGH},
    gift_card_articles=frozenset({"GC-25"}),
)
EVERY_RECORD: tuple[ShopRecord, ...] = (
    SweepProgress(since=LOCAL, started=NOW, after_id=7, unfinished_since=LOCAL),
    SweepProgress(since=NOW, started=NOW),
    RefundProgress(until=LOCAL),
    RereadProgress(until=NOW, left={301204417: LOCAL, 7: NOW + timedelta(microseconds=1)}),
    UsedUpBudget(until=NOW, next_at=LOCAL, run="export-2026-01-23"),
    Trouble(),
    Trouble(cause=TroubleCause.LICENCE, since=NOW, at=LOCAL),
    WatchFindings(at=NOW, new_methods={"klarna": "Klarna – achteraf", "cash": ""}, quiet_days=4),
    WatchFindings(at=NOW),
    STARTED,
)


def test_a_shop_comes_back_as_it_was_stored(ledger: Ledger, shop_id: int) -> None:
    full = replace(
        shop(shop_id),
        policy=FULL_POLICY,
        domain="de-wilg",
        swept_until=after(-5),
        resume_state=ShopState.CANCELLED,
        token_since=after(-9),
    )

    assert ledger.shops.add(full)

    assert ledger.shops.get(shop_id) == full


def test_a_shop_is_added_once(ledger: Ledger, shop_id: int) -> None:
    assert ledger.shops.add(shop(shop_id))
    assert not ledger.shops.add(replace(shop(shop_id), token="another"))
    kept = ledger.shops.get(shop_id)
    assert kept is not None
    assert kept.token == "token-of-the-shop"


def test_an_unknown_shop_is_none(ledger: Ledger, shop_id: int) -> None:
    assert ledger.shops.get(shop_id) is None
    assert ledger.shops.standing(shop_id) is None


def test_a_standing_tells_state_and_source(ledger: Ledger, shop_id: int) -> None:
    ledger.shops.add(replace(shop(shop_id), policy=Policy(source=Source.INVOICES)))
    assert ledger.shops.standing(shop_id) == Standing(
        state=ShopState.ACTIVE, source=Source.INVOICES
    )


def test_an_update_raises_the_version(ledger: Ledger, shop_id: int) -> None:
    ledger.shops.add(shop(shop_id))

    updated = ledger.shops.update(shop_id, lambda s: replace(s, licence="other"))

    assert (updated.licence, updated.version) == ("other", 1)
    assert ledger.shops.get(shop_id) == updated


def test_an_update_that_changes_nothing_writes_nothing(ledger: Ledger, shop_id: int) -> None:
    ledger.shops.add(shop(shop_id))
    assert ledger.shops.update(shop_id, lambda s: s).version == 0


def test_an_update_based_on_an_old_version_is_made_again(ledger: Ledger, shop_id: int) -> None:
    ledger.shops.add(shop(shop_id))
    seen: list[int] = []

    def change(old: Shop) -> Shop:
        seen.append(old.version)
        if old.version == 0:
            ledger.shops.update(shop_id, lambda s: replace(s, title="Meanwhile"))
        return replace(old, licence="other")

    updated = ledger.shops.update(shop_id, change)

    assert seen[-2:] == [0, 1]
    assert (updated.title, updated.licence, updated.version) == ("Meanwhile", "other", 2)


def test_secrets_can_be_erased(ledger: Ledger, shop_id: int) -> None:
    ledger.shops.add(shop(shop_id))
    ledger.shops.update(shop_id, lambda s: replace(s, token=None, licence=None))
    erased = ledger.shops.get(shop_id)
    assert erased is not None
    assert (erased.token, erased.licence) == (None, None)


def test_an_unknown_shop_cannot_be_updated(ledger: Ledger, shop_id: int) -> None:
    with pytest.raises(UnknownShop, match=str(shop_id)):
        ledger.shops.update(shop_id, lambda s: s)


def test_only_shops_that_export_are_taken_along(ledger: Ledger) -> None:
    ids = {state: new_shop_id() for state in ShopState}
    for state, number in ids.items():
        ledger.shops.add(shop(number, state))

    def exporting() -> set[int]:
        return set(ledger.shops.exporting()) & set(ids.values())

    assert exporting() == {ids[ShopState.ACTIVE], ids[ShopState.CANCELLED]}
    ledger.shops.update(ids[ShopState.ACTIVE], lambda s: replace(s, state=ShopState.PAUSED))
    ledger.shops.update(ids[ShopState.PAUSED], lambda s: replace(s, state=ShopState.ACTIVE))
    assert exporting() == {ids[ShopState.PAUSED], ids[ShopState.CANCELLED]}


def test_everyone_is_listed_without_secrets(ledger: Ledger, shop_id: int) -> None:
    full = replace(shop(shop_id, ShopState.UNINSTALLED), swept_until=NOW, policy=Policy())
    ledger.shops.add(full)
    ledger.shops.append_audit(
        shop_id, AuditEvent(at=NOW, step=ShopStep.COMPLETE, by=Actor.MERCHANT)
    )

    listed = [s for s in ledger.shops.everyone() if s.shop_id == shop_id]

    assert listed == [replace(full, token=None, licence=None)]


def test_the_audit_comes_oldest_first(ledger: Ledger, shop_id: int) -> None:
    events = [
        AuditEvent(at=NOW, step=ShopStep.COMPLETE, by=Actor.MERCHANT),
        AuditEvent(at=NOW, step=ShopStep.CHANGE_SETTINGS, by=Actor.MERCHANT, note="licence code"),
        AuditEvent(at=NOW + timedelta(microseconds=1), step=ShopStep.PAUSE, by=Actor.OPERATOR),
    ]
    for event in (events[2], events[0], events[1]):
        ledger.shops.append_audit(shop_id, event)

    assert ledger.shops.audit(shop_id) == events
    assert ledger.shops.audit(new_shop_id()) == []


def test_a_lease_is_held_by_one_owner_until_it_expires(ledger: Ledger, shop_id: int) -> None:
    shops = ledger.shops
    assert shops.lease(shop_id, "first", now=NOW, until=after(10))
    assert not shops.lease(shop_id, "second", now=after(9), until=after(20))
    assert shops.lease(shop_id, "second", now=after(10), until=after(20))
    assert not shops.lease(shop_id, "first", now=after(11), until=after(30))


def test_an_owner_extends_his_own_lease(ledger: Ledger, shop_id: int) -> None:
    assert ledger.shops.lease(shop_id, "first", now=NOW, until=after(10))
    assert ledger.shops.lease(shop_id, "first", now=after(5), until=after(15))
    assert not ledger.shops.lease(shop_id, "second", now=after(12), until=after(20))


def test_only_the_owner_gives_a_lease_back(ledger: Ledger, shop_id: int) -> None:
    shops = ledger.shops
    shops.lease(shop_id, "first", now=NOW, until=after(10))
    shops.release(shop_id, "second")
    assert not shops.lease(shop_id, "second", now=after(1), until=after(10))
    shops.release(shop_id, "first")
    assert shops.lease(shop_id, "second", now=after(1), until=after(10))
    shops.release(new_shop_id(), "nobody")


def test_a_record_is_replaced(ledger: Ledger, shop_id: int) -> None:
    assert ledger.shops.load(shop_id, Migration) is None
    ledger.shops.save(shop_id, STARTED)
    ledger.shops.save(shop_id, replace(STARTED, taken=13, excepted=frozenset()))
    assert ledger.shops.load(shop_id, Migration) == replace(STARTED, taken=13, excepted=frozenset())
    assert ledger.shops.load(new_shop_id(), Migration) is None


@pytest.mark.parametrize("record", EVERY_RECORD, ids=lambda record: type(record).__name__)
def test_every_record_comes_back_as_it_was_saved(
    ledger: Ledger, shop_id: int, record: ShopRecord
) -> None:
    ledger.shops.save(shop_id, record)
    assert ledger.shops.load(shop_id, type(record)) == record


def test_every_kind_of_record_is_tried() -> None:
    assert {type(record) for record in EVERY_RECORD} == set(get_args(ShopRecord))


def test_a_record_is_changed_from_what_it_is(ledger: Ledger, shop_id: int) -> None:
    def take_one_more(stored: Migration | None) -> Migration:
        begun = stored or STARTED
        return replace(begun, taken=begun.taken + 1)

    change, kind = ledger.shops.change, Migration
    assert change(shop_id, kind, take_one_more) == replace(STARTED, taken=1)
    assert change(shop_id, kind, take_one_more) == replace(STARTED, taken=2)
    assert change(shop_id, kind, lambda _: None) == replace(STARTED, taken=2)
    assert change(shop_id, kind, lambda stored: stored) == replace(STARTED, taken=2)
    assert ledger.shops.load(shop_id, kind) == replace(STARTED, taken=2)
    assert change(shop_id, Trouble, lambda stored: stored) is None
    assert ledger.shops.load(shop_id, Trouble) is None


def keep(ledger: Ledger, shop_id: int, statement: DayStatement) -> None:
    name = statement_name(statement.day)
    assert ledger.shops.change(shop_id, DayStatement, lambda _: statement, name) == statement


def test_the_statements_of_the_last_days_come_newest_first(ledger: Ledger, shop_id: int) -> None:
    ledger.shops.save(shop_id, STARTED)
    for day in (21, 23, 22):
        drawn_up = replace(STATEMENT, day=date(2026, 1, day), due=day)
        keep(ledger, shop_id, drawn_up)

    newest = [replace(STATEMENT, day=date(2026, 1, day), due=day) for day in (23, 22)]
    assert ledger.shops.statements(shop_id, 2) == newest
    assert ledger.shops.load(shop_id, DayStatement, "day-2026-01-23") == newest[0]
    assert len(ledger.shops.statements(shop_id, 9)) == 3
    assert ledger.shops.statements(new_shop_id(), 9) == []


def test_a_record_that_cannot_be_understood_is_an_error_of_ours(
    tables: Tables, shop_id: int
) -> None:
    model: Any = tables.shops._model
    model(shop_id, "note#sweep", noted={"since": "yesterday"}).save()
    with pytest.raises(LedgerError, match=f"note#sweep of shop {shop_id} cannot be understood"):
        tables.shops.load(shop_id, SweepProgress)
