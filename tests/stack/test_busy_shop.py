"""A day of 900 orders under SEOshop's own 300 calls a window, the windows shortened.

The one test that is long: calls are spaced by 60 ms, so 900 take a minute. It is in a
file of its own so that others run beside it.
"""

from __future__ import annotations

import json
from typing import Any

from tests.stack.deeds import files, invoiced, many, rows, send, states
from tools.played_day import Day, until

ORDERS = 900
WINDOW = 20  # seconds, instead of five minutes
PATIENCE = 480  # seconds


def test_900_orders_under_300_calls_a_window_are_all_in_and_no_call_is_refused(day: Day) -> None:
    day.install()
    made = many(day, ORDERS)
    day.shop(
        "POST",
        f"shops/{day.shop_id}/limits",
        {"limits": [300, 30_000, 120_000], "windows": [WINDOW, 3600, 86_400]},
    )

    send(day, {"shop_id": day.shop_id, "run": "test"})
    what = "the day's statement"
    until(lambda: is_right(statements(day)), what=what, seconds=PATIENCE)
    day.queue_empty()

    kept = statements(day)  # two of them when midnight passed meanwhile
    assert kept[0]["opened"] + sum(one["due"] for one in kept) == ORDERS
    assert sum(one["placed"] for one in kept) == ORDERS
    assert set(states(day).values()) == {"placed"}

    assert day.shop("GET", f"calls?shop={day.shop_id}&status=429")["count"] == 0
    reads = day.shop("GET", f"calls?shop={day.shop_id}&path=/nl/orders/")["count"]
    assert reads == ORDERS, "one call an order, however often the job was handed on"
    numbers = invoiced(day)
    assert len(numbers) == len(set(numbers)) == len(made)
    assert len(files(day)) >= ORDERS // 250


def statements(day: Day) -> list[dict[str, Any]]:
    """The statement of each day, as stored, oldest first."""
    kept = [row["values"] for row in rows(day, "shops") if row["part"].startswith("note#day-")]
    return [dict(json.loads(values)) for values in kept]


def is_right(kept: list[dict[str, Any]]) -> bool:
    """Whether there are statements, and all of them are right."""
    return bool(kept) and all(one["verdict"] == "right" for one in kept)
