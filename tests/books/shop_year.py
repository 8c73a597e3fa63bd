"""A made-up shop that trades for a year on a simulated clock: what happens in it, day by day.

The shop is the sandbox's SEOshop, read by the connector's own client; what the connector does is
done by its use cases: the night's run, the watch, corrections, choices. The inbox keeps the bytes
that it got.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from chalicelib.adapters.seoshop.client import SeoshopApi
from chalicelib.domain.days import AMSTERDAM, local_day
from chalicelib.domain.events import Actor
from chalicelib.domain.holds import HoldReason
from chalicelib.domain.period_locks import LockHolder
from chalicelib.domain.policy import Policy
from chalicelib.domain.shops import Shop
from chalicelib.usecases.afterwards.corrections import request_correction
from chalicelib.usecases.connector import Connector
from chalicelib.usecases.filing.run import Run
from chalicelib.usecases.operating.closing_periods import (
    close_period,
    open_period,
    read_closed_periods,
)
from chalicelib.usecases.operating.releasing import release_and_judge
from chalicelib.usecases.operating.repair import send_order_again
from chalicelib.usecases.shop.choosing import change_choices
from chalicelib.usecases.workspace import Workspace
from sandbox.seoshop.models import Invoice, Order
from tests.books.sandbox_session import SandboxShop
from tests.unit.usecases.stage import SHOP_ID, Stage

Form = Mapping[str, Any]
MERCHANT = LockHolder(Actor.MERCHANT)


@dataclass(frozen=True)
class Opening:
    """How a shop begins: its first day, its settings in SEOshop, the merchant's choices."""

    first_day: date
    policy: Policy = field(default_factory=Policy)
    settings: Form = field(default_factory=dict)


@dataclass(frozen=True)
class Closing:
    """The books are closed up to a day, until that is taken back."""

    until: date
    since: datetime
    lifted: datetime | None = None

    def stands_at(self, moment: datetime) -> bool:
        """Whether the books are closed by it at a moment."""
        return self.since <= moment and (self.lifted is None or moment < self.lifted)


class ShopYear:
    """One shop with the connector from its first day on; orders go by the names a plot gives."""

    def __init__(self, opening: Opening) -> None:
        self.first_day = opening.first_day
        self.stage = Stage()
        self.stage.now = datetime.combine(opening.first_day, time(8), AMSTERDAM)
        self.sandbox = SandboxShop(lambda: self.stage.now, **opening.settings)
        self.orders: dict[str, Order] = {}
        self.runs: list[Run] = []
        self.closings: list[Closing] = []
        self.made_at: dict[str, datetime] = {}
        self.orders_of_file: dict[str, Mapping[str, Form]] = {}
        """The shop's order documents by number, as each file found them."""
        self._read_orders: dict[tuple[str, str], Form] = {}
        self.stage.connector = replace(
            self.stage.connector, open_shop=self._open_api, open_for_page=self._open_api
        )
        self.stage.shops.update(
            SHOP_ID, lambda shop: _install(shop, opening.policy, at=self.stage.now)
        )

    @property
    def connector(self) -> Connector:
        """The connector's parts."""
        return self.stage.connector

    @property
    def files(self) -> Mapping[str, bytes]:
        """The import files as the inbox got them, by name."""
        return self.stage.inbox.files

    @property
    def today(self) -> date:
        """The day it is in the shop."""
        return local_day(self.stage.now)

    def read_orders(self) -> dict[str, Form]:
        """The shop's order documents as they are now, by number."""
        found: dict[str, Form] = {}
        for listed in self.sandbox.list_documents("orders"):
            key = (listed["number"], listed["updatedAt"])
            if key not in self._read_orders:
                order = self.sandbox.read_document("order", int(listed["id"]))
                self._read_orders[key] = order
            found[listed["number"]] = self._read_orders[key]
        return found

    def workspace(self) -> Workspace:
        """The shop at work, as it is now."""
        return self.stage.workspace()

    def play(self, plot: Iterable[Scene], until: date = date.max) -> None:
        """Play scene after scene, to those of the day `until`, with a run and a watch in the night
        after each day that has one (days on which nothing happens are passed over).
        """
        by_day: dict[date, list[Scene]] = {}
        for scene in plot:
            if scene.day <= until:
                by_day.setdefault(scene.day, []).append(scene)
        for day in sorted(by_day):
            self.stage.now = max(self.stage.now, datetime.combine(day, time(9), AMSTERDAM))
            for scene in by_day[day]:
                scene.deed(self)
                self.stage.now += timedelta(minutes=20)
            self.close_day()

    def close_day(self) -> None:
        """The night: a run at 01:15, and the watch two hours later."""
        tomorrow = self.today + timedelta(days=1)
        self.stage.now = datetime.combine(tomorrow, time(1, 15), AMSTERDAM)
        self.run()
        self.stage.now += timedelta(hours=2)
        self.stage.watch()

    def run(self) -> None:
        """A run of the connector."""
        orders = self.read_orders()
        try:
            self.runs.append(self.stage.export_later())
        finally:
            for name in self.files:
                self.made_at.setdefault(name, self.stage.now)
                self.orders_of_file.setdefault(name, orders)

    def sell(self, name: str, form: Form) -> None:
        """A customer orders, and pays at once unless the form says ``"paid": False``."""
        self.orders[name] = self.sandbox.desk.create(self.sandbox.shop, {"paid": True, **form})

    def credit(self, name: str, lines: Sequence[int] = (), *, costs: bool = True) -> Invoice:
        """SEOshop makes a credit note over all of an order that is left, or over a piece of each of
        the lines at these places.
        """
        order, form = self.orders[name], {}
        if lines:
            pieces = [{"id": order.lines[at].id, "quantity": 1} for at in lines]
            form = {"lines": pieces, "costs": costs}
        return self.sandbox.desk.credit(self.sandbox.shop, order, form)

    def correct(self, name: str) -> None:
        """The merchant has the late change of an order corrected."""
        request_correction(self.workspace(), self.orders[name].number, by=Actor.MERCHANT)

    def correct_all(self) -> None:
        """The merchant has every late change corrected."""
        for entry in self.stage.entries.list_changed(SHOP_ID):
            request_correction(self.workspace(), entry.number, by=Actor.MERCHANT)

    def release(self) -> None:
        """The merchant lets everything that is held be looked at again."""
        release_and_judge(self.workspace(), [each.value for each in HoldReason], by=Actor.MERCHANT)

    def send_again(self, name: str) -> None:
        """The merchant deleted the invoice in Asperion, and sends the order once more."""
        number = self.orders[name].number
        send_order_again(self.workspace(), number, reason="weg", by=Actor.MERCHANT)

    def close_books(self, until: date) -> None:
        """The merchant closes the books up to and including a day."""
        assert close_period(self.workspace(), until, MERCHANT)
        self.closings.append(Closing(until, since=self.stage.now))

    def open_books(self) -> None:
        """The merchant takes the last closing back."""
        workspace, closing = self.workspace(), self.closings[-1]
        lock = read_closed_periods(workspace, MERCHANT).own[0]
        assert open_period(workspace, lock.name, MERCHANT, reason="te vroeg gesloten")
        self.closings[-1] = replace(closing, lifted=self.stage.now)

    def choose(self, **choices: Any) -> None:
        """The merchant chooses something else."""
        workspace = self.workspace()
        change_choices(workspace, replace(workspace.shop.policy, **choices), by=Actor.MERCHANT)

    def _open_api(self, _shop: Shop) -> SeoshopApi:
        return self.sandbox.open_api()


