"""A week of ordinary life in a shop, and what it costs in calls of SEOshop.

The shop is the sandbox's, read by the connector's own client over HTTP; every call of every
function is counted as it goes out: the export and the watch of each night, and none by day. Each
day's orders are paid through the day and shipped the next morning. Of a hundred orders two are
cancelled then instead, three refunded, one gets another line, and of two hundred one another
address. The merchant deals with all of that in the morning after it was reported.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlsplit

from requests import PreparedRequest, Response
from requests.adapters import BaseAdapter

from chalicelib.domain.causes import LateChange
from chalicelib.domain.days import AMSTERDAM
from chalicelib.domain.events import Actor
from chalicelib.domain.ledger import DocumentKind
from chalicelib.usecases.operating.repair import accept_changes
from sandbox.seoshop.scenario import line_form, parcel, person
from tests.books.sandbox_session import ADDRESS
from tests.books.shop_year import Form, Opening, ShopYear
from tests.unit.usecases.stage import SHOP_ID

FIRST_DAY = date(2026, 3, 2)
DAYS = 7
EVENLY = (1.06, 0.94, 1.02, 0.97, 1.11, 0.89, 1.01)
"""How busy the days are, beside an average one."""

CANCELLED, REFUNDED, DEARER, MOVED = (
    (7, 57, 107, 157),
    (31, 61, 91, 131, 161, 191),
    (77, 177),
    (13,),
)
"""Which of two hundred orders of the day before are what, by their place."""


@dataclass
class Week:
    """What happened: calls by their path without ids, how many orders were booked, and of every
    order what has to be reported of it, and what was by the end of that same night.
    """

    calls: Counter[str] = field(default_factory=Counter)
    orders: int = 0
    due: dict[str, LateChange] = field(default_factory=dict)
    reported: dict[str, LateChange | None] = field(default_factory=dict)
    others: list[str] = field(default_factory=list)

    @property
    def calls_an_order(self) -> float:
        """The ratio that the goal is about."""
        return self.calls.total() / self.orders


def play_week(orders_a_day: int, days: int = DAYS) -> Week:
    """Play so many days, each with its night."""
    week = Week()
    year = _Shop(week.calls)
    for number in range(days):
        orders = round(orders_a_day * EVENLY[number % len(EVENLY)])
        _live_a_day(year, week, FIRST_DAY + timedelta(days=number), orders)
        year.close_day()
        _note_reports(year, week)
    return week


class _Shop(ShopYear):
    """A shop of which the connector's calls are counted."""

    def __init__(self, calls: Counter[str]) -> None:
        super().__init__(Opening(FIRST_DAY, settings={"invoice_mode": "on_paid"}))
        self.sandbox.http.mount(ADDRESS, _Counted(self.sandbox.http.get_adapter(ADDRESS), calls))

    def read_orders(self) -> dict[str, Form]:
        """Nobody compares the shop's documents here."""
        return {}


class _Counted(BaseAdapter):
    """Counts what goes out, by its path without ids."""

    def __init__(self, adapter: BaseAdapter, calls: Counter[str]) -> None:
        super().__init__()
        self._adapter, self._calls = adapter, calls

    def send(self, request: PreparedRequest, *settings: Any, **more: Any) -> Response:
        path = urlsplit(str(request.url)).path.removeprefix("/nl/").removesuffix(".json")
        self._calls["/".join("…" if part.isdigit() else part for part in path.split("/"))] += 1
        return self._adapter.send(request, *settings, **more)


def _live_a_day(year: ShopYear, week: Week, day: date, orders: int) -> None:
    """The day before's orders are shipped in the morning, then today's are sold."""
    year.stage.now = max(year.stage.now, datetime.combine(day, time(8), AMSTERDAM))
    for number in {entry.number for entry in year.stage.entries.list_changed(SHOP_ID, limit=1000)}:
        accept_changes(year.workspace(), number, by=Actor.MERCHANT)
    yesterday = f"{day - timedelta(days=1)}/"
    before = [name for name in year.orders if name.startswith(yesterday)]
    for place, name in enumerate(before):
        _handle(year, week, name, place % 200)
    pause = timedelta(hours=12) / orders
    for place in range(orders):
        year.stage.now += pause
        year.sell(f"{day}/{place}", _make_form(place))


def _handle(year: ShopYear, week: Week, name: str, place: int) -> None:
    """What becomes of an order on the next day."""
    desk, shop, order = year.sandbox.desk, year.sandbox.shop, year.orders[name]
    year.stage.now += timedelta(seconds=20)
    if place in CANCELLED:
        desk.cancel(shop, order)
        week.due[order.number] = LateChange.CANCELLED
        return
    if place in REFUNDED:
        desk.credit(shop, order, {})
        week.due[order.number] = LateChange.REFUNDED
        return
    desk.ship(shop, order)
    if place in MOVED:
        desk.edit(shop, order, {"customer": {**_make_customer(place), "billing": NEW_HOME}})
        week.due[order.number] = LateChange.DETAILS
    elif place in DEARER:
        desk.edit(shop, order, {"lines": [line_form("Mok", "15.95")]})
        week.due[order.number] = LateChange.EDITED


NEW_HOME = {"street": "Nieuwe Straat", "number": "1", "zipcode": "1234 AB", "city": "Utrecht"}


def _make_customer(place: int) -> dict[str, Any]:
    home = {"street": "Dorpsstraat", "number": str(place + 1), "zipcode": "3511 AA"}
    home |= {"city": "Utrecht", "country": "nl"}
    return dict(person(f"klant{place}@example.nl", "Sanne", "Vries", billing=home))


def _make_form(place: int) -> dict[str, Any]:
    lines = [line_form("Mok", "14.95"), line_form("Thee", "4.95", "0.09")]
    return {
        "customer": _make_customer(place),
        "lines": lines[: 1 + place % 2],
        "shipping": parcel("4.95"),
    }


def _note_reports(year: ShopYear, week: Week) -> None:
    """What the night booked, and what it reported of what had to be."""
    entries = year.stage.entries.items[SHOP_ID].values()
    week.orders = sum(entry.kind is DocumentKind.ORDER for entry in entries)
    changes = {entry.number: entry.change for entry in entries}
    for number in week.due:
        week.reported.setdefault(number, changes[number])
    week.others = [
        number for number, change in changes.items() if change and number not in week.due
    ]
