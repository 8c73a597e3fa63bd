"""A shop whose orders go straight into Asperion, all in memory; a night is one call."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from chalicelib.domain.concepts import CodeTotal, ShownInvoice
from chalicelib.domain.events import Actor
from chalicelib.domain.ledger import DocumentKind, Entry, EntryState, FileEntry, FileState, Hint
from chalicelib.domain.orders import Order, OrderLine, OrderStatus
from chalicelib.domain.sending_progress import SendingProgress
from chalicelib.usecases.afterwards.reading_back import read_back
from tests.fakes.documents_of_shop import order, order_line
from tests.fakes.memory_administration import MemoryAdministration
from tests.fakes.memory_asperion import MemoryAsperion
from tests.unit.usecases.stage import SHOP_ID, Stage


class ApiStage(Stage):
    """Likewise connected with the administration `asperion.books`."""

    def __init__(self, *, is_on: bool = True, **policy: Any) -> None:
        super().__init__(**policy)
        self.asperion = MemoryAsperion(lambda: self.now)
        self.connector = replace(self.connector, front_door=self.asperion.front_door)
        self.asperion.connect(self.shops, is_on=is_on)

    def sell(self, *numbers: int, incl: str = "24.20", email: str = "") -> None:
        """Paid orders of these numbers come in, each of a customer of its own."""
        for number in numbers:
            known = email or f"klant{number}@voorbeeld.example"
            self.receive(sold(number, order_line(incl), email=known))

    def turn(self, *, is_on: bool) -> None:
        """The merchant turns the way by API on or off."""

        def change(shop: Any) -> Any:
            return replace(shop, connection=replace(shop.connection, is_on=is_on))

        self.shops.update(SHOP_ID, change)

    @property
    def books(self) -> MemoryAdministration:
        """The administration."""
        return self.asperion.books

    def deliver(self, *orders: Order) -> FileEntry:
        """A run delivers these orders; its own calls are not kept."""
        for one in orders:
            self.receive(one)
        return self._deliver()

    def take_back(self, one: Order) -> FileEntry:
        """A booked order is cancelled in the shop, and a run delivers its reversal."""
        self.now += timedelta(minutes=1)
        self.api.put(replace(one, status=OrderStatus.CANCELLED))
        day = self.now.date()
        hint = Hint(kind=DocumentKind.REVERSAL, document_id=one.id, number=one.number, day=day)
        assert self.workspace().record_hint(hint, Actor.MERCHANT)
        return self._deliver()

    def _deliver(self) -> FileEntry:
        known = {file.name for file in self.files(with_empty=True)}
        self.export_later()
        self.asperion.calls.clear()
        [made] = (file for file in self.files(with_empty=True) if file.name not in known)
        return made

    def read_back(self) -> tuple[str, ...]:
        """A night's reading back."""
        return read_back(self.workspace())

    def shown(self) -> list[ShownInvoice]:
        """All invoices in the administration."""
        return self.asperion.books.list_shown()

    def descriptions(self) -> list[str]:
        """What they are called."""
        return [each.description for each in self.shown()]

    def order(self, number: int) -> Entry:
        """The order of that number, in the ledger."""
        return self.entry(f"order-{number}")

    def states(self, *numbers: int) -> list[str]:
        """Where these orders are."""
        return [self.order(number).state.value for number in numbers]

    def files(self, *, with_empty: bool = False) -> list[FileEntry]:
        """All files and deliveries, but for those that came to nothing."""
        kept: Any = self.connector.files
        found = kept.items.get(SHOP_ID, {}).values()
        return [file for file in found if with_empty or file.state is not FileState.VOID]

    def deliveries(self) -> list[tuple[str, int]]:
        """Likewise: the state of each, and of how many documents."""
        return [(file.state.value, len(file.keys)) for file in self.files()]

    def progress(self) -> dict[str, SendingProgress]:
        """What is kept of deliveries on their way."""
        return self.shops.load_each(SHOP_ID, SendingProgress)


def sold(number: int, *lines: OrderLine, **facts: Any) -> Order:
    """One of several orders."""
    return order(*lines, number=f"ORD{number:05d}", id=number, **facts)


def codes(**totals: tuple[str, str]) -> dict[str, CodeTotal]:
    """Totals by VAT code."""
    return {
        code: CodeTotal(excl=Decimal(excl), vat=Decimal(vat))
        for code, (excl, vat) in totals.items()
    }


def placed_once(stage: ApiStage, *numbers: int) -> bool:
    """Whether each of these orders is placed, and in the administration exactly once."""
    placed = [stage.order(number) for number in numbers]
    ids = [entry.asperion_id for entry in placed]
    return (
        all(entry.state is EntryState.PLACED for entry in placed)
        and sorted(ids, key=str) == sorted((each.id for each in stage.shown()), key=str)
        and len(stage.shown()) == len(numbers)
    )


def covered(files: Iterable[FileEntry]) -> Decimal:
    """What the cover sheets of placed files and deliveries add up to, VAT included."""
    covers = [file.cover for file in files if file.state is FileState.PLACED]
    return sum((cover.incl for cover in covers if cover is not None), Decimal(0))
