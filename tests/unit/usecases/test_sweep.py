"""The nightly look at what changed: it keeps its place, and what it finds goes along."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from chalicelib.domain.ledger import EntryState
from chalicelib.domain.orders import OrderSummary
from chalicelib.errors import ShopRateLimited
from chalicelib.usecases.operating.overview import read_overview
from tests.fakes.documents_of_shop import order
from tests.fakes.seoshop import Call
from tests.unit.usecases.stage import SHOP_ID, Stage

PAGE = 2


@pytest.fixture
def stage(monkeypatch: pytest.MonkeyPatch) -> Stage:
    """A shop with five paid orders that no webhook brought, and pages of two."""
    monkeypatch.setattr("chalicelib.usecases.intake.sweep.PAGE", PAGE)
    stage = Stage()
    for number in range(1, 6):
        stage.api.put(order(id=number, number=f"ORD{number}", created_at=stage.now))
    stage.api.page = PAGE
    return stage


def ration(stage: Stage, call: str, times: int) -> None:
    """The allowance is for so many of these calls; then it is used up for five minutes."""
    error = ShopRateLimited("429", until=stage.now + timedelta(minutes=5))
    stage.api.fail(error, call, after=times, times=1)


def asked(stage: Stage) -> list[int]:
    """After which ids pages are asked for, from now on."""
    seen: list[int] = []

    def note(call: Call) -> None:
        if call.name == "orders_updated_since":
            seen.append(call.after_id)

    stage.api.before_call = note
    return seen


def test_a_sweep_longer_than_its_allowance_goes_on_where_it_was(stage: Stage) -> None:
    before, began = stage.connector.find_shop(SHOP_ID).swept_until, stage.now
    ration(stage, "orders_updated_since", 1)
    report = stage.export_later()
    assert report.files == []
    assert report.resume_at is not None
    assert stage.connector.find_shop(SHOP_ID).swept_until == before

    seen = asked(stage)
    stage.export_later(minutes=6)
    assert seen == [2, 4, 5], "until a page is empty"
    assert stage.connector.find_shop(SHOP_ID).swept_until == began, (
        "what changed meanwhile comes next"
    )
    assert len(stage.booked()) == 5


def test_a_sweep_longer_than_its_time_goes_on_where_it_was(stage: Stage) -> None:
    def slow(call: Call) -> None:
        if call.name == "orders_updated_since":
            stage.now += timedelta(minutes=14)

    stage.api.before_call = slow
    assert stage.export_later().resume_at is not None
    seen = asked(stage)
    stage.export_later(minutes=1)
    assert seen[0] == 2
    assert len(stage.booked()) == 5


def test_another_mark_begins_another_sweep(stage: Stage) -> None:
    ration(stage, "orders_updated_since", 1)
    stage.export_later()
    stage.shops.update(SHOP_ID, lambda shop: replace(shop, swept_until=stage.now))
    seen = asked(stage)
    stage.export_later(minutes=6)
    assert seen[0] == 0


def test_what_the_sweep_finds_goes_along_though_the_list_lags_behind(stage: Stage) -> None:
    stage.entries.freeze_index()
    report = stage.export_later()
    assert [file.orders for file in report.files] == [5]
    stage.entries.thaw_index()
    assert {stage.entry(f"order-{n}").state for n in range(1, 6)} == {EntryState.PLACED}


def test_what_an_earlier_part_booked_is_compared_with_the_list_too(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A total in the list is another than was read, and no change was reported."""
    ration(stage, "order", 3)
    stage.export_later()
    paged = stage.api.orders_updated_since

    def with_another_total(since: datetime, *, after_id: int = 0) -> list[OrderSummary]:
        found = paged(since, after_id=after_id)
        return [
            replace(one, price_incl=one.price_incl + 1) if one.id == 1 else one for one in found
        ]

    monkeypatch.setattr("chalicelib.usecases.intake.sweep.compare_order", lambda *_: False)
    monkeypatch.setattr(stage.api, "orders_updated_since", with_another_total)
    report = stage.export_later(minutes=6)

    assert report.is_day_wrong
    assert read_overview(stage.workspace()).days[0].verdict == "wrong"


def test_a_day_in_parts_is_right_when_nothing_differs(stage: Stage) -> None:
    ration(stage, "order", 3)
    stage.export_later()
    report = stage.export_later(minutes=6)
    assert not report.is_day_wrong
    assert read_overview(stage.workspace()).days[0].verdict == "right"
