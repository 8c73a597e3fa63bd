"""One administration in Asperion's memory: its lists, debtors and invoices, and what people do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from chalicelib.domain.administrations import (
    Administration,
    AdministrationLists,
    KnownDebtor,
)
from chalicelib.domain.concepts import (
    CodeTotal,
    Concept,
    ConceptLine,
    InvoiceStatus,
    ShownInvoice,
)
from chalicelib.domain.invoices import Debtor
from chalicelib.domain.refused_fields import RefusedField
from chalicelib.errors import AsperionInvalid
from chalicelib.ports import Clock
from tests.fakes.asperion_lists import LISTS
from tests.fakes.memory_identity import MERCHANT

CENT = Decimal("0.01")


@dataclass(slots=True, kw_only=True)
class StoredInvoice:
    """An invoice, and what only Asperion knows of it: when it was stored, from when on lists show
    it, and as what it was delivered.
    """

    shown: ShownInvoice
    concept: Concept
    stored_at: datetime
    listed_from: datetime

    @property
    def is_changed(self) -> bool:
        """Whether a person changed its date or its amounts."""
        same_day = self.shown.day == self.concept.day
        return not same_day or self.shown.codes != add_lines(self.concept)

    @property
    def is_touched(self) -> bool:
        """Whether a person changed it, or made it definitive."""
        return self.shown.status is not InvoiceStatus.CONCEPT or self.is_changed


@dataclass(slots=True)
class MemoryAdministration:
    """The books of one administration. Lists show a new invoice after `lag`. Invoices up to
    `closed_until` are refused. `accounts` may open it, unless it `is_closed`.
    """

    clock: Clock
    named: Administration
    lists: AdministrationLists = LISTS
    accounts: set[str] = field(default_factory=lambda: {MERCHANT})
    is_closed: bool = False
    closed_until: date | None = None
    lag: timedelta = timedelta()
    debtors: dict[int, KnownDebtor] = field(default_factory=dict)
    invoices: dict[int, StoredInvoice] = field(default_factory=dict)
    deleted: dict[int, StoredInvoice] = field(default_factory=dict)
    """What people, or the API, deleted."""
    _last_id: int = 0
    _on_their_way: list[tuple[datetime, Concept, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._last_id = self.named.id * 1000  # no two administrations share an id

    # ---- people ------------------------------------------------------------------------------

    def edit(
        self,
        invoice_id: int,
        *,
        description: str | None = None,
        day: date | None = None,
        codes: Mapping[str, CodeTotal] | None = None,
    ) -> ShownInvoice:
        """Somebody changes an invoice: what is None stays as it is."""
        stored = self.invoices[invoice_id]
        shown = stored.shown
        stored.shown = replace(
            shown,
            description=shown.description if description is None else description,
            day=day or shown.day,
            **({} if codes is None else _sum_up(codes)),
        )
        return stored.shown

    def change_amount(self, invoice_id: int, by: Decimal = Decimal("1.00")) -> ShownInvoice:
        """Somebody adds to the amount without VAT under the first VAT code of an invoice."""
        codes = dict(self.invoices[invoice_id].shown.codes)
        first = min(codes)
        codes[first] = replace(codes[first], excl=codes[first].excl + by)
        return self.edit(invoice_id, codes=codes)

    def change_if_there(self, invoice_id: int) -> None:
        """Somebody does so, unless it is deleted by now."""
        if invoice_id in self.invoices:
            self.change_amount(invoice_id)

    def delete(self, invoice_id: int) -> None:
        """Somebody deletes an invoice."""
        self.deleted[invoice_id] = self.invoices.pop(invoice_id)

    def make_definitive(
        self, invoice_id: int, status: InvoiceStatus = InvoiceStatus.IN_LEDGER
    ) -> None:
        """Somebody makes a concept definitive: it gets a number."""
        stored = self.invoices[invoice_id]
        number = stored.shown.number or f"2026{invoice_id:06d}"
        stored.shown = replace(stored.shown, status=status, number=number)

    def block(self, debtor_id: int) -> None:
        """Somebody blocks a debtor: nothing can be invoiced to it."""
        self.debtors[debtor_id] = replace(self.debtors[debtor_id], is_blocked=True)

    def unblock(self, debtor_id: int) -> None:
        """Somebody lets a debtor be invoiced to again."""
        self.debtors[debtor_id] = replace(self.debtors[debtor_id], is_blocked=False)

    def disable_account(self, account_id: int) -> None:
        """Somebody disables an account of the general ledger."""
        self.lists = replace(
            self.lists,
            ledger_accounts=tuple(
                replace(each, is_disabled=True) if each.id == account_id else each
                for each in self.lists.ledger_accounts
            ),
        )

    def end_vat_code(self, code: str, last_day: date) -> None:
        """Somebody lets a VAT code end after a day."""
        self.lists = replace(
            self.lists,
            vat_codes=tuple(
                replace(each, valid_until=last_day) if each.id == code else each
                for each in self.lists.vat_codes
            ),
        )

    def restore_lists(self) -> None:
        """Somebody makes everything count again that was there from the start."""
        self.lists = LISTS

    def know_debtor(self, email: str, *, is_blocked: bool = False, kind_id: str = "") -> int:
        """Somebody makes a debtor by hand. Returns its id."""
        return self._add_debtor(email, name=email, kind_id=kind_id, is_blocked=is_blocked)

    def close_administration(self) -> None:
        """The administration is closed, or taken away from the account."""
        self.is_closed = True

    def reopen_administration(self) -> None:
        """It can be opened again."""
        self.is_closed = False

    # ---- what the API does -------------------------------------------------------------------

    def list_shown(self) -> list[ShownInvoice]:
        """What the invoice list shows just now, lowest id first."""
        self.receive_late()
        now = self.clock()
        return [each.shown for each in self.invoices.values() if each.listed_from <= now]

    def check_debtor(self, debtor: Debtor) -> None:
        """Raise `AsperionInvalid` for a debtor that Asperion refuses."""
        if "@" not in debtor.email:
            raise AsperionInvalid("fields are refused", fields=(RefusedField.EMAIL,), status=400)

    def store_debtor(self, debtor: Debtor, kind: str) -> int:
        """Make a debtor. Returns its id."""
        return self._add_debtor(debtor.email, name=debtor.company or debtor.name, kind_id=kind)

    def check_invoice(self, concept: Concept, debtor_id: int | None) -> None:
        """Raise `AsperionInvalid` for a concept that Asperion refuses."""
        refused = tuple(self._list_refused(concept, debtor_id))
        if refused:
            raise AsperionInvalid("fields are refused", fields=refused, status=400)

    def store_invoice(self, concept: Concept, debtor_id: int) -> ShownInvoice:
        """Store a concept that was checked."""
        self._last_id += 1
        debtor = self.debtors[debtor_id]
        now = self.clock()
        shown = ShownInvoice(
            id=self._last_id,
            day=concept.day,
            description=concept.description,
            debtor_id=debtor_id,
            debtor_number=debtor.customer_number,
            status=InvoiceStatus.CONCEPT,
            number="",
            **_sum_up(add_lines(concept)),
        )
        self.invoices[shown.id] = StoredInvoice(
            shown=shown, concept=concept, stored_at=now, listed_from=now + self.lag
        )
        return shown

    def store_later(self, concept: Concept, debtor_id: int, delay: timedelta) -> None:
        """Store a concept that was checked after a while."""
        self._on_their_way.append((self.clock() + delay, concept, debtor_id))

    def receive_late(self) -> None:
        """Store what was on its way until now."""
        now = self.clock()
        due = [each for each in self._on_their_way if each[0] <= now]
        self._on_their_way = [each for each in self._on_their_way if each[0] > now]
        for _, concept, debtor_id in due:
            self.store_invoice(concept, debtor_id)

    def _add_debtor(self, email: str, *, name: str, kind_id: str, is_blocked: bool = False) -> int:
        self._last_id += 1
        self.debtors[self._last_id] = KnownDebtor(
            id=self._last_id,
            customer_number=str(10000 + len(self.debtors)),
            email=email,
            name=name,
            kind_id=kind_id,
            is_blocked=is_blocked,
        )
        return self._last_id

    def _list_refused(self, concept: Concept, debtor_id: int | None) -> list[str]:
        debtor = self.debtors.get(debtor_id or 0)
        known = debtor is not None and not debtor.is_blocked
        conditions = {None, *(each.id for each in self.lists.payment_conditions)}
        is_fine = {
            RefusedField.DEBTOR: debtor_id is None or known,
            RefusedField.DATE: self.closed_until is None or concept.day > self.closed_until,
            RefusedField.JOURNAL: concept.journal_id in {each.id for each in self.lists.daybooks},
            RefusedField.PAYMENT_CONDITION: concept.payment_condition_id in conditions,
            RefusedField.LINES: bool(concept.lines),
            RefusedField.VAT_CODE: all(
                self._is_sales_code(each.vat_code, concept) for each in concept.lines
            ),
            RefusedField.LEDGER_ACCOUNT: all(
                self._is_open_account(each.ledger_account_id) for each in concept.lines
            ),
            RefusedField.AMOUNT: all(_has_cents(each) for each in concept.lines),
        }
        return [field for field, fine in is_fine.items() if not fine]

    def _is_sales_code(self, code: str, concept: Concept) -> bool:
        known = (each for each in self.lists.vat_codes if each.id == code)
        return any(each.is_for_sales and each.counts_on(concept.day) for each in known)

    def _is_open_account(self, account_id: int) -> bool:
        accounts = self.lists.ledger_accounts
        return any(each.id == account_id and not each.is_disabled for each in accounts)


def _has_cents(line: ConceptLine) -> bool:
    """Whether the amounts of a line have whole cents."""
    return all(each == each.quantize(CENT) for each in (line.amount, line.vat_amount))


def add_lines(concept: Concept) -> dict[str, CodeTotal]:
    """What the lines of a concept add up to by VAT code."""
    codes: dict[str, CodeTotal] = {}
    for line in concept.lines:
        so_far = codes.get(line.vat_code, CodeTotal(excl=Decimal("0.00"), vat=Decimal("0.00")))
        codes[line.vat_code] = CodeTotal(
            excl=so_far.excl + line.amount, vat=so_far.vat + line.vat_amount
        )
    return codes


def _sum_up(codes: Mapping[str, CodeTotal]) -> dict[str, Any]:
    """The amounts of a head, by the names of `ShownInvoice`."""
    excl = sum((each.excl for each in codes.values()), Decimal("0.00"))
    vat = sum((each.vat for each in codes.values()), Decimal("0.00"))
    return {"excl": excl, "vat": vat, "incl": excl + vat, "codes": dict(codes)}
