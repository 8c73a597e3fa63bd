"""A page gets its answer, or our own message, before the gateway in front of it gives up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
import requests

from chalicelib import bootstrap
from chalicelib.adapters.deadline import Deadline
from chalicelib.bootstrap import ATTENDED, PAGE_TIME
from chalicelib.domain.shops import Shop, ShopState
from chalicelib.errors import ShopUnavailable
from chalicelib.ports import ShopApi
from tests.fakes.web import World
from tests.unit.adapters.seoshop.support import NOW, Answer, Call, Desk, payload

GATEWAY = 29.0  # seconds


class Watch:
    """Seconds that pass only when somebody waits."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def silent(watch: Watch, desk: list[Desk]) -> Callable[[Call], Answer]:
    """A server that takes connections and never says a word."""

    def answer(_: Call) -> Answer:
        timeout = desk[0].shop.timeouts[-1]
        watch.now += min(timeout.total, ATTENDED[1]) if hasattr(timeout, "total") else timeout[1]
        raise requests.ReadTimeout

    return answer


def waiting(seconds: float | None) -> tuple[Watch, Desk]:
    watch = Watch()
    held: list[Desk] = []
    deadline = None if seconds is None else Deadline(seconds, monotonic=watch)
    held.append(
        Desk(
            silent(watch, held),
            sleep=watch.sleep,
            timeout=ATTENDED,
            deadline=deadline,
        )
    )
    return watch, held[0]


def test_without_a_deadline_three_tries_take_longer_than_the_gateway_waits() -> None:
    watch, desk = waiting(None)

    with pytest.raises(ShopUnavailable):
        desk.api.payment_methods()

    assert watch.now - 1000 > GATEWAY


def test_all_tries_together_end_at_the_deadline() -> None:
    watch, desk = waiting(PAGE_TIME)

    with pytest.raises(ShopUnavailable, match="in time"):
        desk.api.payment_methods()

    assert len(desk.calls) == 2
    assert watch.now - 1000 <= PAGE_TIME


def test_after_the_deadline_nothing_is_asked_any_more() -> None:
    watch, desk = waiting(PAGE_TIME)
    watch.sleep(PAGE_TIME)

    with pytest.raises(ShopUnavailable, match="No time is left"):
        desk.api.order(1)

    assert not desk.calls


def test_an_answer_in_drops_ends_at_the_deadline() -> None:
    watch = Watch()

    def answer(_: Call) -> Answer:
        watch.now += 30
        return Answer(payload("order.json"))

    desk = Desk(answer, sleep=watch.sleep, deadline=Deadline(20, monotonic=watch))

    with pytest.raises(ShopUnavailable, match="takes too long"):
        desk.api.order(301204417)


def test_a_try_that_could_not_come_to_anything_is_not_begun() -> None:
    _, desk = waiting(11.0)

    with pytest.raises(ShopUnavailable):
        desk.api.order(1)

    assert len(desk.calls) == 1


def test_one_deadline_is_for_all_calls_of_a_page_and_a_new_one_for_the_next(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    given: list[Deadline] = []
    world = World()
    shop = Shop(
        shop_id=1,
        state=ShopState.ACTIVE,
        cluster="eu1",
        language="nl",
        installed_at=NOW,
        changed_at=NOW,
    )

    def open_for_page(shop: Shop, deadline: Deadline | None = None) -> ShopApi:
        assert deadline is not None
        given.append(deadline)
        return world.connector.open_shop(shop)

    whole = replace(world.connector, open_for_page=open_for_page, front_door=None)
    monkeypatch.setattr(bootstrap, "open_connector", lambda: whole)

    page, next_page = bootstrap.open_page_connector(), bootstrap.open_page_connector()
    for connector in (page, page, next_page):
        connector.open_for_page(shop)

    assert given[0] is given[1]
    assert given[2] is not given[0]
    assert 0 < given[0].seconds_left() <= PAGE_TIME < GATEWAY - 5


def test_a_run_gives_its_calls_the_time_that_it_has_left() -> None:
    desk = Desk(lambda _: Answer(payload("order.json")))
    desk.api.limit_time(timedelta(0))

    with pytest.raises(ShopUnavailable, match="No time is left"):
        desk.api.order(1)

    assert not desk.calls
