"""Asperion in memory, as its REST API shows it: administrations, and who may open them."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import TypeVar

from chalicelib.domain.administrations import (
    Administration,
    Daybook,
    KnownDebtor,
    LedgerAccount,
    PaymentCondition,
    VatCode,
)
from chalicelib.domain.concepts import Concept, ShownInvoice
from chalicelib.domain.connection import ApiChoices, AsperionTokens, Connection
from chalicelib.domain.invoices import Debtor
from chalicelib.domain.sealed import SecretKind
from chalicelib.errors import (
    AsperionForbidden,
    AsperionInvalid,
    AsperionUnauthorised,
    AsperionUnavailable,
)
from chalicelib.ports import AccessTokens, Clock, Shops
from chalicelib.usecases.connector import FrontDoor
from tests.fakes.asperion_faults import IS_DONE, IS_TWICE, ApiCall, Fault, Faults, raise_lost
from tests.fakes.asperion_lists import CHOICES
from tests.fakes.memory_administration import MemoryAdministration
from tests.fakes.memory_identity import MemoryIdentity
from tests.fakes.open_vault import SHOP_ID, seal

R = TypeVar("R")

DE_WILG = Administration(id=7001, name="Kaasboerderij De Wilg")
TESTING = Administration(id=7002, name="De Wilg (test)")


@dataclass
class MemoryAsperion:
    """All of Asperion. `administrations` are by their ids; two are there from the start, and one of
    them, `books`, is the one that tests mostly deal with. `deletes`: concepts can be deleted by
    API. What is on its way (`Fault.LATE`) arrives after `late_by`. Calls of the API are recorded in
    `calls`, `before_call` is called first of all.
    """

    clock: Clock
    identity: MemoryIdentity = field(init=False)
    administrations: dict[int, MemoryAdministration] = field(init=False)
    deletes: bool = True
    late_by: timedelta = timedelta(minutes=1)
    calls: list[ApiCall] = field(default_factory=list)
    before_call: Callable[[ApiCall], None] = lambda call: None
    faults: Faults = field(default_factory=Faults)

    def __post_init__(self) -> None:
        self.identity = MemoryIdentity(self.clock)
        self.administrations = {
            named.id: MemoryAdministration(self.clock, named) for named in (DE_WILG, TESTING)
        }

    @property
    def books(self) -> MemoryAdministration:
        """The administration of `DE_WILG`."""
        return self.administrations[DE_WILG.id]

    def fail(
        self,
        fault: Fault,
        *names: str,
        about: Container[object] | None = None,
        after: int = 0,
        times: int | None = None,
        until: datetime | None = None,
        fields: tuple[str, ...] = (),
    ) -> None:
        """Let calls of these names (of any name when there is none; those of the identity server
        are called ``exchange_code`` and ``refresh``) go wrong: only those about these things when
        `about` is given (descriptions of invoices, e-mail addresses), only when `after` of them
        went well, and only so many `times`, or else until `recover`. `until` goes with
        `Fault.BUSY`, `fields` with `Fault.INVALID`.
        """
        self.faults.add(
            fault, names, about=about, after=after, times=times, until=until, fields=fields
        )
        self.identity.faults = self.faults

    def recover(self) -> None:
        """Let every call go well again."""
        self.faults.failures.clear()

    def open_api(self, tokens: AccessTokens, administration_id: int | None) -> MemoryAsperionApi:
        """As `FrontDoor.open_api`."""
        return MemoryAsperionApi(self, tokens, administration_id)

    @property
    def front_door(self) -> FrontDoor:
        """What a connector gets that is to offer the connection with this Asperion."""
        return FrontDoor(identity=self.identity, open_api=self.open_api)

    def connect(
        self,
        shops: Shops,
        shop_id: int = SHOP_ID,
        *,
        administration: Administration = DE_WILG,
        choices: ApiChoices | None = CHOICES,
        is_on: bool = True,
    ) -> Connection:
        """Let a shop that is stored be connected, and deliver by API when `is_on`, as if its
        merchant had done so now.
        """
        now, grant = self.clock(), self.identity.grant()
        connection = Connection(
            administration=administration,
            choices=choices,
            is_on=is_on,
            connected_at=now,
            turned_at=now if is_on else None,
        )
        shops.update(shop_id, lambda shop: replace(shop, connection=connection))
        refresh = grant.refresh and seal(grant.refresh, SecretKind.ASPERION_REFRESH, shop_id)
        tokens = AsperionTokens(
            access=seal(grant.access, SecretKind.ASPERION_ACCESS, shop_id),
            refresh=refresh or None,
            expires_at=now + grant.lifetime,
            granted_at=now,
        )
        shops.save(shop_id, tokens)
        return connection


@dataclass
class MemoryAsperionApi:
    """Port `AsperionApi`: one administration of a `MemoryAsperion`, or none yet."""

    asperion: MemoryAsperion
    tokens: AccessTokens
    administration_id: int | None = None

    def limit_time(self, time: timedelta) -> None:
        """A call in memory takes no time."""

    def list_administrations(self) -> list[Administration]:
        account = self.authorise(ApiCall("list_administrations"))
        self._read(ApiCall("list_administrations"))
        known = self.asperion.administrations.values()
        return [each.named for each in known if account in each.accounts and not each.is_closed]

    def list_vat_codes(self) -> list[VatCode]:
        return list(self._open("list_vat_codes").lists.vat_codes)

    def list_daybooks(self) -> list[Daybook]:
        return list(self._open("list_daybooks").lists.daybooks)

    def list_ledger_accounts(self) -> list[LedgerAccount]:
        return list(self._open("list_ledger_accounts").lists.ledger_accounts)

    def list_payment_conditions(self) -> list[PaymentCondition]:
        return list(self._open("list_payment_conditions").lists.payment_conditions)

    def list_debtors(self, *, limit: int) -> list[KnownDebtor]:
        return list(self._open("list_debtors", limit).debtors.values())[:limit]

    def find_debtors(self, email: str) -> list[KnownDebtor]:
        debtors = self._open("find_debtors", email).debtors.values()
        return [each for each in debtors if each.email.casefold() == email.casefold()]

    def add_debtor(self, debtor: Debtor, kind: str, *, validate_only: bool = False) -> int | None:
        def store(books: MemoryAdministration) -> int | None:
            books.check_debtor(debtor)
            return None if validate_only else books.store_debtor(debtor, kind)

        return self._write("add_debtor", debtor.email, store, is_trial=validate_only)

    def add_invoice(
        self, concept: Concept, debtor_id: int | None, *, validate_only: bool = False
    ) -> ShownInvoice | None:
        def store(books: MemoryAdministration) -> ShownInvoice | None:
            books.check_invoice(concept, debtor_id)
            if validate_only:
                return None
            assert debtor_id is not None, "an invoice is for a debtor"
            return self.store(books, concept, debtor_id)

        def store_later(books: MemoryAdministration) -> None:
            books.check_invoice(concept, debtor_id)
            if debtor_id is not None and not validate_only:
                self.store_later(books, concept, debtor_id)

        about = concept.description
        return self._write("add_invoice", about, store, store_later, is_trial=validate_only)

    def list_invoices(
        self,
        *,
        day: date | None = None,
        debtor_id: int | None = None,
        description: str | None = None,
        journal_id: str | None = None,
    ) -> Iterator[ShownInvoice]:
        call = ApiCall("list_invoices", self.administration_id, description or day)
        books = self._enter(call)
        fault = self._read(call)
        journals = {each.shown.id: each.concept.journal_id for each in books.invoices.values()}
        found = [
            each
            for each in books.list_shown()
            if day in (None, each.day)
            and debtor_id in (None, each.debtor_id)
            and description in (None, each.description)
            and journal_id in (None, journals.get(each.id, journal_id))
        ]
        if fault is not Fault.HALF_LIST:
            return iter(found)
        return self._break_off(found)

    def find_invoice(self, invoice_id: int) -> ShownInvoice | None:
        books = self._open("find_invoice", invoice_id)
        books.receive_late()
        stored = books.invoices.get(invoice_id)
        return None if stored is None else stored.shown

    def delete_invoice(self, invoice_id: int) -> None:
        def delete(books: MemoryAdministration) -> None:
            stored = books.invoices.get(invoice_id)
            status = None if stored is None else stored.shown.status
            if not self.asperion.deletes or status is None or status.is_definitive:
                raise AsperionInvalid("it cannot be deleted", status=400)
            books.delete(invoice_id)

        self._write("delete_invoice", invoice_id, delete)

    # ---- on the way there and back ------------------------------------------------------------

    def take_fault(self, call: ApiCall) -> Fault | None:
        """What goes wrong with a call, as `Faults.take`."""
        return self.asperion.faults.take(call)

    def store(self, books: MemoryAdministration, concept: Concept, debtor_id: int) -> ShownInvoice:
        """Asperion stores what was posted."""
        return books.store_invoice(concept, debtor_id)

    def store_later(self, books: MemoryAdministration, concept: Concept, debtor_id: int) -> None:
        """Asperion stores it after a while."""
        books.store_later(concept, debtor_id, self.asperion.late_by)

    def _open(self, name: str, about: object = None) -> MemoryAdministration:
        """The administration, after a read that went well."""
        call = ApiCall(name, self.administration_id, about)
        books = self._enter(call)
        if self._read(call) is Fault.HALF_LIST:
            raise AsperionUnavailable("the list is cut")
        return books

    def _write(
        self,
        name: str,
        about: object,
        act: Callable[[MemoryAdministration], R],
        act_later: Callable[[MemoryAdministration], None] = lambda books: None,
        *,
        is_trial: bool = False,
    ) -> R:
        call = ApiCall(name, self.administration_id, about, is_trial)
        books = self._enter(call)
        fault = self.take_fault(call)
        if fault is Fault.LATE:
            act_later(books)
        if fault is not None and fault not in IS_DONE:
            raise_lost(fault, is_write=not is_trial)
        answer = act(books)
        if fault in IS_TWICE:
            act(books)
        raise_lost(fault, is_write=not is_trial)
        return answer

    def _read(self, call: ApiCall) -> Fault | None:
        fault = self.take_fault(call)
        raise_lost(fault, is_write=False)
        return fault

    def _enter(self, call: ApiCall) -> MemoryAdministration:
        account = self.authorise(call)
        books = self.asperion.administrations.get(self.administration_id or 0)
        if books is None or books.is_closed or account not in books.accounts:
            raise AsperionForbidden("the administration is not open", status=403)
        return books

    def authorise(self, call: ApiCall) -> str:
        """Whose call that is, once his token counts. Raises as `AccessTokens`."""
        self.asperion.calls.append(call)
        self.asperion.before_call(call)
        identity = self.asperion.identity
        token = self.tokens.get()
        account = identity.find_account(token)
        if account is None:
            account = identity.find_account(self.tokens.renew(token))
        if account is None:
            raise AsperionUnauthorised("the token is refused", status=401)
        return account

    @staticmethod
    def _break_off(found: list[ShownInvoice]) -> Iterator[ShownInvoice]:
        yield from found[: len(found) // 2]
        raise AsperionUnavailable("the list is cut")
