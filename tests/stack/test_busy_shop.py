"""A day of 3,000 orders under SEOshop's own 300 calls a window, the windows shortened.

The one test that is long: calls are spaced by 60 ms, so 3,000 take three minutes. It is in a file
of its own so that others run beside it.
"""

from __future__ import annotations

import json

from tests.stack.deeds import files, invoiced, many, rows, send, states
from tools.played_day import Day, until

ORDERS = 3000
WINDOW = 20  # seconds, instead of five minutes
PATIENCE = 480  # seconds


def test_3000_orders_under_300_calls_a_window_are_all_in_and_no_call_is_refused(day: Day) -> None:
    day.install()
    made = many(day, ORDERS)
    day.shop(
        "POST",
        f"shops/{day.shop_id}/limits",
        {"limits": [300, 30_000, 120_000], "windows": [WINDOW, 3600, 86_400]},
    )

    send(day, {"shop_id": day.shop_id, "run": "test"})
    until(lambda: proof(day).get("verdict") == "right", what="the day's proof", seconds=PATIENCE)
    day.queue_empty()

    assert proof(day)["paid"] == proof(day)["placed"] == str(ORDERS)
    assert set(states(day).values()) == {"placed"}

    assert day.shop("GET", f"calls?shop={day.shop_id}&status=429")["count"] == 0
    reads = day.shop("GET", f"calls?shop={day.shop_id}&path=/nl/orders/")["count"]
    assert reads == ORDERS, "one call an order, however often the job was handed on"
    numbers = invoiced(day)
    assert len(numbers) == len(set(numbers)) == len(made)
    assert len(files(day)) >= ORDERS // 250


def proof(day: Day) -> dict[str, str]:
    """The newest day's proof of completeness, as noted; empty before there is one."""
    notes = [row["values"] for row in rows(day, "shops") if row["part"].startswith("note#day-")]
    return dict(json.loads(notes[-1])) if notes else {}
