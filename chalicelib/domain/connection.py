"""How a shop is connected with an administration in Asperion: which one, and what the merchant
confirmed about how invoices are booked there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace
from datetime import datetime
from decimal import Decimal
from typing import ClassVar

from chalicelib.domain.administrations import Administration
from chalicelib.domain.invoices import VatKind, VatTreatment
from chalicelib.domain.policy import VatClass
from chalicelib.domain.sealed import Sealed
from chalicelib.lazy_dataclass import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ChosenCode:
    """The VAT code for lines of a kind, a country (alpha-2) and a rate (a fraction)."""

    kind: VatKind
    country: str
    rate: Decimal
    code: str

    def fits(self, treatment: VatTreatment) -> bool:
        """Whether lines of that treatment get it."""
        mine = (self.kind, self.country, self.rate)
        return mine == (treatment.kind, treatment.country, treatment.rate)


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiChoices:
    """What the merchant confirmed for deliveries by API. `debtor_kind` empty and
    `payment_condition_id` None leave it to Asperion; `payment_conditions` are those of orders paid
    by a method, by its payment code. `ledger_accounts` are by VAT class, `article_accounts` the
    exceptions by article code.
    """

    journal_id: str
    debtor_kind: str = ""
    payment_condition_id: int | None = None
    payment_conditions: Mapping[str, int] = field(default_factory=dict)
    vat_codes: tuple[ChosenCode, ...] = ()
    ledger_accounts: Mapping[VatClass, int] = field(default_factory=dict)
    article_accounts: Mapping[str, int] = field(default_factory=dict)

    def find_code(self, treatment: VatTreatment) -> str | None:
        """The VAT code for lines of a treatment; None when none was confirmed."""
        return next((each.code for each in self.vat_codes if each.fits(treatment)), None)

    def find_condition(self, payment_code: str | None) -> int | None:
        """The payment condition of what was paid by a method; None leaves it to Asperion."""
        return self.payment_conditions.get(payment_code or "", self.payment_condition_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """A shop's connection, from the choice of an administration on. `choices` are None until the
    merchant confirmed them. Documents are delivered by API while `is_on`, since `turned_at`. With
    `left_at` the merchant has disconnected, and it is kept only until nothing may have to be asked
    there any more. `changed_at` is when he last changed anything about it.
    """

    administration: Administration
    choices: ApiChoices | None = None
    is_on: bool = False
    connected_at: datetime
    turned_at: datetime | None = None
    left_at: datetime | None = None
    changed_at: datetime | None = None

    @property
    def version(self) -> str:
        """By which a form says for which state of the connection it was filled in."""
        changed_at = self.changed_at or self.connected_at
        return f"{self.administration.id}/{changed_at.isoformat()}"


@dataclass(frozen=True, slots=True, kw_only=True)
class AsperionTokens:
    """What opens the merchant's Asperion account, kept beside the shop. One run at a time renews
    it: `lease_owner`, until `lease_until`. `refused_since` is when Asperion's identity server
    refused it, so that the merchant has to connect again, and `tried_at` when it last did; None
    while it is good.
    """

    NAME: ClassVar[str] = "asperion-tokens"

    access: Sealed
    refresh: Sealed | None = None
    expires_at: datetime
    granted_at: datetime
    lease_owner: str = ""
    lease_until: datetime | None = None
    refused_since: datetime | None = None
    tried_at: datetime | None = None


def exchange_tokens(tokens: AsperionTokens, renewed: Mapping[str, Sealed]) -> AsperionTokens:
    """The tokens with those that have such a `content` sealed as here."""
    refresh = tokens.refresh
    return replace(
        tokens,
        access=renewed.get(tokens.access.content, tokens.access),
        refresh=refresh and renewed.get(refresh.content, refresh),
    )
