"""The morning's report: how the night went, and which shops need somebody, worst first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from chalicelib.domain.app_standing import AppStanding
from chalicelib.domain.fleet_halt import FleetHalt, FleetPart, Halt
from chalicelib.domain.neglect import is_neglected
from chalicelib.domain.night_progress import NightProgress, add_up_night
from chalicelib.domain.nights import SliceProgress
from chalicelib.domain.shop_health import Severity, ShopHealth
from chalicelib.domain.tasks import Task
from chalicelib.lazy_dataclass import dataclass
from chalicelib.ports import Backlog, Listeners, RingingAlarm, Shops
from chalicelib.usecases.connector import ReportParts
from chalicelib.usecases.shop.app_proof import ALL_SHOPS

SHOWN = 50
"""So many shops are named; the others are counted."""

_PAGE = 500
_MOST_READ = 20_000  # at which a report of so many ill shops stops looking for neglected ones
_NIGHTLY = (Task.EXPORT, Task.WATCH)


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthReport:
    """What is known at the moment `at`. `worst` are the first of the shops that need somebody,
    `ill` how many there are in all, by how much, and `neglected` those that have waited for the
    operator for too long. `alarm_shops` is the setting of that name.
    """

    at: datetime
    nights: Sequence[NightProgress]
    backlog: Backlog
    halted: Mapping[FleetPart, Halt]
    ringing: Sequence[RingingAlarm]
    listeners: Listeners
    worst: Sequence[ShopHealth]
    ill: Mapping[Severity, int]
    neglected: int
    alarm_shops: int
    app_refused_since: datetime | None = None

    @property
    def count_ill(self) -> int:
        """How many shops need somebody, all together."""
        return sum(self.ill.values())

    @property
    def more(self) -> int:
        """How many shops are not named."""
        return max(0, self.count_ill - len(self.worst))

    @property
    def is_well(self) -> bool:
        """Whether there is nothing that anybody need look at."""
        return not (
            self.count_ill
            or self.ringing
            or self.halted
            or self.backlog.dead
            or self.app_refused_since
            or not all(night.is_whole for night in self.nights)
            or not self.listeners.confirmed
        )

    @property
    def fitting_alarm_shops(self) -> int:
        """What `ALARM_SHOPS` fits the fleet: one in 200 shops, not under 5."""
        return max(5, max((night.shops for night in self.nights), default=0) // 200)


def make_report(parts: ReportParts) -> HealthReport:
    """Look at everything, and change nothing. Raises `LedgerError`, `QueueError`,
    `AlarmsUnavailable`.
    """
    now, shops = parts.clock(), parts.shops
    slices = shops.load_each(ALL_SHOPS, SliceProgress).values()
    halt = shops.load(ALL_SHOPS, FleetHalt) or FleetHalt()
    standing = shops.load(ALL_SHOPS, AppStanding) or AppStanding()
    return HealthReport(
        at=now,
        nights=[add_up_night(slices, task, now) for task in _NIGHTLY],
        backlog=parts.queue.measure(),
        halted=halt.parts,
        ringing=parts.alarms.list_ringing(),
        listeners=parts.alarms.count_listeners(),
        worst=shops.list_worst(SHOWN),
        ill=shops.count_ranked(),
        neglected=_count_neglected(shops, now),
        alarm_shops=parts.settings.alarm_shops,
        app_refused_since=standing.refused_since,
    )


def _count_neglected(shops: Shops, now: datetime) -> int:
    """Shops that nobody need mend come last of all and are not read."""
    neglected, after, read = 0, "", 0
    while read < _MOST_READ:
        page = shops.list_worst(_PAGE, after=after)
        neglected += sum(is_neglected(each, now) for each in page)
        read += len(page)
        if len(page) < _PAGE or page[-1].severity <= Severity.LOOK:
            break
        after = page[-1].rank
    return neglected
