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
from chalicelib.web.http.csv_files import Cell
from chalicelib.web.http.http_messages import Response, redirect
from chalicelib.web.http.xlsx_files import SumRow, Table
from chalicelib.web.pages.asked_period import AskedPeriod, find_asked_period
from chalicelib.web.pages.call import Call
from chalicelib.web.pages.downloads import send_rows, send_tables
from chalicelib.web.pages.written_amounts import Writing
from chalicelib.web.texts.localisation import list_msgids, msgid

_HEADINGS = list_msgids("Country code", "VAT number", "Supplies", "Services")
_TITLE = msgid("Intra-Community supplies")
_SHEET = msgid("EU businesses")
_TOGETHER = msgid("Together")


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


def send_icp_table(call: Call) -> Response:
    """``GET /vat/icp.csv``: the list as the tax authority's form has its columns, in whole
    euros. A period that is none, or a list that is too long to be shown, leads back to the page.
    """
    return _send(call, is_workbook=False)


def send_icp_book(call: Call) -> Response:
    """``GET /vat/icp.xlsx``: the same as a workbook, where VAT numbers stay texts: Excel takes
    those of a CSV for figures, and Belgian ones lose their first zero. Likewise.
    """
    return _send(call, is_workbook=True)


def _send(call: Call, *, is_workbook: bool) -> Response:
    asked = _find_period(call)
    if asked.problems:
        return redirect(call.build_url("vat", "icp"))
    found = read_icp_list(call.workspace, asked.period)
    if found.too_many:
        return redirect(f"{call.build_url('vat', 'icp')}?period={asked.period.name}")
    say, shop, name = call.templates.say, call.shop, f"icp-{asked.file_part}"
    headings, lines = tuple(map(say, _HEADINGS)), _list_lines(found)
    if not is_workbook:
        return send_rows(call, [headings, *lines], name)
    above = (shop.title or shop.domain, f"{say(_TITLE)}, {asked.title}")
    sums = [SumRow(title=say(_TOGETHER), columns=(2, 3))] if lines else []
    table = Table(name=say(_SHEET), headings=headings, rows=[*lines, *sums], above=above)
    return send_tables(call, [table], name)


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
