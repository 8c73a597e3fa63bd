"""The one-stop-shop return of a quarter; or, for shops without the scheme, how near they are to the
threshold above which they need it.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from chalicelib.domain.adding_sheet import add_up_sheet
from chalicelib.domain.days import local_day
from chalicelib.domain.distance_sales import THRESHOLD, DistanceYear, Nearness, list_month_rows
from chalicelib.domain.oss_return import list_oss_countries
from chalicelib.domain.periods import Period, PeriodKind, find_period
from chalicelib.domain.policy import Policy
from chalicelib.domain.return_places import Supply
from chalicelib.domain.vat import is_in_vat_area
from chalicelib.lazy_dataclass import dataclass
from chalicelib.usecases.operating.threshold import is_concerned, read_distance_year
from chalicelib.usecases.operating.vat_return import read_period_files
from chalicelib.web.http.http_messages import Response, redirect
from chalicelib.web.http.xlsx_files import SumRow
from chalicelib.web.pages.asked_period import find_asked_period
from chalicelib.web.pages.call import Call
from chalicelib.web.pages.downloads import send_rows
from chalicelib.web.pages.vat_tables import OSS_HEADINGS, list_oss_rows
from chalicelib.web.pages.written_amounts import Writing
from chalicelib.web.texts import return_texts as texts
from chalicelib.web.texts.localisation import msgid
from chalicelib.web.texts.period_texts import write_quarter

BAR_WIDTH = 300
"""Of the picture, in its own units; the threshold is at `THRESHOLD_AT`."""

THRESHOLD_AT = 240


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """The bar of the meter: how far it reaches, and where the pace leads to, in its own units."""

    width: float
    expected: float


def render_oss(call: Call) -> Response:
    """``GET /vat/oss``: of a quarter, that of the period (see `find_asked_period`)."""
    workspace, shop = call.workspace, call.shop
    today = local_day(workspace.now())
    asked = find_asked_period(call, only=PeriodKind.QUARTER)
    sheet = add_up_sheet(read_period_files(workspace, asked.period))
    countries = list_oss_countries(sheet)
    is_used = _uses_scheme(shop.policy, asked.period)
    is_metered = is_concerned(shop, today) and shop.policy.keep_totals
    year = read_distance_year(workspace) if is_metered else None
    return call.render(
        "vat_oss.html",
        status=asked.status,
        asked=asked,
        sheet=sheet,
        countries=countries,
        has_return=bool(is_used or countries),
        is_member=is_in_vat_area(shop.country, today),
        uses_now=shop.policy.has_one_stop_shop_on(today),
        small_business=shop.policy.is_small_business_on(today),
        due_on=_find_due_day(asked.period),
        year=year,
        rows=() if year is None else list_month_rows(year),
        bar=None if year is None else _draw(year),
        bar_width=BAR_WIDTH,
        threshold_at=THRESHOLD_AT,
        nearness=Nearness,
        threshold=THRESHOLD,
        texts=texts,
        supplies=Supply,
        write=Writing(call.templates, sheet.files.currency),
        name_quarter=lambda day: write_quarter(day, call.templates.text, call.templates.dates),
        today=today,
    )


def send_oss(call: Call) -> Response:
    """``GET /vat/oss.csv``: the return of a quarter as a table. A period that is none
    leads back to the page.
    """
    asked = find_asked_period(call, only=PeriodKind.QUARTER)
    if asked.problems:
        return redirect(call.build_url("vat", "oss"))
    sheet = add_up_sheet(read_period_files(call.workspace, asked.period))
    say = call.templates.say
    found = list_oss_rows(list_oss_countries(sheet), call.templates)
    rows = [[*row, sheet.files.currency] for row in found if not isinstance(row, SumRow)]
    headings = [*map(say, OSS_HEADINGS), say(msgid("Currency"))]
    return send_rows(call, [headings, *rows], f"oss-{asked.file_part}")


def _uses_scheme(policy: Policy, period: Period) -> bool:
    """Whether the scheme counts on a day of the period."""
    if not policy.one_stop_shop:
        return False
    since, until = policy.oss_since, policy.oss_until
    return (since is None or since <= period.last) and (until is None or period.first <= until)


def _find_due_day(quarter: Period) -> date:
    """The last day on which the return of a quarter is in time: that of the month after it
    (Directive 2006/112/EC, article 369f).
    """
    return find_period(PeriodKind.MONTH, quarter.step(1).first).last


def _draw(year: DistanceYear) -> Bar:
    def reach(amount: Decimal) -> float:
        return round(min(max(float(amount / THRESHOLD), 0.0) * THRESHOLD_AT, BAR_WIDTH), 1)

    return Bar(width=reach(year.excl), expected=reach(year.expected))
