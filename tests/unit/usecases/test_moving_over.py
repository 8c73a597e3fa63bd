"""From files to the API and back while something is in doubt: it is asked for where it was sent."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from chalicelib.domain.connection import AsperionTokens
from chalicelib.domain.ledger import FileState
from chalicelib.domain.shops import TroubleCause
from chalicelib.errors import InboxUnknown
from chalicelib.usecases.operating.rerun import rerun
from tests.fakes.asperion_faults import Fault
from tests.fakes.memory_asperion import TESTING
from tests.unit.usecases.api_stage import ApiStage, covered, placed_once
from tests.unit.usecases.arrivals import decide
from tests.unit.usecases.stage import SHOP_ID


def lose_file(stage: ApiStage, *, stored: bool) -> None:
    """The file of the orders that wait gets no answer."""
    stage.inbox.fail(InboxUnknown("no answer"), times=1, though_stored=stored)
    stage.export_later()
    assert stage.deliveries() == [("unknown", 1)]


def lose_invoice(stage: ApiStage, *, stored: bool) -> None:
    """Likewise a concept invoice."""
    fault = Fault.LOST_AFTER if stored else Fault.LOST_BEFORE
    stage.asperion.fail(fault, "add_invoice", times=1)
    stage.export_later()
    assert stage.deliveries() == [("unknown", 1)]


def test_a_file_that_arrived_stays_one_when_the_shop_goes_over_to_the_api() -> None:
    stage = ApiStage(is_on=False)
    stage.sell(1)
    lose_file(stage, stored=True)
    stage.turn(is_on=True)
    stage.export_later(minutes=6)
    assert stage.states(1) == ["placed"]
    assert (len(stage.inbox.files), stage.shown()) == (1, [])


def test_a_file_that_did_not_arrive_goes_by_api_once_that_is_proven() -> None:
    stage = ApiStage(is_on=False)
    stage.sell(1)
    lose_file(stage, stored=False)
    stage.turn(is_on=True)
    stage.export_later(minutes=1)
    assert stage.shown() == [], "not before"
    stage.export_later(minutes=6)
    assert placed_once(stage, 1)
    assert stage.inbox.files == {}


def test_without_its_licence_code_a_file_stays_unknown_and_it_is_said() -> None:
    stage = ApiStage(is_on=False)
    stage.sell(1)
    lose_file(stage, stored=True)
    stage.turn(is_on=True)
    stage.shops.update(SHOP_ID, lambda shop: replace(shop, licence=None))
    stage.sell(2)
    run = stage.export_later(minutes=6)
    assert stage.states(1, 2) == ["claimed", "placed"], "others go on"
    assert run.trouble is TroubleCause.INBOX_UNKNOWN
    (unknown,) = [file for file in stage.files() if file.state is FileState.UNKNOWN]
    assert decide(stage, unknown.name, "confirm") is FileState.PLACED
    assert stage.states(1) == ["placed"]


@pytest.mark.parametrize("stored", [True, False])
def test_an_invoice_in_doubt_is_asked_for_in_asperion_when_the_shop_is_back_on_files(
    stored: bool,
) -> None:
    stage = ApiStage()
    stage.sell(1)
    lose_invoice(stage, stored=stored)
    stage.turn(is_on=False)
    stage.export_later(minutes=6)
    assert stage.states(1) == ["placed"]
    assert len(stage.shown()) + len(stage.booked()) == 1
    assert bool(stage.shown()) is stored
    assert covered(stage.files()) == Decimal("24.20")


@pytest.mark.parametrize("stored", [True, False])
def test_an_invoice_in_doubt_is_asked_for_in_the_former_administration(stored: bool) -> None:
    stage = ApiStage()
    stage.sell(1)
    lose_invoice(stage, stored=stored)
    stage.asperion.connect(stage.shops, administration=TESTING)
    stage.export_later(minutes=6)
    assert stage.states(1) == ["placed"]
    testing = stage.asperion.administrations[TESTING.id]
    assert (len(stage.shown()), len(testing.list_shown())) == ((1, 0) if stored else (0, 1))


def test_without_its_connection_an_invoice_in_doubt_stays_so_and_it_is_said() -> None:
    stage = ApiStage()
    stage.sell(1)
    lose_invoice(stage, stored=False)
    stage.turn(is_on=False)
    stage.shops.forget_if(SHOP_ID, AsperionTokens, lambda kept: True)
    stage.sell(2)
    run = stage.export_later(minutes=6)
    assert stage.states(1, 2) == ["claimed", "placed"]
    assert run.trouble is TroubleCause.INBOX_UNKNOWN
    (unknown,) = [file for file in stage.files() if file.state is FileState.UNKNOWN]
    assert decide(stage, unknown.name, "again") is FileState.VOID
    stage.export_later(minutes=1)
    assert stage.states(1) == ["placed"]
    assert len(stage.booked()) == 2


def test_a_delivery_that_broke_off_is_ended_when_the_shop_is_on_files() -> None:
    stage = ApiStage()
    stage.sell(1, 2, 3)

    class Killed(BaseException):
        pass

    def die(call: Any) -> None:
        if call.name == "add_invoice" and len(stage.shown()) == 1:
            raise Killed

    stage.asperion.before_call = die
    with pytest.raises(Killed):
        stage.export_later()
    stage.asperion.before_call = lambda call: None
    stage.turn(is_on=False)
    for _ in range(3):
        stage.export_later(minutes=6)
    assert stage.states(1, 2, 3) == ["placed", "placed", "placed"]
    assert len(stage.shown()) == 1
    assert len(stage.booked()) == 2
    assert covered(stage.files()) == Decimal("72.60")


def test_an_order_sent_again_on_purpose_is_not_taken_for_its_first_invoice() -> None:
    stage = ApiStage()
    stage.sell(1)
    stage.export_later()
    first = stage.order(1).asperion_id
    wish = {"shop_id": SHOP_ID, "orders": ["ORD1"], "reason": "wrong", "despite_first": True}
    stage.asperion.fail(Fault.LOST_BEFORE, "add_invoice", times=1)
    rerun(stage.connector, wish, run="operator")
    assert stage.states(1) == ["claimed"]
    stage.export_later(minutes=6)
    assert stage.states(1) == ["placed"]
    assert len(stage.shown()) == 2
    assert stage.order(1).asperion_id not in (None, first)


def test_the_operator_reads_of_a_delivery_what_became_of_it() -> None:
    stage = ApiStage()
    stage.sell(1, 2)
    stage.asperion.fail(Fault.LOST_AFTER, "add_invoice", after=1, times=1)
    told = rerun(stage.connector, {"shop_id": SHOP_ID}, run="operator")
    named = [(each["orders"], each["state"]) for each in told["files"]]
    assert sorted(named) == [(["ORD1"], "placed"), (["ORD2"], "unknown")]


def test_a_rehearsal_says_what_a_delivery_would_take_along() -> None:
    stage = ApiStage()
    stage.sell(*range(1, 52))
    told = rerun(stage.connector, {"shop_id": SHOP_ID, "dry_run": True}, run="operator")
    assert [len(each["orders"]) for each in told["files"]] == [50, 1]
    assert stage.shown() == []
