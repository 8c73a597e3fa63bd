"""A person takes back what was delivered: the draft is deleted in Asperion while it is one and
Asperion allows it, or the order is credited by its mirror; with a reason, and once.
"""

from __future__ import annotations

import dataclasses
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from chalicelib.asperion_guesses import AsperionGuesses, Deletion
from chalicelib.domain.causes import DropCause, LateChange
from chalicelib.domain.events import Actor, OrderStep, ShopStep
from chalicelib.domain.ledger import EntryState
from chalicelib.domain.orders import OrderStatus
from chalicelib.errors import ShopBusy
from chalicelib.usecases.operating.rerun import rerun
from chalicelib.usecases.operating.taking_back import (
    NotTakenBack,
    Obstacle,
    TakingBack,
    list_ways,
    take_back,
)
from tests.fakes.asperion_faults import ApiCall, Fault
from tests.unit.usecases.api_stage import ApiStage, sold
from tests.unit.usecases.late import booked_order, change
from tests.unit.usecases.stage import SHOP_ID, Stage

WHY = "Een proefbestelling"
DELETE, CREDIT = TakingBack.DELETE, TakingBack.CREDIT
ON = next(each for each in Deletion if each is not Deletion.OFF)


def allow_deletion(stage: ApiStage) -> ApiStage:
    guesses = AsperionGuesses(deletion=ON)
    settings = dataclasses.replace(stage.connector.settings, asperion_guesses=guesses)
    stage.connector = dataclasses.replace(stage.connector, settings=settings)
    return stage


@pytest.fixture
def stage() -> ApiStage:
    """A delivered order, in an installation that may delete."""
    stage = allow_deletion(ApiStage())
    stage.deliver(sold(1), sold(2))
    return stage


def take(stage: Stage, key: str = "order-1", way: TakingBack = DELETE, reason: str = WHY) -> bool:
    taken = take_back(stage.workspace(), key, way, reason=reason, by=Actor.MERCHANT)
    return taken is not None


def refuse(stage: Stage, key: str = "order-1", way: TakingBack = DELETE) -> Obstacle:
    with pytest.raises(NotTakenBack) as refused:
        take(stage, key, way)
    return refused.value.obstacle


def invoice_of(stage: Stage, key: str = "order-1") -> int:
    found = stage.entry(key).asperion_id
    assert found is not None
    return found


def count_deletions(stage: ApiStage) -> int:
    return sum(call.name == "delete_invoice" for call in stage.asperion.calls)


def test_a_draft_is_deleted_and_nothing_is_sent_again(stage: ApiStage) -> None:
    gone = invoice_of(stage)
    assert take(stage)
    assert gone not in stage.books.invoices
    entry = stage.entry("order-1")
    assert (entry.state, entry.there, entry.change) == (
        EntryState.PLACED,
        LateChange.DELETED_THERE,
        None,
    )
    assert entry.history[-1].step is OrderStep.DELETE_THERE
    assert entry.history[-1].note == WHY
    audit = stage.shops.audit(SHOP_ID)[-1]
    assert (audit.step, audit.note) == (ShopStep.DELETE_INVOICE, f"ORD00001: {WHY}")
    assert stage.read_back() == (), "the merchant knows"
    stage.night()
    assert stage.entry("order-1").state is EntryState.PLACED


def test_without_a_reason_nothing_is_taken_back(stage: ApiStage) -> None:
    with pytest.raises(NotTakenBack) as refused:
        take(stage, reason="  ")
    assert refused.value.obstacle is Obstacle.NO_REASON
    assert count_deletions(stage) == 0


def test_deletion_is_off_unless_the_operator_switches_it_on() -> None:
    stage = ApiStage()
    stage.deliver(sold(1))
    assert list_ways(stage.workspace(), stage.entry("order-1")) == (CREDIT,)
    assert refuse(stage) is Obstacle.NOT_ALLOWED
    assert count_deletions(stage) == 0


def test_what_is_definitive_is_not_deleted(stage: ApiStage) -> None:
    stage.books.make_definitive(invoice_of(stage))
    assert refuse(stage) is Obstacle.DEFINITIVE
    assert count_deletions(stage) == 0


def test_asperion_may_refuse(stage: ApiStage) -> None:
    stage.asperion.deletes = False
    assert refuse(stage) is Obstacle.REFUSED
    assert stage.entry("order-1").there is None


def test_a_lost_answer_is_asked_again(stage: ApiStage) -> None:
    stage.asperion.fail(Fault.LOST_AFTER, "delete_invoice", times=1)
    assert take(stage)
    assert count_deletions(stage) == 1


def test_a_deletion_that_got_lost_says_so_and_can_be_repeated(stage: ApiStage) -> None:
    stage.asperion.fail(Fault.LOST_BEFORE, "delete_invoice", times=1)
    assert refuse(stage) is Obstacle.UNKNOWN
    assert stage.entry("order-1").there is None
    assert take(stage)
    assert invoice_of(stage) not in stage.books.invoices


def test_when_even_the_look_fails_nothing_is_said_to_be_gone(stage: ApiStage) -> None:
    stage.asperion.fail(Fault.LOST_AFTER, "delete_invoice", times=1)
    stage.asperion.fail(Fault.UNAVAILABLE, "find_invoice", after=1, times=1)
    assert refuse(stage) is Obstacle.UNKNOWN
    assert stage.entry("order-1").there is None
    assert take(stage), "it is gone, which the next try finds"
    assert count_deletions(stage) == 1


