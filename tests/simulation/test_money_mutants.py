"""Each of these small faults in what files and days add up to is caught by the simulation."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.cover_sheet import CoverSheet, add_up, make_cover_sheet
from chalicelib.domain.file_returns import FileReturns
from chalicelib.domain.making_returns import make_file_returns
from chalicelib.usecases.filing import day, file_making, judged_documents
from tests.simulation.breaking import Break, find_wrong_schedule


def adds_up_a_day_without_its_last_file(patch: pytest.MonkeyPatch) -> None:
    """A day's sheet covers all of its files but one."""

    def add_up_most(sheets: Iterable[CoverSheet | None], currency: str) -> CoverSheet | None:
        return add_up(list(sheets)[:-1], currency)

    patch.setattr(day, "add_up", add_up_most)


def counts_what_includes_vat_as_base(patch: pytest.MonkeyPatch) -> None:
    """VAT stands in a file's sheet twice."""

    def make(invoices: Any) -> CoverSheet | None:
        sheet = make_cover_sheet(invoices)
        if sheet is None:
            return None
        return replace(sheet, totals=tuple(replace(each, excl=each.incl) for each in sheet.totals))

    patch.setattr(judged_documents, "make_cover_sheet", make)


def puts_no_file_down_in_its_months(patch: pytest.MonkeyPatch) -> None:
    """No VAT sheet knows of a file."""
    patch.setattr(file_making, "note_months", lambda *_: None)


def loses_the_last_day_of_a_file(patch: pytest.MonkeyPatch) -> None:
    """What a file adds up to for the returns lacks a day."""

    def make(invoices: Any, **given: Any) -> FileReturns | None:
        returns = make_file_returns(invoices, **given)
        return returns and replace(returns, days=returns.days[:-1])

    patch.setattr(judged_documents, "make_file_returns", make)


MUTANTS: tuple[Break, ...] = (
    puts_no_file_down_in_its_months,
    loses_the_last_day_of_a_file,
    adds_up_a_day_without_its_last_file,
    counts_what_includes_vat_as_base,
)


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.__name__)
def test_the_simulation_catches(mutant: Break, monkeypatch: pytest.MonkeyPatch) -> None:
    mutant(monkeypatch)
    assert find_wrong_schedule(crowded=False, most=200) is not None
