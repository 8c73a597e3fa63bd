"""What the list of intra-Community supplies says of the proof of a customer under two marks."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import permutations

import pytest

from chalicelib.domain.file_returns import EuSupply
from chalicelib.domain.icp_list import IcpRow, make_rows
from chalicelib.domain.return_places import Supply
from chalicelib.domain.sealed import Sealed
from chalicelib.domain.vat_answers import VatAnswer, VatVerdict
from chalicelib.domain.vat_numbers import SuppliedMonth, VatNumber

NOW = datetime(2026, 3, 15, 1, 15, tzinfo=UTC)
MARCH = date(2026, 3, 1)
VALID = VatAnswer(verdict=VatVerdict.VALID, at=NOW, consultation="WAPI1")
INVALID = VatAnswer(verdict=VatVerdict.INVALID, at=NOW)


def list_row(*answers: VatAnswer | None) -> IcpRow:
    """The row of one customer, whose sales of a month are under a mark for each of the answers."""
    kept = {
        f"k.{n}": VatNumber(
            mark=f"k.{n}",
            country="BE",
            sealed_number=Sealed(mark="k", content="sealed"),
            kept_until=date(2027, 3, 31),
            months=(SuppliedMonth(month=MARCH, answer=answer),),
        )
        for n, answer in enumerate(answers)
    }
    supply = EuSupply(
        month=MARCH, number="", country="BE", supply=Supply.GOODS, documents=1, excl=Decimal(100)
    )
    supplies = [replace(supply, number=mark) for mark in kept]
    [row] = make_rows(supplies, kept, dict.fromkeys(kept, "BE0403019261"))
    return row


@pytest.mark.parametrize(
    ("answers", "shown"),
    [
        ((VALID, INVALID), INVALID),
        ((VALID, None), VALID),
        ((INVALID, None), INVALID),
        ((None, None), None),
    ],
)
def test_that_a_number_is_not_in_use_counts_before_that_it_is(
    answers: tuple[VatAnswer | None, ...], shown: VatAnswer | None
) -> None:
    for order in permutations(answers):
        row = list_row(*order)
        assert row.proofs == ((MARCH, shown),)
        assert row.is_invalid is (shown is INVALID)
        assert row.goods.documents == 2
