"""What was chosen for Asperion is checked by what the administration lists on the day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from chalicelib.domain.administrations import AdministrationLists, VatCode
from chalicelib.domain.choice_problems import ChoiceProblem, ProblemKind, check_choices
from chalicelib.domain.connection import ChosenCode
from chalicelib.domain.invoices import VatKind
from chalicelib.domain.policy import VatClass
from chalicelib.domain.proposing import propose
from tests.unit.domain.test_proposing import DAY, HIGH, LISTS, TRADE

K = ProblemKind
CHOICES = replace(propose(LISTS, TRADE).make_choices(), article_accounts={"KRAT": 8050})


def with_code(**facts: object) -> AdministrationLists:
    """The lists with the code of 21 % changed."""
    first, *others = LISTS.vat_codes
    return replace(LISTS, vat_codes=(replace(first, **facts), *others))  # type: ignore[arg-type]


def with_account(account: int, **facts: object) -> AdministrationLists:
    accounts = (
        replace(each, **facts) if each.id == account else each  # type: ignore[arg-type]
        for each in LISTS.ledger_accounts
    )
    return replace(LISTS, ledger_accounts=tuple(accounts))


def test_nothing_speaks_against_what_is_there() -> None:
    assert check_choices(CHOICES, LISTS, DAY) == ()
    assert check_choices(replace(CHOICES, payment_condition_id=None), LISTS, DAY) == ()


@pytest.mark.parametrize(
    ("lists", "kind"),
    [
        (with_code(id="H2"), K.CODE_GONE),
        (with_code(is_for_sales=False), K.CODE_OF_PURCHASES),
        (with_code(valid_until=date(2026, 4, 14)), K.CODE_ENDED),
        (with_code(valid_from=date(2026, 4, 16)), K.CODE_NOT_BEGUN),
        (with_code(rate=Decimal("0.19")), K.CODE_OTHER_RATE),
        (with_code(country="BE"), K.CODE_OTHER_COUNTRY),
    ],
)
def test_a_vat_code_that_does_not_fit_any_more_is_named(
    lists: AdministrationLists, kind: ProblemKind
) -> None:
    assert check_choices(CHOICES, lists, DAY) == (ChoiceProblem(kind=kind, chosen="H", taxed=HIGH),)


def test_the_code_of_a_rate_of_before_counts_on_the_last_day_of_that_rate() -> None:
    """Older orders have it, and Asperion ended the code when the rate ended."""
    six = Decimal("0.06")
    code = VatCode(id="L6", description="BTW laag 6%", rate=six, valid_until=date(2018, 12, 31))
    lists = replace(LISTS, vat_codes=(*LISTS.vat_codes, code))
    chosen = ChosenCode(kind=VatKind.DOMESTIC, country="NL", rate=six, code="L6")
    choices = replace(CHOICES, vat_codes=(*CHOICES.vat_codes, chosen))
    assert check_choices(choices, lists, DAY) == ()
    assert propose(lists, TRADE, held=["NL domestic 6%"]).make_choices().vat_codes[-1] == chosen


def test_a_code_that_changed_fits_in_each_time_by_itself() -> None:
    """Asperion lists it once for each: the same code was that of 6 % and is that of 9 %."""
    six, ended = Decimal("0.06"), date(2018, 12, 31)
    low = next(each for each in LISTS.vat_codes if each.rate == Decimal("0.09"))
    others = tuple(each for each in LISTS.vat_codes if each != low)
    former = replace(low, rate=six, valid_from=None, valid_until=ended)
    present = replace(low, valid_from=date(2019, 1, 1))
    of_before = ChosenCode(kind=VatKind.DOMESTIC, country="NL", rate=six, code=low.id)
    choices = replace(CHOICES, vat_codes=(*CHOICES.vat_codes, of_before))
    for periods in ((former, present), (present, former)):
        lists = replace(LISTS, vat_codes=(*others, *periods))
        assert check_choices(choices, lists, DAY) == ()
        proposed = propose(lists, TRADE, held=["NL domestic 6%"]).make_choices().vat_codes
        assert {*proposed} == {*choices.vat_codes}
        [problem] = check_choices(
            replace(CHOICES, vat_codes=(replace(of_before, rate=Decimal("0.12")),)), lists, DAY
        )
        assert problem.kind is K.CODE_OTHER_RATE


def test_a_code_counts_on_the_day_that_is_asked_for() -> None:
    ends = with_code(valid_until=DAY)

    assert check_choices(CHOICES, ends, DAY) == ()
    [problem] = check_choices(CHOICES, ends, date(2026, 4, 16))
    assert problem.kind is K.CODE_ENDED


@pytest.mark.parametrize(
    ("lists", "kind"),
    [
        (with_account(8000, id=8001), K.ACCOUNT_GONE),
        (with_account(8000, is_disabled=True), K.ACCOUNT_DISABLED),
    ],
)
def test_an_account_that_cannot_be_booked_on_is_named(
    lists: AdministrationLists, kind: ProblemKind
) -> None:
    [problem] = check_choices(CHOICES, lists, DAY)

    assert problem == ChoiceProblem(kind=kind, chosen="8000", vat_class=VatClass.HIGH)


def test_the_account_of_an_article_is_checked_too() -> None:
    [problem] = check_choices(CHOICES, with_account(8050, is_disabled=True), DAY)

    assert problem == ChoiceProblem(kind=K.ACCOUNT_DISABLED, chosen="8050", article_code="KRAT")


def test_a_class_without_an_account_is_named_and_may_be_confirmed() -> None:
    accounts = dict(CHOICES.ledger_accounts)
    del accounts[VatClass.LOW]

    [problem] = check_choices(replace(CHOICES, ledger_accounts=accounts), LISTS, DAY)

    assert problem == ChoiceProblem(kind=K.ACCOUNT_MISSING, vat_class=VatClass.LOW)
    assert problem.kind.may_be_confirmed


@pytest.mark.parametrize(
    ("journal_id", "kind"),
    [("", K.JOURNAL_MISSING), ("WEG", K.JOURNAL_GONE), ("INK", K.JOURNAL_OTHER_TYPE)],
)
def test_a_journal_that_is_none_of_sales_is_named(journal_id: str, kind: ProblemKind) -> None:
    [problem] = check_choices(replace(CHOICES, journal_id=journal_id), LISTS, DAY)

    assert problem == ChoiceProblem(kind=kind, chosen=journal_id)


def test_a_type_of_journal_that_nobody_knows_is_no_problem() -> None:
    untold = tuple(replace(each, type="7") for each in LISTS.daybooks)

    assert check_choices(CHOICES, replace(LISTS, daybooks=untold), DAY) == ()


def test_a_payment_condition_that_is_gone_is_named() -> None:
    [problem] = check_choices(CHOICES, replace(LISTS, payment_conditions=()), DAY)

    assert problem == ChoiceProblem(kind=K.CONDITION_GONE, chosen="14")


def test_what_asperion_would_refuse_cannot_be_confirmed() -> None:
    confirmable = {each for each in K if each.may_be_confirmed}

    assert confirmable == {
        K.ACCOUNT_MISSING,
        K.CODE_OTHER_COUNTRY,
        K.CODE_OTHER_RATE,
        K.JOURNAL_OTHER_TYPE,
    }


def test_a_condition_of_a_payment_method_that_is_gone_is_named_with_the_method() -> None:
    choices = replace(CHOICES, payment_conditions={"IDEAL": 4711})
    [problem] = check_choices(choices, LISTS, DAY)
    assert (problem.kind, problem.payment_code) == (K.CONDITION_GONE, "IDEAL")
