"""The form of how invoices are booked in an administration: its fields, read and filled in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from chalicelib.domain import bounds
from chalicelib.domain.administrations import AdministrationLists
from chalicelib.domain.choice_problems import ChoiceProblem, ProblemKind
from chalicelib.domain.connection import ApiChoices
from chalicelib.domain.policy import VatClass
from chalicelib.domain.proposals import Proposal, make_chosen
from chalicelib.domain.treatment_details import TaxedAs, read_treatment
from chalicelib.lazy_dataclass import dataclass
from chalicelib.web.http.http_messages import Form
from chalicelib.web.texts.connect_texts import (
    CHOICE_PROBLEMS,
    NO_ARTICLES,
    NO_CODE,
    PICK_ONE,
    TOO_MANY_ARTICLES,
    TWICE,
)

JOURNAL, KIND, CONDITION, SURE = "journal", "debtor_kind", "payment_condition", "sure"
ALSO = "also"
"""Treatments that a try-out met and that have no VAT code yet."""
_MOST_ALSO = 10
MOST_EXCEPTIONS = 20
"""Rows of articles that go to another account."""

_SEPARATORS = r"[\s,;]+"


def name_code(taxed: TaxedAs) -> str:
    """The field of a treatment's VAT code."""
    return f"code:{taxed.kind.value}:{taxed.country}:{taxed.rate.normalize():f}"


def name_condition(payment_code: str) -> str:
    """The field of the payment condition of a method."""
    return f"condition:{payment_code}"


def name_account(vat_class: VatClass) -> str:
    """The field of a VAT class's ledger account."""
    return f"account:{vat_class.value}"


def name_exception(row: int) -> str:
    """The field of the account of a row of articles."""
    return f"exception:{row}"


def name_articles(row: int) -> str:
    """The field of that row's article codes."""
    return f"articles:{row}"


def write_also(details: Iterable[str]) -> str:
    """Treatments, each as the detail of a hold, for an address."""
    return ",".join(list(dict.fromkeys(details))[:_MOST_ALSO])


def read_also(text: str) -> list[str]:
    """What `write_also` wrote; whatever is none is left out."""
    return [each for each in text.split(",")[:_MOST_ALSO] if read_treatment(each) is not None]


def fill_values(choices: ApiChoices) -> dict[str, str]:
    """What the form's fields hold for these choices."""
    condition = choices.payment_condition_id
    values = {
        JOURNAL: choices.journal_id,
        KIND: choices.debtor_kind,
        CONDITION: "" if condition is None else str(condition),
    }
    for code, id_ in choices.payment_conditions.items():
        values[name_condition(code)] = str(id_)
    values |= {name_code(TaxedAs.of(each)): each.code for each in choices.vat_codes}
    for vat_class, account in choices.ledger_accounts.items():
        values[name_account(vat_class)] = str(account)
    by_account: dict[int, list[str]] = {}
    for article, account in choices.article_accounts.items():
        by_account.setdefault(account, []).append(article)
    for row, (account, articles) in enumerate(sorted(by_account.items())):
        values[name_exception(row)] = str(account)
        values[name_articles(row)] = "\n".join(sorted(articles))
    return values


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadChoices:
    """What was posted: the `values` of the fields, the `choices` they make, and the `problems` that
    are seen without knowing the administration, by field.
    """

    values: Mapping[str, str]
    choices: ApiChoices
    problems: dict[str, str]


def read_choices(form: Form, proposal: Proposal, lists: AdministrationLists) -> ReadChoices:
    """Read the posted form, which asks for what the proposal has."""
    problems: dict[str, str] = {}
    codes = []
    for need in (each.need for each in proposal.vat_codes):
        name = name_code(need.taxed)
        code = _pick(form, name, [each.id for each in lists.vat_codes], problems)
        if code:
            codes.append(make_chosen(need.taxed, code))
        elif need.occurs:
            problems.setdefault(name, NO_CODE)
    accounts = [str(each.id) for each in lists.ledger_accounts]
    conditions = [str(each.id) for each in lists.payment_conditions]
    condition = _pick(form, CONDITION, conditions, problems)
    of_classes = {
        each: int(account)
        for each in VatClass
        if (account := _pick(form, name_account(each), accounts, problems))
    }
    of_methods = {
        code: int(chosen)
        for code in proposal.payment_conditions
        if (chosen := _pick(form, name_condition(code), conditions, problems))
    }
    choices = ApiChoices(
        journal_id=_pick(form, JOURNAL, [each.id for each in lists.daybooks], problems),
        debtor_kind=_pick(form, KIND, lists.debtor_kinds, problems),
        payment_condition_id=int(condition) if condition else None,
        payment_conditions=of_methods,
        vat_codes=tuple(codes),
        ledger_accounts=of_classes,
        article_accounts=_read_exceptions(form, accounts, problems),
    )
    return ReadChoices(values=dict(form.fields), choices=choices, problems=problems)


def _pick(form: Form, name: str, offered: Iterable[str], problems: dict[str, str]) -> str:
    """What was chosen from a list; empty for nothing, and for what the list does not have."""
    value = form.get(name)
    if not value or value in offered:
        return value
    problems[name] = PICK_ONE
    return ""


def _read_exceptions(
    form: Form, accounts: Iterable[str], problems: dict[str, str]
) -> dict[str, int]:
    """The account of each article that has one of its own."""
    found: dict[str, int] = {}
    for row in range(MOST_EXCEPTIONS):
        account = _pick(form, name_exception(row), accounts, problems)
        articles = [each for each in re.split(_SEPARATORS, form.get(name_articles(row))) if each]
        if articles and not account:
            problems.setdefault(name_exception(row), PICK_ONE)
        elif account and not articles:
            problems[name_articles(row)] = NO_ARTICLES
        elif found.keys() & set(articles):
            problems[name_articles(row)] = TWICE
        elif account:
            found |= dict.fromkeys(articles, int(account))
            if not bounds.fits_articles(found):
                problems[name_articles(row)] = TOO_MANY_ARTICLES
                return {}
    return found


def find_field(problem: ChoiceProblem, values: Mapping[str, str]) -> str:
    """The field that a problem with a choice is about."""
    if problem.taxed is not None:
        return name_code(problem.taxed)
    if problem.vat_class is not None:
        return name_account(problem.vat_class)
    if problem.payment_code:
        return name_condition(problem.payment_code)
    if problem.article_code:
        rows = (row for row in range(MOST_EXCEPTIONS) if _has_article(values, row, problem))
        return name_exception(next(rows, 0))
    return CONDITION if problem.kind is ProblemKind.CONDITION_GONE else JOURNAL


def _has_article(values: Mapping[str, str], row: int, problem: ChoiceProblem) -> bool:
    return problem.article_code in re.split(_SEPARATORS, values.get(name_articles(row), ""))


def word_problems(found: Iterable[ChoiceProblem], values: Mapping[str, str]) -> dict[str, str]:
    """What is wrong, by field."""
    return {find_field(each, values): CHOICE_PROBLEMS[each.kind] for each in found}
