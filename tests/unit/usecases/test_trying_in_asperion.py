"""Asperion is asked about the newest documents whether it would take them; nothing is stored."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.holds import HoldReason
from chalicelib.domain.refused_fields import RefusedField
from chalicelib.errors import AsperionForbidden, AsperionUnavailable, RenderedWrong
from chalicelib.usecases.judging import supposing
from chalicelib.usecases.operating.trying_in_asperion import (
    PAGE_TIME,
    AskedResult,
    AskedTryOut,
    try_in_asperion,
)
from chalicelib.usecases.shop.connect_obstacles import ConnectObstacle
from tests.fakes.asperion_faults import ApiCall, Fault
from tests.fakes.asperion_lists import CHOICES
from tests.fakes.documents_of_shop import order
from tests.unit.usecases.asperion_visits import ConnectingStage, obstacle
from tests.unit.usecases.stage import SHOP_ID


@pytest.fixture
def stage() -> ConnectingStage:
    stage = ConnectingStage()
    stage.asperion.connect(stage.shops, choices=CHOICES, is_on=False)
    for number in range(1, 4):
        stage.api.put(order(id=number, number=f"ORD{number}", created_at=stage.now))
    return stage


def ask(stage: ConnectingStage) -> AskedTryOut:
    before = (stage.connector.find_shop(SHOP_ID), dict(stage.entries.items))
    answer = try_in_asperion(replace(stage.workspace(), is_page=True))
    assert (stage.connector.find_shop(SHOP_ID), dict(stage.entries.items)) == before
    books = stage.asperion.books
    assert (books.debtors, books.invoices) == ({}, {}), "nothing is made there"
    return answer


def results(answer: AskedTryOut) -> list[AskedResult]:
    return [each.result for each in answer.documents]


def test_what_asperion_would_take_is_fine(stage: ConnectingStage) -> None:
    answer = ask(stage)
    assert (results(answer), answer.is_fine) == ([AskedResult.FINE] * 3, True)
    writes = [call for call in stage.asperion.calls if call.name.startswith("add")]
    assert {call.name for call in writes} == {"add_debtor", "add_invoice"}
    assert all(call.is_trial for call in writes)


@pytest.mark.parametrize(
    ("call", "field"),
    [("add_invoice", RefusedField.VAT_CODE), ("add_debtor", RefusedField.EMAIL)],
)
def test_what_asperion_refuses_is_said_by_field(
    stage: ConnectingStage, call: str, field: RefusedField
) -> None:
    stage.asperion.fail(Fault.INVALID, call, times=1, fields=(field,))
    answer = ask(stage)
    assert results(answer).count(AskedResult.REFUSED) == 1
    assert answer.documents[0].fields == (field,)
    assert not answer.is_fine


def test_what_lacks_a_vat_code_would_be_held(stage: ConnectingStage) -> None:
    answer = try_in_asperion(stage.workspace(), replace(CHOICES, vat_codes=()))
    held = [each.hold.reason for each in answer.documents if each.hold is not None]
    assert held == [HoldReason.VAT_CODE_MISSING] * 3
    assert not answer.is_fine


def test_what_no_import_file_can_have_is_asked_all_the_same(
    stage: ConnectingStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The shop makes files as yet, and goes straight into the administration from then on."""

    def refuse(*_: object) -> bytes:
        raise RenderedWrong("it cannot be written", field="line")

    monkeypatch.setattr(supposing, "render_invoices", refuse)
    assert results(ask(stage)) == [AskedResult.FINE] * 3


def test_when_the_time_is_over_no_more_is_asked(stage: ConnectingStage) -> None:
    def take_long(call: ApiCall) -> None:
        stage.now += PAGE_TIME if call.name == "add_invoice" else timedelta()

    stage.asperion.before_call = take_long
    answer = ask(stage)
    assert results(answer) == [AskedResult.FINE, *[AskedResult.NOT_ASKED] * 2]
    assert (answer.is_cut, answer.is_fine) == (True, False)


def test_when_asperion_stops_answering_the_rest_is_not_asked(stage: ConnectingStage) -> None:
    stage.asperion.fail(Fault.UNAVAILABLE, "add_invoice", after=1)
    assert results(ask(stage)) == [AskedResult.FINE, *[AskedResult.NOT_ASKED] * 2]


@pytest.mark.parametrize(
    ("fault", "error"),
    [(Fault.UNAVAILABLE, AsperionUnavailable), (Fault.FORBIDDEN, AsperionForbidden)],
)
def test_when_nothing_can_be_asked_that_is_said(
    stage: ConnectingStage, fault: Fault, error: type[Exception]
) -> None:
    stage.asperion.fail(fault)
    with pytest.raises(error):
        try_in_asperion(stage.workspace())


def test_without_confirmed_choices_there_is_nothing_to_try(stage: ConnectingStage) -> None:
    stage.asperion.connect(stage.shops, choices=None, is_on=False)
    found = obstacle(lambda: try_in_asperion(stage.workspace()))
    assert found is ConnectObstacle.NO_CHOICES


def test_a_customer_whose_debtors_are_all_blocked_is_held_as_by_a_delivery(
    stage: ConnectingStage,
) -> None:
    email = next(iter(stage.api.orders.values())).email
    stage.asperion.books.know_debtor(email, is_blocked=True)
    answer = try_in_asperion(replace(stage.workspace(), is_page=True))
    assert {each.result for each in answer.documents} == {AskedResult.HELD}
    holds = {(each.hold.reason, each.hold.detail) for each in answer.documents if each.hold}
    assert holds == {(HoldReason.ASPERION_REFUSED, RefusedField.DEBTOR)}