def test_while_asperion_is_out_of_reach_nothing_is_deleted(stage: ApiStage) -> None:
    stage.asperion.fail(Fault.NOT_SENT)
    assert refuse(stage) is Obstacle.UNKNOWN


def test_twice_is_once(stage: ApiStage) -> None:
    assert take(stage)
    assert refuse(stage) is Obstacle.TAKEN_BACK
    assert count_deletions(stage) == 1


def test_a_run_at_work_goes_first(stage: ApiStage) -> None:
    until = stage.now + timedelta(minutes=5)
    stage.shops.lease(SHOP_ID, "run", now=stage.now, until=until, serves_wish=False)
    with pytest.raises(ShopBusy):
        take(stage)
    assert count_deletions(stage) == 0


def test_the_lease_is_let_go_whatever_happens(stage: ApiStage) -> None:
    stage.asperion.deletes = False
    refuse(stage)
    assert not stage.shops.find_lease(SHOP_ID).is_held(stage.now)


def test_an_order_that_stands_is_credited(stage: ApiStage) -> None:
    stage = booked_stage()
    assert take(stage, "order-301204417", CREDIT)
    stage.night()
    assert stage.entry("reversal-301204417").state is EntryState.PLACED
    assert all(excl == vat == incl == 0 for excl, vat, incl in stage.sums().values())
    entry = stage.entry("order-301204417")
    assert entry.taken_back_at is not None
    assert entry.history[-1].note == WHY
    assert stage.shops.audit(SHOP_ID)[-1].step is ShopStep.CREDIT_ORDER


def booked_stage() -> ApiStage:
    """An order that went by a file, as the shop did not deliver by API yet."""
    stage = ApiStage()
    stage.shops.update(SHOP_ID, lambda shop: replace(shop, connection=None))
    booked_order(stage)
    return stage


def test_a_credited_order_asks_for_nothing_more() -> None:
    stage = booked_stage()
    take(stage, "order-301204417", CREDIT)
    stage.night()
    change(stage, updated_at=stage.now)
    stage.night()
    assert stage.entry("order-301204417").change is None, (
        "not revived: it was taken back on purpose"
    )
    change(stage, updated_at=stage.now, status=OrderStatus.CANCELLED)
    stage.night()
    assert stage.entry("order-301204417").change is None
    assert refuse(stage, "order-301204417", CREDIT) is Obstacle.TAKEN_BACK


def test_an_order_is_not_credited_when_its_invoice_is_gone(stage: ApiStage) -> None:
    stage.books.delete(invoice_of(stage))
    assert refuse(stage, way=CREDIT) is Obstacle.TAKEN_BACK
    assert stage.entries.get(SHOP_ID, "reversal-1") is None


def test_a_credit_that_waits_is_left_out_when_the_invoice_is_deleted_meanwhile(
    stage: ApiStage,
) -> None:
    stage.shops.update(SHOP_ID, lambda shop: replace(shop, connection=None))
    take(stage, way=CREDIT)
    workspace = stage.workspace()
    step, cause = OrderStep.REPORT, LateChange.DELETED_THERE
    workspace.record("order-1", step, by=Actor.WATCH, cause=cause)
    stage.night()
    assert stage.entry("reversal-1").drop_cause is DropCause.BY_HAND


def test_asking_again_after_a_crash_makes_the_credit_good() -> None:
    stage = booked_stage()
    workspace = stage.workspace()
    workspace.record("order-301204417", OrderStep.CREDIT, by=Actor.MERCHANT, note=WHY)
    assert take(stage, "order-301204417", CREDIT)
    assert stage.entry("reversal-301204417").state is EntryState.WAITING


def test_an_order_is_sent_again_only_once_its_credit_is_delivered() -> None:
    stage = booked_stage()
    take(stage, "order-301204417", CREDIT)
    again = {"shop_id": SHOP_ID, "orders": ["ORD00412"], "reason": "toch"}
    assert "credit" in rerun(stage.connector, again, run="one")["skipped"][0]["reason"]
    stage.night()
    answer = rerun(stage.connector, again, run="two")
    assert answer["files"][0]["orders"] == ["ORD00412"]
    assert stage.sums()[Decimal(21)][2] == Decimal("24.20")
    assert stage.entry("order-301204417").taken_back_at is None


def test_who_sends_it_again_meanwhile_goes_first(stage: ApiStage) -> None:
    def send_again(call: ApiCall) -> None:
        if call.name == "delete_invoice":
            stage.workspace().record("order-1", OrderStep.SEND_AGAIN, by=Actor.MERCHANT)

    stage.asperion.before_call = send_again
    assert not take(stage)
    assert stage.entry("order-1").state is EntryState.WAITING


def test_the_operator_takes_back_as_well(stage: ApiStage) -> None:
    asked = {"shop_id": SHOP_ID, "orders": ["ORD00001"], "reason": WHY, "take_back": "delete"}
    assert rerun(stage.connector, asked, run="one")["taken_back"] == ["ORD00001"]
    assert stage.entry("order-1").history[-1].by is Actor.OPERATOR
    again = rerun(stage.connector, asked, run="two")
    assert (again["taken_back"], len(again["skipped"])) == ([], 1)
