"""Statement = files = what an independent bookkeeper adds up from the XML, whatever days bring."""

from __future__ import annotations

from collections.abc import Iterable
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.cover_sheet import CoverSheet
from chalicelib.domain.invoices import VatKind
from chalicelib.domain.ledger import FileState
from chalicelib.domain.money import ZERO
from chalicelib.domain.policy import Source
from chalicelib.domain.statement import Verdict
from tests.books.bookkeeper import Books, Rate, Sum, add_up_files, count_orders
from tests.books.trading_days import DEEDS, Deed, Trader
from tests.chance import brisk
from tests.unit.usecases.stage import SHOP_ID

pytestmark = pytest.mark.slow

trading = st.lists(st.lists(st.sampled_from(DEEDS), max_size=8), min_size=1, max_size=5)


def read_cover(cover: CoverSheet | None) -> Books:
    """A cover sheet in the words of the file."""
    assert cover is not None
    assert cover.incl == cover.excl + cover.vat
    found = {}
    for each in cover.totals:
        treatment, is_domestic = each.treatment, each.treatment.kind is VatKind.DOMESTIC
        rate = Rate(
            (treatment.rate * 100).normalize(),
            "" if is_domestic else treatment.kind.value,
            "" if is_domestic else treatment.country,
        )
        found[rate] = Sum(each.documents, each.excl, each.vat)
    assert len(found) == len(cover.totals)
    return found


def check_files(trader: Trader) -> None:
    """Each file's cover sheet says what is in it."""
    inbox = trader.stage.inbox.files
    for file in trader.stage.connector.files.list_since(SHOP_ID, trader.first_day):
        if file.state is FileState.PLACED:
            assert read_cover(file.cover) == add_up_files([inbox[file.name]])
            assert file.cover is not None
            assert file.cover.documents == len(file.keys) == count_orders([inbox[file.name]])


def check_statements(trader: Trader) -> set[str]:
    """Each day's statement says what its files do, and what the shop lists is accounted for."""
    inbox, seen = trader.stage.inbox.files, list[str]()
    for statement in trader.stage.shops.statements(SHOP_ID, 99):
        contents = [inbox[name] for name in statement.files]
        assert read_cover(statement.cover) == add_up_files(contents)
        assert statement.placed == count_orders(contents)
        assert statement.verdict is not Verdict.WRONG, statement.discrepancies
        if statement.check is not None and statement.check.money is not None:
            assert statement.check.money.difference == ZERO, statement.check.money
            assert statement.check.money.listed.documents == statement.check.due
        seen += statement.files
    assert len(seen) == len({*seen}), "no file is of two days"
    return {*seen}


def check_listed(trader: Trader) -> None:
    """What the shop lists is what its own orders and invoices add up to."""
    today = trader.stage.shops.statements(SHOP_ID, 1)[0]
    assert today.verdict is Verdict.RIGHT
    assert today.check is not None
    assert today.check.money is not None
    assert today.check.money.listed.incl == trader.add_up_due(today.check.since)


@pytest.mark.parametrize("source", Source)
@brisk
@given(days=trading, chance=st.randoms(use_true_random=False))
def test_statement_files_and_bookkeeper_agree_to_the_cent(
    source: Source, days: list[list[Deed]], chance: Random
) -> None:
    trader = Trader(chance, source)
    for deeds in days:
        play_day(trader, deeds)
        stated = check_statements(trader)
        assert stated == trader.stage.inbox.files.keys()
        check_listed(trader)


def play_day(trader: Trader, deeds: Iterable[Deed]) -> None:
    """A day's deeds, the runs of the evening, and the night."""
    for deed in deeds:
        deed(trader)
        check_statements(trader)
        check_files(trader)
        trader.wait()
    trader.close_the_day()
    trader.sleep()
