"""What a page shows of the money that is still open in a period."""

from __future__ import annotations

from typing import Any

from chalicelib.usecases.operating.open_in_period import OpenInPeriod, OpenKind
from chalicelib.web.pages.call import Call
from chalicelib.web.pages.written_amounts import Writing
from chalicelib.web.texts import return_texts

MOST_LISTED = 50
"""So many documents of a kind are listed with their amounts; the others are counted."""

_GROUP_LINKS = {OpenKind.HELD: "held", OpenKind.CHANGED: "changed"}
"""Where on the overview the documents of a kind are."""


def show_open(call: Call, open_money: OpenInPeriod, currency: str) -> dict[str, Any]:
    """The values of ``_open_in_period.html``."""
    return {
        "open_money": open_money,
        "group_links": _GROUP_LINKS,
        "most_listed": MOST_LISTED,
        "texts": return_texts,
        "write": Writing(call.templates, currency),
    }
