"""The goal for calls: at most 1.05 of SEOshop an order, over a week, with nothing overlooked."""

from __future__ import annotations

import pytest

from chalicelib.domain import changes
from chalicelib.domain.causes import LateChange
from chalicelib.domain.changes import ListVerdict
from chalicelib.domain.last_seen import Look
from chalicelib.usecases.afterwards import changed_orders
from tests.books.ordinary_week import play_week

GOAL = 1.05


@pytest.mark.slow
def test_a_week_of_ordinary_life_costs_hardly_more_than_a_call_an_order() -> None:
    week = play_week(200)
    assert week.calls_an_order <= GOAL, week.calls
    assert week.reported == week.due
    assert set(week.due.values()) == {
        LateChange.CANCELLED,
        LateChange.REFUNDED,
        LateChange.DETAILS,
        LateChange.EDITED,
    }
    assert not week.others


def test_an_order_that_was_only_shipped_is_not_read_again() -> None:
    week = play_week(10, days=3)
    assert week.calls["orders/\N{HORIZONTAL ELLIPSIS}"] == week.orders


@pytest.mark.parametrize("verdict", [ListVerdict.MOVED_ON, ListVerdict.NOTHING_NEW])
def test_this_notices_an_edit_that_is_overlooked(
    monkeypatch: pytest.MonkeyPatch, verdict: ListVerdict
) -> None:
    tell = changes.tell_from_list

    def overlook(*seen: Look) -> ListVerdict:
        return verdict if tell(*seen) is ListVerdict.TOO_LITTLE else tell(*seen)

    monkeypatch.setattr(changed_orders, "tell_from_list", overlook)
    week = play_week(20, days=2)
    assert week.reported != week.due
