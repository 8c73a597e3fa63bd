"""The day's statement holds every document delivered that day, whatever runs the day had."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

import pytest

from chalicelib.domain.days import local_day, start_of
from chalicelib.domain.events import Actor, Event, FileStep, OrderStep
from chalicelib.domain.ledger import EntryState, FileContent, FileEntry
from chalicelib.domain.shops import ShopState
from chalicelib.domain.statement import DayStatement, Figure, Verdict, statement_name
from chalicelib.domain.statuses import OrderStatus, PaymentStatus
from chalicelib.errors import (
    InboxRefused,
    InboxUnknown,
    ShopForbidden,
    ShopRateLimited,
    ShopUnavailable,
    ShopUnreadable,
)
from chalicelib.usecases.filing.day_statement import account_of_day
from chalicelib.usecases.filing.export import Job, Report, export_shop
from chalicelib.usecases.operating import repair
from chalicelib.usecases.operating.rerun import rerun
from tests.fakes.documents_of_shop import invoice, order
from tests.fakes.seoshop import Call
from tests.unit.usecases.crashes import killed_after
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


def export(stage: Stage, *, only: list[str] | None = None) -> Report:
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
        assert one.placed == placements(stage, one.day) == sum(one.files.values()), one
        if previous is not None:
            assert one.day == previous.day + timedelta(days=1)
            assert one.opened == previous.left, one
        if one is not kept[-1]:
            assert one.verdict is Verdict.RIGHT, one
        previous = one
    for one in kept:
        account = account_of_day(stage.workspace(), one.day)
        if one.day < local_day(stage.now):
            found = {figure: account.count(figure) for figure in Figure}
            assert found == {figure: getattr(one, figure.value) for figure in Figure}


@pytest.fixture
def stage() -> Stage:
    """Three orders, delivered in the morning; later one is cancelled and one paid back."""
    stage = Stage()
    stage.now = MORNING
    deliver_in_the_morning(stage)
    change_at_noon(stage)
    return stage


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


def test_a_second_and_a_third_run_lose_no_delivered_document(stage: Stage) -> None:
    for number in (4, 5):
        sell(stage, number)
        stage.now += timedelta(hours=1)
        assert not export(stage).is_day_wrong
        assert figures(stage) == {"due": number, "placed": number}
        assert statement(stage).verdict is Verdict.RIGHT
    assert len(statement(stage).files) == 3
    check_statements(stage)


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


@pytest.mark.parametrize("third", [run_whole, run_without_budget, run_refused_by_the_inbox])
@pytest.mark.parametrize("second", DEEDS)
def test_however_the_later_runs_end_the_row_only_grows_and_the_night_closes_the_day(
    stage: Stage, second: Deed, third: Deed
) -> None:
    before = statement(stage)
    sell(stage, 4)
    for number, deed in enumerate((second, third), start=5):
        stage.now += timedelta(hours=1)
        deed(stage)
        stage.api.recover()
        stage.inbox.recover()
        now = statement(stage)
        assert now.placed >= before.placed
        assert now.files.items() >= before.files.items()
        assert now.placed == placements(stage, TODAY)
        assert now.due + now.corrections >= before.due + before.corrections
        check_statements(stage)
        before = now
        sell(stage, number)
    stage.now = MORNING + NIGHT
    assert not export(stage).is_day_wrong
    check_statements(stage)
    assert statement(stage).verdict is Verdict.RIGHT
    assert statement(stage).due == 6
    assert statement(stage).files.items() >= before.files.items()
    unread = {4} if second is run_with_an_unreadable_order else set()
    held = {n for n in range(1, 7) if stage.entry(key(n)).state is not EntryState.PLACED}
    assert held == unread


def killed_day(writes: int) -> bool:
    """The second run of a day is killed after so many writes; whether it lived that long."""
    stage = Stage()
    stage.now = MORNING
    deliver_in_the_morning(stage)
    change_at_noon(stage)
    sell(stage, 4)
    sell(stage, 5, email="")
    sell(stage, 6, payment_status="not_paid")
    with killed_after(stage, writes) as lifetime:
        export(stage)
    assert statement(stage).placed >= 3
    assert statement(stage).files.items() >= {("axml-orders-20260316-184520-001.xml", 3)}
    stage.now += timedelta(minutes=30)  # the lease is over, and the inbox's answer proves something
    assert not export(stage).is_day_wrong
    check_statements(stage)
    assert figures(stage) == {"due": 6, "placed": 4, "dropped": 1, "held": 1}
    stage.now = MORNING + NIGHT
    export(stage)
    check_statements(stage)
    assert statement(stage).verdict is Verdict.RIGHT
    assert figures(stage) == {"due": 6, "placed": 4, "dropped": 1, "held": 1}
    return lifetime.is_over


def test_a_run_that_is_killed_after_any_of_its_writes_loses_no_delivered_document() -> None:
    lived = next(writes for writes in count(1) if not killed_day(writes))
    assert lived > 15


def killed_evening(writes: int, *, next_day: Deed) -> bool:
    """A day's only run is killed after so many writes, and the next day has this run."""
    stage = Stage()
    stage.now = MORNING
    for number in (1, 2, 3):
        sell(stage, number)
    with killed_after(stage, writes) as lifetime:
        export(stage)
    for _ in range(2):
        stage.now += timedelta(days=1)
        next_day(stage)
        stage.api.recover()
        stage.inbox.recover()
        if stage.shops.statements(SHOP_ID, 9):
            check_statements(stage)
    stage.now += timedelta(days=1)
    assert not export(stage).is_day_wrong
    check_statements(stage)
    assert all(stage.entry(key(number)).state is EntryState.PLACED for number in (1, 2, 3))
    return lifetime.is_over


