"""How far a migration is, and what became of the orders that it took."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from chalicelib.domain.migrations import Migration, MigrationState
from chalicelib.domain.shop_records import UsedUpBudget
from chalicelib.usecases.intake.migrating import ask_migration, start_migration
from chalicelib.usecases.operating.migration_progress import (
    SHOWN_FOR,
    MigratedOrders,
    MigrationProgress,
    read_migration_progress,
)
from tests.fakes.documents_of_shop import order
from tests.unit.usecases.stage import FIRST_NIGHT, SHOP_ID, Stage

FIRST, LAST = date(2025, 12, 1), date(2025, 12, 31)
DECEMBER = FIRST_NIGHT.replace(year=2025, month=12, day=10)


@pytest.fixture
def stage() -> Stage:
    """Four paid orders of December 2025, of which one has no e-mail address."""
    stage = Stage()
    for id_ in range(11, 15):
        made = DECEMBER + timedelta(days=id_ - 11)
        old = order(
            id=id_,
            number=f"ORD{id_}",
            created_at=made,
            paid_at=made,
            email="" if id_ == 12 else "klant@post.example",
        )
        stage.api.orders[id_] = replace(old, updated_at=made)
    return stage


def start(stage: Stage, expected: int | None = None) -> None:
    asked = ask_migration(stage.workspace(), FIRST, LAST)
    start_migration(stage.workspace(), replace(asked, expected=expected))


def progress(stage: Stage) -> MigrationProgress:
    found = read_migration_progress(stage.workspace())
    assert found is not None
    return found


def migrated(stage: Stage) -> MigratedOrders:
    found = progress(stage).orders
    assert found is not None
    return found


def test_there_is_none_before_the_first(stage: Stage) -> None:
    assert read_migration_progress(stage.workspace()) is None


def test_what_was_taken_is_delivered_or_held(stage: Stage) -> None:
    start(stage)
    assert migrated(stage) == MigratedOrders(placed=0, files=0, held=0, rest=0)

    stage.night()

    prices = [stage.api.orders[id_].price_incl for id_ in (11, 13, 14)]
    assert migrated(stage) == MigratedOrders(
        placed=3, files=1, held=1, rest=0, incl=sum(prices, Decimal(0))
    )
    assert progress(stage).percent == 100


def test_what_waits_is_not_delivered_yet(stage: Stage) -> None:
    start(stage)
    stage.night()
    taken = replace(progress(stage).migration, taken=6)
    stage.shops.save(SHOP_ID, taken)
    assert migrated(stage).rest == 2


def test_orders_of_today_are_no_part_of_it(stage: Stage) -> None:
    start(stage)
    stage.receive(order(id=99, number="NEW1", created_at=stage.now))
    stage.receive(order(id=98, number="NEW2", created_at=stage.now, email=""))

    stage.night()

    found = migrated(stage)
    assert (found.placed, found.held, found.rest) == (3, 1, 0)
    assert found.incl is None, "its file has other orders too, and their sum is no part of it"


def test_files_of_before_it_began_are_no_part_of_it(stage: Stage) -> None:
    start(stage)
    stage.night()
    stage.now += timedelta(days=2)
    start(stage)
    stage.night()
    assert progress(stage).migration.taken == 0
    assert migrated(stage) == MigratedOrders(placed=0, files=0, held=0, rest=0)


def part_way(stage: Stage, **facts: int | datetime | None) -> MigrationProgress:
    """A migration that has seen some of the period."""
    start(stage)
    kept = stage.shops.load(SHOP_ID, Migration)
    assert kept is not None
    stage.shops.save(SHOP_ID, replace(kept, **facts))  # type: ignore[arg-type]
    return progress(stage)


def test_how_far_it_is_goes_by_the_count(stage: Stage) -> None:
    found = part_way(stage, orders=3, expected=12)
    assert (found.percent, found.is_exact) == (25, True)


def test_more_orders_than_were_counted_do_not_end_it(stage: Stage) -> None:
    assert part_way(stage, orders=13, expected=12).percent == 99


def test_without_a_count_it_goes_by_dates(stage: Stage) -> None:
    half = ask_migration(stage.workspace(), FIRST, date(2025, 12, 15)).last
    found = part_way(stage, orders=3, seen_until=half)
    assert (found.percent, found.is_exact) == (48, False)


def test_what_is_not_known_is_not_said(stage: Stage) -> None:
    assert part_way(stage, orders=3).percent is None


def test_one_of_an_earlier_version_has_figures_of_its_own_alone(stage: Stage) -> None:
    found = part_way(stage, orders=3, taken=3, started_at=None)
    assert found.orders is None


def test_one_of_long_ago_is_not_read_any_more(stage: Stage) -> None:
    start(stage)
    stage.night()
    stage.now += SHOWN_FOR
    assert progress(stage).orders is None


def test_it_says_when_it_goes_on(stage: Stage) -> None:
    start(stage)
    at = stage.now + timedelta(minutes=40)
    stage.shops.save(SHOP_ID, UsedUpBudget(until=at, next_at=at, run="r"))
    assert progress(stage).resumes_at == at
    stage.now = at
    assert progress(stage).resumes_at is None


def test_one_that_is_stopped_does_not_go_on_by_itself(stage: Stage) -> None:
    at = stage.now + timedelta(minutes=40)
    stage.shops.save(SHOP_ID, UsedUpBudget(until=at, next_at=at, run="r"))
    assert part_way(stage, orders=1).resumes_at == at
    kept = replace(progress(stage).migration, state=MigrationState.STOPPED)
    stage.shops.save(SHOP_ID, kept)
    assert progress(stage).resumes_at is None
