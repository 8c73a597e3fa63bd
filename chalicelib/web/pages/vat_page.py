"""The VAT sheet of a period, laid out as the return asks, with what is open beside it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from chalicelib.domain.dutch_return import (
    ELSEWHERE,
    FormLine,
    add_up_filled_in,
    add_up_vat,
)
from chalicelib.domain.return_places import ReturnBox, Supply
from chalicelib.domain.vat_sheet import SheetRow
from chalicelib.usecases.operating.return_look import ReturnLook, look_at_return
from chalicelib.web.http.http_messages import Response
from chalicelib.web.http.visits import is_asked_for
from chalicelib.web.pages.asked_period import find_asked_period
from chalicelib.web.pages.call import Call
from chalicelib.web.pages.open_view import show_open
from chalicelib.web.texts.period_texts import write_quarter


def render_vat(call: Call) -> Response:
    """``GET /vat``: the sheet of a period (see `find_asked_period`)."""
    workspace = call.workspace
    asked = find_asked_period(call)
    look = look_at_return(workspace, asked.period, asks_shop=is_asked_for(call.request))
    lines = look.lines
    return call.render(
        "vat.html",
        status=asked.status,
        asked=asked,
        look=look,
        lines=lines,
        owed=add_up_vat(lines),
        filled_in=add_up_filled_in(lines),
        elsewhere=[line for box in ELSEWHERE if (line := look.find_box(box)).rows],
        abroad=_list_by_country(look),
        boxes=ReturnBox,
        supplies=Supply,
        name_quarter=partial(write_quarter, text=call.templates.text, dates=call.templates.dates),
        now=call.connector.clock(),
        **show_open(call, look.open, look.sheet.files.currency),
    )


def _list_by_country(look: ReturnLook) -> Sequence[tuple[ReturnBox, Sequence[SheetRow]]]:
    """The sheet of a shop that does not file the Dutch return: what each kind of sale comes to, by
    country and rate.
    """
    lines: list[FormLine] = [look.find_box(box) for box in ReturnBox]
    return [(line.box, line.rows) for line in lines if line.rows]
