"""A file that arrives after all, when another document of the same sale went its way meanwhile."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.events import Actor
from chalicelib.domain.ledger import EntryState, FileEntry, FileState, Hint
from chalicelib.domain.policy import Source
from chalicelib.errors import InboxUnknown
from chalicelib.usecases.filing.export import Job, export_shop
from chalicelib.usecases.filing.late_arrivals import read_double
from chalicelib.usecases.operating import repair
from chalicelib.usecases.operating.rerun import rerun
from tests.fakes.documents_of_shop import invoice, order
from tests.unit.usecases.late import INVOICE, NUMBER, ORDER, change
from tests.unit.usecases.stage import SHOP_ID, Stage


def give_up(source: Source) -> tuple[Stage, FileEntry]:
    """A sale in a file of this source whose answer was lost, and that the operator did not see."""
    stage = Stage(source=source)
    bill = invoice(created_at=stage.now, updated_at=stage.now)
    stage.api.put(replace(order(), created_at=stage.now, invoices=(bill,)))
    stage.inbox.fail(InboxUnknown("lost"), times=1)
    stage.inbox.mute = True
    stage.night()
    [file] = stage.connector.files.list_recent(SHOP_ID, 9)
    decide(stage, file, "again")
    other = Source.ORDERS if source is Source.INVOICES else Source.INVOICES
    stage.choose(source=other)
    return stage, file


def decide(stage: Stage, file: FileEntry, verdict: str) -> FileEntry:
    rerun(stage.connector, {"shop_id": SHOP_ID, "file": file.name, "settle": verdict}, run="r")
    found = stage.connector.files.get(SHOP_ID, file.name)
    assert found is not None
    return found


def run_for(stage: Stage, key: str) -> None:
    """A run that a person started for one document."""
    export_shop(stage.connector, Job(shop_id=SHOP_ID, run="r", by=Actor.OPERATOR, only=[key]))


def receive_order(stage: Stage) -> None:
    hint = Hint.of_order(stage.api.orders[301204417])
    stage.entries.record_hint(SHOP_ID, hint, at=stage.now, by=Actor.WEBHOOK)


def count_placed(stage: Stage) -> int:
    return sum(stage.entry(key).state is EntryState.PLACED for key in (ORDER, INVOICE))


def test_an_invoice_whose_order_was_booked_meanwhile_is_there_twice() -> None:
    stage, file = give_up(Source.INVOICES)
    receive_order(stage)
    run_for(stage, ORDER)
    assert stage.entry(ORDER).state is EntryState.PLACED
    assert stage.entry(INVOICE).state is EntryState.WAITING

    arrived = decide(stage, file, "confirm")

    assert arrived.state is FileState.DOUBLE
    double = read_double(stage.workspace(), arrived)
    assert [entry.key for entry in double.entries] == [INVOICE]
    assert double.others == (stage.entry(ORDER).file,)
    stage.inbox.mute = False
    stage.night()
    assert stage.entry(INVOICE).state is EntryState.DROPPED
    assert count_placed(stage) == 1
    assert decide(stage, file, "resolved").state is FileState.PLACED
    stage.night()
    assert count_placed(stage) == 1


def test_an_invoice_whose_order_another_file_has_in_hand_is_there_twice() -> None:
    stage, file = give_up(Source.INVOICES)
    receive_order(stage)
    stage.inbox.fail(InboxUnknown("lost"), times=1)
    run_for(stage, ORDER)
    assert stage.entry(ORDER).state is EntryState.CLAIMED

    assert decide(stage, file, "confirm").state is FileState.DOUBLE
    assert stage.entry(INVOICE).state is EntryState.WAITING


def test_an_invoice_whose_order_is_not_booked_is_taken_back() -> None:
    stage, file = give_up(Source.INVOICES)
    receive_order(stage)
    assert decide(stage, file, "confirm").state is FileState.PLACED
    stage.inbox.mute = False
    stage.night()
    assert stage.entry(INVOICE).state is EntryState.PLACED
    assert stage.entry(ORDER).state is EntryState.DROPPED


def test_an_order_that_was_left_out_since_may_be_booked_by_its_invoice() -> None:
    stage, file = give_up(Source.ORDERS)
    [bill] = stage.api.orders[301204417].invoices
    bills = (replace(bill, updated_at=stage.now),)
    change(stage, payment_status="not_paid", invoices=bills)
    stage.inbox.mute = False
    stage.night()
    assert stage.entry(INVOICE).state is EntryState.PLACED
    receive_order(stage)
    assert stage.entry(ORDER).state is EntryState.WAITING

    assert decide(stage, file, "confirm").state is FileState.DOUBLE
    stage.now += timedelta(days=1)
    stage.night()
    assert count_placed(stage) == 1


@pytest.mark.parametrize("runs", [False, True])
def test_what_was_booked_by_hand_since_is_there_twice(runs: bool) -> None:
    stage, file = give_up(Source.ORDERS)
    stage.choose(source=Source.ORDERS)
    change(stage, email="")
    stage.inbox.mute = False
    stage.night()
    assert stage.entry(ORDER).state is EntryState.HELD
    repair.book_order_by_hand(stage.workspace(), NUMBER, by=Actor.MERCHANT)
    if runs:
        stage.night()
    assert decide(stage, file, "confirm").state is FileState.DOUBLE
    assert stage.entry(ORDER).state is not EntryState.PLACED
