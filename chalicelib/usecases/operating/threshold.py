"""How near a shop is to the threshold for sales to consumers in other member states: by its files
for the page of it, by a small record for the overview and the mail.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from chalicelib.domain.adding_sheet import add_up_distance_sales
from chalicelib.domain.days import local_day
from chalicelib.domain.distance_sales import (
    DistanceFigure,
    DistanceYear,
    Nearness,
    find_nearness,
)
from chalicelib.domain.money import total
from chalicelib.domain.periods import Period
from chalicelib.domain.shops import Shop
from chalicelib.domain.vat import is_in_vat_area
from chalicelib.lazy_dataclass import dataclass
from chalicelib.usecases.connector import Connector
from chalicelib.usecases.operating.vat_return import read_period_files
from chalicelib.usecases.workspace import Workspace, open_workspace


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


def read_distance_year(workspace: Workspace) -> DistanceYear:
    """The distance sales of the present year, and what the last one came to, by one reading of the
    shop's files. Raises `LedgerError`.
    """
    today = local_day(workspace.now())
    years = Period(date(today.year - 1, 1, 1), date(today.year, 12, 31))
    files = read_period_files(workspace, years)
    sales = add_up_distance_sales(files)
    return DistanceYear(
        year=today.year,
        until=today,
        sales=tuple(each for each in sales if each.month.year == today.year),
        before=total(each.excl for each in sales if each.month.year < today.year),
        is_whole=files.is_whole,
    )


def renew_figure(connector: Connector, shop_id: int) -> None:
    """Add up the distance sales anew, once a night, and keep what they come to. Of a shop that the
    threshold is nothing to, or that wants no totals kept, nothing is. Raises `UnknownShop`,
    `LedgerError`.
    """
    workspace = open_workspace(connector, shop_id)
    shop, shops = workspace.shop, connector.shops
    if not shop.policy.keep_totals or not is_concerned(shop, local_day(workspace.now())):
        shops.forget_if(shop_id, DistanceFigure, lambda _: True)
        return
    found = read_distance_year(workspace)
    figure = DistanceFigure(year=found.year, excl=found.excl, before=found.before)
    if figure != shops.load(shop_id, DistanceFigure):
        shops.save(shop_id, figure)


def find_warning(workspace: Workspace) -> Warned | None:
    """What the shop is to be warned of, by the record that the night renewed; None while it is far
    from the threshold. One read by key. Raises `LedgerError`.
    """
    shop, today = workspace.shop, local_day(workspace.now())
    if not shop.is_in_euros or not is_concerned(shop, today):
        return None
    figure = workspace.connector.shops.load(workspace.shop_id, DistanceFigure)
    if figure is None:
        return None
    excl, before = figure.of_year(today.year)
    nearness = find_nearness(excl, before)
    if nearness is Nearness.BELOW:
        return None
    return Warned(year=today.year, nearness=nearness, excl=excl, before=before)
