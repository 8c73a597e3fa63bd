"""One simulated world: the connector's real use cases between simulated neighbours."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from chalicelib.usecases.exporting import daily, export
from chalicelib.usecases.lifecycle import watch

from chalicelib.axml import Profile, load_profile
from chalicelib.domain.ledger import EntryState
from chalicelib.domain.orders import ShopInvoice
from chalicelib.domain.policy import Policy, Source
from chalicelib.domain.shops import Shop, ShopState
from chalicelib.errors import ConnectorError
from chalicelib.settings import Settings
from chalicelib.usecases.connector import Connector
from chalicelib.usecases.intake import webhook as intake
from tests.fakes.memory_ledger import MemoryEntries, MemoryFiles, MemoryShops
from tests.simulation.machine import Killed, Machine, Process
from tests.simulation.outside import (
    Door,
    Indexes,
    SimInbox,
    SimInboxDoor,
    SimQueue,
    SimQueueDoor,
    stamp,
)
from tests.simulation.shop import SimOrder, SimShop, SimShopApi
from tests.simulation.weather import WRITES, Weather

SHOP_ID = 184520
RESERVE = 0.1
FUNCTION = 900.0  # seconds
PAGE_TIME = 29.0
PROFILE = Path(__file__).resolve().parents[2] / "templates" / "axml" / "reconstructed-1.4"


@cache
def profile() -> Profile:
    """The real profile, read once."""
    return load_profile(PROFILE)


class World:
    """Everything there is. `wrong` collects what must never happen."""

    def __init__(self, seed: int, *, start: datetime, verbose: bool = False) -> None:
        self.rng = Random(seed)
        self.machine = Machine(start)
        self.weather = Weather(self.rng)
        self.verbose = verbose
        self.lines: list[str] = []
        self.wrong: list[str] = []
        self.counts: Counter[str] = self.weather.counts
        self.shop = SimShop(self.machine, self.weather, blame=self.blame)
        self.inbox = SimInbox(self.machine, self.weather, self.rng, mute=self.rng.random() < 0.2)
        self.queue = SimQueue(self.machine, self.weather, self.rng)
        self.queue.deliver = self._deliver
        self.shops, self.entries, self.files = MemoryShops(), MemoryEntries(), MemoryFiles()
        lag = self.rng.choice((0.0, 0.0, 0.0, 0.3, 3.0, 60.0))
        self.indexes = Indexes(self.machine, self.entries, self.files, SHOP_ID, lag)
        self.counts["index lags"] += lag > 0
        self.sent_again: Counter[str] = Counter()
        self.accepted: set[str] = set()
        self.on_account = False
        self.bills_only = False  # the shop exports all invoices
        self.quiet = False
        self.settings = Settings(
            app_secret="app-secret",
            session_secret="session-secret",
            app_key="key",
            table_prefix="sim-",
            public_url="https://koppeling.example/api",
            inbox_url="https://inbox.example/{licence}/{file}",
            orders_per_file=self.rng.choice((1, 2, 3, 250)),
        )
        self.at_work: Counter[str] = Counter()  # processes by kind
        self._names: Counter[str] = Counter()

    # ---- telling --------------------------------------------------------------------------

    def tell(self, who: str, what: str) -> None:
        """A line of the event log."""
        if self.verbose:
            self.lines.append(f"{stamp(self.machine.now())}  {who:<14} {what}")

    def blame(self, what: str) -> None:
        """Something that must never happen has happened."""
        self.wrong.append(f"{stamp(self.machine.now())} {what}")
        self.tell("WRONG", what)

    # ---- processes ------------------------------------------------------------------------

    def install(self) -> None:
        """The shop is installed now."""
        now = self.machine.now()
        self.shops.add(
            Shop(
                shop_id=SHOP_ID,
                state=ShopState.ACTIVE,
                cluster="eu1",
                language="nl",
                token="token",
                licence="ASP-1",
                installed_at=now,
                changed_at=now,
                swept_until=now,
                policy=Policy(
                    on_account=self.on_account,
                    source=Source.INVOICES if self.bills_only else Source.ORDERS,
                ),
            )
        )

    def process(
        self,
        kind: str,
        act: Callable[[Connector], Any],
        *,
        limit: float = FUNCTION,
        done: Callable[[bool], None] = lambda fine: None,
        reads_only: bool = False,
    ) -> None:
        """Run a use case as a process from now on; `done` hears whether it ended well."""
        self._names[kind] += 1
        name = f"{kind}-{self._names[kind]}"
        crash = None
        if self.weather.strikes("crash"):
            crash = (1 + int(self.rng.random() ** 2 * 70), self.rng.random() < 0.5)
            self.counts["crash"] -= 1  # counted when it happens
        process = Process(
            self.machine,
            name,
            kind=kind,
            reads_only=reads_only,
            limit=limit,
            pace=self._pace(),
            crash=crash,
            on_crash=lambda where: self._crashed(name, where),
        )
        process.skew = timedelta(seconds=self.rng.choice((0.0, 0.0, 0.0, -1.0, 1.0)))
        self.machine.spawn(lambda: self._run(process, act, done))

    def _pace(self) -> Callable[[str], tuple[float, float]]:
        """Seconds an effect takes (mostly a few hundredths, in some processes much more) and those
        for which the process then stands still.
        """
        rng, weather = self.rng, self.weather
        slow = 0.03 if self.quiet else rng.choice((0.01, 0.03, 0.03, 0.3, 3.0, 12.0))

        def pace(effect: str) -> tuple[float, float]:
            seconds = slow * rng.random() + 0.000001
            if effect == "files.fix" and weather.strikes("held up before sending"):
                return seconds, rng.choice((10 + rng.random() * 30, 300 + rng.random() * 500))
            return seconds, rng.random() ** 2 * 1500 if weather.strikes("stall") else 0.0

        return pace

    def _crashed(self, name: str, where: str) -> None:
        kind = "time limit" if "limit" in where else "crash"
        self.counts[kind] += 1
        self.tell(name, f"KILLED {where}")

    def _run(
        self, process: Process, act: Callable[[Connector], Any], done: Callable[[bool], None]
    ) -> None:
        self.tell(process.name, "begins")
        self.at_work[process.kind] += 1
        fine = False
        try:
            result = act(self.connector(process))
            fine = True
            self.tell(process.name, f"ends: {result}")
            if process.kind == "export":
                self._check_taken(process, result)
        except Killed:
            pass
        except ConnectorError as error:
            self.tell(process.name, f"fails: {type(error).__name__}: {error}")
        except Exception as error:  # noqa: BLE001, RUF100
            self.blame(f"{process.name} broke: {error!r}")
            if self.verbose:
                raise
        self.at_work[process.kind] -= 1
        done(fine)

    def _check_taken(self, process: Process, report: Any) -> None:
        """A message is done with: its run had the shop to itself, and goes on if it must."""
        exports = not (report and report.skipped and report.skipped[0][0] == "shop")
        if exports and not process.had_lease:
            self.blame(f"{process.name} is done with its message and never had the lease")
        if report is None or report.resume_at is None or process.sent_on:
            return
        queue = self.queue
        others = self.at_work["export"] > 1  # they send one, or their own message comes back
        came = queue.last_delivery > process.started  # the one that was relied on
        if not (others or came or queue.under_way or queue.dead):
            self.blame(f"{process.name} stops until {report.resume_at}; no message is under way")

    def connector(self, process: Process) -> Connector:
        """The connector as this process sees it."""
        doors = {
            name: Door(process, self.weather, name, target, self._written)
            for name, target in (
                ("shops", self.shops),
                ("entries", self.entries),
                ("files", self.files),
            )
        }
        return Connector(
            settings=self.settings,
            clock=lambda: self.machine.now() + process.skew,
            queue=SimQueueDoor(self.queue, process),
            open_shop=lambda shop: SimShopApi(self.shop, process, RESERVE),
            open_for_page=lambda shop: SimShopApi(self.shop, process, 0.0),
            open_inbox=lambda shop: SimInboxDoor(self.inbox, process),
            profile=profile,
            **doors,
        )

    def _written(
        self, process: Any, name: str, args: tuple[Any, ...], kwargs: dict[str, Any], result: Any
    ) -> None:
        """After every call of a table that happened."""
        if name not in WRITES:
            return
        if process.reads_only:
            self.blame(f"{process.name} wrote ({name}) although it was to look only")
        if self.verbose:
            self.tell(process.name, f"{name} {_brief(args, kwargs)} -> {_shown(result)}")
        if name == "lease":
            self._leased(process, result)
        elif name == "note":
            self._noted(process, args[1], args[2])
        elif name == "requeue" and result and kwargs["expect"] is EntryState.PLACED:
            self.sent_again[args[1]] += 1
            if process.kind not in ("send_again", "rerun"):
                self.blame(f"{process.name} sent {args[1]} again unasked")
        self.indexes.changed()

    def _leased(self, process: Process, granted: bool) -> None:
        process.had_lease = process.had_lease or granted
        if not granted:
            self.counts["lease refused"] += 1
        elif self.weather.strikes("lease lost"):
            self.tell("world", "the lease is lost")
            wait = self.rng.random() * (self.machine.time - process.started + 5.0) * 4
            self.machine.at(
                self.machine.time + wait, lambda: self.shops.leases.pop(SHOP_ID, None) and None
            )

    def _noted(self, process: Process, part: str, values: dict[str, str]) -> None:
        if not part.startswith("day-"):
            return
        if values["verdict"] == "right":
            from tests.simulation.checks import check_proof

            check_proof(self, process, datetime.fromisoformat(values["since"]))
        elif values["verdict"] == "wrong" and self.quiet:
            self.blame(f"{process.name} calls {part} wrong, and nothing was")

    # ---- what starts processes --------------------------------------------------------------

    def daily_run(self, attempt: int = 1) -> None:
        """The scheduler's event; AWS tries it twice more when it fails."""

        def done(fine: bool) -> None:
            if not fine and attempt < 3:
                self.machine.at(
                    self.machine.time + 60 * attempt, lambda: self.daily_run(attempt + 1)
                )

        self.process(
            "daily",
            lambda connector: daily.send_out(connector, run=f"night{int(self.machine.time)}"),
            limit=300.0,
            done=done,
        )

    def watch_run(self) -> None:
        """The nightly look at subscriptions and refunds."""
        self.process("watch", lambda connector: watch.watch_one(connector, SHOP_ID))

    def _deliver(self, number: str, run: str, done: Callable[[bool], None]) -> None:
        """A message arrives at `export_shop`, as `chalicelib.entry` takes it."""
        self._names["delivery"] += 1
        job = export.Job(
            shop_id=SHOP_ID,
            run=f"{run or 'export'}/{number}/{self._names['delivery']}",
            time=timedelta(seconds=FUNCTION),
        )
        self.process("export", lambda connector: export.export_shop(connector, job), done=done)

    def ring(self, order: SimOrder) -> None:
        """SEOshop tells that an order became paid, in its own unreliable way."""
        if not any(each.is_active for each in self.shop.seoshop.subscriptions):
            self.counts["webhook without subscription"] += 1
            return
        if self.weather.strikes("webhook lost"):
            return
        shown = order.now.order
        body = {
            "order": {
                "id": shown.id,
                "number": shown.number,
                "createdAt": shown.created_at.isoformat(),
                "paymentStatus": "paid",
            }
        }
        self._ring("orders-paid", body)

    def ring_bill(self, bill: ShopInvoice) -> None:
        """SEOshop tells of a new invoice or credit note, likewise."""
        if self.weather.strikes("webhook lost"):
            return
        created = bill.created_at.isoformat()
        body = {"invoice": {"id": bill.id, "number": bill.number, "createdAt": created}}
        self._ring("invoices-created", body)

    def _ring(self, topic: str, body: dict[str, Any]) -> None:
        late = self.rng.random() * 90_000 if self.weather.strikes("webhook late") else 0.0
        self._ring_at(late + self.rng.random() * 3, topic, body)
        if self.weather.strikes("webhook twice"):
            self._ring_at(late + self.rng.random() * 120, topic, body)

    def _ring_at(self, delay: float, topic: str, body: dict[str, Any], attempt: int = 1) -> None:
        def done(fine: bool) -> None:
            if not fine and attempt < 3:
                self._ring_at(60.0 * attempt, topic, body, attempt + 1)

        def act(connector: Connector) -> Any:
            if self.weather.strikes("webhook cut off"):
                raise ConnectorError("the delivery was cut off")
            return intake.hear(connector, SHOP_ID, topic, json.dumps(body).encode())

        self.machine.at(
            self.machine.time + delay,
            lambda: self.process("webhook", act, limit=10.0, done=done),
        )

    # ---- people -----------------------------------------------------------------------------

    def reinstall(self) -> None:
        """The merchant installs again after SEOshop refused the token."""
        self.shop.token_refused = False
        stored = self.shops.records[SHOP_ID]
        if stored.state is ShopState.DISCONNECTED:
            state = stored.resume_state or ShopState.ACTIVE
            self.shops.update(SHOP_ID, lambda one: replace(one, state=state, resume_state=None))

    def when(self, time: float) -> datetime:
        """A simulated second as an instant."""
        return (self.machine.start + timedelta(seconds=time)).astimezone(UTC)


def _brief(args: tuple[Any, ...], kwargs: dict[str, Any]) -> str:
    shown = [_shown(one) for one in args if one != SHOP_ID]
    shown += [f"{k}={_shown(v)}" for k, v in kwargs.items() if k not in ("at", "by", "now")]
    return " ".join(shown)


def _shown(value: Any) -> str:
    for attribute in ("key", "name"):
        if hasattr(value, attribute) and hasattr(value, "state"):
            return f"<{getattr(value, attribute)} {value.state.value}>"
    if hasattr(value, "key"):
        return str(value.key)
    return str(getattr(value, "value", value))[:160]
