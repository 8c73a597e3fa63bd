"""How near a shop is to the threshold for sales abroad: by its files, and by what is kept."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from chalicelib.domain.distance_sales import DistanceFigure, Nearness
from chalicelib.domain.vat_sheet import DistanceTotal
from chalicelib.usecases.operating.threshold import (
    Warned,
    find_warning,
    read_distance_year,
    renew_figure,
)
from tests.fakes.documents_of_shop import GERMANY, order, order_line
from tests.unit.usecases.day_runs import export
from tests.unit.usecases.stage import SHOP_ID, Stage

D = Decimal


def sell_abroad(stage: Stage, number: int, now: str, price: str) -> None:
    """An order from Germany, which is in a file."""
    stage.now = datetime.fromisoformat(f"{now}T10:00:00+00:00")
    when = {"created_at": stage.now, "paid_at": stage.now}
    where = {"billing": GERMANY, "shipping": GERMANY}
    stage.receive(order(order_line(price), id=number, number=f"ORD{number}", **when, **where))
    export(stage)


@pytest.fixture
def stage() -> Stage:
    """A shop that sold for 9000 to Germany in December, and for 50 in January."""
    stage = Stage()
    sell_abroad(stage, 1, "2026-12-30", "10890.00")
    sell_abroad(stage, 2, "2027-01-04", "60.50")
    return stage


def kept(stage: Stage) -> DistanceFigure | None:
    return stage.shops.load(SHOP_ID, DistanceFigure)


def test_both_years_are_kept_apart_by_invoice_date(stage: Stage) -> None:
    year = read_distance_year(stage.workspace())
    assert (year.year, year.until) == (2027, date(2027, 1, 4))
    assert year.sales == (DistanceTotal(month=date(2027, 1, 1), country="DE", excl=D("50.00")),)
    assert (year.excl, year.before, year.is_whole) == (D("50.00"), D("9000.00"), True)


def test_the_files_of_both_years_are_read_once(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[list[str]] = []
    get_returns = stage.connector.files.get_returns

    def count(shop_id: int, names: Any) -> Any:
        asked.append(list(names))
        return get_returns(shop_id, names)

    monkeypatch.setattr(stage.connector.files, "get_returns", count)
    read_distance_year(stage.workspace())
    assert [len(names) for names in asked] == [2]


def test_the_night_keeps_what_the_years_come_to(stage: Stage) -> None:
    renew_figure(stage.connector, SHOP_ID)
    assert kept(stage) == DistanceFigure(year=2027, excl=D("50.00"), before=D("9000.00"))
    assert find_warning(stage.workspace()) is None
    sell_abroad(stage, 3, "2027-01-05", "12100.00")
    renew_figure(stage.connector, SHOP_ID)
    assert find_warning(stage.workspace()) == Warned(
        year=2027, nearness=Nearness.REACHED, excl=D("10050.00"), before=D("9000.00")
    )


@pytest.mark.parametrize("choices", [{"keep_totals": False}, {"one_stop_shop": True}])
def test_of_who_keeps_no_totals_or_uses_the_scheme_nothing_is_kept(
    stage: Stage, choices: dict[str, bool]
) -> None:
    renew_figure(stage.connector, SHOP_ID)
    stage.choose(**choices)
    renew_figure(stage.connector, SHOP_ID)
    assert kept(stage) is None
    renew_figure(stage.connector, SHOP_ID)
    assert kept(stage) is None
