"""Trial and price are told as the operator gave them, and nothing is claimed without."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest

from chalicelib.domain.days import AMSTERDAM
from chalicelib.domain.shops import Shop, ShopState
from chalicelib.domain.trial import trial_ends_on
from chalicelib.settings import Settings
from chalicelib.usecases.shop.offers import find_offer, find_running_trial, find_trial_end

INSTALLED = datetime(2026, 1, 1, 23, 30, tzinfo=AMSTERDAM)
SHOP = Shop(
    shop_id=1,
    state=ShopState.ACTIVE,
    cluster="eu1",
    language="nl",
    installed_at=INSTALLED,
    changed_at=INSTALLED,
)
SILENT = Settings(table_prefix="test-")
TRIAL = replace(SILENT, trial_days=30)


@pytest.mark.parametrize(
    ("days", "end"),
    [(1, date(2026, 1, 1)), (14, date(2026, 1, 14)), (30, date(2026, 1, 30))],
)
def test_the_day_of_the_installation_is_the_first(days: int, end: date) -> None:
    assert trial_ends_on(INSTALLED, days) == end


def test_nothing_is_claimed_without_settings() -> None:
    assert find_trial_end(SILENT, SHOP) is None
    assert find_running_trial(SILENT, SHOP, date(2026, 1, 2)) is None
    assert find_offer(SILENT, SHOP, date(2026, 1, 2)) is None


def test_a_trial_runs_until_its_last_day_is_over() -> None:
    last = date(2026, 1, 30)
    assert find_trial_end(TRIAL, SHOP) == last
    assert find_running_trial(TRIAL, SHOP, last) == last
    assert find_running_trial(TRIAL, SHOP, date(2026, 1, 31)) is None
    offer = find_offer(TRIAL, SHOP, date(2026, 1, 31))
    assert offer is not None
    assert offer.is_over


def test_a_price_can_be_said_without_a_trial() -> None:
    offer = find_offer(replace(SILENT, monthly_price=Decimal("9.95")), SHOP, date(2026, 1, 2))
    assert offer is not None
    assert (offer.trial_end, offer.is_over, offer.monthly_price) == (None, False, Decimal("9.95"))
