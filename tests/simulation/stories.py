"""Short stories of what a merchant sees, which rest on the table of life; and all other stories."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from chalicelib.domain.causes import DropCause
from chalicelib.domain.events import Actor
from chalicelib.domain.holds import HoldReason
from chalicelib.domain.ledger import (
    EntryState,
)
from chalicelib.errors import ShopUnreadable
from chalicelib.usecases.operating import repair
from chalicelib.usecases.operating.rerun import rerun
from tests.fakes.documents_of_shop import HOME, order
from tests.simulation.api_stories import API_STORIES
from tests.simulation.file_stories import FILE_STORIES
from tests.simulation.step_stories import STEP_STORIES
from tests.unit.usecases.late import NUMBER, ORDER, booked_order, change, refund
from tests.unit.usecases.retrying import retry_order
from tests.unit.usecases.stage import SHOP_ID, Stage

DAY = timedelta(days=1)
MERCHANT = Actor.MERCHANT


def an_accepted_refund_is_not_reported_again() -> None:
    stage = Stage()
    booked_order(stage)
    refund(stage)
    assert stage.watch().refunded == (NUMBER,)
    assert repair.accept_changes(stage.workspace(), NUMBER, by=MERCHANT) == 1
    change(stage, updated_at=stage.now)
    stage.night()
    assert stage.watch().refunded == ()
    assert stage.entry(ORDER).change is None


def a_refund_before_the_booking_is_reported_with_it() -> None:
    stage = Stage()
    stage.receive(replace(order(), created_at=stage.now))
    refund(stage)
    stage.night()
    assert stage.entry(ORDER).change == "refunded"
    assert stage.watch().refunded == ()


def sent_again_it_shows_no_former_details() -> None:
    stage = Stage()
    booked_order(stage)
    change(stage, shipping=replace(HOME, country="BE"), updated_at=stage.now)
    assert stage.watch().edited == (NUMBER,)
    repair.send_order_again(stage.workspace(), NUMBER, reason="deleted", by=MERCHANT)
    stage.night()
    change(stage, updated_at=stage.now)
    stage.night()
    entry = stage.entry(ORDER)
    assert (entry.state, entry.change, entry.revision) == (EntryState.PLACED, None, 1)
    assert len(stage.booked()) == 2


def _old_order(stage: Stage) -> Any:
    """An order that was paid before the connector came."""
    made = stage.now - 40 * DAY
    return order(created_at=made, updated_at=stage.now, paid_at=made)


def an_old_order_is_booked_when_somebody_knows() -> None:
    notified = Stage()
    notified.receive(_old_order(notified))
    notified.night()
    assert notified.entry(ORDER).state is EntryState.PLACED

    found = Stage()
    found.api.put(_old_order(found))
    found.night()
    assert found.entry(ORDER).drop_cause is DropCause.BEFORE_START
    rerun(found.connector, {"shop_id": SHOP_ID, "orders": [NUMBER]}, run="rerun")
    assert found.entry(ORDER).state is EntryState.PLACED

    asked = Stage()
    asked.api.put(_old_order(asked))
    rerun(asked.connector, {"shop_id": SHOP_ID, "orders": [NUMBER]}, run="rerun")
    assert asked.entry(ORDER).state is EntryState.PLACED


def an_old_order_that_was_held_is_booked_when_a_person_asks() -> None:
    stage = Stage()
    stage.api.put(_old_order(stage))
    stage.api.fail(ShopUnreadable("no number"), "order", times=1)
    stage.night()
    assert stage.entry(ORDER).hold == HoldReason.UNREADABLE
    assert retry_order(stage.workspace(), NUMBER) == 1
    stage.night()
    assert stage.entry(ORDER).state is EntryState.PLACED


STORIES: tuple[Callable[[], None], ...] = (
    *STEP_STORIES,
    *FILE_STORIES,
    an_accepted_refund_is_not_reported_again,
    a_refund_before_the_booking_is_reported_with_it,
    sent_again_it_shows_no_former_details,
    an_old_order_is_booked_when_somebody_knows,
    an_old_order_that_was_held_is_booked_when_a_person_asks,
    *API_STORIES,
)
