"""The day's statement holds every document delivered that day, whatever runs the day had."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import count
from typing import Any

import pytest

from chalicelib.domain.discrepancies import Discrepancy, DiscrepancyKind
from chalicelib.domain.ledger import EntryState
from chalicelib.domain.orders import PaymentStatus
from chalicelib.domain.statement import Figure, Verdict
from chalicelib.usecases.operating.day_documents import read_day
from chalicelib.usecases.shop.erasing import forget_notes
from tests.fakes.documents_of_shop import order
from tests.fakes.whole_account import account_of_day
from tests.unit.usecases.crashes import killed_after
from tests.unit.usecases.day_runs import (
    DEEDS,
    MORNING,
    NIGHT,
    TODAY,
    TOMORROW,
    Deed,
    change_at_noon,
    check_page,
    check_statements,
    deliver_in_the_morning,
    export,
    figures,
    key,
    open_stage,
    placements,
    run_and_send_again,
    run_out_of_budget,
    run_out_of_time,
    run_refused_by_the_inbox,
    run_unanswered_by_the_inbox,
    run_whole,
    run_with_an_unreadable_order,
    run_without_budget,
    sell,
    statement,
)
from tests.unit.usecases.retrying import retry_order
from tests.unit.usecases.stage import Stage


@pytest.fixture
def stage() -> Stage:
    return open_stage()


def test_a_second_and_a_third_run_lose_no_delivered_document(stage: Stage) -> None:
    for number in (4, 5):
        sell(stage, number)
        stage.now += timedelta(hours=1)
        assert not export(stage).is_day_wrong
        assert figures(stage) == {"due": number, "placed": number}
        assert statement(stage).verdict is Verdict.RIGHT
    assert len(statement(stage).files) == 3
    check_statements(stage)


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
        assert now.placed == placements(stage, TODAY) or now.verdict is Verdict.RUNNING
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


def killed_and_left(writes: int) -> bool:
    """Whether the run lived; it was killed after so many writes, and its shop left at once."""
    stage = open_stage()
    deliver_in_the_morning(stage)
    sell(stage, 4)
    sell(stage, 5, payment_status="not_paid")
    with killed_after(stage, writes) as lifetime:
        export(stage)
    forget_notes(stage.workspace())
    check_page(stage, statement(stage), account_of_day(stage.workspace(), TODAY))
    return lifetime.is_over


def test_a_day_whose_shop_left_after_a_killed_run_is_listed_whole() -> None:
    lived = next(writes for writes in count(1) if not killed_and_left(writes))
    assert lived > 10


def test_sent_again_on_the_same_day_it_stands_there_twice(stage: Stage) -> None:
    run_and_send_again(stage)
    assert figures(stage) == {"due": 3, "corrections": 1, "placed": 4}
    assert sorted(statement(stage).files.values()) == [1, 3]
    stage.now = MORNING + NIGHT
    export(stage)
    check_statements(stage)
    assert figures(stage) == {"due": 3, "corrections": 1, "placed": 4}


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


def test_a_run_that_breaks_off_does_not_hide_what_an_earlier_one_found(stage: Stage) -> None:
    get_all = stage.entries.get_all

    def forgetful(shop_id: int, keys: Any) -> Any:
        return {key: entry for key, entry in get_all(shop_id, keys).items() if key != "order-1"}

    stage.entries.get_all = forgetful  # type: ignore[method-assign]
    assert export(stage).is_day_wrong
    missing = Discrepancy(kind=DiscrepancyKind.MISSING, count=1, names=("ORD1",))
    assert missing in statement(stage).discrepancies
    stage.entries.get_all = get_all  # type: ignore[method-assign]
    sell(stage, 4)
    run_out_of_budget(stage)
    assert statement(stage).verdict is Verdict.WRONG
    stage.api.recover()
    stage.now += timedelta(hours=1)
    run_unanswered_by_the_inbox(stage)
    assert statement(stage).verdict is Verdict.WRONG
    assert missing in statement(stage).discrepancies
    stage.now += timedelta(hours=1)
    assert not export(stage).is_day_wrong
    check_statements(stage)


def test_a_run_in_parts_states_the_day_with_its_first_and_its_last(stage: Stage) -> None:
    """Reading all that waits after each of a migration's many parts would take longer than they."""
    earlier = statement(stage)
    for number in (4, 5, 6):
        sell(stage, number)
    run_out_of_time(stage)
    assert statement(stage) == replace(earlier, verdict=Verdict.RUNNING)
    export(stage)
    assert figures(stage) == {"due": 6, "placed": 6}
    assert statement(stage).verdict is Verdict.RIGHT

    other = Stage()
    other.now = MORNING
    for number in (1, 2):
        sell(other, number)
    run_out_of_time(other)
    assert figures(other) == {"due": 2, "placed": 1, "waiting": 1}
    assert statement(other).verdict is Verdict.RUNNING


def release_between(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, number: str, *lists: str
) -> list[str]:
    """Once the next of these lists is read, the merchant releases a held order. Returns which of
    the lists were read, as they are.
    """
    read: list[str] = []

    def follow(name: str) -> None:
        show = getattr(stage.entries, name)

        def show_once(*args: Any, **kwargs: Any) -> Any:
            shown = show(*args, **kwargs)
            read.append(name)
            if len(read) == 1:
                assert retry_order(stage.workspace(), number) == 1
            return shown

        monkeypatch.setattr(stage.entries, name, show_once)

    for name in lists:
        follow(name)
    return read


def test_an_order_released_while_the_lists_are_read_is_in_the_days_account(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    sell(stage, 4, email="")
    export(stage)
    assert figures(stage) == {"due": 4, "placed": 3, "held": 1}
    read = release_between(stage, monkeypatch, "ORD4", "list_asking", "list_waiting")
    account = read_day(stage.workspace(), statement(stage)).account
    assert sorted(read) == ["list_asking", "list_waiting"]
    assert account.list_numbers(Figure.WAITING) == ["ORD4"]
    assert (account.count(Figure.DUE), account.list_unbalanced()) == (4, [])


def test_an_order_released_while_the_day_is_stated_is_on_its_statement(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    sell(stage, 4, email="")
    export(stage)
    statements = stage.shops.statements

    def begin(shop_id: int, limit: int) -> Any:
        monkeypatch.setattr(stage.shops, "statements", statements)
        release_between(stage, monkeypatch, "ORD4", "list_held", "list_waiting")
        return statements(shop_id, limit)

    monkeypatch.setattr(stage.shops, "statements", begin)
    stage.now = MORNING + NIGHT
    assert not export(stage, only=[]).is_day_wrong
    assert figures(stage) == {"due": 4, "placed": 3, "held": 1}
    assert figures(stage, TOMORROW) == {"opened": 1, "waiting": 1}
    monkeypatch.undo()
    check_statements(stage)
