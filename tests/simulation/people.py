"""What the merchant clicks, and what operators do."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from random import Random
from typing import Any

from chalicelib.domain.events import Actor
from chalicelib.domain.ledger import FileState
from chalicelib.usecases.connector import Connector
from chalicelib.usecases.operating import repair
from chalicelib.usecases.operating.first_invoices import FirstInvoice, FirstStillThere
from chalicelib.usecases.operating.releasing import release_and_judge, release_order
from chalicelib.usecases.operating.rerun import rerun
from chalicelib.usecases.shop.leaving import pause_shop, resume_shop
from chalicelib.usecases.workspace import Workspace, open_workspace
from tests.simulation.delivered import is_on_its_way, read_content, remove_doubles
from tests.simulation.sim_world import PAGE_TIME, SHOP_ID, World
from tests.simulation.timing import Timing

DECIDES_AFTER = 900.0  # seconds
MERCHANT = Actor.MERCHANT


class People:
    """Merchant and operators of a schedule."""

    def __init__(self, world: World, rng: Random, timing: Timing) -> None:
        self.world = world
        self.rng = rng
        self.timing = timing

    def _choose_number(self) -> str:
        shop = self.world.shop
        known = [one.number for one in shop.orders.values() if one.id > 1000]
        if self.world.bills_only:
            known = [bill.number for bill in shop.bills.values()]
        return self.rng.choice(known) if known else "ORD09999"

    def click(self) -> None:
        """The merchant presses some button."""
        rng, world = self.rng, self.world
        number = self._choose_number()
        deed = rng.choice(("release", "retry", "send_again", "send_again", "accept", "pause"))
        world.counts[f"merchant: {deed}"] += 1
        if deed == "pause":
            self._press("pause", lambda shop: pause_shop(shop, by=MERCHANT))
            wait = rng.random() * self.timing.width
            world.machine.at(world.machine.time + wait, self._resume)
            return
        if deed == "accept":
            world.accepted.add(number)
        acts: dict[str, Callable[[Workspace], Any]] = {
            "release": partial(_release_held, "email_missing"),
            "retry": lambda shop: release_order(shop, number, by=MERCHANT),
            "send_again": lambda shop: self._send_again(shop, number),
            "accept": lambda shop: repair.accept_changes(shop, number, by=MERCHANT),
        }
        self._press(deed, acts[deed])

    def _send_again(self, workspace: Workspace, number: str) -> None:
        """Once more; whoever has the first invoice in Asperion still mostly leaves it at that."""
        by_api = self.world.by_api
        confirmed = [*FirstInvoice] if by_api and self.rng.random() < 0.3 else []
        with suppress(FirstStillThere):
            repair.send_order_again(
                workspace, number, reason="lost", by=MERCHANT, confirmed=confirmed
            )

    def _press(self, deed: str, act: Callable[[Workspace], Any]) -> None:
        def answer(connector: Connector) -> Any:
            return act(open_workspace(connector, SHOP_ID, is_page=True))

        self.world.start(deed, answer, limit=PAGE_TIME)

    def _resume(self) -> None:
        self._press("resume", lambda shop: resume_shop(shop, by=MERCHANT))

    def operate(self) -> None:
        """An operator invokes `rerun` in one way or another."""
        rng, world = self.rng, self.world
        event: dict[str, Any] = {"shop_id": SHOP_ID}
        kind = rng.choice(("shop", "orders", "reason", "since"))
        if kind in ("orders", "reason"):
            event["orders"] = [self._choose_number()]
        if kind == "reason":
            event["reason"] = "customer asked"
        if kind == "since":
            event["since"] = world.machine.start.date().isoformat()
        if rng.random() < 0.3:
            event["dry_run"] = True
            kind = "dry run"
        world.counts[f"operator: rerun ({kind})"] += 1
        run = f"rerun/{int(world.machine.time * 1000)}"
        world.start(
            "rerun",
            lambda connector: rerun(connector, event, run=run),
            reads_only="dry_run" in event,
        )

    def decide_unknown(self) -> None:
        """An operator decides on every unknown file, as it looks at this moment."""
        for file in list(self.world.files.items.get(SHOP_ID, {}).values()):
            if file.state is FileState.UNKNOWN:
                self._decide(file.name)

    def _list_causes(self) -> list[str]:
        """What the merchant finds held although nothing is wrong with it any more."""
        refused = ["asperion_refused"] * self.world.by_api
        if self.world.bills_only:
            return ["email_missing", "unreadable", *refused]
        return ["unreadable", *refused] if self.world.counts["api 422"] else refused

    def _decide(self, name: str) -> None:
        world = self.world
        if name in world.inbox.on_its_way or is_on_its_way(world, name):
            return  # it is seen to be coming in
        remove_doubles(world, name)
        world.inbox.torn.pop(name, None)  # a person deletes it; nothing of it can be read in
        self._resolve_file(name, "again" if read_content(world, name) is None else "confirm")

    def _resolve_file(self, name: str, verdict: str) -> None:
        world = self.world
        world.counts[f"operator: {verdict}"] += 1
        event = {"shop_id": SHOP_ID, "file": name, "settle": verdict}
        # What a person saw is as old as the request: one that takes half an hour is no judgement.
        world.start(
            "decide", lambda connector: rerun(connector, event, run="decide"), is_prompt=True
        )

    def _find_given_up(self, name: str) -> None:
        """A person sees a file in Asperion that the pages do not know as delivered."""
        if self.rng.random() < 0.7:
            self._resolve_file(name, "confirm")
            soon = self.world.machine.time + 3600.0
            self.world.machine.at(soon, partial(self._resolve_file, name, "resolved"))

    def fill_inbox(self) -> None:
        """The inbox takes nothing for a while."""
        inbox, machine = self.world.inbox, self.world.machine
        inbox.full = True
        seconds = self.rng.random() * 2 * self.timing.width
        machine.at(machine.time + seconds, lambda: setattr(inbox, "full", False))

    def calm_down(self) -> None:
        """From now on nothing goes wrong."""
        world = self.world
        world.log("world", "the faults stop")
        world.weather.clear()
        world.quiet = True
        world.inbox.full = world.inbox.down = world.inbox.lies = False
        world.indexes.catch_up()
        world.shop.windows = [(300, 300), (3000, 3600)]
        world.shop.used.clear()
        for order_id, until in world.shop.nameless.items():
            world.shop.nameless[order_id] = min(until, world.machine.time)
        for one in world.shop.orders.values():
            one.missing_until = 0.0
        self._resume()
        self.begin_day()

    def begin_day(self) -> None:
        """The operator's daily work: dead letters get another chance, unknown files are decided on
        by what is true (sometimes nobody gets round to it).
        """
        world = self.world
        for cause in self._list_causes():
            self._press("release", partial(_release_held, cause))
        if world.queue.dead or world.queue.dead_slices:
            world.start("operator", lambda c: c.queue.redrive(), limit=PAGE_TIME)
        for file in list(world.files.items.get(SHOP_ID, {}).values()):
            since = (file.since - world.machine.start).total_seconds()
            is_old = world.machine.time - since >= DECIDES_AFTER
            if file.state is FileState.UNKNOWN and is_old and self.rng.random() < 0.7:
                self._decide(file.name)
            elif file.state is FileState.DOUBLE:
                self._resolve_file(file.name, "resolved")
            elif file.state is FileState.VOID and read_content(world, file.name) is not None:
                self._find_given_up(file.name)


def _release_held(cause: str, workspace: Workspace) -> None:
    release_and_judge(workspace, {cause}, by=MERCHANT)