@pytest.mark.parametrize(
    "next_day",
    [
        run_whole,
        run_none_only,
        run_without_shop,
        run_without_budget,
        run_without_licence,
        run_refused_by_the_inbox,
        run_unanswered_by_the_inbox,
        run_unanswered_though_stored,
    ],
)
def test_a_day_whose_only_run_is_killed_is_stated_by_later_days(next_day: Deed) -> None:
    lived = next(writes for writes in count(1) if not killed_evening(writes, next_day=next_day))
    assert lived > 10


def test_a_file_whose_outcome_is_learned_on_a_later_day_counts_on_that_day(stage: Stage) -> None:
    stage.inbox.mute = True
    sell(stage, 4)
    run_unanswered_though_stored(stage)
    assert figures(stage) == {"due": 4, "placed": 3, "waiting": 1}
    (unknown,) = statement(stage).unfinished

    stage.now = MORNING + NIGHT
    export(stage)
    assert figures(stage) == {"due": 4, "placed": 3, "waiting": 1}
    assert figures(stage, TOMORROW) == {"opened": 1, "waiting": 1}
    check_statements(stage)

    stage.inbox.mute = False
    stage.now += timedelta(hours=1)
    export(stage)
    assert figures(stage, TOMORROW) == {"opened": 1, "placed": 1}
    assert statement(stage, TOMORROW).files == {unknown: 1}
    for days in (1, 2):
        stage.now += timedelta(days=1)
        export(stage)
        check_statements(stage)
        assert figures(stage, TOMORROW) == {"opened": 1, "placed": 1}, f"{days} days later"
        assert statement(stage, TODAY).unfinished == (unknown,)
        assert statement(stage, TOMORROW).unfinished == ()


