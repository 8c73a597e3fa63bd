"""The VAT number of a customer in another member state, kept for the list of intra-Community
supplies, with the proof that it was in use. A record of its own for each number, beside the shop.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date, datetime
from typing import ClassVar

from chalicelib.domain.periods import PeriodKind, find_period
from chalicelib.domain.sealed import Sealed
from chalicelib.domain.vat_answers import VatAnswer
from chalicelib.lazy_dataclass import dataclass

QUARTERS_KEPT = 4
"""How many quarters a number is kept after the end of the quarter of its last supply. A list is due
in the month after its quarter (or month), is corrected in the lists that follow, and is settled
with the annual accounts, which are made within the year after; from then on it is in the books.
"""

MOST_MONTHS = 36
"""Of a customer who buys every month, only the last ones are told apart."""

MOST_UNPROVEN = 200
"""Documents of one customer that are noted as booked without proof; of more only the sums tell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SuppliedMonth:
    """The supplies of a month (its first day), and the answer that counts for them (see
    `weigh_answers`); None while there is none.
    """

    month: date
    answer: VatAnswer | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VatNumber:
    """A customer's VAT number. `mark` is what files know it by: a keyed hash of the number, by the
    key of prints that was the present one then. `country` is its beginning, ``EL`` for Greece.

    `months` are those with sales, in order. `last` is the last answer at all. `unproven` are the
    ledger keys of documents that were booked before the register had answered, until it has and, if
    the number is not in use, until the merchant was told. It is kept until the end of the day
    `kept_until`.
    """

    NAME: ClassVar[str] = "vat-number"

    mark: str
    country: str
    sealed_number: Sealed
    kept_until: date
    months: tuple[SuppliedMonth, ...] = ()
    last: VatAnswer | None = None
    unproven: tuple[str, ...] = ()

    @property
    def is_unproven(self) -> bool:
        """Whether the register is still to be asked about something that is booked."""
        return any(month.answer is None for month in self.months)

    def find_answer(self, month: date) -> VatAnswer | None:
        """What proves, or disproves, the number for the supplies of a month."""
        return next((each.answer for each in self.months if each.month == month), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class VatStanding:
    """How a shop stands with the register: `waiting` are the ledger keys of documents that wait for
    an answer, by the merchant's choice (some of them may have been dealt with since).
    `is_requester_refused`: the register did not take the shop's own VAT number when it was last
    asked in that name.
    """

    NAME: ClassVar[str] = "vat-standing"

    waiting: tuple[str, ...] = ()
    is_requester_refused: bool = False


def name_number(mark: str) -> str:
    """The name of the record of a number with this mark."""
    return f"{VatNumber.NAME}-{mark}"


def find_end(day: date) -> date:
    """Until when a number is kept of which something was last booked, or dated, on that day; see
    `QUARTERS_KEPT`.
    """
    return find_period(PeriodKind.QUARTER, day).step(QUARTERS_KEPT).last


def weigh_answers(one: VatAnswer | None, other: VatAnswer | None) -> VatAnswer | None:
    """Which of two answers about the sales of one month counts: that the number is not in use
    before that it is, `one` of two alike. A sale is proven by the answer of its own time, so a
    valid one about another sale of the month proves nothing of a sale whose number was not in use:
    the list has to say so before somebody files it.
    """
    found = [each for each in (one, other) if each is not None]
    return min(found, key=lambda answer: answer.is_valid, default=None)


def note_sales(
    kept: VatNumber, months: Iterable[date], answer: VatAnswer | None, keys: Iterable[str]
) -> VatNumber:
    """The record after sales of these months, with what is known of the number now. A month keeps
    the answer that it has (see `weigh_answers`); `keys` are documents that are booked without one.
    """
    proofs = {each.month: each.answer for each in kept.months}
    for month in months:
        proofs[month] = weigh_answers(proofs.get(month), answer)
    known = tuple(SuppliedMonth(month=one, answer=proofs[one]) for one in sorted(proofs))
    unproven = dict.fromkeys((*kept.unproven, *keys))
    return replace(
        kept,
        months=known[-MOST_MONTHS:],
        last=_later(kept.last, answer),
        unproven=tuple(unproven)[-MOST_UNPROVEN:],
    )


def note_answer(
    kept: VatNumber,
    answer: VatAnswer,
    reported: Collection[str],
    months: Collection[date] = (),
) -> VatNumber:
    """The record after the register answered about what was booked without an answer; of the
    documents in `reported` nobody has to be told any more. It counts for the months that have no
    answer, and is weighed against that of `months`, in which other sales were proven.
    """
    known = tuple(
        replace(each, answer=weigh_answers(each.answer, answer))
        if each.answer is None or each.month in months
        else each
        for each in kept.months
    )
    unproven = tuple(key for key in kept.unproven if key not in reported)
    return replace(kept, months=known, last=_later(kept.last, answer), unproven=unproven)


def _later(one: VatAnswer | None, other: VatAnswer | None) -> VatAnswer | None:
    found = [each for each in (one, other) if each is not None]
    return max(found, key=_moment, default=None)


def _moment(answer: VatAnswer) -> datetime:
    return answer.at
