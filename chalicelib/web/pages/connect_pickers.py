"""The lists to pick from on the page of how invoices are booked in an administration."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

from chalicelib.domain.administrations import AdministrationLists, LedgerAccount, VatCode
from chalicelib.domain.bounds import cut
from chalicelib.domain.fitting_codes import Sureness
from chalicelib.domain.policy import VatClass
from chalicelib.domain.proposals import Proposal, Proposed, ProposedCode
from chalicelib.lazy_dataclass import dataclass
from chalicelib.web.pages.connect_choices_form import (
    CONDITION,
    JOURNAL,
    KIND,
    MOST_EXCEPTIONS,
    name_account,
    name_articles,
    name_code,
    name_condition,
    name_exception,
)
from chalicelib.web.pages.page_templates import PageTemplates
from chalicelib.web.pages.pickers import ExceptionRow, Option, Picker, Pickers
from chalicelib.web.texts.connect_texts import (
    ACCOUNT_TITLE,
    ACCOUNT_TITLES,
    AS_ASPERION_DOES,
    AS_THE_OTHERS,
    CHOOSE,
    CONDITION_TITLE,
    JOURNAL_TITLE,
    KIND_TITLE,
    LATER,
    MARKS,
    METHOD_TITLE,
    OPTIONAL,
)
from chalicelib.web.texts.cover_texts import write_rate
from chalicelib.web.texts.state_labels import Label

_SPARE_ROWS = 2
MOST_ACCOUNTS = 1_000
"""Accounts in each list: a page of all of some thousands would be larger than AWS lets through."""

_LONGEST_LABEL = 80


@dataclass(frozen=True, kw_only=True)
class PickerMaker:
    """Makes the lists of an administration; `values` are what the form's fields hold, `methods` the
    titles of payment methods by their codes.
    """

    templates: PageTemplates
    lists: AdministrationLists
    values: Mapping[str, str]
    home: str
    methods: Mapping[str, str]

    def make(self, proposal: Proposal) -> Pickers:
        """All lists, marked as the proposal is sure of them."""
        classes = proposal.ledger_accounts
        return Pickers(
            general=self._make_general(proposal),
            codes=tuple(map(self._make_code, proposal.vat_codes)),
            accounts=tuple(self._make_account(each, classes.get(each)) for each in VatClass),
            exceptions=tuple(self._make_exceptions()),
            is_cut=len(self._accounts) < len(self._usable),
        )

    def _make_general(self, proposal: Proposal) -> tuple[Picker, ...]:
        lists, say = self.lists, self.templates.say
        conditions = [_option(each.id, each.description) for each in lists.payment_conditions]
        return (
            self._make(
                JOURNAL,
                say(JOURNAL_TITLE),
                [_option(each.id, f"{each.id} · {each.description}") for each in lists.daybooks],
                proposal.journal,
                blank=CHOOSE,
            ),
            self._make(
                KIND,
                say(KIND_TITLE),
                [_option(each, each) for each in lists.debtor_kinds],
                proposal.debtor_kind,
                blank=AS_ASPERION_DOES,
            ),
            self._make(
                CONDITION,
                say(CONDITION_TITLE),
                conditions,
                proposal.payment_condition,
                blank=AS_ASPERION_DOES,
            ),
            *(
                self._make(
                    name_condition(code),
                    say(METHOD_TITLE, method=self._title_of(code)),
                    conditions,
                    proposed,
                    blank=AS_THE_OTHERS,
                )
                for code, proposed in proposal.payment_conditions.items()
            ),
        )

    def _title_of(self, payment_code: str) -> str:
        return self.methods.get(payment_code, payment_code)

    def _make_code(self, proposed: ProposedCode) -> Picker:
        need, choice = proposed.need, proposed.choice
        of_sales = [each for each in self.lists.vat_codes if each.is_for_sales]
        # Of a code that changed, the time in which it has the rate of the treatment is shown.
        shown = {each.id: each for each in of_sales}
        shown |= {each.id: each for each in of_sales if each.rate == need.taxed.rate}
        options = [self._write_code(each) for each in shown.values()]
        is_needed = need.occurs or choice.sureness is not Sureness.NOTHING
        return self._pick(
            name_code(need.taxed),
            self.templates.write_treatment(need.taxed, self.home),
            options,
            choice.fitting,
            blank=CHOOSE if need.occurs else LATER,
            proposed=choice.code or "",
            mark=MARKS[choice.sureness] if is_needed else OPTIONAL,
        )

    def _write_code(self, code: VatCode) -> Option:
        rate = write_rate(code.rate, self.templates.language)
        is_said = rate in code.description
        parts = (code.id, code.description, "" if is_said else rate, code.country)
        return _option(code.id, " · ".join(filter(None, parts)))

    def _make_account(self, vat_class: VatClass, proposed: Proposed[int] | None) -> Picker:
        title = self.templates.say(ACCOUNT_TITLES[vat_class])
        found: Proposed[int] = proposed or Proposed()
        return self._make(
            name_account(vat_class), title, self._list_accounts(), found, blank=CHOOSE
        )

    @cached_property
    def _usable(self) -> list[LedgerAccount]:
        return [each for each in self.lists.ledger_accounts if not each.is_disabled]

    @cached_property
    def _accounts(self) -> list[LedgerAccount]:
        """Those that can be picked: of more than `MOST_ACCOUNTS` first what is picked already, then
        accounts of profit and loss, and those that suggest VAT.
        """
        if len(self._usable) <= MOST_ACCOUNTS:
            return self._usable
        picked = {
            value
            for name, value in self.values.items()
            if name.startswith(("account:", "exception:"))
        }

        def find_place(account: LedgerAccount) -> tuple[bool, bool]:
            is_likely = account.vat_code or account.rcsfi.startswith("W")  # of the Dutch RGS
            return str(account.id) not in picked, not is_likely

        return sorted(self._usable, key=find_place)[:MOST_ACCOUNTS]

    def _list_accounts(self) -> list[Option]:
        return [_write_account(each) for each in self._accounts]

    def _make_exceptions(self) -> Iterable[ExceptionRow]:
        filled = [
            row
            for row in range(MOST_EXCEPTIONS)
            if self.values.get(name_exception(row)) or self.values.get(name_articles(row))
        ]
        last = (max(filled) + 1 if filled else 0) + _SPARE_ROWS
        for row in range(min(last, MOST_EXCEPTIONS)):
            account = self._pick(
                name_exception(row),
                self.templates.say(ACCOUNT_TITLE),
                self._list_accounts(),
                (),
                blank=CHOOSE,
            )
            name = name_articles(row)
            yield ExceptionRow(
                account=account, articles_name=name, articles=self.values.get(name, "")
            )

    def _make(
        self,
        name: str,
        title: str,
        options: Sequence[Option],
        proposed: Proposed[int] | Proposed[str],
        *,
        blank: str,
    ) -> Picker:
        is_needed = proposed.sureness is not Sureness.NOTHING or blank == CHOOSE
        return self._pick(
            name,
            title,
            options,
            tuple(map(str, proposed.fitting)),
            blank=blank,
            proposed="" if proposed.value is None else str(proposed.value),
            mark=MARKS[proposed.sureness] if is_needed else OPTIONAL,
        )

    def _pick(
        self,
        name: str,
        title: str,
        options: Sequence[Option],
        fitting: Sequence[str],
        *,
        blank: str,
        proposed: str = "",
        mark: Label | None = None,
    ) -> Picker:
        value = self.values.get(name, "")
        return Picker(
            name=name,
            title=title,
            value=value,
            blank=blank,
            fitting=tuple(each for each in options if each.value in fitting),
            others=tuple(each for each in options if each.value not in fitting),
            mark=mark if value == proposed else None,
        )


def _option(value: object, label: str) -> Option:
    return Option(value=str(value), label=cut(label, _LONGEST_LABEL))


def _write_account(account: LedgerAccount) -> Option:
    return _option(account.id, f"{account.id} · {account.description}")
