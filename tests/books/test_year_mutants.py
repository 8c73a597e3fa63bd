"""The year finds what it is there to find: each fault, put in place on purpose, is noticed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from chalicelib.domain import (
    adding_sheet,
    eu_supplies,
    judgement,
    line_places,
    lines,
    making_returns,
    reversal,
    totals,
    vat,
)
from chalicelib.domain.file_returns import DeclaredDay
from chalicelib.domain.invoices import Invoice, InvoiceLine
from chalicelib.domain.return_places import ReturnBox, ReturnPlace, Supply
from chalicelib.usecases.filing import noting_months
from chalicelib.usecases.operating import vat_return
from tests.books import year_plots
from tests.books.compared_returns import check_all, hire_bookkeeper
from tests.books.shop_year import ShopYear

pytestmark = pytest.mark.slow

Patch = pytest.MonkeyPatch
Mutant = Callable[[Patch], None]
ELSEWHERE = ReturnPlace(box=ReturnBox.ZERO)


def declare_exports_at_home(patch: Patch) -> None:
    """3a goes into 1e."""
    _wrap(patch, line_places, "_find_box", _turn(ReturnBox.EXPORT, ReturnBox.ZERO))


def declare_the_low_rate_as_the_high_one(patch: Patch) -> None:
    """1b goes into 1a."""
    _wrap(patch, line_places, "_find_box", _turn(ReturnBox.REDUCED, ReturnBox.GENERAL))


def declare_oss_at_home(patch: Patch) -> None:
    """The VAT of other member states goes into 1a."""
    _wrap(patch, line_places, "_find_box", _turn(ReturnBox.OSS, ReturnBox.GENERAL))


def declare_gift_cards(patch: Patch) -> None:
    """What is outside VAT goes into 1e."""
    patch.setattr(lines, "NO_VAT", ELSEWHERE)


def take_services_for_goods(patch: Patch) -> None:
    """The list of intra-Community supplies has goods alone."""

    def find(sale: Any, treatment: Any, *, service: bool) -> ReturnPlace:
        place = find_place(sale, treatment, service=service)
        return replace(place, supply=Supply.GOODS)

    find_place = line_places.find_place
    patch.setattr(lines, "find_place", find)


def forget_distance_sales(patch: Patch) -> None:
    """Nothing counts for the threshold."""
    patch.setattr(line_places, "_find_distance", lambda *_: "")


def keep_the_old_rate(patch: Patch) -> None:
    """The reduced rate is 6 % for ever, so that 9 % is another rate than the Dutch ones."""
    rows = [row for row in vat._DUTCH if row[1] != Decimal("0.09")]
    low = next(row for row in rows if row[1] == Decimal("0.06"))
    forever = (*low[:3], date.max)
    patch.setattr(vat, "_DUTCH", tuple(forever if row == low else row for row in rows))


def declare_corrections_where_they_were_sold(patch: Patch) -> None:
    """A credit note falls into the period of its invoice."""

    def add_up(invoices: list[Invoice]) -> tuple[DeclaredDay, ...]:
        return add_up_days([replace(each, day=each.corrects_on or each.day) for each in invoices])

    add_up_days = making_returns._add_up_days
    patch.setattr(making_returns, "_add_up_days", add_up)


def take_corrections_for_sales(patch: Patch) -> None:
    """No document takes anything back."""

    def add_up(invoices: list[Invoice]) -> tuple[DeclaredDay, ...]:
        return add_up_days([replace(each, corrects_on=None) for each in invoices])

    add_up_days = making_returns._add_up_days
    patch.setattr(making_returns, "_add_up_days", add_up)


def correct_oss_by_the_year(patch: Patch) -> None:
    """What was sold in another quarter of the year is not named as such."""
    patch.setattr(adding_sheet, "_first_of_quarter", lambda day: date(day.year, 1, 1))


def lose_a_file(patch: Patch) -> None:
    """One file of each period is not read."""

    def list_months(*asked: Any) -> Any:
        found = months(*asked)
        return found[:-1] if len(found) > 1 else found

    months = noting_months.list_months
    patch.setattr(vat_return, "list_months", list_months)


def round_elsewhere(patch: Patch) -> None:
    """A rounding difference is declared at 0 %."""

    def make_line(*args: Any) -> InvoiceLine:
        return replace(make_rounding_line(*args), place=ELSEWHERE)

    make_rounding_line = totals._make_rounding_line
    patch.setattr(totals, "_make_rounding_line", make_line)


def book_in_closed_periods(patch: Patch) -> None:
    """What comes late is booked on its own day all the same."""
    for module in (judgement, reversal):
        patch.setattr(module, "date_by_lock", lambda invoice, _terms: invoice)


def count_what_was_sent_again_as_new(patch: Patch) -> None:
    """Nobody says that a document is in two files."""

    def make_returns(*args: Any, **more: Any) -> Any:
        return make_file_returns(*args, **more | {"again": (), "changed_again": ()})

    make_file_returns = making_returns.make_file_returns
    patch.setattr("chalicelib.usecases.filing.judged_documents.make_file_returns", make_returns)


def add_up_payments_without_vat(patch: Patch) -> None:
    """What a customer paid is less than what the bank says."""

    def add_up(invoices: list[Invoice]) -> Any:
        return add_up_all([replace(each, incl=each.excl) for each in invoices])

    add_up_all = making_returns._add_up_payments
    patch.setattr(making_returns, "_add_up_payments", add_up)


def list_services_as_goods(patch: Patch) -> None:
    """The list of intra-Community supplies alone knows no services."""

    def turn(lines: Iterator[tuple[Supply, Decimal]]) -> Iterator[tuple[Supply, Decimal]]:
        return ((Supply.GOODS, excl) for _, excl in lines)

    _wrap(patch, eu_supplies, "_list_lines", turn)


MUTANTS: list[tuple[Mutant, str, str]] = [
    (declare_exports_at_home, "tea shop", "2018-07-16"),
    (declare_the_low_rate_as_the_high_one, "tea shop", "2018-07-03"),
    (declare_oss_at_home, "garden shop", "2026-04-16"),
    (declare_gift_cards, "garden shop", "2026-01-20"),
    (take_services_for_goods, "garden shop", "2026-02-10"),
    (forget_distance_sales, "studio", "2026-02-03"),
    (keep_the_old_rate, "tea shop", "2019-01-03"),
    (declare_corrections_where_they_were_sold, "tea shop", "2018-10-12"),
    (take_corrections_for_sales, "garden shop", "2026-04-08"),
    (correct_oss_by_the_year, "garden shop", "2026-07-09"),
    (lose_a_file, "studio", "2026-05-27"),
    (round_elsewhere, "tea shop", "2018-08-14"),
    (book_in_closed_periods, "garden shop", "2026-04-28"),
    (count_what_was_sent_again_as_new, "tea shop", "2018-11-08"),
    (add_up_payments_without_vat, "studio", "2026-07-01"),
    (list_services_as_goods, "garden shop", "2026-02-10"),
]
"""With a shop and the day on which the fault shows, the last one that is played."""


@pytest.mark.parametrize(
    ("mutate", "name", "until"), MUTANTS, ids=[each.__name__ for each, _, _ in MUTANTS]
)
def test_a_fault_is_noticed(mutate: Mutant, name: str, until: str, monkeypatch: Patch) -> None:
    mutate(monkeypatch)
    year = play(name, until)
    with pytest.raises(AssertionError):
        check_all(year, hire_bookkeeper(year))


def test_without_a_fault_all_is_right() -> None:
    for name in year_plots.YEARS:
        last = max(until for _, each, until in MUTANTS if each == name)
        year = play(name, last)
        check_all(year, hire_bookkeeper(year))


def play(name: str, until: str) -> ShopYear:
    """Play a year to a day."""
    opening, plot = year_plots.YEARS[name]
    year = ShopYear(opening)
    year.play(plot, date.fromisoformat(until))
    return year


def _turn(box: ReturnBox, into: ReturnBox) -> Callable[[ReturnBox], ReturnBox]:
    return lambda found: into if found is box else found


def _wrap(patch: Patch, module: Any, name: str, change: Callable[[Any], Any]) -> None:
    """Change what a function gives."""
    original = getattr(module, name)
    patch.setattr(module, name, lambda *args, **more: change(original(*args, **more)))
