"""Asperion's REST API in one administration: the port `AsperionApi` over HTTP."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from typing import TypeVar

import requests

from chalicelib.adapters.asperion import rest_shapes as shapes
from chalicelib.adapters.asperion.invoice_query import InvoiceQuery
from chalicelib.adapters.asperion.invoice_shapes import InvoiceShape
from chalicelib.adapters.asperion.pace import Pace
from chalicelib.adapters.asperion.rest_created import (
    check_validated,
    read_made_debtor,
    read_made_invoice,
)
from chalicelib.adapters.asperion.rest_payloads import write_debtor, write_invoice
from chalicelib.adapters.asperion.rest_transport import Params, RestTransport
from chalicelib.adapters.asperion.whole_lists import ListRequest, read_list, usable
from chalicelib.adapters.call_time import SendAlone, send_alone
from chalicelib.adapters.deadline import Deadline
from chalicelib.asperion_guesses import AsperionGuesses, DebtorField
from chalicelib.domain.administrations import (
    Administration,
    Daybook,
    KnownDebtor,
    LedgerAccount,
    PaymentCondition,
    VatCode,
)
from chalicelib.domain.concepts import Concept, ShownInvoice
from chalicelib.domain.invoices import Debtor
from chalicelib.domain.refused_fields import RefusedField
from chalicelib.errors import (
    AsperionForbidden,
    AsperionInvalid,
    AsperionNotSent,
    AsperionUnavailable,
    AsperionUnknown,
)
from chalicelib.ports import AccessTokens, Clock

R = TypeVar("R")

DEBTORS, INVOICES = "debtors", "salesinvoiceswithlines"
PATIENT = (5.0, 20.0)
"""Seconds to connect and for each wait; a call takes no longer than both together."""

_NOT_ALLOWED = frozenset({405, 409, 501})
"""What answers a deletion that is not possible at all, or not any more."""


class AsperionRest:
    """`chalicelib.ports.AsperionApi` at `base_url` (``https://api.asperion.nl``).

    `administration_id` None opens no administration: only `list_administrations` is of use then.
    `pace` is in calls a second; `sleep` takes seconds. An instance belongs to one job and one shop:
    it remembers customer numbers of debtors, and until when Asperion wants to be left alone.
    """

    def __init__(
        self,
        *,
        session: requests.Session,
        base_url: str,
        tokens: AccessTokens,
        administration_id: int | None,
        guesses: AsperionGuesses,
        pace: int,
        clock: Clock,
        sleep: Callable[[float], None] = time.sleep,
        timeout: tuple[float, float] = PATIENT,
        deadline: Deadline | None = None,
        send: SendAlone = send_alone,
    ) -> None:
        self._guesses = guesses
        self._debtors: dict[int, KnownDebtor] = {}
        tenant = None if administration_id is None else (guesses.tenant_header, administration_id)
        self._http = RestTransport(
            session=session,
            root=f"{base_url.rstrip('/')}/v1",
            tokens=tokens,
            tenant=tenant,
            pace=Pace(clock=clock, sleep=sleep, per_second=pace),
            clock=clock,
            timeout=timeout,
            deadline=deadline,
            send=send,
        )

    def limit_time(self, time: timedelta) -> None:
        self._http.limit = Deadline(time.total_seconds())

    def list_administrations(self) -> list[Administration]:
        return self._list("administrations", shapes.AdministrationShape)

    def list_vat_codes(self) -> list[VatCode]:
        return self._list("vatcodes", shapes.VatCodeShape)

    def list_daybooks(self) -> list[Daybook]:
        return self._list("journals", shapes.DaybookShape)

    def list_ledger_accounts(self) -> list[LedgerAccount]:
        return self._list("ledgeraccounts", shapes.LedgerAccountShape)

    def list_payment_conditions(self) -> list[PaymentCondition]:
        return self._list("paymentconditions", shapes.PaymentConditionShape)

    def list_debtors(self, *, limit: int) -> list[KnownDebtor]:
        return self._remember(self._list(DEBTORS, shapes.DebtorShape, limit=limit))

    def find_debtors(self, email: str) -> list[KnownDebtor]:
        wanted = email.strip()
        if not wanted:
            return []
        found = self._list(DEBTORS, shapes.DebtorShape, (("EmailAddress", wanted),))
        same = [each for each in found if each.email.casefold() == wanted.casefold()]
        return sorted(self._remember(same), key=lambda each: each.id)

    def add_debtor(self, debtor: Debtor, kind: str, *, validate_only: bool = False) -> int | None:
        number = debtor.external_id if self._guesses.sends_number else None
        content = write_debtor(debtor, kind, number=number)
        try:
            answer = self._http.write("POST", DEBTORS, content, only_checks=validate_only)
        except AsperionInvalid as refusal:
            if number is None or RefusedField.DEBTOR not in refusal.fields:
                raise
            # Another debtor has that number: this one gets the next that is free.
            content = write_debtor(debtor, kind, number=None)
            answer = self._http.write("POST", DEBTORS, content, only_checks=validate_only)
        if validate_only:
            check_validated(answer)
            return None
        made = read_made_debtor(answer, debtor.email)
        self._remember([made])
        return made.id

    def add_invoice(
        self, concept: Concept, debtor_id: int | None, *, validate_only: bool = False
    ) -> ShownInvoice | None:
        if debtor_id is None and not validate_only:
            raise ValueError("an invoice that is stored has a debtor")
        debtor = self._find_to_write(debtor_id)
        content = write_invoice(concept, self._guesses, debtor)
        try:
            answer = self._http.write("POST", INVOICES, content, only_checks=validate_only)
        except AsperionInvalid as refusal:
            if debtor is None and refusal.fields == (RefusedField.DEBTOR,):
                return None  # which is all that it lacks
            raise
        if validate_only:
            check_validated(answer)
            return None
        return read_made_invoice(answer, concept, self._guesses.line_amounts, self._list_numbers())

    def list_invoices(
        self,
        *,
        day: date | None = None,
        debtor_id: int | None = None,
        description: str | None = None,
        journal_id: str | None = None,
    ) -> Iterator[ShownInvoice]:
        query = InvoiceQuery(
            day=day, debtor_id=debtor_id, description=description, journal_id=journal_id
        )
        return iter(self._list_invoices(query))

    def find_invoice(self, invoice_id: int) -> ShownInvoice | None:
        found = self._list_invoices(InvoiceQuery(invoice_id=invoice_id))
        return found[0] if found else None

    def delete_invoice(self, invoice_id: int) -> None:
        if not self._guesses.may_delete:
            raise AsperionInvalid("Asperion's API is taken not to delete: see ASPERION_DELETES.")
        try:
            self._http.write("DELETE", f"{self._guesses.deletion}/{invoice_id}", None)
        except (AsperionForbidden, AsperionUnknown) as refusal:
            status = refusal.status
            if status not in (404, *_NOT_ALLOWED):
                raise
        else:
            return
        if status in _NOT_ALLOWED or self.find_invoice(invoice_id) is not None:
            raise AsperionInvalid("Asperion does not delete this invoice.", status=status)

    def _list(
        self,
        resource: str,
        shape: type[shapes.Readable[R]],
        filters: Params = (),
        *,
        limit: int | None = None,
    ) -> list[R]:
        rows = read_list(self._http, self._make_request(resource, filters), shape, limit=limit)
        with usable(resource):
            return [row.read() for row in rows]

    def _list_invoices(self, query: InvoiceQuery) -> list[ShownInvoice]:
        request = self._make_request(INVOICES, query.filters)
        rows = read_list(self._http, request, InvoiceShape)
        debtor = None
        if query.debtor_id is not None and any(row.debtor_id is None for row in rows):
            debtor = self._find_debtor(query.debtor_id)
        amounts, numbers = self._guesses.line_amounts, self._list_numbers()
        with usable(INVOICES):
            return [row.read(amounts, numbers) for row in rows if query.fits(row, debtor)]

    def _make_request(self, resource: str, filters: Params) -> ListRequest:
        return ListRequest(resource, filters, self._guesses.page_size, self._guesses.order_by)

    def _find_debtor(self, debtor_id: int) -> KnownDebtor | None:
        """The debtor of an id, who is asked for once; None when there is none any more."""
        if debtor_id not in self._debtors:
            self._remember(self._list(DEBTORS, shapes.DebtorShape, (("Id", str(debtor_id)),)))
        return self._debtors.get(debtor_id)

    def _find_to_write(self, debtor_id: int | None) -> KnownDebtor | None:
        """The debtor whom an invoice is to name, None for nobody. Raises `AsperionInvalid` when
        Asperion has no such debtor, or none with a number to name it by.
        """
        if debtor_id is None:
            return None
        try:
            debtor = self._find_debtor(debtor_id)
        except AsperionUnavailable:
            raise AsperionNotSent(
                "Whom the invoice is for could not be asked, so that nothing was sent."
            ) from None
        names_by_number = self._guesses.debtor_field is DebtorField.NUMBER
        if debtor is None or (names_by_number and not debtor.customer_number):
            raise AsperionInvalid(
                "Asperion does not show the debtor of an invoice, or no number of it.",
                fields=(RefusedField.DEBTOR,),
            )
        return debtor

    def _list_numbers(self) -> dict[str, int]:
        """The ids of the debtors that are known, by their numbers."""
        return {each.customer_number: each.id for each in self._debtors.values()}

    def _remember(self, found: Sequence[KnownDebtor]) -> list[KnownDebtor]:
        self._debtors |= {each.id: each for each in found}
        return list(found)
