"""One shop, its connector and Asperion's inbox, all in memory; a night is one call."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from chalicelib.axml import load_profile
from chalicelib.domain.events import Actor
from chalicelib.domain.ledger import DocumentKind, Entry, Hint
from chalicelib.domain.orders import Order
from chalicelib.domain.policy import Policy
from chalicelib.domain.shops import Shop, ShopState
from chalicelib.errors import ShopUnauthorised
from chalicelib.settings import Settings
from chalicelib.usecases.afterwards.watch import Watched, watch
from chalicelib.usecases.connector import Connector
from chalicelib.usecases.filing.export import Job, export_shop
from chalicelib.usecases.filing.run import Run
from chalicelib.usecases.shop.uninstalling import uninstall_shop
from chalicelib.usecases.workspace import Workspace, open_workspace
from sandbox.asperion.axml_reader import read_orders
from sandbox.asperion.imported_orders import Order as ReadOrder
from sandbox.asperion.vat_classes import totals_per_rate
from tests.fakes.app_pair import NEIGHBOUR, add_neighbour
from tests.fakes.asperion_inbox import MemoryInbox
from tests.fakes.eu_register import MemoryRegister
from tests.fakes.export_queue import MemoryQueue
from tests.fakes.fixed_secrets import FixedSecrets
from tests.fakes.memory_ledger import MemoryEntries, MemoryFiles, MemoryShops
from tests.fakes.open_vault import MemoryVault, seal_licence, seal_token
from tests.fakes.seoshop import MemorySeoshop

SHOP_ID = 184520
FIRST_NIGHT = datetime(2026, 3, 15, 1, 15, tzinfo=UTC)
PROFILE = load_profile(Path(__file__).parents[3] / "templates/axml/reconstructed-1.4")


class Stage:
    """Everything together."""

    def __init__(self, **policy: Any) -> None:
        self.now = FIRST_NIGHT
        self.api = MemorySeoshop(clock=lambda: self.now)
        self.neighbour = MemorySeoshop(clock=lambda: self.now)
        self.inbox = MemoryInbox()
        self.register = MemoryRegister(clock=lambda: self.now)
        self.entries = MemoryEntries()
        self.shops = MemoryShops()
        self.queue = MemoryQueue()
        self.vault = MemoryVault()
        self.secrets = FixedSecrets()
        self.connector = Connector(
            settings=Settings(
                table_prefix="test-",
                public_url="https://koppeling.example",
                inbox_url="https://inbox.example/{licence}/{file}",
            ),
            secrets=self.secrets,
            clock=lambda: self.now,
            shops=self.shops,
            entries=self.entries,
            files=MemoryFiles(),
            queue=self.queue,
            vault=self.vault,
            open_shop=self._open_shop,
            open_for_page=self._open_shop,
            open_inbox=lambda shop: self.inbox,
            vat_register=self.register,
            profile=lambda folder="": PROFILE,
        )
        installed = FIRST_NIGHT - timedelta(days=30)
        self.shops.add(
            Shop(
                shop_id=SHOP_ID,
                state=ShopState.ACTIVE,
                cluster="eu1",
                language="nl",
                token=seal_token("t" * 32),
                licence=seal_licence("ASP-1"),
                policy=Policy(**policy),
                installed_at=installed,
                exports_since=installed,
                changed_at=installed,
                swept_until=FIRST_NIGHT - timedelta(days=2),
            )
        )

    def night(self) -> Run:
        """The export; then half a day goes by."""
        report = self.export_later(hours=12)
        self.now += timedelta(hours=12)
        return report

    def export_later(self, **later: float) -> Run:
        """A run of the shop, so much later."""
        self.now += timedelta(**later)
        return export_shop(self.connector, Job(shop_id=SHOP_ID, run=f"run-{self.now}"))

    def uninstall(self, called_at: datetime | None = None) -> Shop:
        """SEOshop revokes the token, and calls the app removed."""
        self.api.fail(ShopUnauthorised("the token is refused", status=401), times=1)
        shop = uninstall_shop(self.workspace(), called_at=called_at or self.now)
        self.api.recover()
        return shop

    def workspace(self) -> Workspace:
        """The shop at work, as it is now."""
        return open_workspace(self.connector, SHOP_ID)

    def choose(self, **policy: Any) -> None:
        """The merchant chooses anew."""
        shops = self.connector.shops
        shops.update(SHOP_ID, lambda shop: replace(shop, policy=replace(shop.policy, **policy)))

    def have_others(self) -> None:
        """There is another shop, whose calls SEOshop answers: it does not refuse the app."""
        add_neighbour(self.connector.shops, lambda: self.now)

    def _open_shop(self, shop: Shop) -> MemorySeoshop:
        return self.neighbour if shop.shop_id == NEIGHBOUR else self.api

    def watch(self) -> Watched:
        return watch(self.workspace(), Watched(shop_id=SHOP_ID))

    def receive(self, order: Order) -> None:
        """A webhook brings a paid order."""
        self.api.put(order)
        hint = Hint(
            kind=DocumentKind.ORDER,
            document_id=order.id,
            number=order.number,
            day=order.created_at.date(),
        )
        self.entries.record_hint(SHOP_ID, hint, at=self.now, by=Actor.WEBHOOK)

    def entry(self, key: str) -> Entry:
        found = self.entries.get(SHOP_ID, key)
        assert found is not None, key
        return found

    def booked(self) -> list[ReadOrder]:
        """All that Asperion read, in the order of the files."""
        return [one for name in sorted(self.inbox.files) for one in self.read(name)]

    def read(self, name: str) -> list[ReadOrder]:
        return read_orders(self.inbox.files[name])

    def sums(self) -> dict[Decimal, tuple[Decimal, Decimal, Decimal]]:
        """Asperion's totals of everything, by rate in per cent."""
        sums: dict[Decimal, list[Decimal]] = defaultdict(lambda: [Decimal(0)] * 3)
        for total in totals_per_rate([line for one in self.booked() for line in one.lines]):
            amounts = (total.excl, total.vat, total.incl)
            sums[total.rate] = [a + b for a, b in zip(sums[total.rate], amounts, strict=True)]
        return {rate: (excl, vat, incl) for rate, (excl, vat, incl) in sums.items()}
