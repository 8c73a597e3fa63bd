"""A period is closed or opened while a run is at work, or while files may still come in."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from chalicelib.domain.causes import ReleaseCause
from chalicelib.domain.events import FileStep
from chalicelib.domain.ledger import EntryState, FileEntry, FileState
from chalicelib.errors import InboxUnknown, ShopBusy
from chalicelib.ports import Task
from chalicelib.usecases.filing.export import Job, export_shop
from chalicelib.usecases.operating.closing_periods import Unconfirmed, list_unsure_files
from tests.unit.usecases.closed_books import (
    FEBRUARY,
    KEY,
    MARCH,
    audit,
    booked_days,
    close_books,
    is_original,
    last_file,
    locked_until,
    meanwhile,
    reopen,
    sell,
)
from tests.unit.usecases.stage import SHOP_ID, Stage


@pytest.fixture
def stage() -> Stage:
    return Stage()


def force(stage: Stage, until: date) -> None:
    """The lock as it is stored, whoever has the lease: as if the run at work had lost it."""
    other = Stage()
    close_books(other, until)
    locks = other.workspace().shop.locks
    stage.shops.update(SHOP_ID, lambda shop: replace(shop, locks=locks))


def test_a_period_that_is_closed_while_a_file_is_made_stops_it(stage: Stage) -> None:
    sell(stage)
    meanwhile(stage, lambda: force(stage, MARCH))
    run = export_shop(stage.connector, Job(shop_id=SHOP_ID, run="run"))
    assert stage.inbox.files == {}
    assert [file.state for file in run.files] == [FileState.VOID]
    assert stage.entry(KEY).history[-1].cause is ReleaseCause.SHOP_CHANGED
    stage.export_later(minutes=1)
    assert [day for day, _ in booked_days(stage)] == [date(2026, 3, 14)]


def test_a_period_that_is_opened_while_a_file_is_made_lets_it_be_made_anew(stage: Stage) -> None:
    sell(stage)
    close_books(stage)
    meanwhile(stage, lambda: reopen(stage))
    export_shop(stage.connector, Job(shop_id=SHOP_ID, run="run"))
    stage.export_later(minutes=1)
    assert booked_days(stage) == [(date(2026, 3, 10), "Bestelling ORD00411")]


def test_no_period_is_closed_while_a_run_is_at_work(stage: Stage) -> None:
    sell(stage)
    refused: list[type[Exception]] = []

    def try_to_close() -> None:
        with pytest.raises(ShopBusy) as error:
            close_books(stage)
        refused.append(error.type)

    meanwhile(stage, try_to_close)
    stage.night()
    assert refused == [ShopBusy]
    assert locked_until(stage) is None
    assert audit(stage) == []
    assert close_books(stage), "and afterwards it is"


def test_a_run_that_comes_while_a_period_is_being_closed_comes_after_it(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    sell(stage)
    read = list_unsure_files

    def run_meanwhile(*args: Any) -> list[FileEntry]:
        run = export_shop(stage.connector, Job(shop_id=SHOP_ID, run="night/1"))
        assert [one.order for one in run.skipped] == ["shop"]
        return read(*args)

    monkeypatch.setattr(
        "chalicelib.usecases.operating.closing_periods.list_unsure_files", run_meanwhile
    )
    assert close_books(stage)
    assert Task.WISH in [message.task for message in stage.queue.messages]
    assert stage.inbox.files == {}


def lose(stage: Stage, *, arrives: bool) -> FileEntry:
    """A file of which nobody knows whether it arrived."""
    sell(stage)
    stage.inbox.fail(InboxUnknown("lost"), times=1, though_stored=arrives)
    stage.inbox.mute = arrives
    stage.night()
    file = last_file(stage)
    assert file.state is FileState.UNKNOWN
    return file


def test_files_that_may_still_come_in_are_named_and_have_to_be_confirmed(stage: Stage) -> None:
    file = lose(stage, arrives=True)
    with pytest.raises(Unconfirmed) as asked:
        close_books(stage)
    assert [one.name for one in asked.value.files] == [file.name]
    assert locked_until(stage) is None
    with pytest.raises(Unconfirmed):
        close_books(stage, confirmed=["axml-orders-20260101-184520-001.xml"])
    assert close_books(stage, confirmed=[file.name])
    assert not stage.shops.find_lease(SHOP_ID).is_held(stage.now)


def test_a_file_that_never_arrived_is_not_sent_again_into_a_closed_period(stage: Stage) -> None:
    lost = lose(stage, arrives=False)
    close_books(stage, confirmed=[lost.name])
    stage.night()
    assert [day for day, _ in booked_days(stage)] == [date(2026, 3, 14)]
    assert lost.name not in stage.inbox.files
    kept = stage.connector.files.get(SHOP_ID, lost.name)
    assert kept is not None
    assert kept.history[-2].step is FileStep.MISS
    assert stage.entry(KEY).state is EntryState.PLACED


def test_a_file_that_never_arrived_and_has_no_closed_day_is_sent_again(stage: Stage) -> None:
    lost = lose(stage, arrives=False)
    close_books(stage, FEBRUARY, confirmed=[lost.name])
    stage.night()
    assert [day for day, _ in booked_days(stage)] == [date(2026, 3, 10)]
    assert is_original(stage)
