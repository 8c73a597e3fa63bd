"""Lists of SEOshop's, whole or page by page, at 250 a call.

Filters and order of lists are only partly documented, so ids are compared: a full page that is not
what was asked for is an error and not the end of a list. Source: API reference, 5.
"""

from __future__ import annotations

from itertools import pairwise

from chalicelib.adapters.seoshop.transport import Params, Transport
from chalicelib.adapters.seoshop.values import Fields, malformed_answer, read_objects, unwrap
from chalicelib.ports import PAGE

_MOST_PAGES = 40  # of a whole list: 10,000 lines, methods or events belong to no real shop


def read_list(http: Transport, path: str, *keys: str, params: Params) -> list[Fields]:
    """Read one page of a list; `keys`: names it may have in the answer."""
    answer = http.get(path, (*params, ("limit", str(PAGE))))
    return read_objects(unwrap(answer, *keys), keys[0])


def read_whole_list(http: Transport, path: str, *keys: str, params: Params = ()) -> list[Fields]:
    """Read a whole, short list by ``page``, each id once."""
    found: dict[int, Fields] = {}
    for number in range(1, _MOST_PAGES + 1):
        page = read_list(http, path, *keys, params=(*params, ("page", str(number))))
        known = len(found)
        found |= {fields.read("id", int): fields for fields in page}
        # A server that does not know `page` sends the same again and again.
        if len(page) < PAGE or len(found) == known:
            return list(found.values())
    raise malformed_answer(keys[0], "(all)", f"goes on after {_MOST_PAGES} pages")


def read_next_page(
    http: Transport, path: str, key: str, filters: Params, *, after_id: int
) -> list[Fields]:
    """Read one page of a long list by ``since_id``: at most 250 ids above `after_id`, ascending.

    A page under 250 is the last. Raises `ShopUnavailable` when a full page is not the *next*
    one, because going on from it would miss entries for ever.
    """
    # `since_id=0` may count as not given; no order of a shop in use has id 1.
    for since_id in (after_id,) if after_id else (0, 1):
        page = read_list(http, path, key, params=(*filters, ("since_id", str(since_id))))
        entries = [(fields.read("id", int), fields) for fields in page]
        ids = [after_id, *(number for number, _ in entries)]
        if len(entries) < PAGE or all(one < two for one, two in pairwise(ids)):
            fresh = {number: fields for number, fields in entries if number > after_id}
            return [fresh[number] for number in sorted(fresh)][:PAGE]
    raise malformed_answer(key, "id", "does not follow since_id, so the list may have gaps")
