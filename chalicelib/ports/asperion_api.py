"""Asperion's REST API, in one administration, and the identity server that opens it."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, Protocol

from chalicelib.lazy_dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, timedelta

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


class AccessTokens(Protocol):
    """Where the API client has the shop's access token from."""

    def get(self) -> str:
        """An access token that counts for a while yet; renewed when it does not. Raises
        `ConnectionRefused` when the merchant has to connect again, `AsperionUnavailable`,
        `VaultError`.
        """

    def renew(self, refused: str) -> str:
        """Another token than `refused`, which Asperion answered with 401 though it should count.
        Raises as `get`.
        """


class AsperionApi(Protocol):
    """Asperion's REST API in one administration.

    Every call may raise `AsperionNotSent` (nothing was sent), `AsperionBusy` (429; until when),
    `AsperionUnauthorised` (401, also with a renewed token), `AsperionForbidden` (the
    administration is closed, or taken away), `AsperionInvalid` (fields are refused),
    `ConnectionRefused` and `VaultError`. Reads, and checks that store nothing (`validate_only`),
    raise `AsperionUnavailable` for what is no usable answer, writes `AsperionUnknown`: what was
    written may be there, or not. What a write lacks before it is sent (time, an access token, the
    debtor's number) is `AsperionNotSent` or `AsperionInvalid`: nothing was stored. A check that is
    answered as if it had stored something is `AsperionUnknown` too.
    """

    def limit_time(self, time: timedelta) -> None:
        """Let no call last beyond this time from now on, in place of what was said before. Where
        the API was opened for a page, the time of the page stays the limit.
        """

    def list_administrations(self) -> list[Administration]:
        """Those that the merchant's account opens; the only call without an administration."""

    def list_vat_codes(self) -> list[VatCode]:
        """All VAT codes, those of purchases and past ones included."""

    def list_daybooks(self) -> list[Daybook]:
        """All journals."""

    def list_ledger_accounts(self) -> list[LedgerAccount]:
        """All accounts of the general ledger, disabled ones included."""

    def list_payment_conditions(self) -> list[PaymentCondition]:
        """All payment conditions."""

    def list_debtors(self, *, limit: int) -> list[KnownDebtor]:
        """At most so many debtors, to see which kinds are in use."""

    def find_debtors(self, email: str) -> list[KnownDebtor]:
        """The debtors with this very e-mail address, whatever its capitals, lowest id first."""

    def add_debtor(self, debtor: Debtor, kind: str, *, validate_only: bool = False) -> int | None:
        """Make a debtor of this kind (empty: Asperion's default). Returns its id; None when it was
        only validated.
        """

    def add_invoice(
        self, concept: Concept, debtor_id: int | None, *, validate_only: bool = False
    ) -> ShownInvoice | None:
        """Post a concept invoice for a debtor, who may be missing when it is only validated.
        Returns what Asperion stored; None when it was only validated. Asperion knows no
        idempotency key: posting again makes another invoice.
        """

    def list_invoices(
        self,
        *,
        day: date | None = None,
        debtor_id: int | None = None,
        description: str | None = None,
        journal_id: str | None = None,
    ) -> Iterator[ShownInvoice]:
        """All invoices with this date, debtor, description and journal, page after page; whatever
        Asperion's filter of a description means, only those are given whose description is this
        one. Raises `AsperionUnavailable` for a list that is cut.
        """

    def find_invoice(self, invoice_id: int) -> ShownInvoice | None:
        """The invoice of that id; None when it is not there (any longer)."""

    def delete_invoice(self, invoice_id: int) -> None:
        """Delete a concept. Raises `AsperionInvalid` when Asperion does not allow it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenGrant:
    """What the identity server grants. `refresh` is None when the one that was used goes on, or
    there is none; `lifetime` is how long `access` counts.
    """

    access: str = field(repr=False)
    refresh: str | None = field(repr=False, default=None)
    lifetime: timedelta


class Identity(Protocol):
    """Asperion's identity server: OAuth 2.0, authorization code flow with PKCE."""

    def write_authorize_url(self, *, state: str, challenge: str, redirect_uri: str) -> str:
        """Where the merchant's browser goes to; `challenge` is the S256 one of PKCE."""

    def exchange_code(self, code: str, *, verifier: str, redirect_uri: str) -> TokenGrant:
        """Exchange the code that the merchant's browser came back with. Raises `GrantRefused`,
        `AsperionUnavailable`.
        """

    def refresh(self, token: str) -> TokenGrant:
        """Renew a grant. Raises `GrantRefused` when the merchant has to connect again,
        `AsperionUnavailable` when the answer was lost or is no usable one.
        """
