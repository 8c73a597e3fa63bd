"""What is kept of reading back: told by the mail of the morning, counted for the VAT return, and
without totals once the merchant wants none.
"""

from __future__ import annotations

from datetime import date

import pytest

from chalicelib.domain.landed import LandedDelivery, landing_name
from chalicelib.domain.ledger import FileEntry
from chalicelib.domain.mail_matters import Matter
from chalicelib.domain.periods import PeriodKind, find_period
from chalicelib.usecases.operating.landed_money import read_landed
from chalicelib.usecases.operating.morning_mail import list_waiting_matters
from chalicelib.usecases.operating.overview import read_overview
from chalicelib.usecases.operating.seen_in_asperion import SeenOfPeriod, count_seen
from tests.unit.usecases.delivered_by_api import ApiStage, sold
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


def test_the_vat_return_says_how_much_asperion_shows(stage: ApiStage) -> None:
    file = deliver(stage)
    workspace, day = stage.workspace(), stage.entry("order-1").booked_on or date.min
    month = find_period(PeriodKind.MONTH, day)
    seen = count_seen(workspace, month, [file.name])
    assert seen == SeenOfPeriod(delivered=2, landed=1, definitive=1)
    assert count_seen(workspace, month.step(1), [file.name]) is None
    assert count_seen(workspace, month, [file.name.replace(".api", ".xml")]) is None


def test_the_columns_differ_by_what_was_deleted(stage: ApiStage) -> None:
    file = deliver(stage)
    landed = read_landed(stage.workspace(), [file])
    (row,) = landed.rows
    assert (row.code, str(row.difference)) == ("H", "-24.20")
    assert not landed.is_right


def test_totals_are_forgotten_when_the_merchant_wants_none(stage: ApiStage) -> None:
    file = deliver(stage)
    stage.choose(keep_totals=False)
    stage.night()
    kept = stage.shops.load(SHOP_ID, LandedDelivery, landing_name(file.name))
    assert kept is not None
    assert all(part.codes is None for part in kept.parts.values())
    assert kept.whole is not None
    assert kept.whole.gone == ("ORD00002",)
