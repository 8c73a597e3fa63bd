"""What a merchant does by hand: release, look again, send again, take off the list."""

from __future__ import annotations

import pytest

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
        stage.hear(order(id=1 + number, number=f"ORD{number}", email=""))
    stage.hear(order(id=9, number="ORD9", lines=()))
    stage.night()
    freed = repair.release(stage.connector, SHOP_ID, hold="email_missing", detail=None, by="m")
    assert freed == 3
    assert stage.entries.count(SHOP_ID, EntryState.HELD) == 1


def test_a_cause_with_another_detail_stays_held(stage: Stage) -> None:
    stage.hear(order(email=""))
    stage.night()
    freed = repair.release(stage.connector, SHOP_ID, hold="email_missing", detail="x", by="m")
    assert freed == 0


def test_a_held_order_is_looked_at_again(stage: Stage) -> None:
    stage.hear(order(email=""))
    stage.night()
    assert repair.retry(stage.connector, SHOP_ID, NUMBER, by="merchant") == 1
    assert repair.retry(stage.connector, SHOP_ID, NUMBER, by="merchant") == 0
    assert stage.entry(KEY).state is EntryState.WAITING


def test_sending_again_needs_a_reason_and_keeps_it(stage: Stage) -> None:
    stage.hear(order())
    stage.night()
    with pytest.raises(RequestError, match="reason"):
        repair.send_again(stage.connector, SHOP_ID, NUMBER, reason="  ", by="merchant")
    sent = repair.send_again(
        stage.connector, SHOP_ID, NUMBER, reason="deleted\n in Asperion", by="merchant"
    )
    assert sent == 1
    assert stage.entry(KEY).history[-1].detail == "deleted in Asperion"
    assert stage.entry(KEY).revision == 1
    stage.night()
    assert len(stage.booked()) == 2


def test_an_order_on_its_way_is_not_sent_again(stage: Stage) -> None:
    stage.hear(order())
    assert repair.send_again(stage.connector, SHOP_ID, NUMBER, reason="lost", by="m") == 0


@pytest.mark.parametrize("deed", ["retry", "send_again"])
def test_a_number_nobody_knows_is_an_error(stage: Stage, deed: str) -> None:
    reason = {"reason": "lost"} if deed == "send_again" else {}
    with pytest.raises(UnknownOrder, match="ORD1"):
        getattr(repair, deed)(stage.connector, SHOP_ID, "ORD1", by="merchant", **reason)


def test_a_late_change_is_marked_and_can_be_taken_off_the_list(stage: Stage) -> None:
    stage.hear(order())
    stage.night()
    stage.api.put(order(status="cancelled"))
    stage.night()
    assert stage.entry(KEY).change == "cancelled"
    assert repair.accept_change(stage.connector, SHOP_ID, NUMBER, by="merchant") == 1
    assert stage.entry(KEY).change is None
