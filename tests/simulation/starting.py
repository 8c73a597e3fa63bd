"""What starts processes in a simulated world: the nightly events, messages and webhooks."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

from chalicelib.domain.nights import Slice, SliceProgress
from chalicelib.domain.orders import ShopInvoice
from chalicelib.domain.tasks import Task
from chalicelib.errors import ConnectorError, ShopBusy
from chalicelib.usecases.afterwards.watch import watch_shop
from chalicelib.usecases.connector import Connector
from chalicelib.usecases.filing import export
from chalicelib.usecases.filing.export import TIME_TO_FINISH
from chalicelib.usecases.filing.night_start import start_night
from chalicelib.usecases.filing.sending_out import send_slice
from chalicelib.usecases.intake.hints import record_delivery
from tests.fakes.export_queue import Message
from tests.simulation.sim_orders import SimOrder
from tests.simulation.sim_world import FUNCTION, SHOP_ID, World

COMES_BACK = (900, 2700, 7200)
"""Seconds after which a message comes back that failed for the first, second, third time, as
`entries.export_messages` lets it."""


def start_nightly_run(world: World, attempt: int = 1) -> None:
    """The scheduler's event; AWS tries it twice more when it fails."""

    def done(fine: bool) -> None:
        if not fine and attempt < 3:
            again = partial(start_nightly_run, world, attempt + 1)
            world.machine.at(world.machine.time + 60 * attempt, again)

    def act(connector: Connector) -> int:
        return start_night(connector, Task.EXPORT, run=f"night{int(world.machine.time)}")

    world.start("daily", act, limit=300.0, done=done)


def start_watch(world: World) -> None:
    """The nightly watch over subscriptions and refunds."""
    world.start("watch", lambda connector: watch_shop(connector, SHOP_ID))


def deliver_messages(world: World) -> None:
    """From now on the queue's messages start exports, or send out their slice, as
    `entries.export_messages` does it.
    """

    def deliver(number: str, message: Message | Slice, done: Callable[[bool], None]) -> None:
        def fail(error: ConnectorError) -> None:
            if not isinstance(error, ShopBusy):
                again = COMES_BACK[min(world.queue.receives[number], len(COMES_BACK)) - 1]
                world.queue.keep(number, again)

        if isinstance(message, Slice):
            act = partial(_send_slice, message, number)
            world.start("slice", act, done=done, fail=fail)
            return
        world.names["delivery"] += 1
        job = export.Job(
            shop_id=SHOP_ID,
            run=f"{message.run or 'export'}/{number}/{world.names['delivery']}",
            time=timedelta(seconds=FUNCTION),
            task=message.task,
            receipt=number,
        )

        world.start(
            "export",
            lambda connector: export.export_shop(connector, job),
            done=done,
            fail=fail,
        )

    world.queue.deliver = deliver


def _send_slice(one: Slice, number: str, connector: Connector) -> list[SliceProgress]:
    stop_at = connector.clock() + timedelta(seconds=FUNCTION) - TIME_TO_FINISH
    return send_slice(connector, one, stop_at=stop_at, receipt=number)


def ring_order(world: World, order: SimOrder) -> None:
    """SEOshop's webhook of an order that became paid, in its own unreliable way."""
    if not any(each.is_active for each in world.shop.seoshop.subscriptions):
        world.counts["webhook without subscription"] += 1
        return
    if world.weather.strikes("webhook lost"):
        return
    shown = order.now.order
    body = {
        "order": {
            "id": shown.id,
            "number": shown.number,
            "createdAt": shown.created_at.isoformat(),
            "paymentStatus": "paid",
        }
    }
    _ring(world, "orders-paid", body)


def ring_bill(world: World, bill: ShopInvoice) -> None:
    """SEOshop's webhook of a new invoice or credit note, likewise."""
    if world.weather.strikes("webhook lost"):
        return
    created = bill.created_at.isoformat()
    body = {"invoice": {"id": bill.id, "number": bill.number, "createdAt": created}}
    _ring(world, "invoices-created", body)


def _ring(world: World, topic: str, body: dict[str, Any]) -> None:
    rng, weather = world.rng, world.weather
    late = rng.random() * 90_000 if weather.strikes("webhook late") else 0.0
    _ring_after(world, late + rng.random() * 3, topic, body)
    if weather.strikes("webhook twice"):
        _ring_after(world, late + rng.random() * 120, topic, body)


def _ring_after(
    world: World, delay: float, topic: str, body: dict[str, Any], attempt: int = 1
) -> None:
    def done(fine: bool) -> None:
        if not fine and attempt < 3:
            _ring_after(world, 60.0 * attempt, topic, body, attempt + 1)

    def act(connector: Connector) -> Any:
        if world.weather.strikes("webhook cut off"):
            raise ConnectorError("the delivery was cut off")
        return record_delivery(connector, SHOP_ID, topic, json.dumps(body).encode())

    world.machine.at(
        world.machine.time + delay,
        lambda: world.start("webhook", act, limit=10.0, done=done),
    )
