"""What a merchant decides while the nights go on: choices, licence code, leaving, coming back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from random import Random
from typing import Any

from chalicelib.domain.events import Actor
from chalicelib.domain.policy import Policy, Source
from chalicelib.domain.shops import ShopState
from chalicelib.domain.signatures import Callback
from chalicelib.usecases.connector import Connector
from chalicelib.usecases.shop.choosing import change_choices
from chalicelib.usecases.shop.installing import (
    admit_shop,
    complete_installation,
)
from chalicelib.usecases.shop.leaving import cancel_shop
from chalicelib.usecases.shop.licence_change import change_licence, propose_licence
from chalicelib.usecases.shop.uninstalling import uninstall_shop
from chalicelib.usecases.workspace import Workspace, open_workspace
from tests.fakes.open_vault import look_into
from tests.simulation.sim_world import PAGE_TIME, SHOP_ID, World
from tests.simulation.timing import Timing

TRIES = 8
MERCHANT = Actor.MERCHANT
GONE = (ShopState.UNINSTALLED, ShopState.INSTALLING)


class Merchant:
    """One merchant, who presses a button again until it works. `licence` and `policy` are what he
    wants.
    """

    def __init__(self, world: World, rng: Random, timing: Timing) -> None:
        self.world = world
        self.rng = rng
        self.timing = timing
        self.licence = "ASP-1"
        self.policy = Policy()
        self._came = 0

    def change_licence(self) -> None:
        """Another licence code, or the former one again."""
        self._count("licence changed")
        self.licence = self.rng.choice(("ASP-2", "ASP-3", "ASP-1"))
        self._press("licence", self._lead_elsewhere)

    def change_account(self) -> None:
        """Orders on account are exported from now on, or no longer."""
        self._count("policy changed")
        self.policy = replace(self.policy, on_account=not self.policy.on_account)
        self._save()

    def change_source(self) -> None:
        """The shop exports its invoices from now on, or its paid orders again."""
        self._count("source changed")
        was_orders = self.policy.source is Source.ORDERS
        self.policy = replace(self.policy, source=Source.INVOICES if was_orders else Source.ORDERS)
        self._save()

    def cancel(self) -> None:
        """Cancel the app in the AppCenter; it works on."""
        self._count("cancelled by the merchant")
        called_at = self._call_time()
        self._press("cancel", lambda shop: cancel_shop(shop, called_at=called_at))

    def leave(self) -> None:
        """Remove the app; most come back after a while. SEOshop revokes the token before it says
        so, or a while after; it may also be a trick, with a cancel link that somebody kept.
        """
        self._count("uninstalled")
        called_at, machine = self._call_time(), self.world.machine
        way = self.rng.random()
        if way < 0.5:
            self._lose_access()
        elif way < 0.8:
            self._count("token revoked after the call")
            machine.at(machine.time + self.rng.choice((2.0, 60.0, 5000.0)), self._lose_access)
        else:
            self._count("called removed by a trick")
        self._press("uninstall", lambda shop: uninstall_shop(shop, called_at=called_at))
        self.timing.act_later(self.come_back)

    def _lose_access(self) -> None:
        """SEOshop refuses the token, and removes the app's subscriptions."""
        self.world.shop.token_refused = True
        self.world.shop.seoshop.subscriptions.clear()

    def come_again(self) -> None:
        """Install once more without having left: SEOshop gives another token."""
        self._count("reinstalled")
        self._arrive()

    def come_back(self) -> None:
        """Install, if the app does not work as it is."""
        stored = self.world.shops.records[SHOP_ID]
        is_refused = (
            self.world.shop.token_refused or look_into(stored.token) != self.world.shop.token
        )
        if is_refused or stored.state in (*GONE, ShopState.DISCONNECTED):
            self._count("came back")
            self._arrive()

    def _arrive(self) -> None:
        """SEOshop sends the merchant with a new token, and refuses the former from now on."""
        shop = self.world.shop
        self._came += 1
        shop.token, shop.token_refused = f"token-{self._came}", False
        callback = Callback(
            shop_id=SHOP_ID,
            language="nl",
            timestamp=self._call_time(),
            cluster="eu1",
            token=shop.token,
        )
        self._try("arrive", lambda connector: admit_shop(connector, callback), self._fill_in)

    def _fill_in(self) -> None:
        """A shop that was gone gets its form filled in."""
        if self.world.shops.records[SHOP_ID].state is ShopState.INSTALLING:
            self._save()

    def _save(self) -> None:
        self._press("settings", self._send_form)

    def _send_form(self, workspace: Workspace) -> None:
        """The form asks for the code only while the shop is installed."""
        if workspace.shop.state is ShopState.INSTALLING:
            complete_installation(workspace, licence=self.licence, policy=self.policy)
        else:
            change_choices(workspace, self.policy, by=Actor.MERCHANT)

    def _lead_elsewhere(self, workspace: Workspace) -> None:
        """Both steps of the page that changes the code; a shop that is gone has none, and its form
        will ask for it.
        """
        if workspace.shop.state in GONE:
            return
        seen = propose_licence(workspace, self.licence)
        change_licence(workspace, self.licence, by=MERCHANT, former_mark=seen.former_mark)

    def _press(self, deed: str, act: Callable[[Workspace], Any]) -> None:
        def answer(connector: Connector) -> Any:
            return act(open_workspace(connector, SHOP_ID, is_page=True))

        self._try(deed, answer)

    def _try(
        self,
        deed: str,
        act: Callable[[Connector], Any],
        then: Callable[[], None] = lambda: None,
        attempt: int = 1,
    ) -> None:
        def done(fine: bool) -> None:
            if fine:
                then()
            elif attempt < TRIES:
                again = partial(self._try, deed, act, then, attempt + 1)
                world.machine.at(world.machine.time + 20.0 * attempt, again)

        world = self.world
        world.start(deed, act, limit=PAGE_TIME, done=done)

    def _call_time(self) -> Any:
        """SEOshop's stamp of a call: never before the one that brought the present token."""
        since = self.world.shops.records[SHOP_ID].token_since or self.world.machine.start
        return max(self.world.shop.clock(), since) + timedelta(seconds=1)

    def _count(self, what: str) -> None:
        self.world.counts[what] += 1
        self.world.log("merchant", what)
