"""What speaks against choices for deliveries by API, by what the administration lists on a day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from enum import StrEnum

from chalicelib.domain.administrations import AdministrationLists, Daybook, VatCode
from chalicelib.domain.connection import ApiChoices, ChosenCode
from chalicelib.domain.fitting_codes import find_day, is_of_country
from chalicelib.domain.policy import VatClass
from chalicelib.domain.treatment_details import TaxedAs
from chalicelib.lazy_dataclass import dataclass

_SALES_TYPES = frozenset({"sales", "sale", "verkoop", "salesjournal", "verkoopboek", "salesbook"})
"""Types of a sales journal, in small letters; the API's own list of them is not public."""


class ProblemKind(StrEnum):
    """What is the matter with a choice."""

    JOURNAL_MISSING = "journal_missing"  # none was chosen
    JOURNAL_GONE = "journal_gone"
    JOURNAL_OTHER_TYPE = "journal_other_type"  # of purchases, a bank …
    CONDITION_GONE = "condition_gone"
    CODE_GONE = "code_gone"
    CODE_OF_PURCHASES = "code_of_purchases"
    CODE_ENDED = "code_ended"
    CODE_NOT_BEGUN = "code_not_begun"
    CODE_OTHER_RATE = "code_other_rate"  # another percentage than that of the treatment
    CODE_OTHER_COUNTRY = "code_other_country"
    ACCOUNT_MISSING = "account_missing"  # none was chosen for a VAT class
    ACCOUNT_GONE = "account_gone"
    ACCOUNT_DISABLED = "account_disabled"

    @property
    def may_be_confirmed(self) -> bool:
        """Whether a person may confirm it all the same: Asperion takes it, or what lacks it is
        held.
        """
        return self in _CONFIRMABLE


_CONFIRMABLE = frozenset(
    {
        ProblemKind.ACCOUNT_MISSING,
        ProblemKind.JOURNAL_OTHER_TYPE,
        ProblemKind.CODE_OTHER_RATE,
        ProblemKind.CODE_OTHER_COUNTRY,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceProblem:
    """A problem, and whose: the treatment of a VAT code, the VAT class or the article code of a
    ledger account, the payment code of a condition; none of them for the other choices. `chosen`
    is the id that was chosen.
    """

    kind: ProblemKind
    chosen: str = ""
    taxed: TaxedAs | None = None
    vat_class: VatClass | None = None
    article_code: str = ""
    payment_code: str = ""


def check_choices(
    choices: ApiChoices, lists: AdministrationLists, day: date, *, home: str = "NL"
) -> tuple[ChoiceProblem, ...]:
    """Everything that speaks against choices for invoices of a day; `home` is the shop's country.
    Kinds of debtors are not checked: the API does not list them.
    """
    return tuple(_find_problems(choices, lists, day, home))


def _find_problems(
    choices: ApiChoices, lists: AdministrationLists, day: date, home: str
) -> Iterator[ChoiceProblem]:
    if kind := find_journal_problem(choices.journal_id, lists):
        yield ChoiceProblem(kind=kind, chosen=choices.journal_id)
    condition = choices.payment_condition_id
    if kind := find_condition_problem(condition, lists):
        yield ChoiceProblem(kind=kind, chosen=_write_id(condition))
    for code, each_condition in choices.payment_conditions.items():
        if kind := find_condition_problem(each_condition, lists):
            yield ChoiceProblem(kind=kind, chosen=_write_id(each_condition), payment_code=code)
    for each in choices.vat_codes:
        if kind := find_code_problem(each, lists, day, home):
            yield ChoiceProblem(kind=kind, chosen=each.code, taxed=TaxedAs.of(each))
    yield from _find_account_problems(choices, lists)


def _find_account_problems(
    choices: ApiChoices, lists: AdministrationLists
) -> Iterator[ChoiceProblem]:
    for vat_class in VatClass:
        account = choices.ledger_accounts.get(vat_class)
        if kind := find_account_problem(account, lists):
            yield ChoiceProblem(kind=kind, chosen=_write_id(account), vat_class=vat_class)
    for article_code, exception in choices.article_accounts.items():
        if kind := find_account_problem(exception, lists):
            yield ChoiceProblem(kind=kind, chosen=_write_id(exception), article_code=article_code)


def find_journal_problem(journal_id: str, lists: AdministrationLists) -> ProblemKind | None:
    """What speaks against a journal, or None. A type that says nothing to us is no problem where
    no journal has one that does.
    """
    if not journal_id:
        return ProblemKind.JOURNAL_MISSING
    found = next((each for each in lists.daybooks if each.id == journal_id), None)
    if found is None:
        return ProblemKind.JOURNAL_GONE
    has_types = any(map(is_for_sales, lists.daybooks))
    return ProblemKind.JOURNAL_OTHER_TYPE if has_types and not is_for_sales(found) else None


def is_for_sales(daybook: Daybook) -> bool:
    """Whether a journal's type is that of sales."""
    return "".join(filter(str.isalpha, daybook.type.lower())) in _SALES_TYPES


def find_condition_problem(
    condition_id: int | None, lists: AdministrationLists
) -> ProblemKind | None:
    """What speaks against a payment condition, or None; without one Asperion chooses."""
    known = [None, *(each.id for each in lists.payment_conditions)]
    return None if condition_id in known else ProblemKind.CONDITION_GONE


def find_code_problem(
    chosen: ChosenCode, lists: AdministrationLists, day: date, home: str
) -> ProblemKind | None:
    """What speaks against a VAT code for its treatment on a day, or None. Of one that changed, the
    newest time in which it counts is named where it fits in none.
    """
    periods = [each for each in lists.vat_codes if each.id == chosen.code]
    periods.sort(key=lambda each: each.valid_from or date.min)
    last_day = find_day(TaxedAs.of(chosen), day)
    found = [_find_problem_of_period(chosen, each, last_day, home) for each in periods]
    return None if None in found else found[-1] if found else ProblemKind.CODE_GONE


def _find_problem_of_period(
    chosen: ChosenCode, code: VatCode, day: date, home: str
) -> ProblemKind | None:
    if not code.is_for_sales:
        return ProblemKind.CODE_OF_PURCHASES
    if not code.counts_on(day):
        is_over = code.valid_until is not None and code.valid_until < day
        return ProblemKind.CODE_ENDED if is_over else ProblemKind.CODE_NOT_BEGUN
    if code.rate != chosen.rate:
        return ProblemKind.CODE_OTHER_RATE
    is_of_it = is_of_country(code, TaxedAs.of(chosen), home)
    return None if is_of_it or not code.country else ProblemKind.CODE_OTHER_COUNTRY


def find_account_problem(account_id: int | None, lists: AdministrationLists) -> ProblemKind | None:
    """What speaks against a ledger account, or None."""
    if account_id is None:
        return ProblemKind.ACCOUNT_MISSING
    found = next((each for each in lists.ledger_accounts if each.id == account_id), None)
    if found is None:
        return ProblemKind.ACCOUNT_GONE
    return ProblemKind.ACCOUNT_DISABLED if found.is_disabled else None


def _write_id(chosen: int | None) -> str:
    return "" if chosen is None else str(chosen)
