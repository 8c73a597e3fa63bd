"""An order without VAT to a business abroad is booked when its VAT number is in use, held when it
is not, and without an answer treated as the merchant chose; nothing else waits for it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.causes import ReleaseCause
from chalicelib.domain.events import Actor, OrderStep
from chalicelib.domain.holds import HoldReason
from chalicelib.domain.ledger import EntryState
from chalicelib.domain.orders import OrderStatus
from chalicelib.domain.policy import UnansweredNumbers
from chalicelib.domain.shop_records import FollowUp
from chalicelib.domain.vat_answers import Silence, VatAnswer, VatVerdict
from chalicelib.usecases.afterwards.corrections import request_correction
from chalicelib.usecases.filing.run import Run
from chalicelib.usecases.operating.releasing import release_order
from chalicelib.usecases.operating.rerun import rerun
from tests.fakes.documents_of_shop import order
from tests.unit.usecases.eu_customers import (
    AUSTRIAN,
    BELGIAN,
    GERMAN,
    OTHER_BELGIAN,
    OWN,
    kept,
    sell,
    standing,
)
from tests.unit.usecases.stage import SHOP_ID, Stage


def state_of(stage: Stage, order_id: int) -> EntryState:
    return stage.entry(f"order-{order_id}").state


def test_a_number_in_use_is_booked_with_its_proof() -> None:
    stage = Stage(own_vat_number=OWN)
    sell(stage, BELGIAN, 1)
    stage.export_later()
    assert state_of(stage, 1) is EntryState.PLACED
    assert stage.register.asked == [(BELGIAN, OWN)]
    record = kept(stage)[BELGIAN]
    [month] = record.months
    proof = VatAnswer(verdict=VatVerdict.VALID, at=stage.now, consultation="WAPI0001")
    assert month.answer == record.last == proof
    assert record.country == "BE"
    assert BELGIAN not in repr(record)


def test_a_number_that_is_not_in_use_is_held_and_the_others_go_on() -> None:
    stage = Stage()
    stage.register.not_in_use.add(GERMAN)
    sell(stage, BELGIAN, 1)
    sell(stage, GERMAN, 2)
    stage.receive(order(id=3, number="ORD00003"))
    run = stage.export_later()
    assert [state_of(stage, n) for n in (1, 2, 3)] == [
        EntryState.PLACED,
        EntryState.HELD,
        EntryState.PLACED,
    ]
    held = stage.entry("order-2")
    assert (held.hold, held.hold_detail) == (HoldReason.VAT_NUMBER_INVALID, "DE")
    assert [one.order for one in run.held] == ["ORD00002"]
    assert kept(stage).keys() == {BELGIAN}, "of a sale that is not booked no number is kept"


def test_only_sales_without_vat_to_businesses_abroad_are_asked_about() -> None:
    stage = Stage()
    stage.receive(order(id=1, number="ORD00001", company_vat_number="NL123456782B12"))
    stage.export_later()
    assert stage.register.asked == []
    assert kept(stage) == {}


def test_each_number_is_asked_for_once_and_a_valid_answer_counts_for_a_week() -> None:
    stage = Stage()
    for night in range(8):
        sell(stage, BELGIAN, 10 + 2 * night)
        sell(stage, BELGIAN, 11 + 2 * night)
        stage.export_later(days=1)
    assert stage.register.numbers == [BELGIAN, BELGIAN], "in the first night and in the eighth"
    assert len(stage.booked()) == 16


def test_an_invalid_answer_is_asked_again_at_the_next_run() -> None:
    stage = Stage()
    stage.register.not_in_use.add(BELGIAN)
    sell(stage, BELGIAN, 1)
    stage.export_later()
    stage.register.not_in_use.clear()
    sell(stage, BELGIAN, 2)
    stage.export_later(hours=1)
    assert stage.register.numbers == [BELGIAN, BELGIAN]
    assert state_of(stage, 2) is EntryState.PLACED


def test_without_an_answer_an_order_is_booked_as_unproven() -> None:
    stage = Stage()
    stage.register.silent["DE"] = Silence.STATE
    sell(stage, GERMAN, 1)
    stage.export_later()
    assert state_of(stage, 1) is EntryState.PLACED
    record = kept(stage)[GERMAN]
    assert record.is_unproven
    assert record.unproven == ("order-1",)


def test_without_an_answer_an_order_waits_where_that_is_chosen() -> None:
    stage = Stage(vies=UnansweredNumbers.WAIT)
    stage.register.silent["DE"] = Silence.STATE
    sell(stage, GERMAN, 1)
    stage.receive(order(id=2, number="ORD00002"))
    run = stage.export_later()
    assert [state_of(stage, n) for n in (1, 2)] == [EntryState.WAITING, EntryState.PLACED]
    released = stage.entry("order-1").history[-1]
    assert (released.step, released.cause) == (OrderStep.RELEASE, ReleaseCause.VAT_UNANSWERED)
    assert standing(stage).waiting == ("order-1",)
    assert run.left == {"order-1"}
    follow_up = stage.shops.load(SHOP_ID, FollowUp)
    assert follow_up is not None
    assert follow_up.next_at is not None, "it is asked again the same night"
    stage.register.silent.clear()
    stage.export_later(hours=1)
    assert state_of(stage, 1) is EntryState.PLACED
    assert standing(stage).waiting == ()
    assert kept(stage)[GERMAN].unproven == ()


def test_only_waiting_orders_leave_no_file() -> None:
    stage = Stage(vies=UnansweredNumbers.WAIT)
    stage.register.silent[""] = Silence.SERVICE
    sell(stage, GERMAN, 1)
    stage.export_later()
    assert stage.inbox.files == {}
    assert kept(stage) == {}


def test_where_it_is_not_asked_everything_is_booked_and_the_number_kept_for_the_list() -> None:
    stage = Stage(vies=UnansweredNumbers.OFF)
    stage.register.not_in_use.add(BELGIAN)
    sell(stage, BELGIAN, 1)
    stage.export_later()
    assert state_of(stage, 1) is EntryState.PLACED
    assert stage.register.asked == []
    assert kept(stage)[BELGIAN].unproven == ()


def test_after_two_failures_in_a_row_a_run_asks_no_more() -> None:
    stage = Stage()
    stage.register.silent[""] = Silence.SERVICE
    for n, number in enumerate((BELGIAN, GERMAN, AUSTRIAN, OTHER_BELGIAN)):
        sell(stage, number, n + 1)
    stage.export_later()
    assert len(stage.register.asked) == 2
    assert len(stage.booked()) == 4


def test_one_state_that_fails_leaves_the_others_to_be_asked() -> None:
    stage = Stage()
    stage.register.silent["BE"] = Silence.STATE
    numbers = (BELGIAN, OTHER_BELGIAN, "BE0417497106", GERMAN, AUSTRIAN)
    for n, number in enumerate(numbers):
        sell(stage, number, n + 1)
    stage.export_later()
    assert stage.register.numbers == [BELGIAN, OTHER_BELGIAN, GERMAN, AUSTRIAN]


def test_a_failure_is_forgotten_once_there_is_an_answer() -> None:
    stage = Stage()
    stage.register.silences = [Silence.SERVICE]
    for n, number in enumerate((BELGIAN, GERMAN, AUSTRIAN)):
        sell(stage, number, n + 1)
    stage.export_later()
    assert len(stage.register.asked) == 3


def test_all_questions_together_take_a_minute_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    stage = Stage()
    ask = stage.register.ask

    def ask_slowly(number: str, requester: str = "") -> Any:
        stage.now += timedelta(seconds=25)
        return ask(number, requester)

    monkeypatch.setattr(stage.register, "ask", ask_slowly)
    for n, number in enumerate((BELGIAN, GERMAN, AUSTRIAN, OTHER_BELGIAN)):
        sell(stage, number, n + 1)
    stage.export_later()
    assert len(stage.register.asked) == 3
    assert len(stage.booked()) == 4


def test_the_register_does_not_know_the_shops_own_number() -> None:
    stage = Stage(own_vat_number=OWN)
    stage.register.strangers.add(OWN)
    sell(stage, BELGIAN, 1)
    sell(stage, GERMAN, 2)
    stage.export_later()
    assert stage.register.asked == [(BELGIAN, OWN), (BELGIAN, ""), (GERMAN, "")]
    assert standing(stage).is_requester_refused
    stage.register.strangers.clear()
    sell(stage, AUSTRIAN, 3)
    stage.export_later(days=1)
    assert not standing(stage).is_requester_refused


@pytest.mark.parametrize("silence", [Silence.STATE, Silence.SERVICE, Silence.QUESTION])
def test_the_shops_own_number_is_refused_whatever_is_said_of_the_customers(
    silence: Silence,
) -> None:
    stage = Stage(own_vat_number=OWN)
    stage.register.strangers.add(OWN)
    stage.register.silent["BE"] = silence
    sell(stage, BELGIAN, 1)
    stage.export_later()
    assert standing(stage).is_requester_refused


def test_no_answer_tells_nothing_of_the_shops_own_number() -> None:
    stage = Stage(own_vat_number=OWN)
    stage.register.strangers.add(OWN)
    sell(stage, BELGIAN, 1)
    stage.export_later()
    stage.register.strangers.clear()
    for order_id, silence in ((2, Silence.STATE), (3, Silence.QUESTION)):
        stage.register.silent["DE"] = silence
        sell(stage, GERMAN, order_id)
        stage.export_later(days=1)
        assert standing(stage).is_requester_refused


def test_a_number_that_the_register_does_not_take_as_one_is_not_in_use() -> None:
    stage = Stage(own_vat_number=OWN)
    stage.register.silent["BE"] = Silence.QUESTION
    sell(stage, BELGIAN, 1)
    stage.export_later()
    assert stage.register.asked == [(BELGIAN, OWN), (BELGIAN, "")], "to know which of both it is"
    assert state_of(stage, 1) is EntryState.HELD
    assert not standing(stage).is_requester_refused


def test_of_a_merchant_who_wants_no_totals_kept_no_number_is_but_to_ask_again() -> None:
    stage = Stage(keep_totals=False)
    stage.register.silent["DE"] = Silence.STATE
    sell(stage, BELGIAN, 1)
    sell(stage, GERMAN, 2)
    stage.export_later()
    assert kept(stage).keys() == {GERMAN}


def test_a_rehearsal_asks_nobody() -> None:
    stage = Stage()
    stage.register.not_in_use.add(BELGIAN)
    sell(stage, BELGIAN, 1)
    answer = rerun(stage.connector, {"shop_id": SHOP_ID, "dry_run": True}, run="r")
    assert answer["held"] == []
    assert stage.register.asked == []


def test_a_credit_note_rests_on_no_number_of_today() -> None:
    stage = Stage()
    sold = sell(stage, BELGIAN, 1)
    stage.night()
    stage.register.not_in_use.add(BELGIAN)
    cancel_and_correct(stage, sold.id)
    run: Run = stage.export_later(days=10)
    assert run.held == []
    assert len(stage.booked()) == 2
    assert stage.register.numbers == [BELGIAN]


def cancel_and_correct(stage: Stage, order_id: int) -> None:
    sold = stage.api.orders[order_id]
    stage.api.put(replace(sold, status=OrderStatus.CANCELLED, updated_at=stage.now))
    stage.night()
    assert request_correction(stage.workspace(), sold.number, by=Actor.MERCHANT) == 1


def test_a_held_order_that_is_checked_again_asks_once_more() -> None:
    stage = Stage()
    stage.register.not_in_use.add(BELGIAN)
    sold = sell(stage, BELGIAN, 1)
    stage.night()
    still = release_order(stage.workspace(), sold.number, by=Actor.MERCHANT)
    assert still.held == {HoldReason.VAT_NUMBER_INVALID: 1}
    assert state_of(stage, 1) is EntryState.HELD
    stage.register.not_in_use.clear()
    assert release_order(stage.workspace(), sold.number, by=Actor.MERCHANT).free == 1
    assert stage.register.numbers == [BELGIAN] * 3


def test_a_merchant_who_does_not_want_it_asked_has_the_held_orders_free() -> None:
    stage = Stage()
    stage.register.not_in_use.add(BELGIAN)
    sold = sell(stage, BELGIAN, 1)
    stage.night()
    stage.choose(vies=UnansweredNumbers.OFF)
    assert release_order(stage.workspace(), sold.number, by=Actor.MERCHANT).free == 1
    stage.night()
    assert state_of(stage, 1) is EntryState.PLACED
    assert len(stage.register.asked) == 1
