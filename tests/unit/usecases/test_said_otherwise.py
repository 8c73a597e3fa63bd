"""What SEOshop says in another shape than it should: the order is found by its number, and what
cannot be read hides neither the rest of it nor any other.
"""

from __future__ import annotations

import json
import logging
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from chalicelib.domain.causes import DropCause, LateChange
from chalicelib.domain.holds import HoldReason
from chalicelib.domain.ledger import Entry, EntryState
from chalicelib.domain.orders import OrderStatus, PaymentStatus
from chalicelib.domain.platform import SkippedRow, Webhook
from chalicelib.domain.policy import Source
from chalicelib.errors import InboxRefused, InboxUnknown, ShopUnreadable
from chalicelib.usecases.filing.run import NO_ID
from chalicelib.usecases.intake.hints import record_delivery
from chalicelib.usecases.intake.paging import ROW_WAITS
from chalicelib.usecases.operating.rerun import rerun
from tests.fakes.documents_of_shop import invoice, order
from tests.unit.usecases.late import ORDER, booked_order, change, refund
from tests.unit.usecases.stage import FIRST_NIGHT, SHOP_ID, Stage

ID, NUMBER, DAY = 301204417, "20260013", date(2026, 3, 14)
MADE = FIRST_NIGHT - timedelta(hours=10)


def deliver(stage: Stage, **document: Any) -> None:
    body = json.dumps({"order": {"id": ID, **document}}).encode()
    record_delivery(stage.connector, SHOP_ID, "orders-paid", body)


def find(stage: Stage, number: str = NUMBER) -> Entry:
    (entry,) = stage.entries.find_by_numbers(SHOP_ID, [number])
    return entry


def sold(**facts: Any) -> Any:
    return order(id=ID, number=NUMBER, created_at=MADE, **facts)


def test_until_it_is_read_an_order_is_found_by_what_the_webhook_said() -> None:
    stage = Stage()
    deliver(stage)
    assert find(stage, str(ID)).day == date(2026, 3, 15), "today, since it said nothing"


OUTCOMES = {
    "placed": (sold(), EntryState.PLACED),
    "held": (sold(email=""), EntryState.HELD),
    "dropped": (sold(payment_status=PaymentStatus.NOT_PAID), EntryState.DROPPED),
}


@pytest.mark.parametrize(("shown", "state"), OUTCOMES.values(), ids=OUTCOMES)
def test_read_it_has_its_own_number_and_day(shown: Any, state: EntryState) -> None:
    stage = Stage()
    stage.shops.update(SHOP_ID, lambda shop: replace(shop, swept_until=FIRST_NIGHT))
    stage.api.put(shown)
    stage.api.orders[ID] = replace(shown, updated_at=MADE)  # the sweep does not see it
    deliver(stage)
    report = stage.night()
    entry = find(stage)
    assert (entry.state, entry.day) == (state, DAY)
    assert stage.entries.find_by_numbers(SHOP_ID, [str(ID)]) == []
    assert all(one.order == NUMBER for one in (*report.held, *report.skipped))


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (InboxRefused("full"), EntryState.WAITING),
        (InboxUnknown("lost"), EntryState.CLAIMED),
    ],
)
def test_likewise_when_its_file_does_not_arrive(answer: Exception, state: EntryState) -> None:
    stage = Stage()
    stage.api.put(sold())
    deliver(stage)
    stage.inbox.fail(answer)
    stage.night()
    assert (find(stage).state, find(stage).day) == (state, DAY)


def test_what_an_earlier_version_booked_by_its_id_is_put_right_by_the_list() -> None:
    stage = Stage()
    booked = booked_order(stage)
    stage.entries.correct_hint(SHOP_ID, replace(stage.entry(ORDER).hint, number=str(booked.id)))
    change(stage, updated_at=stage.now)
    stage.night()
    assert stage.entry(ORDER).number == booked.number


def test_an_invoice_without_a_number_is_called_by_its_id() -> None:
    stage = Stage(source=Source.INVOICES)
    bill = invoice("", created_at=stage.now, updated_at=stage.now)
    stage.api.put(replace(order(), created_at=stage.now, invoices=(bill,)))
    stage.night()
    assert find(stage, str(bill.id)).state is EntryState.PLACED


def test_an_unreadable_order_is_held_under_its_own_number_and_day() -> None:
    stage = Stage()
    stage.api.put(sold(is_stand_in=True))
    deliver(stage)
    report = stage.night()
    entry = find(stage)
    assert (entry.state, entry.hold, entry.day) == (EntryState.HELD, HoldReason.UNREADABLE, DAY)
    assert report.held == [(NUMBER, "unreadable")]


@pytest.mark.parametrize(
    ("status", "payment", "cause"),
    [
        (OrderStatus.AWAITING_SHIPMENT, PaymentStatus.NOT_PAID, DropCause.NOT_PAID),
        (OrderStatus.CANCELLED, PaymentStatus.PAID, DropCause.CANCELLED),
        (OrderStatus.ON_HOLD, PaymentStatus.PAID, DropCause.ON_HOLD),
    ],
)
def test_an_unreadable_order_that_is_not_due_is_not_held(
    status: OrderStatus, payment: PaymentStatus, cause: DropCause
) -> None:
    stage = Stage()
    stage.api.put(sold(is_stand_in=True, status=status, payment_status=payment))
    stage.night()
    assert stage.entries.get(SHOP_ID, f"order-{ID}") is None, "the list says that it is not due"
    deliver(stage)
    stage.night()
    entry = find(stage)
    assert (entry.state, entry.drop_cause) == (EntryState.DROPPED, cause)


