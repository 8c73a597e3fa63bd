"""One sale is booked once, whichever document stands for it, in every state, either way round."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.causes import DropCause, RequestCause
from chalicelib.domain.events import Actor, OrderStep
from chalicelib.domain.ledger import EntryState, FileState, Hint
from chalicelib.domain.policy import Policy, Source
from chalicelib.errors import InboxUnknown
from chalicelib.usecases.filing import claimed_documents
from chalicelib.usecases.filing.export import Job, export_shop
from chalicelib.usecases.judging.isolating import read_isolated
from chalicelib.usecases.operating import repair
from chalicelib.usecases.operating.backfill import backfill
from chalicelib.usecases.operating.rerun import rerun
from tests.fakes.documents_of_shop import invoice, item, order
from tests.unit.usecases.late import INVOICE, NUMBER, ORDER, D, change, refund
from tests.unit.usecases.retrying import retry_order
from tests.unit.usecases.stage import SHOP_ID, Stage

BILL = "INV00398"
SECOND = "invoice-332000500"
ORDERS, INVOICES = Source.ORDERS, Source.INVOICES


def sold(stage: Stage, **facts: Any) -> None:
    """A paid order and its invoice."""
    bill = invoice(created_at=stage.now, updated_at=stage.now)
    stage.api.put(replace(order(**facts), created_at=stage.now, invoices=(bill,)))


def export(stage: Stage, source: Source) -> None:
    """The merchant chooses what to export."""
    stage.shops.update(SHOP_ID, lambda shop: replace(shop, policy=Policy(source=source)))
    one = stage.api.orders[301204417]
    bills = tuple(replace(bill, updated_at=stage.now) for bill in one.invoices)
    stage.api.put(replace(one, invoices=bills))


def lose_answer(stage: Stage, *, though_stored: bool) -> None:
    stage.inbox.fail(InboxUnknown("lost"), times=1, though_stored=though_stored)
    stage.inbox.mute = True


def find_out(stage: Stage) -> None:
    """The inbox can be asked again."""
    stage.inbox.mute = False


def states(stage: Stage, *keys: str) -> list[EntryState]:
    return [stage.entry(key).state for key in keys]


@pytest.mark.parametrize("arrived", [True, False])
@pytest.mark.parametrize(
    ("first", "then", "claimed", "other"),
    [(INVOICES, ORDERS, INVOICE, ORDER), (ORDERS, INVOICES, ORDER, INVOICE)],
)
def test_while_one_is_in_an_unknown_file_the_other_waits_and_is_decided_by_itself(
    first: Source, then: Source, claimed: str, other: str, arrived: bool
) -> None:
    stage = Stage(source=first)
    sold(stage)
    lose_answer(stage, though_stored=arrived)
    stage.night()
    assert stage.entry(claimed).state is EntryState.CLAIMED
    export(stage, then)
    stage.night()
    assert stage.entry(other).hold == "sale_under_way"
    assert stage.entry(other).hold_detail == stage.entry(claimed).number
    before = len(stage.entry(other).history)
    stage.night()
    assert len(stage.entry(other).history) == before, "it is not taken up every night for nothing"

    find_out(stage)
    for _ in range(3):
        stage.night()

    assert len(stage.booked()) == 1
    assert sorted(states(stage, ORDER, INVOICE)) == [EntryState.DROPPED, EntryState.PLACED]
    assert stage.entries.list_held(SHOP_ID) == []
    freed = [event for event in stage.entry(other).history if event.step is OrderStep.FREE]
    assert [event.cause for event in freed] == [RequestCause.SALE_DECIDED]


@pytest.mark.parametrize("verdict", ["confirm", "again"])
@pytest.mark.parametrize(
    ("first", "then", "other"), [(INVOICES, ORDERS, ORDER), (ORDERS, INVOICES, INVOICE)]
)
def test_the_operators_verdict_decides_the_other_as_well(
    first: Source, then: Source, other: str, verdict: str
) -> None:
    stage = Stage(source=first)
    sold(stage)
    lose_answer(stage, though_stored=verdict == "confirm")
    stage.night()
    export(stage, then)
    stage.night()
    (file,) = [
        one
        for one in stage.connector.files.list_recent(SHOP_ID, 9)
        if one.state is FileState.UNKNOWN
    ]
    rerun(stage.connector, {"shop_id": SHOP_ID, "file": file.name, "settle": verdict}, run="r")
    for _ in range(3):
        stage.night()
    assert len(stage.booked()) == 1
    assert stage.entry(other).state in (EntryState.PLACED, EntryState.DROPPED)
    assert stage.entries.list_held(SHOP_ID) == []


@pytest.mark.parametrize(
    ("first", "then", "booked", "other", "cause"),
    [
        (INVOICES, ORDERS, INVOICE, ORDER, DropCause.BOOKED_AS_INVOICE),
        (ORDERS, INVOICES, ORDER, INVOICE, DropCause.BOOKED_AS_ORDER),
    ],
)
def test_what_is_in_the_books_or_was_dealt_with_by_hand_leaves_the_other_out(
    first: Source, then: Source, booked: str, other: str, cause: DropCause
) -> None:
    stage = Stage(source=first)
    sold(stage)
    stage.night()
    export(stage, then)
    stage.night()
    assert stage.entry(other).drop_cause is cause

    by_hand = Stage(source=first)
    sold(by_hand, email="")
    by_hand.night()
    repair.book_order_by_hand(by_hand.workspace(), by_hand.entry(booked).number, by=Actor.MERCHANT)
    export(by_hand, then)
    change(by_hand, email="s.devries@example.nl")
    by_hand.night()
    by_hand.night()
    assert by_hand.booked() == []
    assert by_hand.entry(other).drop_cause is cause


def test_an_order_that_is_held_keeps_its_invoice_back_until_it_is_booked() -> None:
    stage = Stage()
    sold(stage, email="")
    stage.night()
    export(stage, INVOICES)
    stage.night()
    assert stage.entry(INVOICE).hold == "sale_under_way"
    change(stage, email="s.devries@example.nl")
    retry_order(stage.workspace(), NUMBER)
    stage.night()
    assert states(stage, ORDER, INVOICE) == [EntryState.PLACED, EntryState.DROPPED]
    assert len(stage.booked()) == 1


def test_an_order_that_is_left_out_lets_its_invoice_go() -> None:
    stage = Stage()
    sold(stage, email="")
    stage.night()
    export(stage, INVOICES)
    stage.night()
    change(stage, email="s.devries@example.nl", payment_status="not_paid")
    retry_order(stage.workspace(), NUMBER)
    stage.night()
    assert stage.entry(ORDER).drop_cause is DropCause.NOT_PAID
    assert stage.entry(INVOICE).state is EntryState.PLACED, "the shop exports what is not paid too"
    assert len(stage.booked()) == 1


@pytest.mark.parametrize("source", [ORDERS, INVOICES])
def test_both_waiting_for_one_file_become_one_invoice(source: Source) -> None:
    stage = Stage(source=source)
    sold(stage)
    one = stage.api.orders[301204417]
    for hint in (Hint.of_order(one), Hint.of_invoice(one.invoices[0])):
        stage.workspace().record_hint(hint, Actor.WEBHOOK)
    stage.night()
    stage.night()
    assert len(stage.booked()) == 1
    assert states(stage, ORDER, INVOICE) == [EntryState.PLACED, EntryState.DROPPED]
    assert OrderStep.HOLD not in [event.step for event in stage.entry(ORDER).history]


def test_a_held_invoice_does_not_keep_its_order_back() -> None:
    stage = Stage(source=INVOICES)
    sold(stage, email="")
    stage.night()
    export(stage, ORDERS)
    change(stage, email="s.devries@example.nl")
    stage.night()
    assert stage.entry(ORDER).state is EntryState.PLACED
    retry_order(stage.workspace(), BILL)
    stage.night()
    assert stage.entry(INVOICE).drop_cause is DropCause.BOOKED_AS_ORDER
    assert len(stage.booked()) == 1


def sold_in_parts(stage: Stage) -> None:
    """An order of two mugs, an invoice of each."""
    mugs = order()
    first = invoice(created_at=stage.now, updated_at=stage.now)
    second = replace(first, id=332000500, number="INV00400")
    twice = replace(mugs.lines[0], id=688120002)
    stage.api.items[332000498] = stage.api.items[332000500] = [item("24.20")]
    stage.api.put(
        replace(order(mugs.lines[0], twice), created_at=stage.now, invoices=(first, second))
    )


def test_the_rest_of_an_order_of_which_a_part_is_booked_follows_by_its_invoice() -> None:
    stage = Stage(source=INVOICES)
    sold_in_parts(stage)
    one = stage.api.orders[301204417]
    stage.api.put(replace(one, invoices=one.invoices[:1], payment_status=order().payment_status))
    stage.night()
    assert stage.entry(INVOICE).state is EntryState.PLACED
    export(stage, ORDERS)
    stage.api.put(replace(stage.api.orders[301204417], invoices=one.invoices))
    stage.night()
    stage.night()
    assert stage.entry(ORDER).drop_cause is DropCause.BOOKED_AS_INVOICE
    assert stage.entry(SECOND).state is EntryState.PLACED
    assert stage.sums() == {D(21): (D("40.00"), D("8.40"), D("48.40"))}


def test_a_part_in_an_unknown_file_keeps_the_order_and_the_rest_waits_for_no_double() -> None:
    stage = Stage(source=INVOICES)
    sold_in_parts(stage)
    lose_answer(stage, though_stored=True)
    stage.night()
    export(stage, ORDERS)
    stage.night()
    assert stage.entry(ORDER).hold == "sale_under_way"
    find_out(stage)
    for _ in range(3):
        stage.night()
    assert states(stage, ORDER, INVOICE, SECOND) == ["dropped", "placed", "placed"]
    assert stage.sums() == {D(21): (D("40.00"), D("8.40"), D("48.40"))}


def test_a_credit_note_follows_whichever_document_was_booked() -> None:
    stage = Stage()
    sold(stage)
    lose_answer(stage, though_stored=True)
    stage.night()
    export(stage, INVOICES)
    refund(stage)
    stage.api.items[332000499] = [item("24.20")]
    stage.night()
    assert stage.entry(INVOICE).hold == "sale_under_way"
    note = stage.entry("invoice-332000499")
    assert (note.hold, note.hold_detail) == ("credit_before_original", NUMBER)
    find_out(stage)
    for _ in range(3):
        stage.night()
    assert stage.entry("invoice-332000499").state is EntryState.PLACED
    assert stage.sums() == {D(21): (D(0), D(0), D(0))}
    assert stage.entries.list_held(SHOP_ID) == []


def test_a_migration_does_not_book_what_an_invoice_stands_for() -> None:
    stage = Stage(source=INVOICES)
    sold(stage)
    lose_answer(stage, though_stored=True)
    stage.night()
    export(stage, ORDERS)
    day = stage.api.orders[301204417].created_at.date().isoformat()
    backfill(stage.connector, {"shop_id": SHOP_ID, "from": day, "to": day, "action": "start"})
    stage.night()
    assert stage.entry(ORDER).hold == "sale_under_way"
    find_out(stage)
    stage.night()
    stage.night()
    assert len(stage.booked()) == 1


def test_an_invoice_of_before_the_connector_is_not_brought_up_by_its_order() -> None:
    stage = Stage(source=INVOICES)
    sold_in_parts(stage)
    one = stage.api.orders[301204417]
    long_ago = stage.workspace().shop.installed_at.replace(year=2025)
    old = replace(one.invoices[1], created_at=long_ago, updated_at=long_ago)
    stage.api.put(replace(one, invoices=(one.invoices[0], old)))
    stage.night()
    answer = rerun(stage.connector, {"shop_id": SHOP_ID, "orders": [NUMBER]}, run="r")
    assert answer["skipped"] == [{"order": NUMBER, "reason": "booked_as_invoice"}]
    assert stage.entries.get(SHOP_ID, SECOND) is None


@pytest.mark.parametrize("moment", ["before reading", "after reading"])
@pytest.mark.parametrize(("early", "late"), [(ORDER, INVOICE), (INVOICE, ORDER)])
def test_two_runs_at_once_book_one_of_them(
    early: str, late: str, moment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run without the lease takes up the other document between this one's claim and its reading,
    or between its reading and its file.
    """
    stage = Stage()
    sold(stage)
    one = stage.api.orders[301204417]
    hints = {ORDER: Hint.of_order(one), INVOICE: Hint.of_invoice(one.invoices[0])}
    stage.workspace().record_hint(hints[early], Actor.WEBHOOK)
    run_other = _once(stage, hints[late])

    def read(workspace: Any, entry: Any) -> Any:
        if entry.key == early and moment == "before reading":
            run_other()
        reading = read_isolated(workspace, entry)
        if entry.key == early and moment == "after reading":
            run_other()
        return reading

    monkeypatch.setattr(claimed_documents, "read_isolated", read)
    stage.night()
    monkeypatch.undo()
    for _ in range(3):
        stage.night()
    assert len(stage.booked()) == 1
    assert sorted(states(stage, ORDER, INVOICE)) == ["dropped", "placed"]


def _once(stage: Stage, hint: Hint) -> Callable[[], None]:
    """Another run, which does not know of the lease, files one document."""
    done: list[str] = []

    def run_other() -> None:
        if done:
            return
        done.append("")
        stage.workspace().record_hint(hint, Actor.WEBHOOK)
        stage.shops.leases.clear()
        export_shop(stage.connector, Job(shop_id=SHOP_ID, run="other", only=[hint.key]))

    return run_other
