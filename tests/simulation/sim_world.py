"""One simulated world: the connector's real use cases between simulated neighbours."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, cast
from weakref import WeakKeyDictionary

from greenlet import getcurrent

from chalicelib.axml import Profile, load_profile
from chalicelib.domain.ledger import FileState
from chalicelib.domain.policy import Policy
from chalicelib.domain.shops import Shop, ShopState
from chalicelib.errors import ConnectorError
from chalicelib.ports import ShopApi
from chalicelib.settings import Settings
from chalicelib.usecases.connector import Connector
from tests.fakes.fixed_secrets import FixedSecrets
from tests.fakes.memory_ledger import MemoryEntries, MemoryFiles
from tests.fakes.open_vault import MemoryVault, look_into, seal_licence, seal_token
from tests.simulation.machine import Killed, Machine, Process
from tests.simulation.observing import Observer
from tests.simulation.sim_asperion import SimAsperion
from tests.simulation.sim_fleet import NEIGHBOURS, NeighbourApi, SimShops, add_neighbours
from tests.simulation.sim_inbox import INBOX_URL, SimInbox, SimInboxDoor
from tests.simulation.sim_queue import SimQueue, SimQueueDoor
from tests.simulation.sim_register import RegisterServer, SimRegister
from tests.simulation.sim_shop import SimShop
from tests.simulation.sim_shop_api import SimShopApi
from tests.simulation.sim_tables import Door, Indexes
from tests.simulation.standings import Standings
from tests.simulation.weather import API_GROUPS, Weather

SHOP_ID = 184520
RESERVE = 0.1
FUNCTION = 900.0  # seconds
PAGE_TIME = 29.0
PROFILE = Path(__file__).resolve().parents[2] / "templates" / "axml" / "reconstructed-1.4"


processes: WeakKeyDictionary[Any, Process] = WeakKeyDictionary()


def sleep(seconds: float) -> None:
    """`time.sleep` of the process that is at work."""
    processes[getcurrent()].sleep(seconds)


@cache
def profile(*_: object) -> Profile:
    """The real profile, read once."""
    return load_profile(PROFILE)


class World:
    """Everything there is. `wrong` collects what must never happen."""

    def __init__(
        self, seed: int, *, start: datetime, verbose: bool = False, by_api: bool = False
    ) -> None:
        self.rng = Random(seed)
        self.machine = Machine(start)
        self.weather = Weather(self.rng)
        self.by_api = by_api
        if by_api:
            self.weather.add_groups(API_GROUPS)
        self.verbose = verbose
        self.lines: list[str] = []
        self.wrong: list[str] = []
        self.counts: Counter[str] = self.weather.counts
        self.shop = SimShop(self.machine, self.weather, blame=self.blame)
        self.shop.has_regulars = by_api and self.rng.random() < 0.5
        self.inbox = SimInbox(self.machine, self.weather, self.rng, mute=self.rng.random() < 0.2)
        self.inbox.is_given_up = self._is_given_up
        self.starts_with_files = False  # before it goes by API
        self.asperion = SimAsperion(self.machine, self.weather, Random(-5 - seed))
        self.register = RegisterServer(self.machine, Random(-2 - seed))
        self.queue = SimQueue(self.machine, self.weather, self.rng)
        self.shops, self.entries, self.files = SimShops(), MemoryEntries(), MemoryFiles()
        self.has_neighbours = False
        lag = self.rng.choice((0.0, 0.0, 0.0, 0.3, 3.0, 60.0))
        self.indexes = Indexes(self.machine, self.entries, self.files, SHOP_ID, lag)
        self.counts["index lags"] += lag > 0
        self.observer = Observer(self)
        self.standings = Standings(self.machine, self.blame)
        self.accepted: set[str] = set()
        self.bills_only = False  # the shop exports all invoices
        self.sells_both = False  # now paid orders, now all invoices
        self.migration_began: float | None = None  # the first one
        self.quiet = False
        self.meanwhile: Callable[[], None] = lambda: None  # comes with every file that is fixed
        self.doomed = 0  # the effect after which the next export is killed
        self.last_night = 0.0  # when the last run starts
        self.settings = Settings(
            table_prefix="sim-",
            public_url="https://koppeling.example/api",
            inbox_url=INBOX_URL,
            orders_per_file=self.rng.choice((1, 2, 3, 250)),
        )
        self.at_work: Counter[str] = Counter()  # processes by kind
        self.names: Counter[str] = Counter()

    def _is_given_up(self, name: str) -> bool:
        file = self.files.get(SHOP_ID, name)
        return file is not None and file.state is FileState.VOID

    @property
    def orders_only(self) -> bool:
        """Whether the shop exports paid orders from first to last."""
        return not (self.bills_only or self.sells_both)

    def log(self, who: str, what: str) -> None:
        """Add a line to the event log."""
        if self.verbose:
            moment = f"{self.machine.now():%m-%d %H:%M:%S.%f}"[:-3]
            self.lines.append(f"{moment}  {who:<14} {what}")

    def blame(self, what: str) -> None:
        """Something that must never happen has happened."""
        self.wrong.append(f"{self.machine.now():%m-%d %H:%M:%S} {what}")
        self.log("WRONG", what)

    def install(self, policy: Policy | None = None) -> None:
        """The shop is installed now."""
        now = self.machine.now()
        shop = Shop(
            shop_id=SHOP_ID,
            state=ShopState.ACTIVE,
            cluster="eu1",
            language="nl",
            token=seal_token(self.shop.token),
            licence=seal_licence("ASP-1"),
            installed_at=now,
            changed_at=now,
            swept_until=now,
            policy=policy or Policy(),
        )
        self.shops.add(shop)
        add_neighbours(self)
        self.standings.see(shop)

    def start(
        self,
        kind: str,
        act: Callable[[Connector], Any],
        *,
        limit: float = FUNCTION,
        done: Callable[[bool], None] = lambda fine: None,
        fail: Callable[[ConnectorError], None] = lambda error: None,
        reads_only: bool = False,
        is_prompt: bool = False,
    ) -> None:
        """Run a use case as a process from now on; `done` is called with whether it ended well,
        before it `fail` with the error if one was raised. `is_prompt`: nothing holds it up.
        """
        self.names[kind] += 1
        name = f"{kind}-{self.names[kind]}"
        crash = None
        if self.weather.strikes("crash"):
            crash = (1 + int(self.rng.random() ** 2 * 70), self.rng.random() < 0.5)
            self.counts["crash"] -= 1  # counted when it happens
        if kind == "export" and self.doomed:
            crash, self.doomed = (self.doomed, False), 0
        process = Process(
            self.machine,
            name,
            kind=kind,
            reads_only=reads_only,
            limit=limit,
            pace=self._pace(is_prompt=is_prompt),
            crash=crash,
            on_crash=lambda where: self._count_crash(name, where),
        )
        process.skew = timedelta(seconds=self.rng.choice((0.0, 0.0, 0.0, -1.0, 1.0)))
        self.machine.spawn(lambda: self._run(process, act, done, fail))

    def _pace(self, *, is_prompt: bool) -> Callable[[str], tuple[float, float]]:
        """Seconds an effect takes (mostly a few hundredths, in some processes much more) and those
        for which the process then stands still.
        """
        rng, weather = self.rng, self.weather
        slow = 0.03 if self.quiet or is_prompt else rng.choice((0.01, 0.03, 0.03, 0.3, 3.0, 12.0))

        def pace(effect: str) -> tuple[float, float]:
            seconds = slow * rng.random() + 0.000001
            if effect == "files.fix" and weather.strikes("held up before sending"):
                return seconds, rng.choice(
                    (rng.random() * 30, 10 + rng.random() * 30, 300 + rng.random() * 500)
                )
            if effect == "asperion.find_debtors" and weather.strikes("held up before posting"):
                return seconds, 300 + rng.random() * 500
            stalls = not is_prompt and weather.strikes("stall")
            return seconds, rng.random() ** 2 * 1500 if stalls else 0.0

        return pace

    def _count_crash(self, name: str, where: str) -> None:
        kind = "time limit" if "limit" in where else "crash"
        self.counts[kind] += 1
        self.log(name, f"KILLED {where}")

    def _run(
        self,
        process: Process,
        act: Callable[[Connector], Any],
        done: Callable[[bool], None],
        fail: Callable[[ConnectorError], None],
    ) -> None:
        processes[getcurrent()] = process
        self.log(process.name, "begins")
        self.at_work[process.kind] += 1
        fine = False
        try:
            result = act(self.connect(process))
            fine = True
            self.log(process.name, f"ends: {result}" if self.verbose else "")
            self.observer.check_arrivals(process)
            if process.kind == "export":
                self.observer.check_ended(process, result)
        except Killed:
            pass
        except ConnectorError as error:
            self.log(process.name, f"fails: {type(error).__name__}: {error}")
            fail(error)
        except Exception as error:  # noqa: BLE001, RUF100
            self.blame(f"{process.name} broke: {error!r}")
            if self.verbose:
                raise
        self.at_work[process.kind] -= 1
        done(fine)

    def connect(self, process: Process) -> Connector:
        """The connector as this process sees it."""
        tables = {"shops": self.shops, "entries": self.entries, "files": self.files}
        doors: dict[str, Any] = {
            name: Door(process, self.weather, name, target, self.observer)
            for name, target in tables.items()
        }
        return Connector(
            settings=self.settings,
            secrets=FixedSecrets(),
            clock=lambda: self.machine.now() + process.skew,
            queue=SimQueueDoor(self.queue, process),
            vault=MemoryVault(),
            open_shop=lambda shop: self._open_shop(process, shop, RESERVE),
            open_for_page=lambda shop: self._open_shop(process, shop, 0.0),
            open_inbox=lambda shop: SimInboxDoor(
                self.inbox, process, look_into(shop.licence) or "", self.standings
            ),
            vat_register=SimRegister(self.register, process),
            profile=profile,
            front_door=self.asperion.open_door(process, self.standings) if self.by_api else None,
            **doors,
        )

    def _open_shop(self, process: Process, shop: Shop, reserve: float) -> ShopApi:
        if shop.shop_id in NEIGHBOURS:
            neighbour: Any = NeighbourApi(self.shop, process)
            return cast("ShopApi", neighbour)
        return SimShopApi(self.shop, process, reserve, look_into(shop.token))

    def lose_lease(self, process: Process) -> None:
        """Sometimes a lease that was just granted is lost some time later."""
        if not self.weather.strikes("lease lost"):
            return
        self.log("world", "the lease is lost")
        wait = self.rng.random() * (self.machine.time - process.started + 5.0) * 4
        self.machine.at(
            self.machine.time + wait, lambda: self.shops.leases.pop(SHOP_ID, None) and None
        )
