"""The VAT number of a customer in another member state, kept for the list of intra-Community
supplies, with the proof that it was in use. A record of its own for each number, beside the shop.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import ClassVar

from chalicelib.domain.periods import PeriodKind, find_period, next_month
from chalicelib.domain.sealed import Sealed
from chalicelib.domain.vat_answers import VatAnswer

MONTHS_KEPT = 12
"""How many months a number is kept after the end of the quarter of its last supply. A list is due
in the month after its quarter (or month), is corrected in the lists that follow, and is settled
with the annual accounts, which are made within the year after; from then on it is in the books.
"""

MOST_MONTHS = 36
"""Of a customer who buys every month, only the last ones are told apart."""

MOST_UNPROVEN = 200
"""Documents of one customer that are noted as booked without proof; of more only the sums tell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SuppliedMonth:
    """The supplies of a month (its first day), and what proves the number for them; None while
    nothing does.
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
    `MONTHS_KEPT`.
    """
    end = find_period(PeriodKind.QUARTER, day).last + timedelta(days=1)
    for _ in range(MONTHS_KEPT):
        end = next_month(end)
    return end - timedelta(days=1)


def note_sales(
    kept: VatNumber, months: Iterable[date], answer: VatAnswer | None, keys: Iterable[str]
) -> VatNumber:
    """The record after sales of these months, with what is known of the number now. A month keeps
    the proof that it has; `keys` are documents that are booked without an answer.
    """
    proofs = {each.month: each.answer for each in kept.months}
    for month in months:
        proofs[month] = proofs.get(month) or answer
    known = tuple(SuppliedMonth(month=one, answer=proofs[one]) for one in sorted(proofs))
    unproven = dict.fromkeys((*kept.unproven, *keys))
    return replace(
        kept,
        months=known[-MOST_MONTHS:],
        last=_later(kept.last, answer),
        unproven=tuple(unproven)[-MOST_UNPROVEN:],
    )


def note_answer(kept: VatNumber, answer: VatAnswer, reported: Collection[str]) -> VatNumber:
    """The record after the register answered about what was booked without an answer; of the
    documents in `reported` nobody has to be told any more.
    """
    months = tuple(replace(each, answer=each.answer or answer) for each in kept.months)
    unproven = tuple(key for key in kept.unproven if key not in reported)
    return replace(kept, months=months, last=_later(kept.last, answer), unproven=unproven)


def _later(one: VatAnswer | None, other: VatAnswer | None) -> VatAnswer | None:
    found = [each for each in (one, other) if each is not None]
    return max(found, key=_moment, default=None)


def _moment(answer: VatAnswer) -> datetime:
    return answer.at