def _install(shop: Shop, policy: Policy, *, at: datetime) -> Shop:
    return replace(
        shop, policy=policy, installed_at=at, exports_since=at, changed_at=at, swept_until=at
    )


Deed = Callable[[ShopYear], object]


@dataclass(frozen=True)
class Scene:
    """Something that happens on a day."""

    day: date
    deed: Deed


def on(day: str, *deeds: Deed) -> list[Scene]:
    """What happens on a day (``2026-03-31``), in this order."""
    return [Scene(date.fromisoformat(day), deed) for deed in deeds]


def sell(name: str, customer: Form, *lines: Form, **more: Any) -> Deed:
    """An order, by the form of the sandbox."""
    form = {"customer": customer, "lines": list(lines), **more}
    return lambda year: year.sell(name, form)


def pay(name: str) -> Deed:
    """An order is paid after all."""
    return lambda year: year.sandbox.desk.paid(year.sandbox.shop, year.orders[name])


def cancel(name: str) -> Deed:
    """An order is cancelled."""
    return lambda year: year.sandbox.desk.cancel(year.sandbox.shop, year.orders[name])


def edit(name: str, **form: Any) -> Deed:
    """An order is edited in the shop's back office."""
    return lambda year: year.sandbox.desk.edit(year.sandbox.shop, year.orders[name], form)


def invoice(name: str, *pieces: tuple[int, int]) -> Deed:
    """SEOshop makes an invoice over so many pieces of the line at a place, or over what is left."""

    def deed(year: ShopYear) -> None:
        order, form = year.orders[name], {}
        if pieces:
            lines = [{"id": order.lines[at].id, "quantity": many} for at, many in pieces]
            form = {"lines": lines}
        year.sandbox.desk.invoice(year.sandbox.shop, order, form)

    return deed


def credit(name: str, *lines: int, costs: bool = False) -> Deed:
    """SEOshop makes a credit note; see `ShopYear.credit`."""
    return lambda year: year.credit(name, lines, costs=costs)


def correct(name: str) -> Deed:
    """The merchant has a late change corrected."""
    return lambda year: year.correct(name)


def release() -> Deed:
    """The merchant lets what is held be looked at again."""
    return ShopYear.release


def send_again(name: str) -> Deed:
    """An order is sent once more, whose invoice was deleted in Asperion."""
    return lambda year: year.send_again(name)


def correct_all() -> Deed:
    """The merchant has every late change corrected."""
    return ShopYear.correct_all


def close_books(until: str) -> Deed:
    """The merchant closes the books up to and including a day."""
    return lambda year: year.close_books(date.fromisoformat(until))


def open_books() -> Deed:
    """The merchant opens what he closed last."""
    return ShopYear.open_books


def choose(**choices: Any) -> Deed:
    """The merchant chooses something else."""
    return lambda year: year.choose(**choices)
