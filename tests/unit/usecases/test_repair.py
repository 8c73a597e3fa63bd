"""What a merchant does by hand: release, look again, send again, take off the list."""

from __future__ import annotations

import pytest

from chalicelib.domain.events import Actor
from chalicelib.errors import RequestError, UnknownOrder
from chalicelib.usecases.operating import repair
from tests.fakes.documents_of_shop import order
from tests.unit.usecases.stage import Stage

KEY = "order-301204417"
NUMBER = "ORD00412"


@pytest.fixture
def stage() -> Stage:
    return Stage()


def test_sending_again_needs_a_reason_and_keeps_it(stage: Stage) -> None:
    stage.receive(order())
    stage.night()
    with pytest.raises(RequestError, match="reason"):
        repair.send_order_again(stage.workspace(), NUMBER, reason="  ", by=Actor.MERCHANT)
    sent = repair.send_order_again(
        stage.workspace(), NUMBER, reason="deleted\n in Asperion", by=Actor.MERCHANT
    )
    assert sent == 1
    assert stage.entry(KEY).history[-1].note == "deleted in Asperion"
    assert stage.entry(KEY).revision == 1
    stage.night()
    assert len(stage.booked()) == 2


def test_an_order_on_its_way_is_not_sent_again(stage: Stage) -> None:
    stage.receive(order())
    assert repair.send_order_again(stage.workspace(), NUMBER, reason="lost", by=Actor.MERCHANT) == 0


def test_a_number_nobody_knows_is_an_error(stage: Stage) -> None:
    with pytest.raises(UnknownOrder, match="ORD1"):
        repair.send_order_again(stage.workspace(), "ORD1", reason="lost", by=Actor.MERCHANT)


def test_a_late_change_is_reported_and_can_be_taken_off_the_list(stage: Stage) -> None:
    stage.receive(order())
    stage.night()
    stage.api.put(order(status="cancelled"))
    stage.night()
    assert stage.entry(KEY).change == "cancelled"
    assert repair.accept_changes(stage.workspace(), NUMBER, by=Actor.MERCHANT) == 1
    assert stage.entry(KEY).change is None