def test_a_number_that_cannot_be_read_does_not_replace_the_one_that_is_known() -> None:
    stage = Stage()
    stage.api.put(replace(sold(is_stand_in=True), number=str(ID)))
    deliver(stage, number=NUMBER)
    stage.night()
    assert find(stage).hold == HoldReason.UNREADABLE


def test_an_unreadable_order_of_which_nothing_is_known_is_held_as_it_was() -> None:
    stage = Stage()
    stage.api.put(sold())
    deliver(stage, number=NUMBER, createdAt=MADE.isoformat())
    stage.api.fail(ShopUnreadable("order, field id"), "order")
    stage.night()
    assert (find(stage).state, find(stage).day) == (EntryState.HELD, DAY)


def test_a_booked_order_whose_amounts_the_list_no_longer_shows_is_not_called_edited() -> None:
    stage = Stage()
    booked_order(stage)
    change(stage, is_stand_in=True, updated_at=stage.now)
    report = stage.night()
    assert stage.entry(ORDER).change is None
    assert not report.is_day_wrong
    change(stage, status=OrderStatus.CANCELLED, updated_at=stage.now)
    stage.night()
    assert stage.entry(ORDER).change is LateChange.CANCELLED


def skip(stage: Stage, **facts: Any) -> SkippedRow:
    row = SkippedRow(listed="orders", after_id=ID, **facts)
    stage.api.skipped = [row]
    return row


def swept_until(stage: Stage) -> Any:
    return stage.connector.find_shop(SHOP_ID).swept_until


def test_a_row_without_an_id_is_named_and_the_others_go_on(
    caplog: pytest.LogCaptureFixture,
) -> None:
    stage = Stage()
    stage.api.put(sold())
    skip(stage, number="ORD00500", changed_at=stage.now)
    report = stage.night()
    assert find(stage).state is EntryState.PLACED
    assert report.skipped == [("ORD00500", NO_ID)]
    (line,) = [one for one in caplog.records if "without an id" in one.getMessage()]
    assert line.levelno == logging.ERROR
    assert (vars(line)["skipped_rows"], vars(line)["rows"]) == (1, ["ORD00500"])


@pytest.mark.parametrize("changed", [True, False])
def test_the_mark_stays_before_it_until_it_is_mended(changed: bool) -> None:
    stage = Stage()
    stage.night()
    before = swept_until(stage)
    row = skip(stage, changed_at=stage.now if changed else None)
    expected = row.changed_at or before
    for _ in range(3):
        stage.night()
        assert swept_until(stage) == expected
    stage.api.skipped = []
    stage.api.orders[ID] = replace(sold(), created_at=expected, updated_at=expected)
    stage.night()
    assert find(stage).state is EntryState.PLACED
    assert swept_until(stage) > expected


def test_a_row_that_is_never_mended_keeps_no_more_than_a_week_in_sight() -> None:
    stage = Stage()
    skip(stage)
    for _ in range(100):
        report = stage.night()
        assert report.skipped == [(f"orders after {ID}, no. 1", NO_ID)]
        assert stage.now - swept_until(stage) <= ROW_WAITS + timedelta(days=1)


def test_the_nightly_searches_wait_for_it_as_well(caplog: pytest.LogCaptureFixture) -> None:
    stage = Stage()
    booked = booked_order(stage)
    stage.watch()
    changed_at = stage.now
    skip(stage, changed_at=changed_at)
    stage.now += timedelta(days=3)
    assert stage.watch().edited == ()
    assert any("without an id" in one.getMessage() for one in caplog.records)
    stage.api.skipped = []
    hidden = replace(booked, email="ander@example.nl", updated_at=changed_at)
    stage.api.orders[booked.id] = hidden
    stage.now += timedelta(days=1)
    assert stage.watch().edited == (booked.number,)


ADDRESS = f"https://koppeling.example/webhooks/{SHOP_ID}/orders-paid"


def test_a_subscription_without_an_id_is_not_made_again_every_night() -> None:
    stage = Stage()
    ours = Webhook(id=None, topic="orders/paid", address=ADDRESS, is_active=True)
    stage.api.subscriptions = [ours]
    for _ in range(2):
        watched = stage.watch()
        assert (watched.healed, watched.removed) == ((), 0)
    assert stage.api.subscriptions == [ours]


def test_subscriptions_that_cannot_be_read_do_not_stop_the_watch() -> None:
    stage = Stage()
    booked = booked_order(stage)
    stage.watch()
    refund(stage)
    stage.api.fail(ShopUnreadable("webhooks, field isActive"), "webhooks")
    stage.now += timedelta(hours=1)
    assert stage.watch().refunded == (booked.number,)
    assert stage.api.calls["create_webhook"] == 1


def test_an_order_that_is_known_by_its_id_is_asked_for_by_its_number() -> None:
    stage = Stage()
    stage.api.put(sold())
    deliver(stage)
    stage.now += timedelta(hours=1)
    rerun(stage.connector, {"shop_id": SHOP_ID, "orders": [NUMBER]}, run="by hand")
    assert find(stage).state is EntryState.PLACED
