"""What a week of ordinary life costs in calls of SEOshop, all functions together."""

from __future__ import annotations

from tests.books.ordinary_week import play_week
from tools.bench_figures import Figure, print_figures

GOAL = 1.05


def measure() -> list[Figure]:
    """Calls an order for shops of 20 and of 200 orders a day, over seven days."""
    figures = []
    for orders, goal in ((20, None), (200, GOAL)):
        week = play_week(orders)
        paths = ", ".join(f"{path} {count}" for path, count in week.calls.most_common())
        what = f"calls an order, {orders} orders a day"
        note = f"{week.orders} orders: {paths}"
        figures.append(
            Figure(what=what, value=week.calls_an_order, unit="calls", goal=goal, note=note)
        )
    return figures


if __name__ == "__main__":
    print_figures("Calls of SEOshop", measure())
