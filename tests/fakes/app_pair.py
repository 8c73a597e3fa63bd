"""What SEOshop says of the app's own key and secret, for tests of one shop."""

from __future__ import annotations

from datetime import timedelta

from chalicelib.domain.app_standing import AppStanding
from chalicelib.ports import Clock, Shops
from chalicelib.usecases.shop.app_proof import ALL_SHOPS

FOR_LONG = timedelta(days=365)


def let_others_be_answered(shops: Shops, clock: Clock) -> None:
    """Other shops' calls are answered all the time, which proves the app's pair good."""
    shops.save(ALL_SHOPS, AppStanding(accepted_at=clock() + FOR_LONG))
