"""A shop's day: what is sold, how its runs may end, and what its statements have to say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from chalicelib.domain.days import local_day
from chalicelib.domain.events import Actor, OrderStep
from chalicelib.domain.orders import OrderStatus
from chalicelib.domain.statement import DayAccount, DayStatement, Figure, Verdict, statement_name
from chalicelib.errors import (
    InboxRefused,
    InboxUnknown,
    ShopForbidden,
    ShopRateLimited,
    ShopUnavailable,
    ShopUnreadable,
)
from chalicelib.usecases.filing.export import Job, export_shop
from chalicelib.usecases.filing.run import Run
from chalicelib.usecases.operating import repair
from chalicelib.usecases.operating.day_documents import read_day
from chalicelib.usecases.operating.rerun import rerun
from tests.fakes.documents_of_shop import invoice, order
from tests.fakes.seoshop import Call
from tests.fakes.whole_account import account_of_day
from tests.unit.usecases.stage import SHOP_ID, Stage

MORNING = datetime(2026, 3, 16, 8, 0, tzinfo=UTC)
TODAY, TOMORROW = local_day(MORNING), local_day(MORNING) + timedelta(days=1)
NIGHT = timedelta(hours=17)
"""From the morning to the next day's run."""


def sell(stage: Stage, number: int, **facts: Any) -> None:
    """A webhook brings an order that was paid just now."""
    sold = order(id=number, number=f"ORD{number}", **facts)
    stage.receive(replace(sold, created_at=stage.now, paid_at=stage.now))


def key(number: int) -> str:
    return f"order-{number}"


def export(stage: Stage, *, only: list[str] | None = None) -> Run:
    return export_shop(stage.connector, Job(shop_id=SHOP_ID, run=f"run-{stage.now}", only=only))


def statement(stage: Stage, day: date = TODAY) -> DayStatement:
    kept = stage.shops.load(SHOP_ID, DayStatement, statement_name(day))
    assert kept is not None, f"no statement of {day}"
    return kept


def figures(stage: Stage, day: date = TODAY) -> dict[str, int]:
    kept = statement(stage, day)
    found = {figure.value: getattr(kept, figure.value) for figure in Figure}
    return {name: number for name, number in found.items() if number}


def placements(stage: Stage, day: date) -> int:
    """How many documents went into a file on a day, as the inbox's files would count them."""
    return sum(
        event.step is OrderStep.PLACE and local_day(event.at) == day
        for entry in stage.entries.items[SHOP_ID].values()
        for event in entry.history
    )


def check_statements(stage: Stage) -> None:
    """Every statement closes, goes on from the day before and holds all that was delivered."""
    kept = sorted(stage.shops.statements(SHOP_ID, 99), key=lambda one: one.day)
    previous: DayStatement | None = None
    for one in kept:
        assert one.difference == 0, one
        assert one.verdict is not Verdict.WRONG, one
        assert one.placed == sum(one.files.values()), one
        if one.verdict is not Verdict.RUNNING:  # else the rest of it is for the run's last part
            assert one.placed == placements(stage, one.day), one
        if previous is not None:
            assert one.day == previous.day + timedelta(days=1)
            assert one.opened == previous.left, one
        if one is not kept[-1]:
            assert one.verdict is Verdict.RIGHT, one
        previous = one
    for one in kept:
        account = account_of_day(stage.workspace(), one.day)
        check_page(stage, one, account)
        if one.day < local_day(stage.now):
            found = {figure: account.count(figure) for figure in Figure}
            assert found == {figure: getattr(one, figure.value) for figure in Figure}


def check_page(stage: Stage, one: DayStatement, account: DayAccount) -> None:
    """What a page reads by the keys that a statement names is what the whole ledger tells."""
    documents = read_day(stage.workspace(), one)
    assert documents.is_of_now or one.is_final
    for figure in Figure:
        listed = sorted(each.key for each in documents.account.figures[figure])
        assert listed == sorted(each.key for each in account.figures[figure]), (one.day, figure)
        assert documents.count(figure) == len(listed)
    by_file = {name: len(keys) for name, keys in account.placed_by_file.items()}
    assert documents.count_placed() == by_file
    assert documents.files.keys() >= by_file.keys()


