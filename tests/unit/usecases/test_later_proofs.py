"""What was booked before VIES answered is asked about every night until it has; then the number is
proven, or the merchant is told. Numbers go when no list needs them any more.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from chalicelib.domain.causes import LateChange
from chalicelib.domain.events import Actor
from chalicelib.domain.ledger import EntryState
from chalicelib.domain.orders import OrderStatus
from chalicelib.domain.policy import UnansweredNumbers
from chalicelib.domain.shops import ShopState
from chalicelib.domain.vat_answers import Silence, VatVerdict
from chalicelib.domain.vat_numbers import VatNumber, VatStanding, name_number
from chalicelib.errors import ShopUnauthorised
from chalicelib.usecases.afterwards import watch as watch_module
from chalicelib.usecases.afterwards.changed_orders import EditSearch
from chalicelib.usecases.afterwards.corrections import (
    Correction,
    accept_change,
    propose_correction,
)
from chalicelib.usecases.afterwards.note_moments import NoteMoments
from chalicelib.usecases.afterwards.watch import Watched, watch_shop
from chalicelib.usecases.judging.comparing import report_change
from chalicelib.usecases.judging.number_questions import mark_number
from chalicelib.usecases.operating.extract import NOT_SHOWN, extract_shop
from chalicelib.usecases.operating.overview import read_overview
from chalicelib.usecases.operating.repair import send_order_again
from tests.fakes.open_vault import FORMER_KEY, KEY, sealed_before
from tests.unit.usecases.eu_customers import (
    AUSTRIAN,
    BELGIAN,
    GERMAN,
    kept,
    sell,
)
from tests.unit.usecases.stage import SHOP_ID, Stage


def booked_unproven(*numbers: str) -> Stage:
    """Orders of these customers, booked while the register was out of order."""
    stage = Stage()
    stage.register.silent[""] = Silence.SERVICE
    for n, number in enumerate(numbers):
        sell(stage, number, n + 1)
    stage.night()
    stage.register.silent.clear()
    stage.register.asked.clear()
    return stage


def watch(stage: Stage) -> Watched:
    seen = watch_shop(stage.connector, SHOP_ID)
    assert seen is not None
    return seen


def test_the_watch_asks_again_until_there_is_an_answer() -> None:
    stage = booked_unproven(BELGIAN)
    stage.register.silent["BE"] = Silence.STATE
    watch(stage)
    assert kept(stage)[BELGIAN].is_unproven
    stage.register.silent.clear()
    assert watch(stage).is_fine
    record = kept(stage)[BELGIAN]
    assert record.months[0].answer is not None
    assert record.months[0].answer.is_valid
    assert record.unproven == ()
    assert len(stage.register.asked) == 2
    watch(stage)
    assert len(stage.register.asked) == 2, "what is proven is not asked again"


def test_a_number_that_turns_out_not_to_be_in_use_is_a_late_change_of_its_documents() -> None:
    stage = booked_unproven(BELGIAN, GERMAN)
    stage.register.not_in_use.add(BELGIAN)
    seen = watch(stage)
    assert seen.disproven == ("ORD00001",)
    assert not seen.is_fine
    changed = stage.entry("order-1")
    assert changed.change is LateChange.VAT_NUMBER
    assert propose_correction(changed) is Correction.IN_ASPERION
    assert stage.entry("order-2").change is None
    assert [one.key for one in read_overview(stage.workspace()).changed] == ["order-1"]
    answer = kept(stage)[BELGIAN].months[0].answer
    assert answer is not None
    assert answer.verdict is VatVerdict.INVALID
    assert watch(stage).disproven == (), "nobody is told twice"


def test_what_the_shop_lists_of_the_order_does_not_take_the_notice_away() -> None:
    stage = booked_unproven(BELGIAN)
    stage.register.not_in_use.add(BELGIAN)
    watch(stage)
    sold = stage.api.orders[1]
    stage.api.put(replace(sold, status=OrderStatus.SHIPPED, updated_at=stage.now))
    stage.night()
    assert stage.entry("order-1").change is LateChange.VAT_NUMBER
    assert accept_change(stage.workspace(), stage.entry("order-1"), by=Actor.MERCHANT)
    stage.api.put(replace(sold, status=OrderStatus.COMPLETED, updated_at=stage.now))
    stage.night()
    watch(stage)
    assert stage.entry("order-1").change is None


def test_another_change_comes_first_and_the_notice_after_it() -> None:
    stage = booked_unproven(BELGIAN)
    sold = stage.api.orders[1]
    stage.api.put(replace(sold, status=OrderStatus.CANCELLED, updated_at=stage.now))
    stage.night()
    assert stage.entry("order-1").change is LateChange.CANCELLED
    stage.register.not_in_use.add(BELGIAN)
    assert watch(stage).disproven == ()
    assert stage.entry("order-1").change is LateChange.CANCELLED
    stage.api.put(replace(sold, updated_at=stage.now))
    stage.night()
    assert watch(stage).disproven == ("ORD00001",)
    assert stage.register.numbers == [BELGIAN], "it was answered by then"


def test_the_notice_comes_back_when_what_hid_it_has_gone() -> None:
    stage = booked_unproven(BELGIAN)
    sold = stage.api.orders[1]
    stage.register.not_in_use.add(BELGIAN)
    watch(stage)
    stage.api.put(replace(sold, status=OrderStatus.CANCELLED, updated_at=stage.now))
    stage.night()
    assert stage.entry("order-1").change is LateChange.CANCELLED
    stage.api.put(replace(sold, updated_at=stage.now))
    stage.night()
    assert stage.entry("order-1").change is LateChange.VAT_NUMBER
    assert accept_change(stage.workspace(), stage.entry("order-1"), by=Actor.MERCHANT)
    stage.api.put(replace(sold, status=OrderStatus.COMPLETED, updated_at=stage.now))
    stage.night()
    assert stage.entry("order-1").change is None


@pytest.mark.parametrize(
    ("hiding", "left"), [(LateChange.EDITED, LateChange.VAT_NUMBER), (LateChange.CANCELLED, None)]
)
def test_dealing_with_another_change_brings_the_notice_back_while_the_sale_stands(
    hiding: LateChange, left: LateChange | None
) -> None:
    stage = booked_unproven(BELGIAN)
    stage.register.not_in_use.add(BELGIAN)
    watch(stage)
    assert report_change(stage.workspace(), stage.entry("order-1"), hiding)
    assert accept_change(stage.workspace(), stage.entry("order-1"), by=Actor.MERCHANT)
    assert stage.entry("order-1").change is left
    assert (stage.entry("order-1").vat_reported_at is None) is (left is None)


def test_an_order_that_is_sent_again_is_asked_about_anew() -> None:
    stage = booked_unproven(BELGIAN)
    stage.register.not_in_use.add(BELGIAN)
    watch(stage)
    stage.register.not_in_use.clear()
    assert send_order_again(stage.workspace(), "ORD00001", reason="Proef", by=Actor.MERCHANT)
    stage.night()
    sold = stage.api.orders[1]
    stage.api.put(replace(sold, status=OrderStatus.COMPLETED, updated_at=stage.now))
    stage.night()
    assert (stage.entry("order-1").state, stage.entry("order-1").change) == (
        EntryState.PLACED,
        None,
    )


def test_an_answer_of_weeks_ago_proves_no_sale_of_the_same_month() -> None:
    stage = Stage()
    stage.now = stage.now.replace(day=1)
    sell(stage, BELGIAN, 1)
    stage.night()
    stage.register.silent["BE"] = Silence.STATE
    sell(stage, BELGIAN, 2)
    stage.export_later(days=10)
    stage.register.silent.clear()
    stage.register.not_in_use.add(BELGIAN)
    assert watch(stage).disproven == ("ORD00002",)
    [month] = kept(stage)[BELGIAN].months
    assert month.answer is not None
    assert not month.answer.is_valid, "the list has to be looked at before it is filed"


def test_a_watch_asks_no_more_after_two_failures() -> None:
    stage = booked_unproven(BELGIAN, GERMAN, AUSTRIAN)
    stage.register.silent[""] = Silence.SERVICE
    watch(stage)
    assert len(stage.register.asked) == 2
    assert all(record.is_unproven for record in kept(stage).values())


def test_who_checks_numbers_himself_is_not_asked_for_again() -> None:
    stage = booked_unproven(BELGIAN)
    stage.choose(vies=UnansweredNumbers.OFF)
    watch(stage)
    assert stage.register.asked == []


def test_a_number_is_kept_until_a_year_after_its_quarter_and_no_longer() -> None:
    stage = booked_unproven(BELGIAN)
    assert kept(stage)[BELGIAN].kept_until == date(2027, 3, 31)
    stage.now = stage.now.replace(year=2027, month=3, day=31)
    watch(stage)
    assert kept(stage)
    stage.now += timedelta(days=1)
    watch(stage)
    assert kept(stage) == {}


def test_a_number_that_a_run_needs_again_meanwhile_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    stage = booked_unproven(BELGIAN)
    stage.now = stage.now.replace(year=2027, month=4, day=1)
    load_each = stage.shops.load_each

    def load_before_a_run(shop_id: int, kind: Any) -> Any:
        found = load_each(shop_id, kind)
        monkeypatch.undo()
        sell(stage, BELGIAN, 2)
        stage.night()
        return found

    monkeypatch.setattr(stage.shops, "load_each", load_before_a_run)
    watch(stage)
    assert kept(stage)[BELGIAN].kept_until == date(2028, 6, 30)


@pytest.mark.parametrize("state", [ShopState.PAUSED, ShopState.DISCONNECTED])
def test_a_shop_that_does_not_export_is_asked_about_as_well(state: ShopState) -> None:
    stage = booked_unproven(BELGIAN)
    stage.register.not_in_use.add(BELGIAN)
    stage.shops.records[SHOP_ID] = replace(stage.shops.records[SHOP_ID], state=state)
    assert watch(stage).disproven == ("ORD00001",)
    assert stage.entry("order-1").change is LateChange.VAT_NUMBER
    assert watch_shop(stage.connector, SHOP_ID) is None, "there is nothing to do any more"


def test_whatever_seoshop_answers_the_register_is_asked() -> None:
    stage = booked_unproven(BELGIAN)
    stage.register.not_in_use.add(BELGIAN)
    stage.api.fail(ShopUnauthorised("the token is refused"))
    seen = watch(stage)
    assert seen.trouble is not None
    assert seen.disproven == ("ORD00001",)


def test_time_that_other_parts_of_the_watch_use_up_is_not_that_of_the_questions(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stage = booked_unproven(BELGIAN)

    def read_slowly(search: EditSearch, _: NoteMoments) -> tuple[str, ...]:
        stage.now = search.stop_at
        return ()

    monkeypatch.setattr(watch_module, "flag_edits", read_slowly)
    watch(stage)
    assert not kept(stage)[BELGIAN].is_unproven


def test_a_shop_that_left_is_not_asked_about() -> None:
    stage = booked_unproven(BELGIAN)
    names = dict(stage.shops.load_each(SHOP_ID, VatNumber))
    stage.uninstall()
    stage.shops.kept[SHOP_ID].update(names)  # by a run that was at work
    assert watch_shop(stage.connector, SHOP_ID) is None
    assert stage.register.asked == []
    assert kept(stage) == {}


def test_a_further_sale_keeps_the_number_longer() -> None:
    stage = booked_unproven(BELGIAN)
    sell(stage, BELGIAN, 2)
    stage.export_later(days=30)
    assert kept(stage)[BELGIAN].kept_until == date(2027, 6, 30)


def test_the_merchant_wants_no_totals_kept_any_more() -> None:
    stage = booked_unproven(BELGIAN)
    sell(stage, GERMAN, 2)
    stage.night()
    stage.choose(keep_totals=False)
    stage.register.silent["BE"] = Silence.STATE
    watch(stage)
    assert kept(stage).keys() == {BELGIAN}, "which is still to be asked about"
    stage.register.silent.clear()
    watch(stage)
    watch(stage)
    assert kept(stage) == {}


def test_numbers_are_sealed_anew_and_keep_the_mark_that_files_know() -> None:
    stage = booked_unproven(BELGIAN)
    [record] = kept(stage).values()
    former = replace(record, sealed_number=sealed_before(record.sealed_number))
    stage.shops.kept[SHOP_ID][name_number(record.mark)] = former
    assert kept(stage)[BELGIAN].sealed_number.key == FORMER_KEY
    assert watch(stage).resealed == 1
    renewed = kept(stage)[BELGIAN]
    assert renewed.sealed_number.key == KEY
    assert renewed.mark == record.mark


def test_after_the_secret_of_marks_is_turned_the_former_answer_still_counts() -> None:
    stage = Stage()
    sell(stage, BELGIAN, 1)
    stage.night()
    before = mark_number(stage.workspace(), BELGIAN)
    stage.secrets.prints = ("another-secret", *stage.secrets.prints)
    after = mark_number(stage.workspace(), BELGIAN)
    assert before != after
    sell(stage, BELGIAN, 2)
    stage.night()
    assert stage.register.numbers == [BELGIAN]
    records = stage.shops.load_each(SHOP_ID, VatNumber)
    assert records.keys() == {name_number(before), name_number(after)}


def test_whoever_asks_what_is_kept_sees_that_a_number_is_and_not_which() -> None:
    stage = booked_unproven(BELGIAN)
    shown = extract_shop(stage.connector, SHOP_ID, after=None)
    [part] = [each for each in shown["shop"] if each["part"].startswith("note#vat-number-")]
    assert part["sealed_number"] == NOT_SHOWN
    assert part["country"] == "BE"
    assert BELGIAN[2:] not in repr(shown)


def test_numbers_go_with_the_shop() -> None:
    stage = booked_unproven(BELGIAN)
    stage.uninstall()
    assert kept(stage) == {}
    assert stage.shops.load(SHOP_ID, VatStanding) is None
