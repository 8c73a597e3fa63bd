"""The manual's figure 5, on the real packaged stack."""

from __future__ import annotations

from tests.stack.deeds import connect, export
from tools.demo import PAYMENTS, differences
from tools.played_day import Day


def test_seven_paid_orders_are_figure_5_of_the_manual_next_morning(day: Day) -> None:
    day.install(PAYMENTS)
    for order_id in day.scenario("figuur5").values():
        day.pay(order_id)
    day.webhooks_delivered()

    day.night()
    day.synchronise()

    assert differences(day.invoices()) == []


def test_straight_into_asperion_it_is_the_same_figure_5(day: Day) -> None:
    day.install(PAYMENTS)
    for order_id in day.scenario("figuur5").values():
        day.pay(order_id)
    day.webhooks_delivered()

    connect(day)
    export(day)

    assert differences(day.invoices()) == []
