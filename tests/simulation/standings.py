"""Where the shop stood with the connector at any moment of a schedule."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from chalicelib.domain.fleet_halt import FleetHalt
from chalicelib.domain.policy import Policy
from chalicelib.domain.shops import Shop
from chalicelib.domain.ways import Way
from tests.fakes.open_vault import look_into
from tests.simulation.machine import Machine


@dataclass(frozen=True, slots=True)
class Standing:
    """How the shop stood from `time` (seconds) on. `administration` is the one that it delivers to
    by API, None while it makes files.
    """

    time: float
    exports: bool
    licence: str | None
    policy: Policy
    installed_at: datetime
    locked_until: date | None = None
    administration: int | None = None
    is_halted: bool = False


@dataclass(slots=True)
class Standings:
    """All of them, the first first. `blame` is called with what must never happen. `confirmed` are
    the files of which somebody who closed a period knew that they may still come in.
    """

    machine: Machine
    blame: Callable[[str], None]
    all: list[Standing] = field(default_factory=list)
    confirmed: set[str] = field(default_factory=set)
    halt: FleetHalt = field(default_factory=FleetHalt)

    @property
    def now(self) -> Standing:
        """How it stands."""
        return self.all[-1]

    def see(self, shop: Shop) -> None:
        """The shop's record was written."""
        licence, connection = look_into(shop.licence), shop.connection
        is_on = connection is not None and shop.way is Way.API
        seen = Standing(
            self.machine.time,
            shop.state.exports,
            licence,
            shop.policy,
            shop.installed_at,
            shop.locked_until,
            connection.administration.id if connection is not None and is_on else None,
            self.halt.find(shop) is not None,
        )
        if not self.all or seen != replace(self.all[-1], time=seen.time):
            self.all.append(seen)

    def see_halt(self, halt: FleetHalt, shop: Shop) -> None:
        """The operator halted something, or ended a halt."""
        self.halt = halt
        self.see(shop)

    def since_when(self, holds: Callable[[Standing], bool]) -> float | None:
        """Since when something has been so without a break; None when it is not so."""
        since = None
        for standing in reversed(self.all):
            if not holds(standing):
                break
            since = standing.time
        return since

    def during(self, first: float, last: float) -> list[Standing]:
        """How it stood at some time between."""
        ends = [*(one.time for one in self.all[1:]), float("inf")]
        pairs = zip(self.all, ends, strict=True)
        return [one for one, end in pairs if one.time <= last and end >= first]

    @property
    def first_installed_at(self) -> datetime:
        """When the shop was installed first."""
        return self.all[0].installed_at

    @property
    def ever_on_account(self) -> bool:
        """Whether the shop ever exported orders on account."""
        return any(one.policy.on_account for one in self.all)

    @property
    def account_since(self) -> float:
        """Since when the shop has exported orders on account, or has not."""
        on_account = self.now.policy.on_account
        return self.since_when(lambda one: one.policy.on_account is on_account) or 0.0
