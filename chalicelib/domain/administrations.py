"""What Asperion's REST API lists of an administration: names, codes and accounts to choose from.

The fields are those of the resources of the same names under ``/v1``; a rate is a fraction
(``Decimal("0.21")``), as everywhere in the heart, where the API has a percentage.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from chalicelib.domain.holds import HeldBack, HoldReason
from chalicelib.domain.refused_fields import RefusedField
from chalicelib.lazy_dataclass import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Administration:
    """One administration (tenant) that the merchant's Asperion account opens."""

    id: int
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VatCode:
    """A VAT code. `is_for_sales` tells codes of sales from those of purchases. It counts from
    `valid_from` to `valid_until`, both included; None is open. One that changed is there once for
    each such time. `country` is alpha-2, empty where Asperion names none.
    """

    id: str
    description: str
    rate: Decimal
    is_for_sales: bool = True
    is_default: bool = False
    valid_from: date | None = None
    valid_until: date | None = None
    country: str = ""

    def counts_on(self, day: date) -> bool:
        """Whether it can be used for an invoice of that date."""
        is_begun = self.valid_from is None or self.valid_from <= day
        return is_begun and (self.valid_until is None or day <= self.valid_until)


@dataclass(frozen=True, slots=True, kw_only=True)
class Daybook:
    """A journal of the administration, as the API has it under ``journals``; `type` as it says."""

    id: str
    description: str
    type: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerAccount:
    """An account of the general ledger; `vat_code` is the one that it suggests, or empty."""

    id: int
    description: str
    type: int = 0
    vat_code: str = ""
    is_disabled: bool = False
    rcsfi: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentCondition:
    """A payment condition."""

    id: int
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownDebtor:
    """A debtor of the administration, as far as it is recognised by it."""

    id: int
    customer_number: str
    email: str
    name: str = ""
    kind_id: str = ""
    is_blocked: bool = False


def choose_debtor(found: Iterable[KnownDebtor]) -> KnownDebtor | None:
    """Of the debtors with a customer's address the oldest that is not blocked; None when there are
    none. Raises `HeldBack` when all are blocked.
    """
    known = sorted(found, key=lambda each: each.id)
    usable = next((each for each in known if not each.is_blocked), None)
    if known and usable is None:
        raise HeldBack(HoldReason.ASPERION_REFUSED, RefusedField.DEBTOR)
    return usable


@dataclass(frozen=True, slots=True, kw_only=True)
class AdministrationLists:
    """All that an administration offers to choose from."""

    vat_codes: tuple[VatCode, ...] = ()
    daybooks: tuple[Daybook, ...] = ()
    ledger_accounts: tuple[LedgerAccount, ...] = ()
    payment_conditions: tuple[PaymentCondition, ...] = ()
    debtor_kinds: tuple[str, ...] = ()
    """Kinds that debtors of the administration have; the API lists no kinds by themselves."""