@pytest.mark.parametrize("verdict", ["confirm", "again"])
def test_a_file_that_a_person_decides_on_counts_on_the_day_of_the_decision(
    stage: Stage, verdict: str
) -> None:
    stage.inbox.mute = True
    sell(stage, 4)
    run_unanswered_by_the_inbox(stage)
    (unknown,) = statement(stage).unfinished
    stage.now = MORNING + NIGHT
    wish = {"shop_id": SHOP_ID, "file": unknown, "settle": verdict}
    rerun(stage.connector, wish, run="operator")
    export(stage)
    for _ in range(3):
        check_statements(stage)
        assert figures(stage, TOMORROW) == {"opened": 1, "placed": 1}
        assert (unknown in statement(stage, TOMORROW).files) is (verdict == "confirm")
        stage.now += timedelta(days=1)
        export(stage)


@pytest.mark.parametrize("step", [FileStep.FIX, FileStep.DELIVER, FileStep.FINISH])
def test_midnight_between_a_file_and_its_documents(step: FileStep) -> None:
    stage = Stage()
    stage.now = datetime(2026, 3, 16, 22, 59, 50, tzinfo=UTC)  # ten seconds before midnight
    for number in (1, 2, 3):
        sell(stage, number)
    files: Any = stage.connector.files
    record = files.record

    def slow(file: FileEntry, event: Event, content: FileContent | None = None) -> Any:
        recorded = record(file, event, content)
        if event.step is step:
            stage.now += timedelta(seconds=20)
        return recorded

    files.record = slow
    assert not export(stage).is_day_wrong
    files.record = record
    for _ in range(3):
        check_statements(stage)
        stage.now += timedelta(days=1)
        assert not export(stage).is_day_wrong
    placed_on = TOMORROW if step is FileStep.FIX else TODAY
    assert placements(stage, placed_on) == 3
    assert statement(stage, placed_on).placed == 3
    assert figures(stage)["due"] == 3


def test_midnight_while_the_statement_is_drawn(stage: Stage) -> None:
    sell(stage, 4)
    stage.now = datetime(2026, 3, 16, 22, 59, 59, tzinfo=UTC)
    list_held = stage.entries.list_held

    def slow(*args: Any, **kwargs: Any) -> Any:
        stage.now += timedelta(seconds=2)
        return list_held(*args, **kwargs)

    stage.entries.list_held = slow  # type: ignore[method-assign]
    assert not export(stage).is_day_wrong
    stage.entries.list_held = list_held  # type: ignore[method-assign]
    stage.now += timedelta(hours=2)
    export(stage)
    check_statements(stage)
    assert figures(stage) == {"due": 4, "placed": 4}


def test_two_days_without_any_run_are_made_up_for(stage: Stage) -> None:
    sell(stage, 4)
    stage.now += timedelta(days=1)
    sell(stage, 5)
    stage.now += timedelta(days=2)
    sell(stage, 6)
    export(stage)
    days = [TODAY + timedelta(days=n) for n in range(4)]
    assert [one.day for one in reversed(stage.shops.statements(SHOP_ID, 9))] == days
    assert [figures(stage, day) for day in days] == [
        {"due": 4, "placed": 3, "waiting": 1},
        {"opened": 1, "due": 1, "waiting": 2},
        {"opened": 2, "waiting": 2},
        {"opened": 2, "due": 1, "placed": 3},
    ]
    check_statements(stage)


def test_whoever_was_away_for_long_begins_anew(stage: Stage) -> None:
    sell(stage, 4)
    stage.now += timedelta(days=20)
    for number in (5, 6):
        assert not export(stage).is_day_wrong
        stage.now += timedelta(days=1)
        sell(stage, number)
    kept = [one for one in stage.shops.statements(SHOP_ID, 99) if one.day > TOMORROW]
    assert all(one.verdict is not Verdict.WRONG for one in kept)
    assert sum(one.placed for one in kept) == 2


def test_a_paused_shop_makes_up_for_its_pause(stage: Stage) -> None:
    stage.shops.update(SHOP_ID, lambda shop: replace(shop, state=ShopState.PAUSED))
    sell(stage, 4)
    stage.now += timedelta(days=2)
    export(stage)
    stage.shops.update(SHOP_ID, lambda shop: replace(shop, state=ShopState.ACTIVE))
    export(stage)
    check_statements(stage)
    assert figures(stage) == {"due": 4, "placed": 3, "waiting": 1}


