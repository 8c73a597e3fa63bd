"""A migration counted in orders and in money, and what people write of numbers to leave out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from chalicelib.domain.causes import DropCause
from chalicelib.domain.days import local_day
from chalicelib.domain.events import Actor, ShopStep
from chalicelib.domain.period_locks import LockHolder
from chalicelib.domain.policy import Policy, Source
from chalicelib.domain.shops import ShopState
from chalicelib.errors import (
    MigrationUnderWay,
    NothingExported,
    OnlyOrders,
    RequestError,
    ShopUnavailable,
)
from chalicelib.usecases.intake.migrating import (
    CALLS_LEFT,
    RangeCount,
    ask_migration,
    count_orders,
    resume_migration,
    start_migration,
    stop_migration,
)
from chalicelib.usecases.operating.closing_periods import close_period
from tests.fakes.documents_of_shop import order
from tests.fakes.seoshop import Call
from tests.unit.usecases.stage import FIRST_NIGHT, SHOP_ID, Stage

FIRST, LAST = date(2025, 12, 1), date(2025, 12, 31)
DECEMBER = FIRST_NIGHT.replace(year=2025, month=12, day=10)


@pytest.fixture
def stage() -> Stage:
    """Three orders of December 2025, of which two are paid."""
    stage = Stage()
    for id_, status in enumerate(("paid", "paid", "not_paid"), start=1):
        made = DECEMBER + timedelta(days=id_)
        old = order(
            id=id_,
            number=f"ORD{id_:05}",
            created_at=made,
            paid_at=made,
            payment_status=status,
        )
        stage.api.orders[id_] = replace(old, updated_at=made)
    return stage


def count(stage: Stage, *excepted: str, **given: timedelta) -> RangeCount:
    workspace = stage.workspace()
    until = stage.now + given["within"] if given else None
    return count_orders(workspace, ask_migration(workspace, FIRST, LAST, excepted), until=until)


def test_a_period_is_counted_in_orders_and_in_money(stage: Stage) -> None:
    counted = count(stage)
    prices = [stage.api.orders[id_].price_incl for id_ in (1, 2)]
    assert (counted.orders, counted.due, counted.files) == (3, 2, 1)
    assert (counted.incl, counted.currency) == (sum(prices), "EUR")
    assert counted.not_due == {DropCause.NOT_PAID: 1}
    assert counted.is_whole
    assert counted.seen_until == DECEMBER + timedelta(days=3)


def test_what_is_of_a_closed_period_is_counted_apart(stage: Stage) -> None:
    """The orders were placed on 11, 12 and 13 December; the first two are paid."""
    assert count(stage).late == 0
    close_period(stage.workspace(), date(2025, 12, 11), LockHolder(Actor.MERCHANT))
    assert (count(stage).due, count(stage).late) == (2, 1)
    start_migration(stage.workspace(), ask_migration(stage.workspace(), FIRST, LAST))
    stage.night()
    assert [one.date for one in stage.booked()] == [date(2025, 12, 12)] * 2


@pytest.mark.parametrize("typed", ["ORD00002", "ord00002", "00002", "2"])
def test_a_number_is_left_out_however_it_is_written(stage: Stage, typed: str) -> None:
    counted = count(stage, typed)
    assert (counted.due, counted.excepted, counted.unmatched) == (1, 1, ())
    asked = ask_migration(stage.workspace(), FIRST, LAST, [typed])
    start_migration(stage.workspace(), asked)
    stage.night()
    assert [one.number for one in stage.booked()] == ["ORD00001"]


@pytest.mark.parametrize("typed", ["INV00002", "RD00002", "ORD0002", "02", "22"])
def test_a_number_of_no_order_is_named_and_leaves_nothing_out(stage: Stage, typed: str) -> None:
    counted = count(stage, typed)
    assert (counted.due, counted.excepted, counted.unmatched) == (2, 0, (typed,))


def test_a_number_of_an_order_that_is_not_paid_is_no_stranger(stage: Stage) -> None:
    counted = count(stage, "3")
    assert (counted.due, counted.excepted, counted.unmatched) == (2, 0, ())


def test_a_count_that_has_no_time_left_says_so(stage: Stage) -> None:
    counted = count(stage, within=timedelta(0))
    assert (counted.orders, counted.is_whole, counted.incl) == (0, False, Decimal("0.00"))


def test_a_count_leaves_calls_to_the_other_pages(stage: Stage) -> None:
    stage.api.page, stage.api.remaining = 2, CALLS_LEFT + 1

    def use_up(call: Call) -> None:
        assert stage.api.remaining is not None
        stage.api.remaining -= 1

    stage.api.before_call = use_up
    counted = count(stage, within=timedelta(seconds=20))
    assert (counted.orders, counted.is_whole) == (2, False)
    assert counted.seen_until == DECEMBER + timedelta(days=2)


def test_a_shop_that_answers_no_longer_ends_the_count(stage: Stage) -> None:
    stage.api.page = 2
    stage.api.fail(ShopUnavailable("no answer"), after=1)
    counted = count(stage, within=timedelta(seconds=20))
    assert (counted.orders, counted.is_whole) == (2, False)
    with pytest.raises(ShopUnavailable):
        count(stage)


def test_a_shop_that_does_not_answer_at_all_is_no_count(stage: Stage) -> None:
    stage.api.fail(ShopUnavailable("no answer"))
    with pytest.raises(ShopUnavailable):
        count(stage, within=timedelta(seconds=20))


def test_each_step_of_a_person_is_in_the_audit_once(stage: Stage) -> None:
    asked = ask_migration(stage.workspace(), FIRST, LAST)
    for _ in range(2):
        start_migration(stage.workspace(), asked)
    for _ in range(2):
        stop_migration(stage.workspace())
    for _ in range(2):
        resume_migration(stage.workspace(), by=Actor.OPERATOR)
    lines = [line for line in stage.shops.audit(SHOP_ID) if "migration" in line.step.value]
    assert [(line.step, line.by, line.note) for line in lines] == [
        (ShopStep.START_MIGRATION, Actor.MERCHANT, "2025-12-01/2025-12-31"),
        (ShopStep.STOP_MIGRATION, Actor.MERCHANT, "2025-12-01/2025-12-31"),
        (ShopStep.RESUME_MIGRATION, Actor.OPERATOR, "2025-12-01/2025-12-31"),
    ]


def test_one_migration_at_a_time(stage: Stage) -> None:
    start_migration(stage.workspace(), ask_migration(stage.workspace(), FIRST, LAST))
    other = ask_migration(stage.workspace(), FIRST, local_day(stage.now))
    with pytest.raises(MigrationUnderWay):
        start_migration(stage.workspace(), other)


@pytest.mark.parametrize("state", [state for state in ShopState if not state.exports])
def test_a_shop_that_does_not_export_starts_nothing(stage: Stage, state: ShopState) -> None:
    stage.shops.update(SHOP_ID, lambda shop: replace(shop, state=state))
    asked = ask_migration(stage.workspace(), FIRST, LAST)
    with pytest.raises(NothingExported):
        start_migration(stage.workspace(), asked)
    with pytest.raises(NothingExported):
        resume_migration(stage.workspace())
    assert stage.queue.sent == []


def test_a_shop_that_exports_invoices_migrates_nothing(stage: Stage) -> None:
    policy = Policy(source=Source.INVOICES)
    stage.shops.update(SHOP_ID, lambda shop: replace(shop, policy=policy))
    with pytest.raises(OnlyOrders):
        ask_migration(stage.workspace(), FIRST, LAST)


@pytest.mark.parametrize(
    ("first", "last", "excepted"),
    [
        (LAST, FIRST, ()),
        (date(1, 1, 1), LAST, ()),
        (FIRST, date(9999, 12, 31), ()),
        (FIRST, LAST, [str(number) for number in range(10_001)]),
        (FIRST, LAST, ["x" * 50 + str(number) for number in range(5_000)]),
    ],
)
def test_what_cannot_be_asked_for_is_refused(
    stage: Stage, first: date, last: date, excepted: list[str]
) -> None:
    with pytest.raises(RequestError):
        ask_migration(stage.workspace(), first, last, excepted)
