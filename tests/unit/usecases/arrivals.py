"""A file that was given up, and is in the inbox after all."""

from __future__ import annotations

from datetime import timedelta

from chalicelib.domain.ledger import FileState
from chalicelib.errors import InboxUnknown, ShopUnavailable
from chalicelib.usecases.operating.rerun import rerun
from tests.unit.usecases.day_runs import MORNING, export, sell, statement
from tests.unit.usecases.stage import SHOP_ID, Stage


def decide(stage: Stage, file: str, verdict: str) -> FileState:
    """What becomes of a file by the operator's word."""
    wish = {"shop_id": SHOP_ID, "file": file, "settle": verdict}
    rerun(stage.connector, wish, run="operator")
    found = stage.connector.files.get(SHOP_ID, file)
    assert found is not None
    return found.state


def give_up(stage: Stage) -> str:
    """A file with two orders whose answer was lost; the operator did not see it in Asperion."""
    stage.now = MORNING
    for number in (1, 2):
        sell(stage, number)
    stage.inbox.fail(InboxUnknown("no answer"), times=1)
    export(stage)
    [name] = statement(stage).unfinished
    stage.now += timedelta(minutes=10)
    assert decide(stage, name, "again") is FileState.VOID
    return name


def pass_days(stage: Stage, days: int) -> None:
    """Nights in which the list is seen, and no order can be read."""
    stage.api.fail(ShopUnavailable("502"), "order")
    for _ in range(days):
        stage.now += timedelta(days=1)
        assert export(stage).files == []
    stage.api.recover()
    stage.now += timedelta(days=1)
