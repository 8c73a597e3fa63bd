"""What a merchant booked by hand is not booked once more, whatever happens to it afterwards."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.causes import DropCause
from chalicelib.domain.events import Actor
from chalicelib.domain.ledger import DocumentKind, EntryState
from chalicelib.domain.policy import GiftCardPayments, Policy, Source
from chalicelib.usecases.operating import backfill, repair
from chalicelib.usecases.operating.releasing import release_and_judge
from chalicelib.usecases.operating.repair import book_group_by_hand, book_order_by_hand
from chalicelib.usecases.operating.rerun import rerun
from tests.fakes.documents_of_shop import invoice, order
from tests.unit.usecases.stage import SHOP_ID, Stage

KEY, NUMBER = "order-301204417", "ORD00412"


@pytest.fixture
def stage() -> Stage:
    """A shop with an order that was paid with a gift card, which its settings hold."""
    stage = Stage()
    stage.receive(replace(order(has_gift_card_payment=True), created_at=stage.now))
    stage.night()
    assert stage.entry(KEY).hold == "gift_card_payment"
    return stage


def book_by_hand(stage: Stage) -> int:
    return book_order_by_hand(stage.workspace(), NUMBER, by=Actor.MERCHANT)


def allow(stage: Stage) -> None:
    """The merchant changes the setting that held it, which frees what it held."""
    policy = Policy(gift_card_payments=GiftCardPayments.BOOK)
    stage.shops.update(SHOP_ID, lambda shop: replace(shop, policy=policy))
    release_and_judge(stage.workspace(), {"gift_card_payment"}, by=Actor.MERCHANT)


def is_left_out(stage: Stage) -> bool:
    entry = stage.entry(KEY)
    return (entry.state, entry.history[-1].cause) == (EntryState.DROPPED, DropCause.BY_HAND)


def test_the_next_run_leaves_it_out_without_asking_the_shop(stage: Stage) -> None:
    calls = stage.api.calls["order"]
    assert [book_by_hand(stage), book_by_hand(stage)] == [1, 0]
    stage.night()
    assert is_left_out(stage)
    assert stage.api.calls["order"] == calls


def changed_settings(stage: Stage) -> None:
    allow(stage)


def changed_order(stage: Stage) -> None:
    stage.api.put(order(created_at=stage.now))


def webhook(stage: Stage) -> None:
    stage.receive(order(created_at=stage.now))


def webhook_twice(stage: Stage) -> None:
    webhook(stage)
    stage.night()
    webhook(stage)


def migration(stage: Stage) -> None:
    days = {"from": "2026-03-01", "to": "2026-03-31"}
    event = {"shop_id": SHOP_ID, "action": "start", **days}
    counted = backfill.backfill(stage.connector, {"shop_id": SHOP_ID, **days})
    assert (counted["due"], counted["known"]) == (0, 1)
    backfill.backfill(stage.connector, event)


def rerun_without_reason(stage: Stage) -> None:
    answer = rerun(stage.connector, {"shop_id": SHOP_ID, "orders": [NUMBER]}, run="r")
    assert "by hand" in answer["skipped"][0]["reason"]


@pytest.mark.parametrize(
    "deed",
    [changed_settings, changed_order, webhook, webhook_twice, migration, rerun_without_reason],
)
def test_nothing_but_a_person_brings_it_back(stage: Stage, deed: Callable[[Stage], None]) -> None:
    book_by_hand(stage)
    stage.night()
    allow(stage)
    deed(stage)
    stage.night()
    stage.night()
    assert stage.booked() == []
    assert is_left_out(stage)


def test_settings_saved_before_the_next_run_do_not_bring_it_back_either(stage: Stage) -> None:
    book_by_hand(stage)
    allow(stage)
    stage.night()
    assert stage.booked() == []


def test_the_sweep_does_not_even_take_it_up(stage: Stage) -> None:
    book_by_hand(stage)
    stage.night()
    before = len(stage.entry(KEY).history)
    changed_order(stage)
    stage.night()
    assert len(stage.entry(KEY).history) == before


def test_a_person_can_send_it_after_all_with_a_reason(stage: Stage) -> None:
    book_by_hand(stage)
    stage.night()
    allow(stage)
    sent = repair.send_order_again(stage.workspace(), NUMBER, reason="deleted", by=Actor.MERCHANT)
    assert sent == 1
    stage.night()
    assert len(stage.booked()) == 1
    assert stage.entry(KEY).revision == 0


def test_an_operator_can_with_a_reason(stage: Stage) -> None:
    book_by_hand(stage)
    stage.night()
    allow(stage)
    event = {"shop_id": SHOP_ID, "orders": [NUMBER], "reason": "merchant asked"}
    assert rerun(stage.connector, event, run="r")["files"]
    assert len(stage.booked()) == 1


def test_what_was_left_out_for_another_cause_is_not_sent_by_that_button() -> None:
    stage = Stage()
    stage.receive(order(payment_status="not_paid"))
    stage.night()
    assert stage.entry(KEY).state is EntryState.DROPPED
    assert repair.send_order_again(stage.workspace(), NUMBER, reason="x", by=Actor.MERCHANT) == 0


def test_a_group_is_left_out_together_and_others_stay() -> None:
    stage = Stage()
    for number in range(3):
        stage.receive(order(id=1 + number, number=f"ORD{number}", email=""))
    stage.receive(order(id=9, number="ORD9", lines=()))
    stage.night()
    facts: dict[str, Any] = {"hold": "email_missing", "detail": "", "by": "merchant"}
    assert book_group_by_hand(stage.workspace(), **facts) == 3
    stage.night()
    assert stage.entries.count_held(SHOP_ID) == 1
    assert stage.entries.count_waiting(SHOP_ID) == 0


def test_of_several_documents_under_a_number_one_can_be_meant(stage: Stage) -> None:
    def one(key: str) -> int:
        return book_order_by_hand(stage.workspace(), NUMBER, by=Actor.MERCHANT, key=key)

    assert [one("reversal-301204417"), one(KEY)] == [0, 1]


@pytest.mark.parametrize("first", [Source.ORDERS, Source.INVOICES])
def test_a_sale_booked_by_hand_is_not_booked_under_its_other_document(first: Source) -> None:
    """The shop changes between paid orders and all invoices."""
    stage = Stage(source=first)
    bill = invoice(created_at=stage.now, updated_at=stage.now)
    one = replace(order(email=""), created_at=stage.now, invoices=(bill,))
    stage.api.put(one)
    stage.night()
    held = stage.entry(KEY if first is Source.ORDERS else "invoice-332000498")
    book_order_by_hand(stage.workspace(), held.number, by=Actor.MERCHANT)
    stage.night()
    other = Source.INVOICES if first is Source.ORDERS else Source.ORDERS
    stage.shops.update(SHOP_ID, lambda shop: replace(shop, policy=Policy(source=other)))
    stage.api.put(
        replace(order(), created_at=one.created_at, invoices=(replace(bill, updated_at=stage.now),))
    )
    stage.night()
    assert stage.booked() == []
    kinds = {entry.kind for entry in stage.entries.items[SHOP_ID].values()}
    assert kinds == {DocumentKind.ORDER, DocumentKind.INVOICE}
