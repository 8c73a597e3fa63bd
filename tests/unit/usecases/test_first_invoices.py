"""Who sends an order again is told whether its first invoice is in Asperion still, as Asperion says
at that moment; a second one is made only when that is known.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.causes import RequestCause
from chalicelib.domain.events import Actor
from chalicelib.domain.ledger import EntryState
from chalicelib.usecases.operating.first_invoices import FirstInvoice, FirstStillThere
from chalicelib.usecases.operating.repair import send_order_again
from chalicelib.usecases.operating.rerun import rerun
from tests.fakes.asperion_faults import Fault
from tests.fakes.memory_asperion import TESTING
from tests.unit.usecases.api_stage import ApiStage, sold
from tests.unit.usecases.stage import SHOP_ID

CONCEPT, DEFINITIVE, UNKNOWN = (
    FirstInvoice.CONCEPT,
    FirstInvoice.DEFINITIVE,
    FirstInvoice.UNKNOWN,
)


@pytest.fixture
def stage() -> ApiStage:
    stage = ApiStage()
    stage.deliver(sold(1))
    return stage


def send(stage: ApiStage, *confirmed: FirstInvoice) -> int:
    return send_order_again(
        stage.workspace(), "ORD00001", reason="fout", by=Actor.MERCHANT, confirmed=confirmed
    )


def invoice_of(stage: ApiStage) -> int:
    found = stage.entry("order-1").asperion_id
    assert found is not None
    return found


def test_one_that_is_gone_is_no_obstacle_and_it_is_said(stage: ApiStage) -> None:
    stage.books.delete(invoice_of(stage))
    assert send(stage) == 1
    entry = stage.entry("order-1")
    assert entry.state is EntryState.WAITING
    assert entry.history[-1].cause is RequestCause.FIRST_GONE


@pytest.mark.parametrize("first", [CONCEPT, DEFINITIVE, UNKNOWN])
def test_one_that_is_there_or_may_be_wants_a_second_word(
    stage: ApiStage, first: FirstInvoice
) -> None:
    if first is DEFINITIVE:
        stage.books.make_definitive(invoice_of(stage))
    if first is UNKNOWN:
        stage.asperion.fail(Fault.UNAVAILABLE)
    with pytest.raises(FirstStillThere) as there:
        send(stage)
    assert there.value.worst is first
    assert stage.entry("order-1").state is EntryState.PLACED
    assert send(stage, first) == 1
    assert stage.entry("order-1").history[-1].cause is RequestCause.ON_PURPOSE


def test_what_went_to_a_former_administration_is_not_asked_for_in_the_new_one(
    stage: ApiStage,
) -> None:
    stage.asperion.connect(stage.shops, SHOP_ID, administration=TESTING)
    with pytest.raises(FirstStillThere) as there:
        send(stage)
    assert there.value.worst is UNKNOWN
    assert stage.asperion.calls == []


def test_what_was_confirmed_of_a_draft_does_not_count_once_it_is_definitive(
    stage: ApiStage,
) -> None:
    stage.books.make_definitive(invoice_of(stage))
    with pytest.raises(FirstStillThere):
        send(stage, CONCEPT)


def test_of_a_file_nobody_is_asked() -> None:
    stage = ApiStage()
    stage.receive(sold(1, created_at=stage.now))
    stage.shops.update(SHOP_ID, lambda shop: replace(shop, connection=None))
    stage.night()
    assert send(stage) == 1
    assert stage.asperion.calls == []


def ask(stage: ApiStage, **more: object) -> dict[str, Any]:
    asked = {"shop_id": SHOP_ID, "orders": ["ORD00001"], "reason": "fout", **more}
    return rerun(stage.connector, asked, run="one")


@pytest.mark.parametrize("dry_run", [False, True])
def test_a_rerun_leaves_it_out_and_says_what_else_to_say(stage: ApiStage, dry_run: bool) -> None:
    (skipped,) = ask(stage, dry_run=dry_run)["skipped"]
    assert "despite_first" in skipped["reason"]
    assert stage.entry("order-1").state is EntryState.PLACED


def test_a_rerun_goes_on_despite_the_first(stage: ApiStage) -> None:
    stage.shops.update(SHOP_ID, lambda shop: replace(shop, connection=None))
    answer = ask(stage, despite_first=True)
    assert answer["skipped"] == []
    assert stage.entry("order-1").revision == 1
