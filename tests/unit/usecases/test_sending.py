"""Orders go straight into Asperion: one after another, and each has its own fate."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from chalicelib.domain.causes import ReleaseCause
from chalicelib.domain.days import local_day
from chalicelib.domain.events import Actor
from chalicelib.domain.file_names import read_way
from chalicelib.domain.fleet_halt import FleetPart
from chalicelib.domain.ledger import FileEntry, FileState, Hint
from chalicelib.domain.policy import Source
from chalicelib.domain.shops import TroubleCause
from chalicelib.domain.statement import DayStatement, Verdict, statement_name
from chalicelib.domain.ways import Way
from chalicelib.usecases.filing.delivery_size import MOST_BY_API
from chalicelib.usecases.filing.sending import CHECKED_AFTER, MOST_REFUSALS
from chalicelib.usecases.operating.halting import halt_fleet, resume_fleet
from chalicelib.usecases.shop.trouble import read_trouble
from tests.fakes.asperion_faults import ApiCall, Fault
from tests.fakes.documents_of_shop import invoice, item, order, order_line
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
    stage.shops.update(SHOP_ID, lambda shop: replace(shop, licence=None))
    stage.sell(1)
    assert stage.export_later().trouble is None
    assert placed_once(stage, 1)


def test_a_delivery_takes_fifty(stage: ApiStage) -> None:
    stage.sell(*range(1, MOST_BY_API + 2))
    stage.export_later()
    assert stage.deliveries() == [("placed", MOST_BY_API), ("placed", 1)]


# ---- what Asperion refuses, and when it cannot be reached ---------------------------------------


def test_what_asperion_refuses_is_held_by_its_field_and_the_others_go_on(stage: ApiStage) -> None:
    stage.sell(1, 2, 3)
    stage.asperion.fail(Fault.INVALID, "add_invoice", after=1, times=1, fields=("vat_code",))
    stage.export_later()
    assert stage.states(1, 2, 3) == ["placed", "held", "placed"]
    held = stage.order(2)
    assert (held.hold, held.hold_detail) == ("asperion_refused", "vat_code")
    assert stage.deliveries() == [("placed", 2)]
    assert covered(stage.files()) == Decimal("48.40")


def test_a_credit_note_does_not_go_along_without_its_refused_invoice() -> None:
    stage = ApiStage(source=Source.INVOICES)
    bill = invoice("INV1", id=11, created_at=stage.now, updated_at=stage.now)
    note = replace(bill, id=12, number="INV2", is_credit_note=True, original_id=11)
    stage.api.items[12] = [item("24.20")]
    email = "klant@voorbeeld.example"
    stage.api.put(replace(order(email=email), created_at=stage.now, invoices=(bill, note)))
    stage.asperion.fail(Fault.INVALID, "add_invoice", times=1, fields=("vat_code",))
    stage.export_later()
    assert stage.entry("invoice-11").hold == "asperion_refused"
    assert stage.entry("invoice-12").hold == "credit_before_original"
    assert stage.shown() == []


def test_a_credit_note_does_not_go_along_without_the_refused_order_of_its_invoice() -> None:
    stage = ApiStage()
    bill = invoice("INV1", id=11, created_at=stage.now, updated_at=stage.now)
    note = replace(bill, id=12, number="INV2", is_credit_note=True, original_id=11)
    stage.api.items[12] = [item("24.20")]
    made = order(email="klant@voorbeeld.example")
    stage.receive(replace(made, created_at=stage.now, invoices=(bill, note)))
    hint = Hint.of_invoice(note)
    stage.entries.record_hint(SHOP_ID, hint, at=stage.now, by=Actor.WEBHOOK)
    stage.asperion.fail(Fault.INVALID, "add_invoice", times=1, fields=("vat_code",))
    stage.export_later()
    assert stage.entry("order-301204417").hold == "asperion_refused"
    assert stage.entry("invoice-12").hold == "credit_before_original"
    assert stage.shown() == []


def test_the_same_refusal_one_after_another_stops_the_run(stage: ApiStage) -> None:
    stage.sell(*range(1, 20))
    stage.asperion.fail(Fault.INVALID, "add_invoice", fields=("journal",))
    run = stage.export_later()
    assert run.stopped_by is ReleaseCause.DOCUMENTS_REFUSED
    assert run.trouble is TroubleCause.DOCUMENTS_REFUSED
    states = stage.states(*range(1, 20))
    assert states.count("held") == MOST_REFUSALS - 1
    assert states.count("waiting") == 20 - MOST_REFUSALS


def test_refusals_with_orders_taken_in_between_do_not_stop_it(stage: ApiStage) -> None:
    stage.sell(*range(1, 20))
    odd = {f"Bestelling ORD{number:05d}" for number in range(1, 20, 2)}
    stage.asperion.fail(Fault.INVALID, "add_invoice", about=odd, fields=("vat_code",))
    run = stage.export_later()
    assert run.stopped_by is None
    assert stage.states(*range(1, 20)).count("held") == 10


@pytest.mark.parametrize("name", ["find_debtors", "add_debtor", "add_invoice"])
@pytest.mark.parametrize(
    ("fault", "trouble"),
    [
        (Fault.NOT_SENT, TroubleCause.INBOX_UNAVAILABLE),
        (Fault.UNAUTHORISED, TroubleCause.CONNECT_AGAIN),
        (Fault.FORBIDDEN, TroubleCause.ADMINISTRATION_CLOSED),
    ],
)
def test_when_nothing_can_be_sent_the_rest_waits_and_it_is_said_why(
    stage: ApiStage, name: str, fault: Fault, trouble: TroubleCause
) -> None:
    stage.sell(1, 2, 3)
    stage.asperion.fail(fault, name, after=1)
    stage.export_later()
    assert stage.states(1, 2, 3) == ["placed", "waiting", "waiting"]
    assert stage.deliveries() == [("placed", 1)]
    kept = read_trouble(stage.workspace())
    assert kept is not None
    assert kept.cause is trouble
    stage.asperion.recover()
    stage.export_later(hours=1)
    assert placed_once(stage, 1, 2, 3)
    assert read_trouble(stage.workspace()) is None


def test_a_busy_asperion_is_called_again_when_it_says(stage: ApiStage) -> None:
    stage.sell(1, 2)
    until = stage.now + timedelta(minutes=3)
    stage.asperion.fail(Fault.BUSY, "add_invoice", after=1, times=1, until=until)
    run = stage.export_later()
    assert (run.resume_at, run.trouble) == (until, None)
    assert stage.queue.sent == [(SHOP_ID, 181)]
    stage.export_later(minutes=4)
    assert placed_once(stage, 1, 2)


def test_a_connection_that_is_refused_is_found_before_anything_is_claimed(stage: ApiStage) -> None:
    stage.sell(1)
    stage.asperion.identity.revoke()
    stage.now += timedelta(hours=2)
    run = stage.export_later()
    assert run.trouble is TroubleCause.CONNECT_AGAIN
    assert stage.files(with_empty=True) == []


# ---- what the merchant's choices do not cover ---------------------------------------------------


def test_an_order_without_a_confirmed_vat_code_is_held_before_anything_is_sent(
    stage: ApiStage,
) -> None:
    stage.sell(1)
    stage.receive(replace(order(order_line("12.00", "0.10")), id=2, number="ORD2"))
    stage.export_later()
    assert stage.states(1) == ["placed"]
    assert stage.order(2).hold is not None


# ---- time -----------------------------------------------------------------------------------


def test_when_the_time_is_up_the_rest_goes_on_by_a_message(stage: ApiStage) -> None:
    stage.sell(1, 2, 3)

    def take_long(call: ApiCall) -> None:
        if call.name == "add_invoice":
            stage.now += timedelta(minutes=7)

    stage.asperion.before_call = take_long
    run = stage.export_later()
    assert stage.states(1, 2, 3) == ["placed", "placed", "waiting"]
    assert run.stopped_by is ReleaseCause.TIME
    assert stage.queue.sent == [(SHOP_ID, 1)]
    stage.asperion.before_call = lambda call: None
    stage.export_later()
    assert placed_once(stage, 1, 2, 3)


def test_a_delivery_ends_with_its_day(stage: ApiStage) -> None:
    """What is placed after midnight is placed on another day, and its delivery as well."""
    stage.now = stage.now.replace(hour=22, minute=59)  # one minute before midnight
    stage.sell(1, 2)
    before = local_day(stage.now)

    def pass_midnight(call: ApiCall) -> None:
        if call.name == "add_invoice":
            stage.now += timedelta(minutes=2)

    stage.asperion.before_call = pass_midnight
    stage.export_later()
    stage.asperion.before_call = lambda call: None
    stage.export_later(minutes=1)
    assert placed_once(stage, 1, 2)
    days = [local_day(file.since) for file in stage.files()]
    assert days == [before, before + timedelta(days=1)]
    for number, file in zip((1, 2), stage.files(), strict=True):
        assert local_day(stage.order(number).since) == local_day(file.since)
    stage.export_later(hours=3)
    for day in days:
        statement = stage.shops.load(SHOP_ID, DayStatement, statement_name(day))
        assert statement is not None
        assert (statement.placed, statement.verdict) == (1, Verdict.RIGHT)


# ---- the last look ------------------------------------------------------------------------------


def test_nothing_is_sent_by_choices_that_changed_meanwhile(
    stage: ApiStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.sell(1)
    create = stage.connector.files.create

    def turn_and_create(*args: Any, **kwargs: Any) -> FileEntry:
        stage.turn(is_on=False)
        return create(*args, **kwargs)

    monkeypatch.setattr(stage.connector.files, "create", turn_and_create)
    run = stage.export_later()
    assert run.stopped_by is ReleaseCause.SHOP_CHANGED
    assert (stage.shown(), stage.states(1)) == ([], ["waiting"])
    stage.export_later(minutes=1)
    assert list(stage.inbox.files) == [stage.order(1).file]


def test_in_a_long_delivery_the_shop_is_checked_again(stage: ApiStage) -> None:
    def be_slow(call: ApiCall) -> None:
        if call.name == "find_debtors" and len(stage.shown()) == 1:
            stage.now += CHECKED_AFTER + timedelta(seconds=1)
            stage.turn(is_on=False)

    stage.sell(1, 2)
    stage.asperion.before_call = be_slow
    run = stage.export_later()
    assert run.stopped_by is ReleaseCause.SHOP_CHANGED
    assert stage.states(1, 2) == ["placed", "waiting"]
    assert len(stage.shown()) == 1


def test_a_halt_stops_a_long_delivery_between_two_documents(stage: ApiStage) -> None:
    def halt_meanwhile(call: ApiCall) -> None:
        if call.name == "find_debtors" and len(stage.shown()) == 1:
            stage.now += CHECKED_AFTER + timedelta(seconds=1)
            stage.asperion.before_call = lambda call: None
            halt_fleet(stage.connector, FleetPart.API, reason="n")

    stage.sell(1, 2)
    stage.asperion.before_call = halt_meanwhile
    run = stage.export_later()
    assert (run.stopped_by, run.resume_at) == (ReleaseCause.HALTED, None)
    assert stage.states(1, 2) == ["placed", "waiting"]
    assert [file.state for file in run.files] == [FileState.PLACED]
    resume_fleet(stage.connector, FleetPart.API)
    stage.export_later(minutes=1)
    assert stage.states(1, 2) == ["placed", "placed"]
    assert len(stage.shown()) == 2
