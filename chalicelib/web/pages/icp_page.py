"""The list of intra-Community supplies (opgaaf ICP) of a period, with each VAT number's proof."""

from __future__ import annotations

from chalicelib.domain.days import local_day
from chalicelib.domain.dutch_return import is_filed_by
from chalicelib.domain.icp_list import IcpList, NumberState, round_euros
from chalicelib.domain.periods import Period, PeriodKind, find_period
from chalicelib.domain.policy import UnansweredNumbers
from chalicelib.domain.vat import may_be_asked
from chalicelib.domain.vat_numbers import VatStanding
from chalicelib.usecases.operating.icp_reading import MOST_OPENED, read_icp_list
from chalicelib.web.http.csv_files import Cell, send_csv, write_csv
from chalicelib.web.http.http_messages import Response, redirect
from chalicelib.web.pages.asked_period import AskedPeriod, find_asked_period
from chalicelib.web.pages.call import Call
from chalicelib.web.pages.vat_page import Writing
from chalicelib.web.texts.localisation import choose_point, list_msgids
from chalicelib.web.texts.period_texts import KINDS

_HEADINGS = list_msgids("Country code", "VAT number", "Supplies", "Services")


def render_icp(call: Call) -> Response:
    """``GET /vat/icp``: the list of a month, a quarter or a year."""
    workspace, policy = call.workspace, call.shop.policy
    asked = _find_period(call)
    found = read_icp_list(workspace, asked.period)
    standing = workspace.connector.shops.load(workspace.shop_id, VatStanding) or VatStanding()
    today = local_day(workspace.now())
    return call.render(
        "vat_icp.html",
        status=asked.status,
        asked=asked,
        kinds=KINDS,
        found=found,
        states=NumberState,
        is_dutch=is_filed_by(call.shop),
        is_running=asked.period.last >= today,
        is_asked=policy.vies is not UnansweredNumbers.OFF,
        has_own_number=bool(policy.own_vat_number),
        is_requester_refused=bool(policy.own_vat_number) and standing.is_requester_refused,
        due_on=find_period(PeriodKind.MONTH, asked.period.step(1).first).last,
        most_opened=MOST_OPENED,
        may_be_asked=lambda number: may_be_asked(number, workspace.now()),
        round_euros=round_euros,
        write=Writing(call.templates, found.sheet.files.currency),
        now=workspace.now(),
    )


def send_icp(call: Call) -> Response:
    """``GET /vat/icp.csv``: the list as the tax authority's form has its columns, in whole
    euros. A period that is none, or a list that is too long to be shown, leads back to the page.
    """
    asked = _find_period(call)
    if asked.problems:
        return redirect(call.build_url("vat", "icp"))
    found = read_icp_list(call.workspace, asked.period)
    if found.too_many:
        return redirect(f"{call.build_url('vat', 'icp')}?period={asked.period.name}")
    headings: list[Cell] = [call.templates.say(heading) for heading in _HEADINGS]
    text = write_csv([headings, *_list_lines(found)], point=choose_point(call.templates.language))
    return send_csv(text, f"icp-{asked.period.name}-{call.shop.shop_id}")


def _list_lines(found: IcpList) -> list[list[Cell]]:
    return [
        [
            row.country,
            row.national_number,
            int(round_euros(row.goods.excl)),
            int(round_euros(row.services.excl)),
        ]
        for row in found.rows
    ]


def _find_period(call: Call) -> AskedPeriod:
    """The period that is asked for; of days that are not whole months, the quarter of the last."""
    asked = find_asked_period(call)
    is_whole = _is_whole(asked.period)
    return asked if is_whole else find_asked_period(call, only=PeriodKind.QUARTER)


def _is_whole(period: Period) -> bool:
    last = find_period(PeriodKind.MONTH, period.last).last
    return period.first.day == 1 and period.last == last
