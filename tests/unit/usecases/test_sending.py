"""Orders go straight into Asperion: one after another, and each has its own fate."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from chalicelib.domain.causes import ReleaseCause
from chalicelib.domain.file_names import read_way
from chalicelib.domain.ledger import FileState
from chalicelib.domain.shops import TroubleCause
from chalicelib.domain.statement import DayStatement, Verdict, statement_name
from chalicelib.domain.days import local_day
from chalicelib.domain.ways import Way
from chalicelib.usecases.filing.sending import MOST_REFUSALS
from chalicelib.usecases.shop.trouble import read_trouble
from chalicelib.usecases.workspace import DOCUMENTS_PER_DELIVERY
from tests.fakes.asperion_faults import Fault
from tests.unit.usecases.api_stage import ApiStage, covered, placed_once
from tests.unit.usecases.stage import SHOP_ID


@pytest.fixture
def stage() -> ApiStage:
    return ApiStage()


def test_each_order_becomes_a_concept_of_its_own(stage: ApiStage) -> None:
    stage.sell(1, 2, 3)
    run = stage.export_later()
    assert placed_once(stage, 1, 2, 3)
    assert run.trouble is None
    (delivery,) = stage.files()
    assert read_way(delivery.name) is Way.API
    assert (delivery.state, delivery.is_finished) == (FileState.PLACED, True)
    assert covered([delivery]) == Decimal("72.60") == sum(each.incl for each in stage.shown())
    assert stage.inbox.files == {}
    assert stage.progress() == {}, "nothing is left of its way"


def test_the_day_closes(stage: ApiStage) -> None:
    stage.sell(1, 2, 3)
    stage.export_later()
    name = statement_name(local_day(stage.now))
    statement = stage.shops.load(SHOP_ID, DayStatement, name)
    assert statement is not None
    assert (statement.verdict, statement.placed) == (Verdict.RIGHT, 3)


def test_a_shop_on_api_needs_no_licence_code(stage: ApiStage) -> None:
    from dataclasses import replace

    stage.shops.update(SHOP_ID, lambda shop: replace(shop, licence=None))
    stage.sell(1)
    assert stage.export_later().trouble is None
    assert placed_once(stage, 1)


def test_a_delivery_takes_fifty(stage: ApiStage) -> None:
    stage.sell(*range(1, DOCUMENTS_PER_DELIVERY + 2))
    stage.export_later()
    assert stage.deliveries() == [("placed", DOCUMENTS_PER_DELIVERY), ("placed", 1)]


@pytest.mark.parametrize("fault", [Fault.LOST_BEFORE, Fault.LOST_AFTER])
def test_a_lost_answer_puts_exactly_one_order_in_doubt(stage: ApiStage, fault: Fault) -> None:
    stage.sell(1, 2, 3)
    stage.asperion.fail(fault, "add_invoice", after=1, times=1)
    run = stage.export_later()
    assert stage.states(1, 2, 3) == ["placed", "claimed", "waiting"]
    assert stage.deliveries() == [("placed", 1), ("unknown", 1)]
    assert run.resume_at is not None

    stage.export_later(minutes=6)
    assert placed_once(stage, 1, 2, 3)
    assert covered(stage.files()) == Decimal("72.60")


def test_a_lost_answer_proves_nothing_before_the_proof_delay(stage: ApiStage) -> None:
    stage.sell(1)
    stage.asperion.fail(Fault.LATE, "add_invoice", times=1)
    stage.export_later()
    stage.export_later(minutes=4)
    assert stage.deliveries() == [("unknown", 1)]
    stage.export_later(minutes=2)
    assert placed_once(stage, 1)