@pytest.mark.parametrize("finder", ["run", "operator"])
def test_a_file_from_before_rows_named_files_is_found_all_the_same(
    stage: Stage, finder: str
) -> None:
    """Version 1.0.0 kept a day's figures alone."""
    stage.inbox.mute = True
    sell(stage, 4)
    run_unanswered_though_stored(stage)
    (unknown,) = statement(stage).unfinished
    for _ in range(2):
        stage.now += timedelta(days=1)
        export(stage)
    for one in stage.shops.statements(SHOP_ID, 9):
        former = replace(one, files={}, unfinished=(), at=start_of(one.day) + timedelta(hours=3))
        stage.shops.kept[SHOP_ID][statement_name(one.day)] = former
    stage.now += timedelta(days=1)
    if finder == "operator":
        export(stage)
        stage.now += timedelta(days=1)
        wish = {"shop_id": SHOP_ID, "file": unknown, "settle": "confirm"}
        rerun(stage.connector, wish, run="operator")
    found_on = local_day(stage.now)
    stage.inbox.mute = False
    for _ in range(3):
        assert not export(stage).is_day_wrong
        assert figures(stage, found_on) == {"opened": 1, "placed": 1}
        assert statement(stage, found_on).files == {unknown: 1}
        stage.now += timedelta(days=1)


def test_sent_again_on_the_same_day_it_stands_there_twice(stage: Stage) -> None:
    run_and_send_again(stage)
    assert figures(stage) == {"due": 3, "corrections": 1, "placed": 4}
    assert sorted(statement(stage).files.values()) == [1, 3]
    stage.now = MORNING + NIGHT
    export(stage)
    check_statements(stage)
    assert figures(stage) == {"due": 3, "corrections": 1, "placed": 4}


def test_sent_again_on_another_day_it_is_that_days(stage: Stage) -> None:
    stage.now = MORNING + NIGHT
    run_and_send_again(stage)
    assert figures(stage) == {"due": 3, "placed": 3}
    assert figures(stage, TOMORROW) == {"corrections": 1, "placed": 1}
    stage.now += timedelta(days=1)
    export(stage)
    check_statements(stage)


def test_lists_that_lag_behind_hide_no_document_from_the_day(stage: Stage) -> None:
    sell(stage, 4, email="")
    export(stage)
    stage.now = MORNING + NIGHT
    stage.entries.freeze_index()
    stage.api.put(replace(stage.api.orders[4], payment_status=PaymentStatus.NOT_PAID))
    for number, email in ((5, "s.devries@example.nl"), (6, "")):
        sold = order(id=number, number=f"ORD{number}", email=email)
        stage.api.put(replace(sold, created_at=stage.now, paid_at=stage.now))
    assert not export(stage).is_day_wrong
    expected = {"opened": 1, "due": 2, "placed": 1, "dropped": 1, "held": 1}
    assert figures(stage, TOMORROW) == expected
    stage.entries.thaw_index()
    stage.now += timedelta(days=1)
    export(stage)
    check_statements(stage)
    assert figures(stage, TOMORROW) == expected


def test_a_check_that_breaks_off_does_not_hide_what_an_earlier_one_found(stage: Stage) -> None:
    get_all = stage.entries.get_all

    def forgetful(shop_id: int, keys: Any) -> Any:
        return {key: entry for key, entry in get_all(shop_id, keys).items() if key != "order-1"}

    stage.entries.get_all = forgetful  # type: ignore[method-assign]
    assert export(stage).is_day_wrong
    stage.entries.get_all = get_all  # type: ignore[method-assign]
    sell(stage, 4)
    rate_limit(stage, "order")
    assert export(stage).is_day_wrong
    stage.api.recover()
    stage.now += timedelta(hours=1)
    assert not export(stage).is_day_wrong
    check_statements(stage)
