"""What is kept of reading back: told by the mail of the morning, counted for the VAT return, and
without totals once the merchant wants none.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from chalicelib.domain.concepts import CodeTotal
from chalicelib.domain.landed import LandedDelivery, landing_name
from chalicelib.domain.ledger import FileEntry
from chalicelib.domain.mail_matters import Matter
from chalicelib.domain.periods import PeriodKind, find_period
from chalicelib.usecases.afterwards import shown_invoices
from chalicelib.usecases.operating.landed_money import read_landed
from chalicelib.usecases.operating.morning_mail import list_waiting_matters
from chalicelib.usecases.operating.overview import read_overview
from chalicelib.usecases.operating.return_look import look_at_return
from chalicelib.usecases.operating.seen_in_asperion import SeenOfPeriod, Sight
from tests.unit.usecases.api_stage import ApiStage, sold
from tests.unit.usecases.stage import SHOP_ID


@pytest.fixture
def stage() -> ApiStage:
    return ApiStage()


def deliver(stage: ApiStage) -> FileEntry:
    """Two orders, of which somebody deletes the second in Asperion and makes the first definitive;
    then Asperion is read back.
    """
    file = stage.deliver(sold(1), sold(2))
    first, second = (stage.entry(key).asperion_id or 0 for key in ("order-1", "order-2"))
    stage.books.make_definitive(first)
    stage.books.delete(second)
    stage.read_back()
    return file


def test_the_mail_of_the_morning_counts_what_is_otherwise_in_asperion(stage: ApiStage) -> None:
    deliver(stage)
    workspace = stage.workspace()
    waiting = list_waiting_matters(workspace, read_overview(workspace))
    assert [(each.matter, each.count) for each in waiting] == [(Matter.THERE, 1)]


def read_seen(stage: ApiStage, *, months: int = 0) -> SeenOfPeriod | None:
    """What the return of the month of the first order says of Asperion, or of a later month's."""
    day = stage.entry("order-1").booked_on or date.min
    month = find_period(PeriodKind.MONTH, day)
    return look_at_return(stage.workspace(), month.step(months), asks_shop=False).seen


def test_the_vat_return_says_how_much_asperion_shows_and_what_is_missing_in_money(
    stage: ApiStage,
) -> None:
    deliver(stage)
    seen = read_seen(stage)
    assert seen == SeenOfPeriod(
        delivered=2,
        landed=1,
        definitive=1,
        gone=("ORD00002",),
        difference=CodeTotal(excl=Decimal("-20.00"), vat=Decimal("-4.20")),
    )
    assert not seen.is_whole
    assert read_seen(stage, months=1) is None


def test_the_vat_return_counts_what_was_not_read_yet(stage: ApiStage) -> None:
    stage.deliver(sold(1))
    assert read_seen(stage) is None
    stage.read_back()
    seen = read_seen(stage)
    assert seen is not None
    assert seen.is_whole
    stage.deliver(sold(2), sold(3))
    seen = read_seen(stage)
    assert seen is not None
    assert (seen.landed, seen.unread, seen.difference, seen.is_whole) == (1, 2, None, False)


def test_nothing_is_all_in_while_something_is_sought_once_more(
    stage: ApiStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shown_invoices, "MOST_READS", 0)
    stage.deliver(sold(1), sold(2))
    stage.books.delete(stage.entry("order-2").asperion_id or 0)
    stage.read_back()
    seen = read_overview(stage.workspace()).seen
    assert seen.sight is Sight.TO_BE_SEEN
    stage.now += timedelta(days=1)
    stage.read_back()
    assert read_overview(stage.workspace()).seen.sight is Sight.SEEN


def test_the_columns_differ_by_what_was_deleted(stage: ApiStage) -> None:
    file = deliver(stage)
    landed = read_landed(stage.workspace(), [file])
    (row,) = landed.rows
    assert (row.code, str(row.difference)) == ("H", "-24.20")
    assert not landed.is_explained


def test_totals_are_forgotten_when_the_merchant_wants_none(stage: ApiStage) -> None:
    file = deliver(stage)
    stage.choose(keep_totals=False)
    stage.night()
    kept = stage.shops.load(SHOP_ID, LandedDelivery, landing_name(file.name))
    assert kept is not None
    assert all(part.codes is None for part in kept.parts.values())
    assert kept.whole is not None
    assert kept.whole.gone == ("ORD00002",)
