"""What a merchant does by hand: release, look again, send again, take off the list."""

from __future__ import annotations

import pytest

from chalicelib.domain.events import Actor
from chalicelib.domain.ledger import EntryState
from chalicelib.errors import RequestError, UnknownOrder
from chalicelib.usecases.operating import repair
from tests.fakes.documents_of_shop import order
from tests.unit.usecases.stage import SHOP_ID, Stage

KEY = "order-301204417"
NUMBER = "ORD00412"


@pytest.fixture
def stage() -> Stage:
    return Stage()


def test_one_click_frees_every_order_with_the_same_cause(stage: Stage) -> None:
    for number in range(3):
        stage.receive(order(id=1 + number, number=f"ORD{number}", email=""))
    stage.receive(order(id=9, number="ORD9", lines=()))
    stage.night()
    freed = repair.release_group(
        stage.workspace(), hold="email_missing", detail=None, by=Actor.MERCHANT
    )
    assert freed == 3
    assert stage.entries.count_held(SHOP_ID) == 1


def test_a_cause_with_another_detail_stays_held(stage: Stage) -> None:
    stage.receive(order(email=""))
    stage.night()
    freed = repair.release_group(
        stage.workspace(), hold="email_missing", detail="x", by=Actor.MERCHANT
    )
    assert freed == 0


def test_a_held_order_is_read_again(stage: Stage) -> None:
    stage.receive(order(email=""))
    stage.night()
    assert repair.retry_order(stage.workspace(), NUMBER, by=Actor.MERCHANT) == 1
    assert repair.retry_order(stage.workspace(), NUMBER, by=Actor.MERCHANT) == 0
    assert stage.entry(KEY).state is EntryState.WAITING


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


@pytest.mark.parametrize("deed", ["retry_order", "send_order_again"])
def test_a_number_nobody_knows_is_an_error(stage: Stage, deed: str) -> None:
    reason = {"reason": "lost"} if deed == "send_order_again" else {}
    with pytest.raises(UnknownOrder, match="ORD1"):
        getattr(repair, deed)(stage.workspace(), "ORD1", by=Actor.MERCHANT, **reason)


def test_a_late_change_is_reported_and_can_be_taken_off_the_list(stage: Stage) -> None:
    stage.receive(order())
    stage.night()
    stage.api.put(order(status="cancelled"))
    stage.night()
    assert stage.entry(KEY).change == "cancelled"
    assert repair.accept_changes(stage.workspace(), NUMBER, by=Actor.MERCHANT) == 1
    assert stage.entry(KEY).change is None
