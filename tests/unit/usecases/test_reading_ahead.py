"""A run reads its documents ahead, several at once, and judges them in their order."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from threading import Lock, get_ident
from typing import Any, TypeVar

import pytest

from chalicelib.adapters.seoshop.many_reads import AT_ONCE, read_many
from chalicelib.domain.ledger import EntryState
from chalicelib.domain.policy import DateBasis
from chalicelib.errors import ShopError, ShopNotFound, ShopRateLimited, ShopUnavailable
from chalicelib.usecases.filing import claimed_documents
from chalicelib.usecases.filing.export import FUNCTION_TIME
from chalicelib.usecases.judging import isolating
from tests.fakes.documents_of_shop import order
from tests.fakes.seoshop import Call, MemorySeoshop
from tests.unit.usecases.stage import SHOP_ID, Stage

R = TypeVar("R")
ORDERS = 40


class ThreadedSeoshop(MemorySeoshop):
    """Reads by the adapter's own pool; remembers the orders asked for, and by which thread."""

    def __init__(self, **facts: Any) -> None:
        super().__init__(before_call=self._note, **facts)
        self.asked: list[int] = []
        self.threads: set[int] = set()
        self.at_once: list[int] = []
        self.pace = timedelta(0)
        self._lock = Lock()
        self.pass_time: Callable[[timedelta], None] = lambda _: None

    def _note(self, call: Call) -> None:
        with self._lock:
            self.threads.add(get_ident())
            if call.name == "order" and isinstance(call.about, int):
                self.asked.append(call.about)
                self.pass_time(self.pace)

    def read_many(self, reads: Sequence[Callable[[], R]]) -> Generator[R | ShopError, None, None]:
        self.at_once.append(len(reads))
        return read_many(reads)


@pytest.fixture
def stage() -> Stage:
    return make_stage()


def make_stage(**policy: Any) -> Stage:
    stage = Stage(**policy)
    stage.api = ThreadedSeoshop(clock=lambda: stage.now)

    def pass_time(time: timedelta) -> None:
        stage.now += time

    shop_of(stage).pass_time = pass_time
    for number in range(1, ORDERS + 1):
        stage.receive(order(id=number, number=f"ORD{number}"))
    return stage


def shop_of(stage: Stage) -> ThreadedSeoshop:
    assert isinstance(stage.api, ThreadedSeoshop)
    return stage.api


def states(stage: Stage) -> list[EntryState]:
    return [stage.entry(f"order-{number}").state for number in range(1, ORDERS + 1)]


def test_the_file_has_its_documents_in_the_order_of_their_claims(stage: Stage) -> None:
    stage.night()
    [file] = stage.connector.files.list_recent(SHOP_ID, 2)
    assert list(file.keys) == [f"order-{number}" for number in range(1, ORDERS + 1)]
    assert sorted(shop_of(stage).asked) == list(range(1, ORDERS + 1)), "one call an order"
    assert len(shop_of(stage).threads) > 1


@pytest.mark.parametrize(("left", "at_once"), [(None, [1, ORDERS - 1]), (270, [0, ORDERS])])
def test_nothing_is_read_ahead_before_the_allowance_is_known(
    stage: Stage, left: int | None, at_once: list[int]
) -> None:
    stage.api.remaining = left
    stage.night()
    assert shop_of(stage).at_once == at_once


def test_only_the_shop_is_asked_beside_the_run(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The tables, the lease among them, are the business of the run's own thread."""
    own, renewed = get_ident(), list[int]()
    renew = stage.shops.renew

    def note_and_renew(shop_id: int, owner: str, *, until: datetime) -> bool:
        renewed.append(get_ident())
        return renew(shop_id, owner, until=until)

    monkeypatch.setattr(stage.shops, "renew", note_and_renew)
    shop_of(stage).pace = stage.connector.settings.run_lease / 8
    stage.night()
    assert len(renewed) > 1
    assert set(renewed) == {own}


def test_a_run_whose_time_is_up_has_read_a_few_in_vain_at_most(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = isolating.read_isolated
    judged: list[str] = []

    def judge_slowly(workspace: Any, entry: Any) -> Any:
        judged.append(entry.key)
        if len(judged) == 5:
            stage.now += FUNCTION_TIME
        return read(workspace, entry)

    monkeypatch.setattr(claimed_documents, "read_isolated", judge_slowly)
    stage.export_later()
    assert len(judged) == 5
    assert len(shop_of(stage).asked) <= 5 + AT_ONCE
    assert states(stage) == [EntryState.PLACED] * 5 + [EntryState.WAITING] * (ORDERS - 5)


def test_a_limit_met_ahead_stops_the_run_where_it_was_met(stage: Stage) -> None:
    until = stage.now + timedelta(hours=1)
    stage.api.fail(ShopRateLimited("enough", until=until), "order", about=(4,))
    run = stage.export_later()
    assert run.resume_at == until
    assert states(stage) == [EntryState.PLACED] * 3 + [EntryState.WAITING] * (ORDERS - 3)
    assert len(shop_of(stage).asked) <= 4 + AT_ONCE

    stage.api.recover()
    stage.export_later(hours=1)
    assert set(states(stage)) == {EntryState.PLACED}
    assert len(stage.booked()) == ORDERS


@pytest.mark.parametrize("error", [ShopNotFound("gone", status=404), ValueError("x"), KeyError()])
def test_what_is_wrong_with_one_is_no_trouble_of_the_others(stage: Stage, error: Exception) -> None:
    stage.api.fail(error, "order", about=(7,))
    stage.night()
    assert states(stage).count(EntryState.PLACED) == ORDERS - 1
    assert stage.entry("order-7").state is not EntryState.PLACED


def test_a_shop_that_is_down_is_left_alone_after_a_few(stage: Stage) -> None:
    stage.api.fail(ShopUnavailable("down"), "order")
    stage.api.fail(ShopUnavailable("down"), "profile")
    stage.export_later()
    assert set(states(stage)) == {EntryState.WAITING}
    assert len(shop_of(stage).asked) <= claimed_documents.FAILURES_IN_A_ROW + AT_ONCE


def test_moments_of_payment_are_read_ahead_too() -> None:
    stage = make_stage(date_basis=DateBasis.PAYMENT)
    for number in range(1, ORDERS + 1):
        stage.api.put(replace(stage.api.orders[number], paid_at=None))
        stage.api.payments[number] = [stage.now - timedelta(hours=1)]
    moments: set[int] = set()
    paid_at = stage.api.paid_at

    def note(order_id: int) -> datetime | None:
        moments.add(get_ident())
        return paid_at(order_id)

    stage.api.paid_at = note  # type: ignore[method-assign]
    stage.night()
    assert get_ident() not in moments
    assert stage.api.calls["paid_at"] == ORDERS
    assert stage.entries.get(SHOP_ID, "order-1") is not None
