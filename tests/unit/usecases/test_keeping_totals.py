"""What a file and a day add up to is kept for as long as the merchant wants it, and no longer."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from chalicelib.domain.cover_sheet import CoverSheet
from chalicelib.domain.ledger import FileEntry
from chalicelib.domain.statement import DayStatement, Verdict
from tests.fakes.documents_of_shop import order_line
from tests.unit.usecases.day_runs import (
    MORNING,
    NIGHT,
    TODAY,
    TOMORROW,
    export,
    open_small_stage,
    run_unanswered_though_stored,
    sell,
    statement,
)
from tests.unit.usecases.stage import SHOP_ID, Stage

D = Decimal


@pytest.fixture
def stage() -> Stage:
    return open_small_stage()


def files(stage: Stage) -> list[FileEntry]:
    return stage.connector.files.list_since(SHOP_ID, TODAY - timedelta(days=99))


def sums(cover: CoverSheet | None) -> tuple[Decimal, Decimal, Decimal]:
    assert cover is not None
    return cover.excl, cover.vat, cover.incl


def listed(stage: Stage) -> dict[str, str]:
    """What the list of the day's last run adds up to, VAT included, without what is nothing."""
    check = statement(stage).check
    assert check is not None
    money = check.money
    assert money is not None
    assert money.difference == 0
    parts = ("listed", "placed", "changed", "held", "dropped", "waiting")
    found = {part: str(getattr(money, part).incl) for part in parts}
    return {part: amount for part, amount in found.items() if D(amount)}


def keeps_nothing(kept: DayStatement) -> bool:
    return kept.cover is None and (kept.check is None or kept.check.money is None)


def test_a_file_and_its_day_say_what_they_add_up_to(stage: Stage) -> None:
    (file,) = files(stage)
    assert sums(file.cover) == sums(statement(stage).cover) == (D("40.00"), D("8.40"), D("48.40"))
    assert listed(stage) == {"listed": "48.40", "placed": "48.40"}


def test_a_day_is_the_sum_of_its_files_and_what_is_not_in_one_is_accounted_for(
    stage: Stage,
) -> None:
    sell(stage, 3, email="")
    run_unanswered_though_stored(stage)
    sell(stage, 4, lines=(order_line("10.90", "0.09"),), price_excl=D(10), price_incl=D("10.90"))
    stage.now += timedelta(minutes=1)
    run_unanswered_though_stored(stage)
    assert sums(statement(stage).cover) == (D("40.00"), D("8.40"), D("48.40"))
    stage.now += timedelta(minutes=6)
    export(stage)
    cover = statement(stage).cover
    assert sums(cover) == (D("50.00"), D("9.30"), D("59.30"))
    assert cover is not None
    rates = [(each.treatment.rate, each.documents, each.incl) for each in cover.totals]
    assert rates == [(D("0.21"), 2, D("48.40")), (D("0.09"), 1, D("10.90"))]
    assert listed(stage) == {"listed": "83.50", "placed": "59.30", "held": "24.20"}


def test_a_file_that_adds_up_to_another_total_than_the_list_is_named(stage: Stage) -> None:
    (file,) = files(stage)
    assert file.cover is not None
    (total,) = file.cover.totals
    wrong = replace(file.cover, totals=(replace(total, vat=D("8.41")),))
    stage.connector.files.items[SHOP_ID][file.name] = replace(file, cover=wrong)  # type: ignore[attr-defined]
    assert export(stage).is_day_wrong
    (discrepancy,) = statement(stage).discrepancies
    assert (discrepancy.kind, discrepancy.names) == ("money", (file.name,))
    check = statement(stage).check
    assert check is not None
    assert check.money is not None
    assert check.money.difference == D("-0.01")


def test_whoever_wants_none_kept_has_none_and_what_was_kept_is_erased(stage: Stage) -> None:
    stage.now = MORNING + NIGHT
    sell(stage, 3)
    stage.choose(keep_totals=False)
    assert not export(stage).is_day_wrong
    for _ in range(2):
        assert [file.cover for file in files(stage)] == [None, None]
        for day in (TODAY, TOMORROW):
            assert keeps_nothing(statement(stage, day))
            assert statement(stage, day).verdict is Verdict.RIGHT
        stage.now += timedelta(hours=1)
        export(stage)


def test_a_day_on_which_totals_were_not_kept_throughout_is_not_stated_in_money(
    stage: Stage,
) -> None:
    stage.choose(keep_totals=False)
    stage.now += timedelta(hours=1)
    sell(stage, 3)
    export(stage)
    stage.choose(keep_totals=True)
    stage.now += timedelta(hours=1)
    sell(stage, 4)
    assert not export(stage).is_day_wrong
    assert [file.cover is None for file in files(stage)] == [True, True, False]
    assert statement(stage).cover is None
    assert listed(stage) == {"listed": "96.80", "placed": "96.80"}
    assert statement(stage).verdict is Verdict.RIGHT
    stage.now = MORNING + NIGHT
    sell(stage, 5)
    export(stage)
    assert statement(stage).cover is None
    assert sums(statement(stage, TOMORROW).cover) == (D("20.00"), D("4.20"), D("24.20"))


def test_totals_that_are_wanted_again_and_not_any_more_are_erased_again(stage: Stage) -> None:
    for keeps in (False, True, False):
        stage.choose(keep_totals=keeps)
        stage.now += timedelta(days=1)
        sell(stage, stage.now.day)
        export(stage)
        assert (files(stage)[-1].cover is not None) is keeps
    assert all(file.cover is None for file in files(stage))
    assert all(keeps_nothing(one) for one in stage.shops.statements(SHOP_ID, 9))


def test_a_shop_in_another_currency_is_stated_in_that(stage: Stage) -> None:
    stage.shops.update(
        SHOP_ID,
        lambda shop: replace(
            shop,
            currency="SEK",
            policy=replace(shop.policy, accepted_currencies=frozenset({"SEK"})),
        ),
    )
    stage.now += timedelta(hours=1)
    sell(stage, 3)
    assert not export(stage).is_day_wrong
    last = files(stage)[-1].cover
    assert last is not None
    assert last.currency == "SEK"
    assert statement(stage).cover is None, "two currencies have no sum"
