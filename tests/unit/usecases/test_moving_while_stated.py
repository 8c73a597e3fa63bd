"""A day is closed with every document of it, whatever another run without the lease, a webhook or a
person moves while its statement is drawn up.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import count
from typing import Any

import pytest

from chalicelib.domain.journal import EntryKind
from chalicelib.domain.ledger import EntryState
from chalicelib.domain.orders import OrderStatus
from chalicelib.usecases.filing import export as exporting
from tests.unit.usecases.day_runs import (
    MORNING,
    NIGHT,
    Deed,
    check_statements,
    export,
    key,
    open_stage,
    sell,
    statement,
)
from tests.unit.usecases.retrying import retry_order
from tests.unit.usecases.stage import SHOP_ID, Stage

READS = (
    ("shops", "statements"),
    ("entries", "list_dropped"),
    ("entries", "list_held"),
    ("entries", "list_waiting"),
    ("files", "list_since"),
    ("shops", "load"),
    ("entries", "get_all"),
)
"""By what a day is drawn up: from the first of them to the last."""


def _work_unseen(stage: Stage) -> None:
    """A run that has no lease, and is killed before it states the day."""
    leases = dict(stage.shops.leases)
    stage.shops.leases.clear()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(exporting, "state_day", lambda run, check: None)
        export(stage, only=[key(4)])
    stage.shops.leases.update(leases)


def sell_one(stage: Stage, **facts: Any) -> None:
    sell(stage, 4, **facts)
    assert stage.entry(key(4)).state is EntryState.WAITING


def hold_one(stage: Stage) -> None:
    sell_one(stage, email="")
    _work_unseen(stage)
    assert stage.entry(key(4)).state is EntryState.HELD


def drop_one(stage: Stage) -> None:
    sell_one(stage)
    drop(stage)


def place(stage: Stage) -> None:
    _work_unseen(stage)
    assert stage.entry(key(4)).state is EntryState.PLACED


def hold(stage: Stage) -> None:
    stage.api.put(replace(stage.api.orders[4], email=""))
    _work_unseen(stage)
    assert stage.entry(key(4)).state is EntryState.HELD


def drop(stage: Stage) -> None:
    stage.api.put(replace(stage.api.orders[4], status=OrderStatus.CANCELLED))
    _work_unseen(stage)
    assert stage.entry(key(4)).state is EntryState.DROPPED


def release(stage: Stage) -> None:
    assert retry_order(stage.workspace(), "ORD4") == 1


def ask_again(stage: Stage) -> None:
    stage.receive(stage.api.orders[4])
    assert stage.entry(key(4)).state is EntryState.WAITING


def release_and_drop(stage: Stage) -> None:
    release(stage)
    drop(stage)


def move_between(stage: Stage, reads: int, move: Deed) -> list[str]:
    """Move the document after so many reads, and state the days. Returns the reads, if there were
    more than that.
    """
    done: list[str] = []
    is_over = [False]

    def follow(name: str, read: Callable[..., Any]) -> Callable[..., Any]:
        def follow_read(*args: Any, **kwargs: Any) -> Any:
            if not is_over[0] and (done or name == "statements"):
                done.append(name)
                is_over[0] = name == "get_all"
                if len(done) == reads + 1:
                    is_over[0] = True
                    move(stage)
            return read(*args, **kwargs)

        return follow_read

    with pytest.MonkeyPatch.context() as patch:
        for table, name in READS:
            target = getattr(stage.connector, table)
            patch.setattr(target, name, follow(name, getattr(target, name)))
        export(stage, only=[])
    return done[: reads + 1]


@pytest.mark.parametrize("lags", [False, True], ids=["at once", "lagging"])
@pytest.mark.parametrize(
    ("come", "move"),
    [
        (sell_one, place),
        (sell_one, hold),
        (sell_one, drop),
        (hold_one, release),
        (hold_one, release_and_drop),
        (drop_one, ask_again),
    ],
    ids=lambda deed: deed.__name__,
)
def test_a_document_that_moves_between_two_reads_is_on_the_statement_that_is_closed(
    come: Deed, move: Deed, lags: bool
) -> None:
    for reads in count():
        stage = open_stage()
        come(stage)
        before = stage.entry(key(4)).state
        stage.now = MORNING + NIGHT
        if lags:
            stage.entries.freeze_index()
        done = move_between(stage, reads, move)
        stage.entries.thaw_index()
        if len(done) <= reads:
            assert done[0] == "statements", done
            assert done[-1] == "get_all", done
            return
        assert stage.entry(key(4)).state is not before
        for later in (timedelta(hours=1), timedelta(days=1)):
            stage.now += later
            export(stage, only=[])
        assert statement(stage).is_closed, done
        assert statement(stage).due == 4, done
        check_statements(stage)
        kinds = [entry.kind for entry in stage.shops.journal(SHOP_ID, 9)]
        assert kinds == [EntryKind.STATEMENT] * 2, done
