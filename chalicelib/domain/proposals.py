"""What is proposed for an administration: each value with how sure it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Generic, TypeVar

from chalicelib.domain.connection import ApiChoices, ChosenCode
from chalicelib.domain.fitting_codes import CodeChoice, Sureness
from chalicelib.domain.needed_codes import NeededCode
from chalicelib.domain.policy import VatClass
from chalicelib.domain.treatment_details import TaxedAs
from chalicelib.lazy_dataclass import dataclass

Value = TypeVar("Value", str, int)
_Key = TypeVar("_Key", str, VatClass)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed(Generic[Value]):
    """A proposed id, None for none, and the ids that fit equally well."""

    value: Value | None = None
    sureness: Sureness = Sureness.NOTHING
    fitting: tuple[Value, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedCode:
    """The VAT code that is proposed for a treatment."""

    need: NeededCode
    choice: CodeChoice


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What is proposed for an administration."""

    journal: Proposed[str]
    debtor_kind: Proposed[str]
    payment_condition: Proposed[int]
    payment_conditions: dict[str, Proposed[int]]
    vat_codes: tuple[ProposedCode, ...]
    ledger_accounts: dict[VatClass, Proposed[int]]
    article_accounts: dict[str, int]

    def make_choices(self) -> ApiChoices:
        """The choices that it comes to when it is confirmed as it is; what nothing was found for
        is missing (the journal's id is empty then).
        """
        return ApiChoices(
            journal_id=self.journal.value or "",
            debtor_kind=self.debtor_kind.value or "",
            payment_condition_id=self.payment_condition.value,
            payment_conditions=_list_found(self.payment_conditions),
            vat_codes=tuple(
                make_chosen(each.need.taxed, each.choice.code)
                for each in self.vat_codes
                if each.choice.code
            ),
            ledger_accounts=_list_found(self.ledger_accounts),
            article_accounts=self.article_accounts,
        )


def _list_found(proposed: Mapping[_Key, Proposed[int]]) -> dict[_Key, int]:
    return {name: each.value for name, each in proposed.items() if each.value is not None}


def make_chosen(taxed: TaxedAs, code: str) -> ChosenCode:
    """A VAT code as the choice for a treatment."""
    return ChosenCode(kind=taxed.kind, country=taxed.country, rate=taxed.rate, code=code)
