"""The trial of a shop: the days after its installation that cost nothing."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from chalicelib.domain.days import local_day


def trial_ends_on(installed_at: datetime, trial_days: int) -> date:
    """The last day of a trial of so many days, at least one, of which the day of the installation
    is the first.
    """
    return local_day(installed_at) + timedelta(days=trial_days - 1)
