"""How near a shop is to the threshold for sales to consumers in other member states: by its files
for the page of it, by a small record for the overview and the mail.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from chalicelib.domain.days import local_day
from chalicelib.domain.distance_sales import (
    DistanceFigure,
    DistanceYear,
    Nearness,
    find_nearness,
)
from chalicelib.domain.periods import Period
from chalicelib.domain.shops import Shop
from chalicelib.domain.vat import is_in_vat_area
from chalicelib.usecases.connector import Connector
from chalicelib.usecases.filing.noting_months import list_months
from chalicelib.usecases.operating.vat_return import read_distance_sales
from chalicelib.usecases.workspace import Workspace, open_workspace

EURO = "EUR"

_UNSETTLED = timedelta(days=7)
"""By then it is known of nearly every file whether it arrived."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Warned:
    """A threshold that is near or passed: what this `year` comes to so far, and the one before."""

    year: int
    nearness: Nearness
    excl: Decimal
    before: Decimal


def is_concerned(shop: Shop, today: date) -> bool:
    """Whether the threshold counts for a shop: it is in a member state, and does not use the
    one-stop-shop scheme. In the small-business scheme it counts all the same.
    """
    return is_in_vat_area(shop.country, today) and not shop.policy.has_one_stop_shop_on(today)


def read_distance_year(workspace: Workspace, year: int) -> DistanceYear:
    """The distance sales of a calendar year, by the shop's files. Raises `LedgerError`."""
    this_year, last_year = (read_distance_sales(workspace, each) for each in (year, year - 1))
    return DistanceYear(
        year=year,
        until=min(local_day(workspace.now()), date(year, 12, 31)),
        sales=this_year.totals,
        before=last_year.excl,
        is_whole=this_year.is_whole and last_year.is_whole,
    )


def renew_figure(connector: Connector, shop_id: int) -> None:
    """Add up the distance sales anew, once a night, and keep what they come to. Of a shop that the
    threshold is nothing to, or that wants no totals kept, nothing is. Raises `UnknownShop`,
    `LedgerError`.
    """
    workspace = open_workspace(connector, shop_id)
    shop, today = workspace.shop, local_day(workspace.now())
    is_counted = shop.policy.keep_totals and is_concerned(shop, today)
    kept = connector.shops.load(shop_id, DistanceFigure)
    if not is_counted:
        if kept is not None and (kept.excl or kept.before):
            _keep(workspace, today.year, Decimal("0.00"), Decimal("0.00"))
        return
    if kept is not None and _is_fresh(workspace, kept, today):
        return
    found = read_distance_year(workspace, today.year)
    _keep(workspace, today.year, found.excl, found.before)


def _is_fresh(workspace: Workspace, kept: DistanceFigure, today: date) -> bool:
    """Whether a figure of the last days is still right: no file was made with an invoice date in
    this year or the last since, nor some days before, when it may not have been known at once what
    became of it.
    """
    if workspace.now() - kept.at > _UNSETTLED:
        return False
    years = Period(date(today.year - 1, 1, 1), date(today.year, 12, 31))
    made_at = [month.at for month in list_months(workspace, years)]
    return kept.year == today.year and all(at < kept.at - _UNSETTLED for at in made_at)


def _keep(workspace: Workspace, year: int, excl: Decimal, before: Decimal) -> None:
    figure = DistanceFigure(year=year, excl=excl, before=before, at=workspace.now())
    workspace.connector.shops.save(workspace.shop_id, figure)


def find_warning(workspace: Workspace) -> Warned | None:
    """What the shop is to be warned of, by the record that the night renewed; None while it is far
    from the threshold. One read by key. Raises `LedgerError`.
    """
    shop, today = workspace.shop, local_day(workspace.now())
    if shop.currency != EURO or not is_concerned(shop, today):
        return None
    figure = workspace.connector.shops.load(workspace.shop_id, DistanceFigure)
    if figure is None:
        return None
    excl, before = figure.of_year(today.year)
    nearness = find_nearness(excl, before)
    if nearness is Nearness.BELOW:
        return None
    return Warned(year=today.year, nearness=nearness, excl=excl, before=before)
