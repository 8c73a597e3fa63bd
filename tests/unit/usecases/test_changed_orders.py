"""What the shop's list tells of a booked order by itself costs no call; what it does not, one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain import changes
from chalicelib.domain.causes import LateChange
from chalicelib.domain.events import Actor
from chalicelib.domain.fingerprint import Prints
from chalicelib.domain.orders import OrderSummary
from chalicelib.usecases.afterwards import changed_orders
from chalicelib.usecases.operating import repair
from tests.fakes.documents_of_shop import HOME, invoice, order_line, summarise
from tests.unit.usecases.late import NUMBER, ORDER, D, booked_order, change, refund
from tests.unit.usecases.stage import SHOP_ID, Stage

SHIPPED = "completed_shipped"
SWAPPED = {"lines": (order_line("24.20", article_code="ANDER"),)}


def booked(**policy: Any) -> Stage:
    """A shop with one order in its books."""
    stage = Stage(**policy)
    booked_order(stage)
    return stage


def read_by_night(stage: Stage, **changes: Any) -> int:
    """Something becomes of the order, then a day goes by; how often the watch read it."""
    if changes:
        change(stage, **changes)
    stage.now += timedelta(hours=2)
    stage.night()
    before = stage.api.calls["order"]
    stage.watch()
    stage.now += timedelta(hours=10)
    return stage.api.calls["order"] - before


def form_before(stage: Stage) -> None:
    """The order was booked by a version before 1.7.0."""
    entry = stage.entry(ORDER)
    prints = ".".join(str(entry.fingerprint).split(".")[:4])
    stage.entries.items[SHOP_ID][ORDER] = replace(entry, fingerprint=prints)


def test_shipped_and_paid_back_and_picked_up_are_shown_by_the_list() -> None:
    stage = booked()
    assert read_by_night(stage, status=SHIPPED) == 0
    assert read_by_night(stage, payment_status="not_paid") == 0
    assert stage.entry(ORDER).change is LateChange.UNPAID
    assert read_by_night(stage, payment_status="paid", stages="shipped") == 0
    assert stage.entry(ORDER).change is None


def test_an_article_changed_on_another_day_than_it_was_shipped_is_found() -> None:
    stage = booked()
    assert read_by_night(stage, status=SHIPPED) == 0
    assert read_by_night(stage, **SWAPPED) == 1
    assert stage.entry(ORDER).change is LateChange.DETAILS


@pytest.mark.parametrize(
    "changes",
    [
        {"shipping": replace(HOME, street="Nieuwe Straat")},
        {"email": "ander@example.nl"},
        {"is_pickup": True},
        {"lines": (order_line("14.20"), order_line("10.00", "0.09"))},
    ],
    ids=["address", "email", "pickup", "rates"],
)
def test_details_that_a_list_shows_are_found_though_shipped_the_same_day(
    changes: dict[str, Any],
) -> None:
    stage = booked()
    assert read_by_night(stage, status=SHIPPED, **changes) == 1
    assert stage.entry(ORDER).change is LateChange.DETAILS


def test_a_booked_order_of_an_earlier_version_is_read_as_before() -> None:
    stage = booked()
    form_before(stage)
    assert read_by_night(stage, status=SHIPPED) == 1
    assert read_by_night(stage, email="ander@example.nl") == 1
    assert stage.entry(ORDER).change is LateChange.DETAILS
    assert len(str(stage.entry(ORDER).fingerprint).split(".")) == 4


def test_one_of_which_a_list_shows_no_details_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    stage = booked()
    monkeypatch.setattr(stage.api, "details_updated_since", list_little(stage))
    assert read_by_night(stage, status=SHIPPED) == 1


def list_little(stage: Stage) -> Callable[..., list[OrderSummary]]:
    def listed(_: object, *, after_id: int = 0) -> list[OrderSummary]:
        return [summarise(one) for one in stage.api.orders.values() if one.id > after_id]

    return listed


def test_what_was_seen_is_remembered_while_the_secret_is_turned() -> None:
    stage = booked()
    stage.secrets.prints = ("a-newer-print-secret-of-32-characters", *stage.secrets.prints)
    assert read_by_night(stage, status=SHIPPED) == 0
    assert read_by_night(stage, **SWAPPED) == 1
    assert stage.entry(ORDER).change is LateChange.DETAILS


def test_what_was_read_is_seen_as_well() -> None:
    stage = booked()
    assert read_by_night(stage, email="ander@example.nl", **SWAPPED) == 1
    repair.accept_changes(stage.workspace(), NUMBER, by=Actor.MERCHANT)
    assert read_by_night(stage, status=SHIPPED) == 0


def test_another_total_is_the_sweeps_business() -> None:
    stage = booked()
    assert read_by_night(stage, price_incl=D("99.00")) == 0
    assert stage.entry(ORDER).change is LateChange.EDITED
    repair.accept_changes(stage.workspace(), NUMBER, by=Actor.MERCHANT)
    assert read_by_night(stage, status=SHIPPED) == 0
    assert read_by_night(stage, price_incl=D("24.20"), email="ander@example.nl") == 1


def test_a_credit_note_tells_why_its_order_changed() -> None:
    stage = booked()
    refund(stage)
    assert read_by_night(stage) == 0
    assert stage.entry(ORDER).change is LateChange.REFUNDED
    repair.accept_changes(stage.workspace(), NUMBER, by=Actor.MERCHANT)
    assert read_by_night(stage) == 0, "it was not left to be read once that was dealt with"


@pytest.mark.parametrize("is_credit_note", [True, False])
def test_nothing_else_is_explained_by_a_document_of_the_order(is_credit_note: bool) -> None:
    stage = booked()
    paper = replace(invoice("NEW1", is_credit_note=is_credit_note, id=9), created_at=stage.now)
    stage.api.unattached.append(replace(paper, updated_at=stage.now))
    if is_credit_note:
        stage.now += timedelta(minutes=1)
    reads = read_by_night(stage, **SWAPPED)
    if is_credit_note:
        assert stage.entry(ORDER).change is LateChange.REFUNDED
        repair.accept_changes(stage.workspace(), NUMBER, by=Actor.MERCHANT)
        reads = read_by_night(stage)
    assert reads == 1
    assert stage.entry(ORDER).change is LateChange.DETAILS


def test_an_order_whose_prints_somebody_changed_meanwhile_is_read_the_next_night(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stage = booked()
    compare = changes.tell_from_list
    another = str(replace(read_prints(stage), source="0" * 32))

    def tell_slowly(*seen: Any) -> Any:
        entry = stage.entry(ORDER)
        stage.entries.items[SHOP_ID][ORDER] = replace(entry, fingerprint=another)
        return compare(*seen)

    monkeypatch.setattr(changed_orders, "tell_from_list", tell_slowly)
    assert read_by_night(stage, status=SHIPPED) == 0
    assert stage.entry(ORDER).fingerprint == another
    monkeypatch.undo()
    assert read_by_night(stage) == 1, "it was left, and is no longer listed"


def read_prints(stage: Stage) -> Prints:
    prints = stage.workspace().read_prints(stage.entry(ORDER))
    assert prints is not None
    return prints


def test_nothing_is_noted_when_the_time_is_up() -> None:
    stage = booked()
    change(stage, status=SHIPPED)
    before = stage.entry(ORDER)
    changed_orders.see_changed_orders(stage.workspace(), stop_at=stage.now)
    assert stage.entry(ORDER) == before
