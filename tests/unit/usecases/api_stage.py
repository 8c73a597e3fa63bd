"""A shop whose orders go straight into Asperion, all in memory; a night is one call."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from chalicelib.domain.concepts import ShownInvoice
from chalicelib.domain.ledger import Entry, EntryState, FileEntry, FileState
from chalicelib.domain.orders import Order
from chalicelib.domain.sending_progress import SendingProgress
from tests.fakes.documents_of_shop import order, order_line
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
            self.receive(sold(number, incl=incl, email=email))

    def turn(self, *, is_on: bool) -> None:
        """The merchant turns the way by API on or off."""

        def change(shop: Any) -> Any:
            return replace(shop, connection=replace(shop.connection, is_on=is_on))

        self.shops.update(SHOP_ID, change)

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


def sold(number: int, *, incl: str = "24.20", email: str = "") -> Order:
    """A paid order, of a customer of its own unless an address is given."""
    made = order(order_line(incl), email=email or f"klant{number}@voorbeeld.example")
    return replace(made, id=number, number=f"ORD{number}")


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
