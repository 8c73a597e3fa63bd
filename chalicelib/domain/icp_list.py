"""The list of intra-Community supplies (opgaaf ICP) of a period: what each customer in another
member state was supplied without VAT, by its VAT number, with what proves the number.

Amounts have two decimals; credit notes and corrections are negative, in the month of their own
date. Source: Wet op de omzetbelasting 1968, art. 37a; the columns are those of the tax authority's
form: country code, VAT number, supplies, services, in whole euros.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from chalicelib.domain.file_returns import EuSupply
from chalicelib.domain.money import ZERO, total
from chalicelib.domain.return_places import ReturnBox, Supply
from chalicelib.domain.vat_answers import VatAnswer
from chalicelib.domain.vat_numbers import VatNumber, weigh_answers
from chalicelib.domain.vat_sheet import VatSheet
from chalicelib.lazy_dataclass import dataclass


class NumberState(StrEnum):
    """Whether a VAT number can be shown."""

    SHOWN = "shown"
    ERASED = "erased"  # kept no longer, or of a document without one
    SEALED = "sealed"  # there were too many to open, or it cannot be opened


@dataclass(frozen=True, slots=True, kw_only=True)
class IcpAmount:
    """What `documents` documents come to of one kind of supply."""

    documents: int = 0
    excl: Decimal = ZERO

    def __add__(self, other: IcpAmount) -> IcpAmount:
        return IcpAmount(documents=self.documents + other.documents, excl=self.excl + other.excl)


@dataclass(frozen=True, slots=True, kw_only=True)
class IcpRow:
    """One customer: the whole `number` with its beginning, empty unless it is shown; or all of a
    `country` whose numbers are not. `proofs` are the months of the period with sales, each with the
    answer that counts (see `vat_numbers.weigh_answers`); None while there is none.
    """

    country: str
    number: str = ""
    state: NumberState = NumberState.SHOWN
    goods: IcpAmount = IcpAmount()
    services: IcpAmount = IcpAmount()
    proofs: tuple[tuple[date, VatAnswer | None], ...] = ()

    @property
    def excl(self) -> Decimal:
        """Goods and services together."""
        return self.goods.excl + self.services.excl

    @property
    def national_number(self) -> str:
        """The number without its beginning, as the form asks for it."""
        return self.number[2:]

    @property
    def is_unproven(self) -> bool:
        """Whether there is a month with sales and without an answer."""
        return any(answer is None for _, answer in self.proofs)

    @property
    def is_invalid(self) -> bool:
        """Whether the register said of a month with sales that the number is not in use."""
        return any(answer is not None and not answer.is_valid for _, answer in self.proofs)

    @property
    def answers(self) -> tuple[VatAnswer, ...]:
        """The answers that there are, each once, oldest first."""
        found = {answer for _, answer in self.proofs if answer is not None}
        return tuple(sorted(found, key=lambda answer: answer.at))


@dataclass(frozen=True, slots=True, kw_only=True)
class IcpList:
    """The list of the period of `sheet`, which is one of whole months. `too_many` is how many
    customers there are when that is more than are opened at once; 0 otherwise.
    """

    sheet: VatSheet
    rows: tuple[IcpRow, ...] = ()
    too_many: int = 0

    @property
    def goods(self) -> Decimal:
        """All goods."""
        return total(row.goods.excl for row in self.rows)

    @property
    def services(self) -> Decimal:
        """All services."""
        return total(row.services.excl for row in self.rows)

    @property
    def excl(self) -> Decimal:
        """Both."""
        return self.goods + self.services

    @property
    def declared(self) -> Decimal:
        """What the sheet has in the box of the return that the list explains (3b)."""
        return total(row.excl for row in self.sheet.list_box(ReturnBox.EU))

    @property
    def difference(self) -> Decimal:
        """What the list comes to more than that box; 0 when all is right."""
        return self.excl - self.declared

    @property
    def rounded(self) -> Decimal:
        """What the whole euros of all rows come to that are filled in."""
        parts = (round_euros(each.excl) for row in self.rows for each in (row.goods, row.services))
        return sum(parts, Decimal(0))

    @property
    def unproven(self) -> int:
        """How many customers have a month without an answer."""
        return sum(row.is_unproven for row in self.rows)

    @property
    def invalid(self) -> int:
        """How many have a number that is not in use."""
        return sum(row.is_invalid for row in self.rows)


def make_rows(
    supplies: Iterable[EuSupply], kept: Mapping[str, VatNumber], numbers: Mapping[str, str]
) -> tuple[IcpRow, ...]:
    """The rows of a list: by the number that was opened, so that the records of one customer under
    two marks are one row; what cannot be shown by its country. `kept` are the records by mark,
    `numbers` the opened numbers by mark.
    """
    rows: dict[tuple[str, str, NumberState], IcpRow] = {}
    proofs: dict[tuple[str, str, NumberState], dict[date, VatAnswer | None]] = {}
    for each in supplies:
        number = numbers.get(each.number, "")
        state = NumberState.SEALED if each.number in kept else NumberState.ERASED
        key = (each.country, number, NumberState.SHOWN if number else state)
        row = rows.get(key) or IcpRow(country=each.country, number=number, state=key[2])
        amount = IcpAmount(documents=each.documents, excl=each.excl)
        if each.supply is Supply.GOODS:
            rows[key] = replace(row, goods=row.goods + amount)
        else:
            rows[key] = replace(row, services=row.services + amount)
        if number:
            _add_proof(proofs.setdefault(key, {}), kept[each.number], each.month)
    return tuple(
        replace(rows[key], proofs=tuple(sorted(proofs.get(key, {}).items())))
        for key in sorted(rows, key=lambda key: (key[0], key[2] is not NumberState.SHOWN, key[1]))
    )


def _add_proof(proofs: dict[date, VatAnswer | None], record: VatNumber, month: date) -> None:
    """What a record says of a month with sales; of two records as `weigh_answers` decides: that the
    number was not in use counts most.
    """
    if any(each.month == month for each in record.months):
        proofs[month] = weigh_answers(proofs.get(month), record.find_answer(month))


def round_euros(amount: Decimal) -> Decimal:
    """The whole euros of an amount, to the nearest."""
    return amount.quantize(Decimal(1), ROUND_HALF_UP) + Decimal(0)