def deliver_in_the_morning(stage: Stage) -> None:
    for number in (1, 2, 3):
        sell(stage, number)
    export(stage)
    assert figures(stage) == {"due": 3, "placed": 3}


def change_at_noon(stage: Stage) -> None:
    stage.now += timedelta(hours=4)
    stage.api.put(replace(stage.api.orders[2], status=OrderStatus.CANCELLED))
    note = invoice("CRE3", id=33, is_credit_note=True, created_at=stage.now, updated_at=stage.now)
    stage.api.put(replace(stage.api.orders[3], invoices=(note,)))


def rate_limit(stage: Stage, call: str | None = None) -> None:
    until = stage.now + timedelta(minutes=5)
    names = () if call is None else (call,)
    stage.api.fail(ShopRateLimited("429", until=until), *names)


def run_whole(stage: Stage) -> None:
    export(stage)


def run_one_only(stage: Stage) -> None:
    export(stage, only=[key(4)])


def run_none_only(stage: Stage) -> None:
    export(stage, only=[])


def run_without_shop(stage: Stage) -> None:
    stage.api.fail(ShopUnavailable("502"))
    export(stage)


def run_forbidden(stage: Stage) -> None:
    stage.api.fail(ShopForbidden("403", status=403), "orders_updated_since")
    export(stage)


def run_without_budget(stage: Stage) -> None:
    rate_limit(stage)
    export(stage)


def run_out_of_budget(stage: Stage) -> None:
    """The sweep has been; no order can be read any more, and the next message finds that out."""
    rate_limit(stage, "order")
    export(stage)
    export(stage)


def run_out_of_time(stage: Stage) -> None:
    def slow(call: Call) -> None:
        if call.name == "order":
            stage.now += timedelta(minutes=14)

    stage.api.before_call = slow
    export(stage)
    stage.api.before_call = lambda call: None


def run_refused_by_the_inbox(stage: Stage) -> None:
    stage.inbox.fail(InboxRefused("403"))
    export(stage)


def run_unanswered_by_the_inbox(stage: Stage) -> None:
    stage.inbox.fail(InboxUnknown("reset"), times=1)
    export(stage)


def run_unanswered_though_stored(stage: Stage) -> None:
    stage.inbox.fail(InboxUnknown("reset"), times=1, though_stored=True)
    export(stage)


def run_without_licence(stage: Stage) -> None:
    licence = stage.connector.find_shop(SHOP_ID).licence
    stage.shops.update(SHOP_ID, lambda shop: replace(shop, licence=None))
    export(stage)
    stage.shops.update(SHOP_ID, lambda shop: replace(shop, licence=licence))


def run_with_an_unreadable_order(stage: Stage) -> None:
    stage.api.fail(ShopUnreadable("field priceIncl"), "order", about=(4,))
    export(stage)


def run_and_send_again(stage: Stage) -> None:
    by = Actor.MERCHANT
    assert repair.send_order_again(stage.workspace(), "ORD1", reason="deleted", by=by) == 1
    export(stage)


def run_by_the_operator(stage: Stage) -> None:
    rerun(stage.connector, {"shop_id": SHOP_ID, "orders": ["ORD4"]}, run="rerun")


Deed = Callable[[Stage], None]

DEEDS: list[Deed] = [
    run_whole,
    run_one_only,
    run_none_only,
    run_without_shop,
    run_forbidden,
    run_without_budget,
    run_out_of_budget,
    run_out_of_time,
    run_refused_by_the_inbox,
    run_unanswered_by_the_inbox,
    run_unanswered_though_stored,
    run_without_licence,
    run_with_an_unreadable_order,
    run_and_send_again,
    run_by_the_operator,
]


def open_stage() -> Stage:
    """Three orders, delivered in the morning; later one is cancelled and one paid back."""
    stage = Stage()
    stage.now = MORNING
    deliver_in_the_morning(stage)
    change_at_noon(stage)
    return stage


def open_small_stage() -> Stage:
    """Two mugs of 20.00, delivered in the morning."""
    stage = Stage()
    stage.now = MORNING
    for number in (1, 2):
        sell(stage, number)
    export(stage)
    return stage
