"""A shop's own trouble is the report's; that of many shops at once rings, and ends when it ends."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import NamedTuple

import pytest

from chalicelib import metrics
from chalicelib.domain.events import Actor
from chalicelib.domain.ledger import FileState
from chalicelib.domain.shops import TroubleCause
from chalicelib.ports import Task
from chalicelib.usecases.filing.run import FileResult, Run
from tests.unit.usecases.stage import SHOP_ID, Stage
from tests.watching.watched_day import ALARM_SHOPS, WatchedDay

Capture = pytest.CaptureFixture[str]


class Case(NamedTuple):
    """What goes wrong in a run, and the alarm of it."""

    alarm: str
    happen: Callable[[Run], None]
    passes: bool = False


def ended_by(cause: TroubleCause) -> Callable[[Run], None]:
    def count(run: Run) -> None:
        run.trouble = cause
        metrics.count_export(run)

    return count


def with_file(state: FileState) -> Callable[[Run], None]:
    def count(run: Run) -> None:
        run.files.append(FileResult(name="axml-orders-20260315-1-001.xml", orders=3, state=state))
        metrics.count_export(run)

    return count


def with_wrong_day(run: Run) -> None:
    run.is_day_wrong = True
    metrics.count_export(run)


AT_ONCE = {
    TroubleCause.INBOX_REFUSED: "RefusedFileAlarm",
    TroubleCause.SHOP_FORBIDDEN: "ShopForbiddenAlarm",
    TroubleCause.SHOP_UNAUTHORISED: "ShopUnauthorisedAlarm",
    TroubleCause.SHOP_REFUSED: "ShopRefusedAlarm",
    TroubleCause.LANGUAGE: "ShopLanguageAlarm",
    TroubleCause.LICENCE: "ShopLicenceAlarm",
    TroubleCause.SEAL_BROKEN: "SealBrokenAlarm",
    TroubleCause.CONNECT_AGAIN: "ShopConnectionAlarm",
    TroubleCause.DOCUMENTS_REFUSED: "RefusedDocumentsAlarm",
    TroubleCause.UNFINISHED: "UnfinishedExportAlarm",
}
IN_EVERY_TRY = {
    TroubleCause.INBOX_UNAVAILABLE: "InboxUnavailableAlarm",
    TroubleCause.SHOP_UNAVAILABLE: "ShopUnavailableAlarm",
    TroubleCause.UNPROVEN: "ShopUnprovenAlarm",
    TroubleCause.VAULT_UNAVAILABLE: "VaultUnavailableAlarm",
    TroubleCause.ADMINISTRATION_CLOSED: "ShopAdministrationAlarm",
}
CASES = [
    *(Case(alarm, ended_by(cause)) for cause, alarm in AT_ONCE.items()),
    *(Case(alarm, ended_by(cause), passes=True) for cause, alarm in IN_EVERY_TRY.items()),
    Case("UnknownFileAlarm", with_file(FileState.UNKNOWN)),
    Case("DoubleFileAlarm", with_file(FileState.DOUBLE)),
    Case("DayOpenAlarm", with_wrong_day),
    Case("FailedExportAlarm", lambda _run: metrics.count_failure(Task.EXPORT)),
]
TRIES = (0, 15, 60, 180)
"""Minutes after the first one at which a run is tried again."""


def new_run() -> Run:
    stage = Stage()
    shop = stage.connector.find_shop(SHOP_ID)
    return Run(
        stage.connector,
        shop,
        name="export/1",
        by=Actor.EXPORT,
        stop_at=stage.now + timedelta(minutes=10),
    )


class Fleet:
    """So many shops go wrong in the same way, each in a minute of its own."""

    def __init__(self, case: Case, capture: Capture) -> None:
        self.day, self._case, self._capture = WatchedDay(), case, capture

    def goes_wrong(self, shops: int, minutes: int = 1) -> None:
        for _ in range(minutes):
            for _ in range(shops):
                self._case.happen(new_run())
            self.day.printed(self._capture.readouterr().out)
            self.day.pass_minutes(1)

    def is_well(self, minutes: int) -> None:
        metrics.count_export(new_run())
        printed = self._capture.readouterr().out
        self.day.pass_minutes(minutes, lambda: self.day.printed(printed))


def test_every_cause_has_its_case() -> None:
    special = {TroubleCause.INBOX_UNKNOWN, TroubleCause.APP_REFUSED}
    assert set(AT_ONCE) | set(IN_EVERY_TRY) | special == set(TroubleCause)
    assert {cause.passes for cause in IN_EVERY_TRY} == {True}
    assert {cause.passes for cause in AT_ONCE} == {False}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.alarm)
def test_many_shops_ring_and_it_ends_when_they_are_well(case: Case, capsys: Capture) -> None:
    fleet = Fleet(case, capsys)
    fleet.is_well(30)
    assert fleet.day.rings() == set()

    fleet.goes_wrong(1, minutes=ALARM_SHOPS + 2)
    if case.passes:
        assert fleet.day.rings() == set()  # later tries may go well
        for _ in range(2):
            fleet.is_well(60 - ALARM_SHOPS - 2)
            fleet.goes_wrong(1, minutes=ALARM_SHOPS + 2)
    assert fleet.day.rings() == {case.alarm}

    fleet.is_well(5 * 60 if case.passes else 20)
    assert fleet.day.rings() == set()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.alarm)
def test_one_shop_rings_nothing_however_often_it_is_tried(case: Case, capsys: Capture) -> None:
    fleet = Fleet(case, capsys)
    for minute in range(TRIES[-1] + 1):
        if minute in TRIES:
            fleet.goes_wrong(1)
        else:
            fleet.day.pass_minutes(1)
        assert fleet.day.rings() == set()


def test_the_apps_own_pair_rings_at_once_and_for_one_shop(capsys: Capture) -> None:
    fleet = Fleet(Case("AppRefusedAlarm", ended_by(TroubleCause.APP_REFUSED)), capsys)
    fleet.goes_wrong(1)
    assert fleet.day.rings() == {"AppRefusedAlarm"}
    fleet.is_well(6)
    assert fleet.day.rings() == set()
