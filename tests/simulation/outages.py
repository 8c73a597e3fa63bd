"""Schedules of one single trouble, in which all else is well, so that a night must bring its files
or say why it does not.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from random import Random
from typing import TYPE_CHECKING

from chalicelib.domain.ledger import EntryState
from chalicelib.domain.shop_records import Trouble
from chalicelib.errors import (
    ShopError,
    ShopForbidden,
    ShopNotFound,
    ShopRefused,
    ShopUnavailable,
)

if TYPE_CHECKING:
    from tests.simulation.sim_world import World

SHOP_ID = 184520
HOUR = 3600.0
PASSES_WITHIN = (60.0, 600.0, 0.5 * HOUR, 1.5 * HOUR, 2.7 * HOUR)  # seconds, from the night's start
WHOLE_NIGHT = 9 * HOUR
NIGHT = 5.9 * HOUR
CHANGES_BEFORE = HOUR  # nothing does in the last hour before the night


def _break_shop(call: str) -> ShopError | None:
    return ShopUnavailable("SEOshop gave no usable answer (503).")


def _break_lists(call: str) -> ShopError | None:
    is_list = call.startswith(("orders since", "invoices"))
    return ShopUnavailable("SEOshop gave no usable answer (500).") if is_list else None


def _break_orders(call: str) -> ShopError | None:
    is_order = call.startswith("order ")
    return ShopUnavailable("SEOshop gave no usable answer (500).") if is_order else None


def _miss_orders(call: str) -> ShopError | None:
    is_order = call.startswith("order ")
    return ShopNotFound("SEOshop has nothing there.", status=404) if is_order else None


def _forbid(call: str) -> ShopError | None:
    return ShopForbidden("SEOshop does not permit this.", status=403)


def _refuse(call: str) -> ShopError | None:
    return ShopRefused("SEOshop calls the request wrong.", status=422)


PASSING: dict[str, Callable[[str], ShopError | None] | None] = {
    "shop down": _break_shop,
    "lists down": _break_lists,
    "orders down": _break_orders,
    "orders missing": _miss_orders,
    "app refused": None,
    "inbox down": None,
    "inbox refuses": None,
    "merchant installs again": None,
    "run killed": None,
}
"""What passes by itself, and breaks which calls of SEOshop."""

API_PASSING = ("asperion down", "asperion busy", "administration closed")
"""The same of a shop that delivers by API."""

AT_WORK = ("merchant installs again", "run killed")  # while the night's run is

BARRED: dict[str, Callable[[str], ShopError | None]] = {"forbidden": _forbid, "refused": _refuse}
"""What somebody has to mend; until then every night says so."""


@dataclass(frozen=True, slots=True)
class Outage:
    """A trouble from a while before a night (`begins`, `ends`, `night` in seconds)."""

    name: str
    night: float
    begins: float
    ends: float

    @property
    def must_pass(self) -> bool:
        """Whether the night has to bring its files nevertheless."""
        return self.name in (*PASSING, *API_PASSING) and self.ends - self.night <= PASSES_WITHIN[-1]


def draw_outage(rng: Random, night: float, *, by_api: bool = False) -> Outage:
    """One trouble of a night."""
    names = (*PASSING, *PASSING, *BARRED)
    name = rng.choice((*names, *API_PASSING * 4) if by_api else names)
    if name in AT_WORK:
        return Outage(name, night, night + rng.random(), night + 60.0)
    lasts = rng.choice((*PASSES_WITHIN, *(WHOLE_NIGHT,) * (5 if name in BARRED else 1)))
    return Outage(name, night, night - rng.random() * 300.0, night + lasts)


def plan_outage(world: World, outage: Outage, install_again: Callable[[], None]) -> None:
    """Let it happen, and look at the end of the night what came of it."""
    lasts = "all night" if outage.ends - outage.night >= NIGHT else "for a while"
    world.counts[f"trouble {lasts}: {outage.name}"] += 1
    if outage.name == "merchant installs again":
        world.machine.at(outage.begins, install_again)
    elif outage.name == "run killed":
        world.doomed = 1 + int(world.rng.random() * 40)
    else:
        world.machine.at(outage.begins, partial(_set, world, outage.name, is_on=True))
        world.machine.at(outage.ends, partial(_set, world, outage.name, is_on=False))
    world.machine.at(outage.night + NIGHT, partial(check_night, world, outage))


def _set(world: World, name: str, *, is_on: bool) -> None:
    world.log("world", f"{name} {'begins' if is_on else 'ends'}")
    if name == "inbox down":
        world.inbox.down = is_on
    elif name == "inbox refuses":
        world.inbox.full = is_on
    elif name in API_PASSING:
        world.asperion.set_trouble(name, is_on=is_on)
    elif name == "app refused":
        world.shop.app_refused = is_on
    else:
        world.shop.breaks = {**PASSING, **BARRED}[name] if is_on else None


def check_night(world: World, outage: Outage) -> None:
    """A trouble that passed has cost no order its night; one that did not is told of."""
    due = [
        one.number
        for one in world.shop.orders.values()
        if one.now.flaw is None
        and one.now.time < outage.night - CHANGES_BEFORE
        and one.now.due(on_account=False)
    ]
    placed = {
        entry.number
        for entry in world.entries.items.get(SHOP_ID, {}).values()
        if entry.state is EntryState.PLACED
    }
    late = sorted(set(due) - placed)
    if world.observer.is_refused and _is_reported(world, outage):
        return  # killed with the new access in hand: the merchant has to connect again
    if late and outage.must_pass:
        world.blame(f"{late} are in no file of the night, {outage.name} has passed")
    elif late and outage.ends > outage.night + NIGHT and not _is_reported(world, outage):
        world.blame(f"{late} are in no file for {outage.name}, and nobody is told")


def _is_reported(world: World, outage: Outage) -> bool:
    """Of single orders the orders themselves tell."""
    if outage.name in ("orders down", "orders missing"):
        return True
    kept = world.shops.kept.get(SHOP_ID, {}).get(Trouble.NAME)
    return isinstance(kept, Trouble) and kept.cause is not None
