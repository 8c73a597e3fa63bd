"""What people do in Asperion itself, whose books the connector writes into."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from random import Random

from chalicelib.domain.administrations import KnownDebtor
from chalicelib.domain.days import local_day
from chalicelib.domain.ledger import EntryState
from tests.fakes.asperion_lists import HIGH_SALES
from tests.fakes.memory_administration import MemoryAdministration
from tests.simulation.sim_world import SHOP_ID, World
from tests.simulation.timing import Timing

HIGH = "H"


class AsperionPeople:
    """The merchant and his bookkeeper at work in Asperion."""

    def __init__(self, world: World, rng: Random, timing: Timing) -> None:
        self.world = world
        self.rng = rng
        self.timing = timing

    def plan(self, sure: str = "") -> None:
        """Let a few things be done, at any time before the quiet; `sure`: surely this one."""
        rng, at = self.rng, self.world.machine.at
        if sure == "debtor blocked":
            for _ in range(4):
                at(self.timing.choose_moment(), self.block_debtor)
        for _ in range(rng.choice((0, 1, 2, 3))):
            deed = rng.choice((self.change, self.delete, self.make_definitive, self.block_debtor))
            at(self.timing.choose_moment(), deed)
        sometimes: tuple[tuple[float, Callable[[], None]], ...] = (
            (0.06, self.end_vat_code),
            (0.06, self.disable_account),
            (0.06, self.close_administration),
            (0.06, self.revoke),
            (0.06, self.take_down),
        )
        for chance, deed in sometimes:
            if rng.random() < chance:
                at(self.timing.choose_moment(), deed)

    def change(self) -> None:
        """Somebody changes the amount, or the date, of an invoice, perhaps of one in doubt."""
        for books, invoice_id in self._choose_invoice(or_in_doubt=self.rng.random() < 0.3):
            self._count("changed in Asperion")
            shown = books.change_amount(invoice_id)
            if self.rng.random() < 0.3:
                books.edit(invoice_id, day=shown.day + timedelta(days=1))

    def delete(self) -> None:
        """Somebody deletes a concept."""
        for books, invoice_id in self._choose_invoice():
            self._count("deleted in Asperion")
            books.delete(invoice_id)

    def make_definitive(self) -> None:
        """Somebody makes a concept definitive."""
        for books, invoice_id in self._choose_invoice():
            self._count("made definitive")
            books.make_definitive(invoice_id)

    def block_debtor(self) -> None:
        """Somebody blocks a debtor, most often because there is another one for that customer."""
        for books in self._choose_books():
            self._count("debtor blocked")
            debtor = self.rng.choice(list(books.debtors.values()))
            books.block(debtor.id)
            if self.rng.random() < 0.8:
                books.know_debtor(debtor.email.upper())

    def end_vat_code(self) -> None:
        """The code of the high rate ends, and counts again when all calms down."""
        for books in self._list_books():
            self._count("VAT code ended")
            books.end_vat_code(HIGH, local_day(self.world.machine.now()) - timedelta(days=9))

    def disable_account(self) -> None:
        """The account of the high rate is disabled, until all calms down."""
        for books in self._list_books():
            self._count("account disabled")
            books.disable_account(HIGH_SALES)

    def close_administration(self) -> None:
        """The administrations are closed for a while."""
        self._count("administration closed")
        machine, lasts = self.world.machine, self.rng.choice((600.0, 20_000.0, 100_000.0))
        for books in self._list_books():
            books.close_administration()
            machine.at(machine.time + lasts, books.reopen_administration)

    def revoke(self) -> None:
        """The merchant takes away what he had consented to."""
        self._count("consent revoked")
        self.world.asperion.revoke()

    def take_down(self) -> None:
        """Asperion is not reached for a while."""
        self._count("asperion down")
        asperion, machine = self.world.asperion, self.world.machine
        asperion.down = True
        lasts = self.rng.random() * 2 * self.timing.width
        machine.at(machine.time + lasts, partial(setattr, asperion, "down", False))

    def calm_down(self) -> None:
        """From now on Asperion takes what it is given."""
        self.world.asperion.down = False
        for books in self._list_books():
            books.reopen_administration()
            books.restore_lists()
            for debtor in [*books.debtors.values()]:
                if not self._has_another(books, debtor):
                    books.unblock(debtor.id)

    @staticmethod
    def _has_another(books: MemoryAdministration, debtor: KnownDebtor) -> bool:
        """Whether there is another debtor for the same customer, who is not blocked."""
        return any(
            other.email.casefold() == debtor.email.casefold() and not other.is_blocked
            for other in books.debtors.values()
            if other.id != debtor.id
        )

    def _list_books(self) -> list[MemoryAdministration]:
        return list(self.world.asperion.administrations.values())

    def _choose_books(self) -> list[MemoryAdministration]:
        used = [books for books in self._list_books() if books.debtors]
        return self.rng.sample(used, min(1, len(used)))

    def _choose_invoice(
        self, *, or_in_doubt: bool = False
    ) -> list[tuple[MemoryAdministration, int]]:
        """One that is known to be there, if there is any, and that nobody has touched."""
        entries = self.world.entries.items.get(SHOP_ID, {}).values()
        placed = {one.asperion_id for one in entries if one.state is EntryState.PLACED}
        found = [
            (books, invoice_id)
            for books in self._list_books()
            for invoice_id, stored in books.invoices.items()
            if (or_in_doubt or invoice_id in placed) and not stored.is_touched
        ]
        return self.rng.sample(found, min(1, len(found)))

    def _count(self, what: str) -> None:
        self.world.counts[what] += 1
        self.world.log("asperion", what)
