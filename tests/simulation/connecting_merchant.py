"""A merchant who connects his shop with Asperion, turns back to files, and changes his mind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from random import Random
from typing import Any
from urllib.parse import parse_qs, urlsplit

from chalicelib.domain.choice_problems import ProblemKind
from chalicelib.domain.connection import AsperionTokens
from chalicelib.domain.events import Actor
from chalicelib.domain.shops import ShopState
from chalicelib.usecases.connector import Connector
from chalicelib.usecases.operating.changing_connection import (
    choose_administration,
    confirm_choices,
    disconnect,
    turn_off,
    turn_on,
)
from chalicelib.usecases.operating.connection_reading import ChoicesRefused
from chalicelib.usecases.shop.connect_obstacles import ConnectRefused
from chalicelib.usecases.shop.connecting import (
    Answer,
    begin_connecting,
    finish_connecting,
    list_administrations,
)
from chalicelib.usecases.workspace import Workspace, open_workspace
from tests.fakes.asperion_lists import CHOICES
from tests.fakes.memory_asperion import DE_WILG, TESTING
from tests.simulation.sim_world import PAGE_TIME, SHOP_ID, World
from tests.simulation.timing import Timing

TRIES = 8
OF_TODAY = replace(
    CHOICES,
    vat_codes=tuple(each for each in CHOICES.vat_codes if each.code not in ("H19", "L6")),
)
SESSION = "the session of his browser"
MERCHANT = Actor.MERCHANT
GONE = (ShopState.INSTALLING, ShopState.UNINSTALLED)


class ConnectingMerchant:
    """The merchant of a schedule by API. `administration` is the one that he wants."""

    def __init__(self, world: World, rng: Random, timing: Timing) -> None:
        self.world = world
        self.rng = rng
        self.timing = timing
        self.administration = DE_WILG

    def plan(self, sure: str = "") -> None:
        """Let him change his mind a few times; `sure`: surely this, and often."""
        rng, at = self.rng, self.world.machine.at
        for _ in range(20 if sure == "looks at lists" else rng.choice((0, 0, 1, 2))):
            at(self.timing.choose_moment(), self.read_offers)
        for _ in range(6 if sure == "moved over" else 0):
            at(self.timing.choose_moment(), rng.choice((self.turn_off, self.turn_on, self.move)))
        for _ in range(rng.choice((0, 0, 1, 2, 3))):
            deed = rng.choice((self.turn_off, self.turn_on, self.move, self.leave, self.reconnect))
            at(self.timing.choose_moment(), deed)
        if self.rng.random() < 0.3:
            self.world.starts_with_files = True
            at(self.timing.choose_moment(), self.turn_on)

    def read_offers(self) -> None:
        """He looks at what his administrations offer."""
        self._press("looks", list_administrations)

    def turn_off(self) -> None:
        """Back to files; most turn on again after a while."""
        self._press("to files", lambda shop: turn_off(shop, by=MERCHANT))
        if self.rng.random() < 0.7:
            self.timing.act_later(self.turn_on)

    def turn_on(self) -> None:
        """By API, whatever that takes."""
        self._press("by API", self._turn_on)

    def move(self) -> None:
        """Another administration, and on."""
        is_own = self.administration is DE_WILG
        self.administration = TESTING if is_own else DE_WILG
        self._press("another administration", self._turn_on)

    def leave(self) -> None:
        """Disconnect; most come back."""
        self._press("disconnected", lambda shop: disconnect(shop, by=MERCHANT))
        if self.rng.random() < 0.7:
            self.timing.act_later(self.turn_on)

    def reconnect(self) -> None:
        """Consent once more, though nothing is wrong."""
        self._press("connected again", self._consent)

    def come_back(self) -> None:
        """Consent, where what was granted counts no more."""
        if self._needs_consent():
            self.reconnect()

    def _needs_consent(self) -> bool:
        shop = self.world.shops.records[SHOP_ID]
        tokens = self.world.shops.load(SHOP_ID, AsperionTokens)
        if shop.connection is None or tokens is None:
            return False
        return tokens.refused_since is not None

    def _turn_on(self, workspace: Workspace) -> None:
        """All that the pages ask for, one after the other."""
        connection = workspace.shop.connection
        tokens = workspace.connector.shops.load(workspace.shop_id, AsperionTokens)
        is_refused = tokens is None or tokens.refused_since is not None
        if is_refused or (connection is not None and connection.left_at is not None):
            self._consent(workspace)
        connection = workspace.shop.connection
        seen = "" if connection is None else connection.version
        chosen = choose_administration(workspace, self.administration.id, by=MERCHANT, seen=seen)
        confirm_choices(
            workspace, OF_TODAY, by=MERCHANT, seen=chosen.version, confirmed=[*ProblemKind]
        )
        connection = workspace.shop.connection
        assert connection is not None
        turn_on(workspace, by=MERCHANT, seen=connection.version)

    def _consent(self, workspace: Workspace) -> None:
        url = begin_connecting(workspace, SESSION)
        back = parse_qs(urlsplit(self.world.asperion.identity.consent(url)).query)
        answer = Answer(state=back["state"][0], code=back["code"][0])
        finish_connecting(workspace, SESSION, answer)

    def _press(self, deed: str, act: Callable[[Workspace], Any], attempt: int = 1) -> None:
        """Press a button, and again in a while when it did not work."""
        world = self.world

        def done(fine: bool) -> None:
            if not fine and attempt < TRIES:
                again = partial(self._press, deed, act, attempt + 1)
                world.machine.at(world.machine.time + 40.0 * attempt, again)

        def answer(connector: Connector) -> None:
            workspace = open_workspace(connector, SHOP_ID, is_page=True)
            if workspace.shop.state in GONE:
                return
            try:
                act(workspace)
            except (ConnectRefused, ChoicesRefused) as error:
                world.log("merchant", f"is refused: {error}")
                return
            world.counts[f"merchant: {deed}"] += 1

        world.log("merchant", deed)
        world.start("connect", answer, limit=PAGE_TIME, done=done)
