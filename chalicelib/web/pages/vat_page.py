"""The VAT sheet of a period, laid out as the return asks, with what is open beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial

from chalicelib.domain.dutch_return import (
    ELSEWHERE,
    FormLine,
    add_up_filled_in,
    add_up_vat,
    round_in_favour,
)
from chalicelib.domain.return_places import ReturnBox, Supply
from chalicelib.domain.vat_sheet import SheetRow
from chalicelib.usecases.operating.open_in_period import OpenKind
from chalicelib.usecases.operating.return_look import ReturnLook, look_at_return
from chalicelib.web.http.http_messages import Response
from chalicelib.web.http.visits import is_asked_for
from chalicelib.web.pages.asked_period import find_asked_period
from chalicelib.web.pages.call import Call
from chalicelib.web.pages.page_templates import PageTemplates
from chalicelib.web.texts import return_texts as texts
from chalicelib.web.texts.localisation import DUTCH, format_money
from chalicelib.web.texts.period_texts import KINDS, write_quarter

MOST_LISTED = 50
"""So many documents of a kind are listed with their amounts; the others are counted."""

GROUP_LINKS = {OpenKind.HELD: "held", OpenKind.CHANGED: "changed"}
"""Where on the overview the documents of a kind are."""


@dataclass(frozen=True, slots=True)
class Writing:
    """How the page writes the amounts of one currency."""

    templates: PageTemplates
    currency: str

    def money(self, amount: Decimal) -> str:
        """``€ 1.234,50``."""
        return self.templates.write_money(amount, self.currency)

    def whole(self, amount: Decimal) -> str:
        """The whole euros that one fills in: ``€ 1.234``."""
        return self.write_whole(round_in_favour(amount))

    def write_whole(self, euros: Decimal) -> str:
        """Whole euros: ``€ 1.234``."""
        written = format_money(f"{euros:.2f}", self.currency, self.templates.language)
        return written[: -len(",00")]

    def rate(self, rate: Decimal) -> str:
        """``21%``, ``5,5%``."""
        percent = f"{(rate * 100).normalize():f}%"
        return percent.replace(".", ",") if self.templates.language == DUTCH else percent


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
        kinds=KINDS,
        look=look,
        lines=lines,
        owed=add_up_vat(lines),
        filled_in=add_up_filled_in(lines),
        elsewhere=[line for box in ELSEWHERE if (line := look.find_box(box)).rows],
        abroad=_list_by_country(look),
        boxes=ReturnBox,
        supplies=Supply,
        open_money=look.open,
        group_links=GROUP_LINKS,
        name_quarter=partial(write_quarter, text=call.templates.text, dates=call.templates.dates),
        now=call.connector.clock(),
        most_listed=MOST_LISTED,
        texts=texts,
        write=Writing(call.templates, look.sheet.files.currency),
    )


def _list_by_country(look: ReturnLook) -> Sequence[tuple[ReturnBox, Sequence[SheetRow]]]:
    """The sheet of a shop that does not file the Dutch return: what each kind of sale comes to, by
    country and rate.
    """
    lines: list[FormLine] = [look.find_box(box) for box in ReturnBox]
    return [(line.box, line.rows) for line in lines if line.rows]
