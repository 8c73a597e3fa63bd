"""What is proposed to a merchant who connects an administration: journal, VAT codes, ledger
accounts, payment condition and kind of debtor, so that he confirms instead of typing.

Each value says how it was found. Words of descriptions never decide: they fill in a guess among
values that fit equally, and what the merchant confirms counts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

from chalicelib.domain.administrations import (
    AdministrationLists,
    Daybook,
    KnownDebtor,
    LedgerAccount,
)
from chalicelib.domain.choice_problems import (
    find_account_problem,
    find_code_problem,
    find_condition_problem,
    find_journal_problem,
    is_for_sales,
)
from chalicelib.domain.connection import ApiChoices
from chalicelib.domain.fitting_codes import Sureness, choose_code, has_words
from chalicelib.domain.invoices import VatKind, VatTreatment
from chalicelib.domain.needed_codes import NeededCode, Trade, list_needed_codes
from chalicelib.domain.payments import list_payment_codes
from chalicelib.domain.policy import VatClass
from chalicelib.domain.proposals import Proposal, Proposed, ProposedCode, Value
from chalicelib.domain.treatment_details import TaxedAs

_Listed = TypeVar("_Listed", Daybook, LedgerAccount)

_NOTHING_CHOSEN = ApiChoices(journal_id="")
_TURNOVER = "WOmz"
"""How references of accounts for net turnover begin in the Dutch reference chart of accounts
(RGS), which `LedgerAccount.rcsfi` names."""
_WEB_SHOP = ("webwinkel", "webshop", "web shop", "internetverkoop", "online verkoop")
_SALES = ("verkoop", "verkoopboek", "verkopen", "sales")


def list_kinds(debtors: Iterable[KnownDebtor]) -> tuple[str, ...]:
    """The kinds that debtors have, the most frequent first (`AdministrationLists.debtor_kinds`)."""
    counted = Counter(each.kind_id for each in debtors if each.kind_id)
    return tuple(sorted(counted, key=lambda kind: (-counted[kind], kind)))


def propose(
    lists: AdministrationLists,
    trade: Trade,
    *,
    seen: Iterable[VatTreatment] = (),
    held: Iterable[str] = (),
    former: ApiChoices = _NOTHING_CHOSEN,
) -> Proposal:
    """Propose choices for an administration.

    `seen` are the treatments of the last orders, `held` the details of documents that are held for
    the lack of a VAT code. Of `former` choices, for this administration, those are proposed again
    that nothing speaks against.
    """
    needs = list_needed_codes(trade, seen, held, former.vat_codes)
    codes = tuple(_propose_code(each, lists, trade, former) for each in needs)
    return Proposal(
        journal=_propose_journal(lists, former.journal_id),
        debtor_kind=_propose_kind(lists.debtor_kinds, former.debtor_kind),
        payment_condition=_propose_condition(lists, former.payment_condition_id),
        payment_conditions={
            code: _propose_condition_of(code, lists, former)
            for code in list_payment_codes(trade.policy)
        },
        vat_codes=codes,
        ledger_accounts={
            each: _propose_account(each, lists, _list_codes_of(each, codes, trade), former)
            for each in VatClass
        },
        article_accounts={
            code: account
            for code, account in former.article_accounts.items()
            if find_account_problem(account, lists) is None
        },
    )


def _propose_code(
    need: NeededCode, lists: AdministrationLists, trade: Trade, former: ApiChoices
) -> ProposedCode:
    taxed = need.taxed
    choice = choose_code(taxed, lists.vat_codes, day=trade.day, home=trade.home)
    for chosen in former.vat_codes:
        problem = find_code_problem(chosen, lists, trade.day, trade.home)
        if TaxedAs.of(chosen) == taxed and problem is None:
            choice = replace(choice, code=chosen.code, sureness=Sureness.CONFIRMED)
    return ProposedCode(need=need, choice=choice)


def _list_codes_of(
    vat_class: VatClass, codes: Iterable[ProposedCode], trade: Trade
) -> frozenset[str]:
    """The VAT codes at home of a class: accounts suggest these."""
    return frozenset(
        each.choice.code
        for each in codes
        if each.choice.code
        and each.need.taxed.kind in (VatKind.DOMESTIC, VatKind.SMALL_BUSINESS)
        and each.need.taxed.country == trade.home
        and trade.find_class(each.need.taxed) is vat_class
    )


def _propose_journal(lists: AdministrationLists, former: str) -> Proposed[str]:
    of_sales = [each for each in lists.daybooks if is_for_sales(each)]
    listed = of_sales or [each for each in lists.daybooks if has_words(each.description, _SALES)]
    fitting = tuple(each.id for each in listed)
    if former and find_journal_problem(former, lists) is None:
        return Proposed(value=former, sureness=Sureness.CONFIRMED, fitting=fitting)
    if len(of_sales) == 1:
        return Proposed(value=fitting[0], sureness=Sureness.CERTAIN, fitting=fitting)
    left = _prefer(listed, lambda each: has_words(each.description, _WEB_SHOP))
    return _guess([each.id for each in left], fitting)


def _propose_kind(kinds: tuple[str, ...], former: str) -> Proposed[str]:
    """The most frequent kind; what the API does not list of it cannot be checked."""
    if former:
        return Proposed(value=former, sureness=Sureness.CONFIRMED, fitting=kinds)
    return _guess(kinds[:1], kinds)


def _propose_condition(lists: AdministrationLists, former: int | None) -> Proposed[int]:
    fitting = tuple(each.id for each in lists.payment_conditions)
    if former is not None and find_condition_problem(former, lists) is None:
        return Proposed(value=former, sureness=Sureness.CONFIRMED, fitting=fitting)
    if len(fitting) == 1:
        return Proposed(value=fitting[0], sureness=Sureness.CERTAIN, fitting=fitting)
    return Proposed(fitting=fitting)


def _propose_condition_of(
    code: str, lists: AdministrationLists, former: ApiChoices
) -> Proposed[int]:
    """The condition of what is paid by a method: the one that is called like it, as a guess."""
    confirmed = former.payment_conditions.get(code)
    listed = [
        each for each in lists.payment_conditions if has_words(each.description, (code.casefold(),))
    ]
    fitting = tuple(each.id for each in listed)
    if confirmed is not None and find_condition_problem(confirmed, lists) is None:
        return Proposed(value=confirmed, sureness=Sureness.CONFIRMED, fitting=fitting)
    return _guess(fitting, fitting)


def _propose_account(
    vat_class: VatClass,
    lists: AdministrationLists,
    codes: frozenset[str],
    former: ApiChoices,
) -> Proposed[int]:
    """An account of net turnover that suggests a VAT code of the class; without one, the only
    account that suggests it, or the only one of turnover.
    """
    usable = [each for each in lists.ledger_accounts if not each.is_disabled]
    suggesting = [each for each in usable if each.vat_code in codes]
    turnover = [each for each in suggesting if _is_of_turnover(each)]
    open_turnover = [each for each in usable if _is_of_turnover(each) and not each.vat_code]
    listed = turnover or suggesting or open_turnover
    fitting = tuple(each.id for each in listed)
    confirmed = former.ledger_accounts.get(vat_class)
    if confirmed is not None and find_account_problem(confirmed, lists) is None:
        return Proposed(value=confirmed, sureness=Sureness.CONFIRMED, fitting=fitting)
    if len(turnover) == 1:
        return Proposed(value=fitting[0], sureness=Sureness.CERTAIN, fitting=fitting)
    left = _prefer(listed, lambda each: has_words(each.description, _WEB_SHOP))
    return _guess([each.id for each in left], fitting)


def _is_of_turnover(account: LedgerAccount) -> bool:
    return account.rcsfi.startswith(_TURNOVER)


def _prefer(found: Sequence[_Listed], is_better: Callable[[_Listed], bool]) -> list[_Listed]:
    """Those that are better; all of them when none is."""
    return [each for each in found if is_better(each)] or list(found)


def _guess(left: Sequence[Value], fitting: tuple[Value, ...]) -> Proposed[Value]:
    """The only one that is left, as a guess; otherwise nothing."""
    if len(left) != 1:
        return Proposed(fitting=fitting)
    return Proposed(value=left[0], sureness=Sureness.GUESSED, fitting=fitting)
