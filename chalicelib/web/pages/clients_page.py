"""All shops of a bookkeeper on one page, the worst first."""

from __future__ import annotations

from typing import Any

from chalicelib.domain import bounds
from chalicelib.domain.periods import quarter_of
from chalicelib.usecases.operating.client_list import ClientStanding, read_clients
from chalicelib.web.http.http_messages import Response
from chalicelib.web.pages.call import Call
from chalicelib.web.pages.error_pages import NoSuchPage
from chalicelib.web.pages.typed_numbers import read_number
from chalicelib.web.texts.hold_texts import find_hold_text
from chalicelib.web.texts.localisation import msgid
from chalicelib.web.texts.trouble_texts import find_trouble_text

SEARCHED_FROM = 11
"""With so many shops there is a field to search in."""

CAUSES_SHOWN = 3
_LAST_PAGE = 9_999
_QUARTER = msgid("Q%(number)s")


def render_clients(call: Call) -> Response:
    """``GET /clients``: every shop in which the bookkeeper has a seat; ``q`` is a part of a name,
    ``page`` the number of the page. Raises `BookkeeperNotSignedIn`, `NoSuchPage`.
    """
    holder = call.find_bookkeeper().holder
    sought = call.request.query.get("q", "").strip()
    number = read_number(call.request.query.get("page", "1"), _LAST_PAGE)
    if number is None or len(sought) > bounds.LONGEST_PART:
        raise NoSuchPage
    clients = read_clients(call.connector, holder, sought=sought, number=number)
    return call.render(
        "clients.html",
        clients=clients,
        asking=[_show(each) for each in clients.shown if each.asks or not each.overview],
        in_order=[_show(each) for each in clients.shown if each.overview and not each.asks],
        sought=sought,
        is_searched=clients.count >= SEARCHED_FROM,
        longest=bounds.LONGEST_PART,
        name_quarter=lambda period: call.templates.say(_QUARTER, number=quarter_of(period.first)),
    )


def _show(standing: ClientStanding) -> dict[str, Any]:
    """One shop: `causes` are what its orders are held for, the most frequent first, each with how
    many; `trouble` is what keeps files from arriving. Both are English sources.
    """
    overview = standing.overview
    held = () if overview is None else overview.held
    counts: dict[str, int] = {}
    for group in held:
        what = find_hold_text(group.reason).what
        counts[what] = counts.get(what, 0) + len(group.entries)
    causes = sorted(counts.items(), key=lambda each: -each[1])
    trouble = None if overview is None else overview.trouble
    cause = None if trouble is None else trouble.cause
    return {
        "standing": standing,
        "shop": standing.client.shop,
        "overview": overview,
        "trouble": "" if cause is None else find_trouble_text(cause).title,
        "causes": causes[:CAUSES_SHOWN],
        "more_causes": len(causes[CAUSES_SHOWN:]),
    }
