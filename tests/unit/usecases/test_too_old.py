"""A document that the ledger may have known and forgotten is not booked again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.causes import DropCause
from chalicelib.domain.events import Actor
from chalicelib.domain.ledger import EntryState, Hint
from chalicelib.usecases.intake.migration import tally_orders
from tests.fakes.documents_of_shop import order, summarise
from tests.unit.usecases.late import ORDER
from tests.unit.usecases.stage import SHOP_ID, Stage

LIFETIME = timedelta(days=2557)


@pytest.fixture
def stage() -> Stage:
    return Stage()


def have_long_been_installed(stage: Stage) -> None:
    """The connector is in the shop for longer than its ledger remembers."""
    since = stage.now - LIFETIME - timedelta(days=30)
    stage.shops.update(SHOP_ID, lambda shop: replace(shop, installed_at=since))


def test_an_old_order_of_a_shop_that_is_new_is_booked(stage: Stage) -> None:
    made = order(created_at=stage.now - LIFETIME - timedelta(days=30), paid_at=stage.now)
    stage.receive(made)

    stage.night()

    assert stage.entry(ORDER).state is EntryState.PLACED


def test_an_order_whose_record_ended_is_not_booked_a_second_time(stage: Stage) -> None:
    made = order(created_at=stage.now)
    stage.receive(made)
    stage.night()
    assert stage.entry(ORDER).state is EntryState.PLACED
    stage.now += LIFETIME + timedelta(days=30)
    stage.entries.items.clear()  # as the table does
    stage.receive(made)

    stage.night()

    assert stage.entry(ORDER).drop_cause is DropCause.TOO_OLD
    assert len(stage.booked()) == 1


def test_the_sweep_books_none_either(stage: Stage) -> None:
    have_long_been_installed(stage)
    stage.api.put(order(created_at=stage.now - LIFETIME))

    stage.night()

    assert stage.booked() == []
    assert stage.entry(ORDER).state is EntryState.DROPPED


def test_one_that_was_known_in_time_waits_as_long_as_it_takes(stage: Stage) -> None:
    made = order(created_at=stage.now, email="")
    stage.receive(made)
    stage.night()
    assert stage.entry(ORDER).state is EntryState.HELD
    stage.now += LIFETIME + timedelta(days=30)
    stage.api.put(order(created_at=made.created_at))

    stage.night()

    assert stage.entry(ORDER).state is EntryState.PLACED


@pytest.mark.parametrize(("days", "is_due"), [(0, 1), (2557, 0)])
def test_a_migration_takes_none(stage: Stage, days: int, is_due: int) -> None:
    have_long_been_installed(stage)
    old = summarise(order(created_at=stage.now - timedelta(days=days)))

    tally, due = tally_orders(stage.workspace(), [old], frozenset())

    assert (tally.due, len(due)) == (is_due, is_due)
    assert tally.not_due == ({} if is_due else {DropCause.TOO_OLD: 1})


def test_one_that_waited_all_the_while_is_booked(stage: Stage) -> None:
    made = order(created_at=stage.now)
    stage.receive(made)
    stage.now += LIFETIME + timedelta(days=30)
    hint = Hint.of_order(summarise(made))
    assert not stage.entries.record_hint(SHOP_ID, hint, at=stage.now, by=Actor.WEBHOOK)

    stage.night()

    assert stage.entry(ORDER).state is EntryState.PLACED
