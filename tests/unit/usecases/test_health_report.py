"""The morning's report: what it finds, and the page that it makes of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

import pytest

from chalicelib.domain.app_standing import AppStanding
from chalicelib.domain.fleet_halt import FleetHalt, FleetPart, Halt
from chalicelib.domain.neglect import Mender, find_shops_mender, is_neglected
from chalicelib.domain.nights import Slice, SliceProgress
from chalicelib.domain.shop_health import FoundCause, HealthCause, Severity, ShopHealth
from chalicelib.domain.shops import ShopState, TroubleCause
from chalicelib.domain.slots import EVERY_SLOT
from chalicelib.domain.tasks import Task
from chalicelib.domain.ways import Way
from chalicelib.ports import Listeners, RingingAlarm
from chalicelib.settings import Settings
from chalicelib.usecases.connector import ReportParts
from chalicelib.usecases.operating.health_report import SHOWN, HealthReport, make_report
from chalicelib.usecases.operating.report_page import describe_report, write_page, write_subject
from chalicelib.usecases.shop.app_proof import ALL_SHOPS
from tests.fakes.export_queue import MemoryQueue, Message
from tests.fakes.memory_alarms import MemoryAlarms
from tests.fakes.memory_ledger import MemoryShops
from tests.unit.usecases.stage import FIRST_NIGHT

MORNING = FIRST_NIGHT.replace(hour=5, minute=30)


class Fleet:
    """A fleet whose night went well."""

    def __init__(self, *, alarm_shops: int = 5) -> None:
        self.shops, self.queue, self.alarms = MemoryShops(), MemoryQueue(), MemoryAlarms()
        self._alarm_shops = alarm_shops
        for task in (Task.EXPORT, Task.WATCH):
            self.sent_out(task, EVERY_SLOT)

    def sent_out(
        self, task: Task, slots: Iterable[str], *, at: datetime = FIRST_NIGHT, done: bool = True
    ) -> None:
        for place, slot in enumerate(slots):
            due_at = at + timedelta(minutes=place)
            progress = SliceProgress(
                task=task,
                slot=slot,
                run="night",
                due_at=due_at,
                started_at=due_at,
                at=due_at,
                sent=100,
                done_at=due_at + timedelta(seconds=30) if done else None,
            )
            name = Slice(slot=slot, task=task, run="night", due_at=due_at).name
            self.shops.change(ALL_SHOPS, SliceProgress, lambda _, it=progress: it, name)  # type: ignore[misc]

    def ill(self, shop_id: int, *causes: FoundCause) -> None:
        self.shops.save_health(made(shop_id, *causes))

    def report(self) -> HealthReport:
        parts = ReportParts(
            settings=Settings(table_prefix="test-", alarm_shops=self._alarm_shops),
            shops=self.shops,
            queue=self.queue,
            clock=lambda: MORNING,
            alarms=self.alarms,
        )
        return make_report(parts)


def found(cause: HealthCause, *, days: float = 0, count: int = 1) -> FoundCause:
    return FoundCause(cause=cause, since=MORNING - timedelta(days=days), count=count)


def trouble(cause: TroubleCause, *, days: float = 0) -> FoundCause:
    since = MORNING - timedelta(days=days)
    return FoundCause(cause=HealthCause.TROUBLE, since=since, trouble=cause)


def made(shop_id: int, *causes: FoundCause) -> ShopHealth:
    return ShopHealth(
        shop_id=shop_id, state=ShopState.ACTIVE, cluster="eu1", way=Way.FILE, causes=causes
    )


def test_a_good_night_is_said_in_one_line() -> None:
    report = Fleet().report()

    assert report.is_well
    assert write_subject(report) == "Shops to Asperion, 15 Mar: all is well"
    page = write_page(report)
    assert "All is well" in page
    assert f"export  {len(EVERY_SLOT)} of {len(EVERY_SLOT)} slots done, 6400 shops" in page


def test_shops_come_worst_first_with_what_is_wrong_and_who_mends_it() -> None:
    fleet = Fleet()
    fleet.ill(1, found(HealthCause.QUIET, days=9, count=9))
    fleet.ill(22, trouble(TroubleCause.LICENCE, days=2), found(HealthCause.OVERDUE, count=31))
    fleet.ill(333, found(HealthCause.DOUBLE_FILES, days=1, count=2))
    fleet.ill(4444, trouble(TroubleCause.SHOP_UNAVAILABLE))

    report = fleet.report()

    assert [each.shop_id for each in report.worst] == [333, 22, 4444, 1]
    page = write_page(report)
    table = page[page.index("Shops that need") :].splitlines()
    assert table == [
        "Shops that need somebody: 1 wrong, 1 stuck, 1 late, 1 look",
        "  shop  how bad  since     way   who         what",
        "  333   wrong    24 hours  file  you         double_files (2)",
        "  22    stuck    2 days    file  merchant    licence, overdue (31)",
        "  4444  late     0 hours   file  nobody yet  shop_unavailable",
        "  1     look     9 days    file  nobody yet  quiet (9)",
    ]
    assert write_subject(report).endswith("4 shops need somebody")


def test_fifty_shops_are_named_and_the_others_counted() -> None:
    fleet = Fleet()
    for shop_id in range(1, SHOWN + 10):
        fleet.ill(shop_id, found(HealthCause.WRONG_DAY))

    report = fleet.report()

    assert (len(report.worst), report.more) == (50, 9)
    assert write_page(report).rstrip().endswith("and 9 more: bin/fleet worst")
    assert describe_report(report)["more"] == 9


def test_a_night_that_did_not_start_or_is_not_whole_is_said() -> None:
    fleet = Fleet()
    fleet.shops = MemoryShops()
    fleet.sent_out(Task.EXPORT, EVERY_SLOT[:60])
    fleet.sent_out(Task.EXPORT, EVERY_SLOT[60:], done=False)
    fleet.sent_out(Task.WATCH, EVERY_SLOT, at=FIRST_NIGHT - timedelta(days=2))

    report = fleet.report()

    assert not report.is_well
    page = write_page(report)
    assert "60 of 64 slots done, 6400 shops sent out; NOT WHOLE, began 01:15" in page
    assert "watch   DID NOT START within 26 hours" in page
    assert "the night is not whole" in write_subject(report)


def test_what_rings_is_halted_or_lies_dead_is_said() -> None:
    fleet = Fleet()
    fleet.alarms.ringing.append(RingingAlarm(name="DeadLetterAlarm", since=MORNING))
    fleet.queue.dead.append(Message(1))
    since = MORNING - timedelta(hours=7)
    fleet.shops.save(
        ALL_SHOPS, FleetHalt(parts={FleetPart.EU1: Halt(since=since, reason="moving")})
    )
    fleet.shops.save(ALL_SHOPS, AppStanding(refused_since=since))

    report = fleet.report()
    page = write_page(report)

    assert "DeadLetterAlarm since 15 Mar 05:30: docs/runbook.md#deadletteralarm" in page
    assert "eu1 since 14 Mar 22:30: moving" in page
    assert "1 dead letters" in page
    assert "refuses the app's own key and secret since 14 Mar 22:30" in page
    subject = write_subject(report)
    assert subject.startswith("Shops to Asperion, 15 Mar: SEOshop refuses the app; 1 alarm rings")
    assert len(subject) <= 100


@pytest.mark.parametrize(
    ("pending", "said"), [(0, "Deploy with ALARM_EMAIL"), (1, "has not confirmed it")]
)
def test_that_nobody_gets_the_alarms_is_said(pending: int, said: str) -> None:
    fleet = Fleet()
    fleet.alarms.listeners = Listeners(confirmed=0, pending=pending)

    page = write_page(fleet.report())

    assert "NOBODY GETS THE ALARMS" in page
    assert said in page


def test_an_alarm_setting_that_the_fleet_outgrew_is_said() -> None:
    assert "for so many shops 32 would fit" in write_page(Fleet(alarm_shops=5).report())
    assert "would fit" not in write_page(Fleet(alarm_shops=10).report())


def test_what_the_operator_leaves_for_three_days_is_counted_over_all_pages() -> None:
    fleet = Fleet()
    for shop_id in range(1, 700):
        fleet.ill(shop_id, found(HealthCause.UNKNOWN_FILES, days=4 if shop_id > 500 else 1))
    fleet.ill(1000, trouble(TroubleCause.LICENCE, days=40))

    report = fleet.report()

    assert report.neglected == 199
    assert "199 shops have waited for you" in write_page(report)


@pytest.mark.parametrize("cause", TroubleCause)
def test_of_every_trouble_it_is_known_who_mends_it(cause: TroubleCause) -> None:
    health = made(1, trouble(cause, days=10))
    mender = find_shops_mender(health)
    assert mender in Mender
    assert is_neglected(health, MORNING) == (mender is Mender.OPERATOR)


def test_who_mends_first_is_the_operator() -> None:
    both = made(1, trouble(TroubleCause.LICENCE), found(HealthCause.DOUBLE_FILES))
    assert find_shops_mender(both) is Mender.OPERATOR
    assert find_shops_mender(made(1, trouble(TroubleCause.LICENCE))) is Mender.MERCHANT
    assert both.severity is Severity.WRONG


def test_the_page_is_plain_and_fits_a_mail() -> None:
    fleet = Fleet()
    for shop_id in range(1, 60):
        fleet.ill(10**11 + shop_id, found(HealthCause.DOUBLE_FILES), found(HealthCause.OVERDUE))
    page = write_page(fleet.report())
    assert page.isascii()
    assert max(map(len, page.splitlines())) < 120
    assert len(page) < 20_000
