"""A shop that delivers by API, and what of it is in Asperion, without a run: each delivery is put
into the ledger and into Asperion's memory as a run leaves it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

from chalicelib.domain.administrations import KnownDebtor
from chalicelib.domain.concept_making import make_concept
from chalicelib.domain.concepts import CodeTotal, ShownInvoice
from chalicelib.domain.cover_sheet import make_cover_sheet
from chalicelib.domain.events import Actor, Event, FileStep, OrderStep
from chalicelib.domain.file_content import FileContent
from chalicelib.domain.fingerprint import Prints, fingerprint, source_print, summary_print
from chalicelib.domain.invoices import Invoice
from chalicelib.domain.judgement import Terms, judge
from chalicelib.domain.landing import amounts_print
from chalicelib.domain.ledger import DocumentKind, Entry, FileEntry, Hint
from chalicelib.domain.making_returns import make_file_returns
from chalicelib.domain.orders import Order
from chalicelib.domain.reversal import mirror_invoice
from chalicelib.domain.ways import Way
from chalicelib.ports import StepTaken
from chalicelib.usecases.afterwards.reading_back import read_back
from chalicelib.usecases.filing.noting_months import note_months
from tests.fakes.asperion_lists import CHOICES
from tests.fakes.documents_of_shop import order
from tests.fakes.memory_administration import MemoryAdministration
from tests.fakes.memory_asperion import MemoryAsperion
from tests.unit.usecases.stage import SHOP_ID, Stage


class ApiStage(Stage):
    """The stage of a shop that is connected with `asperion`, and delivers there."""

    def __init__(self, **policy: Any) -> None:
        super().__init__(**policy)
        self.asperion = MemoryAsperion(clock=lambda: self.now)
        self.connector = dataclasses.replace(self.connector, front_door=self.asperion.front_door)
        self.asperion.connect(self.shops, SHOP_ID)

    @property
    def books(self) -> MemoryAdministration:
        """The administration."""
        return self.asperion.books

    def read_back(self) -> tuple[str, ...]:
        """A night's reading back."""
        return read_back(self.workspace())

    def deliver(self, *orders: Order) -> FileEntry:
        """Deliver these orders, and let a run record it."""
        key = self.workspace().prints_keys[0]
        for one in orders:
            self.receive(one)
        invoices = {f"order-{one.id}": self._judge(one) for one in orders}
        return self._deliver(invoices, {f"order-{one.id}": self._print(one, key) for one in orders})

    def take_back(self, one: Order) -> FileEntry:
        """Deliver the reversal of a booked order."""
        self.now += timedelta(minutes=1)
        day = self.now.date()
        hint = Hint(kind=DocumentKind.REVERSAL, document_id=one.id, number=one.number, day=day)
        assert self.workspace().record_hint(hint, Actor.MERCHANT)
        reversal = mirror_invoice(self._judge(one), day=day)
        return self._deliver({hint.key: reversal}, {hint.key: ""})

    def _deliver(self, invoices: Mapping[str, Invoice], prints: Mapping[str, str]) -> FileEntry:
        workspace, files = self.workspace(), self.connector.files
        made = files.create(SHOP_ID, self.now.date(), at=self.now, by=Actor.EXPORT, way=Way.API)
        note_months(workspace, made.name, [each.day for each in invoices.values()])
        key = workspace.prints_keys[0]
        for name in invoices:
            self._take(name, OrderStep.CLAIM, file=made.name)
        content = FileContent(
            keys=prints,
            sha256="5f" * 32,
            size=1,
            inbox=workspace.destination_print(),
            cover=make_cover_sheet(invoices.values()),
            returns=make_file_returns(list(invoices.values())),
            days={name: each.day for name, each in invoices.items()},
        )
        fixed = self._move(made, FileStep.FIX, content)
        placed = self._move(fixed, FileStep.DELIVER, content)
        for name, invoice in invoices.items():
            shown = self.post(invoice)
            self._take(
                name,
                OrderStep.PLACE,
                file=made.name,
                fingerprint=content.keys[name],
                booked_on=invoice.day,
                asperion_id=shown.id,
                delivered_print=amounts_print(shown.codes, shown.day, key),
            )
        return self._move(placed, FileStep.FINISH)

    def post(self, invoice: Invoice) -> ShownInvoice:
        """An invoice comes into Asperion, as a concept."""
        concept = make_concept(invoice, CHOICES)
        return self.books.store_invoice(concept, self._debtor(invoice.debtor.email))

    def _debtor(self, email: str) -> int:
        known: Mapping[int, KnownDebtor] = self.books.debtors
        found = (each.id for each in known.values() if each.email == email)
        return next(found, None) or self.books.know_debtor(email)

    def _judge(self, one: Order) -> Invoice:
        shop = self.workspace().shop
        terms = Terms(policy=shop.policy, currency=shop.currency, country=shop.country)
        verdict = judge(one, terms)
        assert isinstance(verdict, Invoice)
        return verdict

    def _print(self, one: Order, key: bytes) -> str:
        return str(
            Prints(
                key=key,
                summary=summary_print(one, key),
                source=source_print(one, key),
                content=fingerprint(self._judge(one), key),
            )
        )

    def _take(self, key: str, step: OrderStep, *, file: str, **more: Any) -> Entry:
        event = Event(at=self.now, step=step, by=Actor.EXPORT, file=file)
        taken = self.entries.record(SHOP_ID, StepTaken(key=key, event=event, **more))
        assert taken is not None, step
        return taken

    def _move(
        self, file: FileEntry, step: FileStep, content: FileContent | None = None
    ) -> FileEntry:
        event = Event(at=self.now, step=step, by=Actor.EXPORT)
        moved = self.connector.files.record(file, event, content)
        assert moved is not None, step
        return moved


def sold(number: int, **facts: Any) -> Order:
    """One of several orders."""
    return order(number=f"ORD{number:05d}", id=number, **facts)


def codes(**totals: tuple[str, str]) -> dict[str, CodeTotal]:
    """Totals by VAT code."""
    return {
        code: CodeTotal(excl=Decimal(excl), vat=Decimal(vat))
        for code, (excl, vat) in totals.items()
    }
