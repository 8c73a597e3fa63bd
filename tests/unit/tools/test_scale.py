"""What docs/scale.md says follows from the figures and prices that it names."""

from __future__ import annotations

import pytest

from tools.scale import PAGE, Month, fill_page, read_figures, write_tables

FIGURES = read_figures()


def test_the_page_has_the_tables_that_its_figures_give() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert fill_page(page, write_tables(FIGURES)) == page


def test_a_page_without_a_mark_is_refused() -> None:
    with pytest.raises(ValueError, match="use"):
        fill_page("no marks at all", write_tables(FIGURES))


def test_a_month_is_reckoned_from_its_orders_and_its_nights() -> None:
    month = Month(FIGURES, shops=10, orders=100)
    assert month.nights == pytest.approx(304)
    assert month.sold == pytest.approx(30_400)
    order, night = FIGURES.order, FIGURES.night
    assert month.write_units == pytest.approx(30_400 * order.write_units + 304 * night.write_units)
    assert month.hours(1) == pytest.approx(10 * month.seconds_of_night / 3600)
    assert month.hours(month.least_concurrency) <= 3


def test_twice_as_many_shops_cost_twice_as_much_but_for_what_an_installation_has_anyway() -> None:
    small, large = (Month(FIGURES, shops, 200).list_costs() for shops in (100, 200))
    for name in ("tables", "storage", "functions", "webhooks"):
        assert large[name] == pytest.approx(2 * small[name])
    assert large["logs and alarms"] < 1.1 * small["logs and alarms"]
