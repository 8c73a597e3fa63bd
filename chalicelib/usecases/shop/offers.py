"""What the connector costs a shop, and until when it costs nothing; as far as the operator says so.

The AppCenter bills. The operator repeats its terms in the settings, and without them nothing is
claimed.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from chalicelib.domain.shops import Shop
from chalicelib.domain.trial import trial_ends_on
from chalicelib.lazy_dataclass import dataclass
from chalicelib.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A trial of `trial_days`, which ends with the day `trial_end` and, asked today, `is_over`; and
    the price a month, in euro without VAT. 0 and None stand for what nobody says.
    """

    trial_days: int
    trial_end: date | None
    is_over: bool
    monthly_price: Decimal | None


def find_trial_end(settings: Settings, shop: Shop) -> date | None:
    """The last day of the shop's trial, also when it is past; None where there is none."""
    if not settings.trial_days:
        return None
    return trial_ends_on(shop.installed_at, settings.trial_days)


def find_running_trial(settings: Settings, shop: Shop, today: date) -> date | None:
    """The last day of a trial that is not over."""
    end = find_trial_end(settings, shop)
    return end if end is not None and today <= end else None


def find_offer(settings: Settings, shop: Shop, today: date) -> Offer | None:
    """What there is to say about trial and price; None when that is nothing."""
    if not settings.trial_days and settings.monthly_price is None:
        return None
    end = find_trial_end(settings, shop)
    return Offer(
        trial_days=settings.trial_days,
        trial_end=end,
        is_over=end is not None and end < today,
        monthly_price=settings.monthly_price,
    )
