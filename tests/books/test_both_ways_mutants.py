"""Comparing both ways finds what it is there to find: each fault of the way by API, put in place on
purpose, is noticed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from chalicelib.domain import concept_making
from chalicelib.domain.code_totals import add_up_codes
from chalicelib.domain.concepts import Concept, ConceptLine
from chalicelib.domain.connection import ApiChoices
from chalicelib.domain.invoices import Invoice, VatKind, VatTreatment
from chalicelib.domain.sending_progress import SentPart
from chalicelib.usecases.filing import delivery_parts, sending
from chalicelib.usecases.filing.delivery_parts import Concepts
from chalicelib.usecases.filing.judged_documents import JudgedDocuments
from tests.books.sandbox_stage import Stage, running
from tests.books.test_both_ways import check_both_ways
from tests.books.year_plots import YEARS

pytestmark = pytest.mark.slow

Patch = pytest.MonkeyPatch
Lines = Iterable[ConceptLine]
CENT = Decimal("0.01")


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    with running() as stage:
        yield stage


def swap_two_codes(patch: Patch) -> None:
    """What has the general rate is booked under the code of the reduced one, and the reverse."""
    swapped = {"1": "2A", "2A": "1"}
    _change_lines(
        patch,
        lambda lines: (
            replace(each, vat_code=swapped.get(each.vat_code, each.vat_code)) for each in lines
        ),
    )


def reckon_vat_in_floats(patch: Patch) -> None:
    """The VAT of a line is that of its base, and not what the customer paid."""

    def reckon(line: ConceptLine) -> ConceptLine:
        rate = {"1": 0.21, "2A": 0.06}.get(line.vat_code, 0.0)
        vat = Decimal(float(line.amount) * rate).quantize(CENT)
        return replace(line, vat_amount=vat)

    _change_lines(patch, lambda lines: map(reckon, lines))


def lose_lines_without_vat(patch: Patch) -> None:
    """A line without VAT is no line."""
    _change_lines(patch, lambda lines: (each for each in lines if each.vat_amount))


def lose_the_sign(patch: Patch) -> None:
    """A credit adds to what was sold."""
    _change_lines(
        patch,
        lambda lines: (
            replace(each, amount=abs(each.amount), vat_amount=abs(each.vat_amount))
            for each in lines
        ),
    )


def take_supplies_abroad_for_exempt_ones(patch: Patch) -> None:
    """0 % is 0 %, whatever it is for."""
    find_code = ApiChoices.find_code

    def find(choices: ApiChoices, treatment: VatTreatment) -> str | None:
        return find_code(choices, replace(treatment, kind=VatKind.DOMESTIC))

    patch.setattr(ApiChoices, "find_code", find)


def round_the_base_to_euros(patch: Patch) -> None:
    """Cents are lost on the way to the payload."""
    _change_lines(
        patch, lambda lines: (replace(each, amount=round(each.amount, 0)) for each in lines)
    )


def state_more_than_was_placed(patch: Patch) -> None:
    """The cover sheet of a delivery has everything in it twice."""

    def add_up(concepts: Concepts, documents: JudgedDocuments, keys: Sequence[str]) -> SentPart:
        part = delivery_parts.add_up_part(concepts, documents, keys)
        return replace(part, cover=documents.cover([*keys, *keys]))

    patch.setattr(sending, "add_up_part", add_up)


def show_something_else(patch: Patch) -> None:
    """The third column is without one of the VAT codes."""
    patch.setattr(
        "chalicelib.usecases.afterwards.landing_verdicts.add_up_codes",
        lambda parts: {code: each for code, each in add_up_codes(parts).items() if code != "1"},
    )


def _change_lines(patch: Patch, change: Callable[[Lines], Lines]) -> None:
    """Post other lines than were judged."""
    make_concept = concept_making.make_concept

    def make(invoice: Invoice, choices: ApiChoices) -> Concept:
        concept = make_concept(invoice, choices)
        return replace(concept, lines=tuple(change(concept.lines)))

    patch.setattr(delivery_parts, "make_concept", make)


SUMMER, AUTUMN = date(2018, 8, 14), date(2018, 10, 12)
FAULTS: list[tuple[Callable[[Patch], None], date]] = [
    (swap_two_codes, SUMMER),
    (reckon_vat_in_floats, SUMMER),
    (lose_lines_without_vat, SUMMER),
    (lose_the_sign, AUTUMN),
    (take_supplies_abroad_for_exempt_ones, SUMMER),
    (round_the_base_to_euros, SUMMER),
    (state_more_than_was_placed, SUMMER),
    (show_something_else, SUMMER),
]
"""With the day up to which the shop is played."""


def play(stage: Stage, until: date) -> None:
    """Some weeks of the tea shop, both ways."""
    opening, plot = YEARS["tea shop"]
    check_both_ways(stage, opening, lambda year: year.play(plot, until))


@pytest.mark.parametrize(("mutate", "until"), FAULTS, ids=[each.__name__ for each, _ in FAULTS])
def test_a_fault_is_noticed(
    stage: Stage, mutate: Callable[[Patch], None], until: date, monkeypatch: Patch
) -> None:
    mutate(monkeypatch)
    with pytest.raises(AssertionError):
        play(stage, until)


def test_without_a_fault_both_ways_agree(stage: Stage) -> None:
    play(stage, AUTUMN)
