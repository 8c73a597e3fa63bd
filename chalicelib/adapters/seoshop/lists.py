"""Lists of SEOshop's, whole or page by page, at 250 a call.

Filters, order and size of pages are only partly documented, so a page is not taken for the last
because it has fewer rows than were asked for: the end is an empty page, or what the list's count
confirms, or a page that is short beside one that the same client got (`PageSizes`). Source: API
reference, 5.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from decimal import Decimal
from itertools import pairwise
from typing import Any, NamedTuple

from chalicelib.adapters.seoshop.transport import Params, Transport
from chalicelib.adapters.seoshop.values import (
    Fields,
    malformed_answer,
    read_objects,
    read_rows,
    unwrap,
)
from chalicelib.domain import bounds
from chalicelib.domain.platform import SkippedRow
from chalicelib.errors import ShopUnreadable
from chalicelib.ports import PAGE

_MOST_PAGES = 200  # of a whole list: 10,000 lines, methods or events belong to no real shop

_LEAST_PAGE = 50
"""What a page holds when nobody asks for more, and thus at the least. Only lists that belong to one
document, or are short anyway, go by it: their end then costs no call of its own."""

_CLEARLY_SHORT, _ROUND = 0.9, 10
"""Of the fullest page; and what every limit of a page that anybody sets is a multiple of."""

_MOST_LATEST = 20  # pages that the newest rows may come on


class ListPage(NamedTuple):
    """The usable rows of a page, ascending by id, and those without a usable id; `received` counts
    all that came.
    """

    rows: list[Fields]
    skipped: list[SkippedRow]
    received: int


class PageSizes:
    """How many rows SEOshop's pages have held so far, by which a last page is known without asking
    for the empty one behind it.

    A page that is clearly shorter than one before it ends its list: SEOshop gives more when it has
    more. Not so one that lacks a few, which may have been left out of a full page; nor, as long as
    only another list had a fuller page, one of a round number of rows, which may be the most that
    this list gives.
    """

    def __init__(self) -> None:
        self._fullest: dict[str, int] = {}

    def is_last(self, name: str, received: int) -> bool:
        """Whether nothing comes behind a page of a list, ``orders``, with so many rows; from now on
        they are taken into account.
        """
        self._fullest[name] = max(self._fullest.get(name, 0), received)
        if received < self._fullest[name] * _CLEARLY_SHORT:
            return True
        is_short = received < max(self._fullest.values()) * _CLEARLY_SHORT
        return is_short and received % _ROUND != 0


def read_list(http: Transport, path: str, *keys: str, params: Params) -> list[Any]:
    """Read the rows of one page of a list; `keys`: names it may have in the answer."""
    answer = http.get(path, (*params, ("limit", str(PAGE))))
    return read_rows(unwrap(answer, *keys), keys[0])


def read_whole_list(http: Transport, path: str, *keys: str, params: Params = ()) -> list[Fields]:
    """Read a whole, short list by ``page``, each row once."""
    found: dict[str, Fields] = {}
    for number in range(1, _MOST_PAGES + 1):
        page = read_list(http, path, *keys, params=(*params, ("page", str(number))))
        known = len(found)
        found |= {_identify(each): each for each in read_objects(page, keys[0])}
        # A server that does not know `page` sends the same again and again.
        if len(page) < _LEAST_PAGE or len(found) == known:
            return list(found.values())
    raise malformed_answer(keys[0], "(all)", f"goes on after {_MOST_PAGES} pages")


def read_next_page(
    http: Transport, path: str, key: str, filters: Params, *, after_id: int
) -> ListPage:
    """Read one page of a long list by ``since_id``: at most 250 rows with ids above `after_id`. One
    without rows is the end of the list.

    Raises `ShopUnavailable` when a page is not the *next* one and there is more than it shows,
    because going on from it would miss rows for ever.
    """
    rows: dict[int, Fields] = {}
    query: Params = ()
    page: list[Any] = []
    skipped: list[SkippedRow] = []
    # `since_id=0` may count as not given; no order of a shop in use has id 1.
    for since_id in (after_id,) if after_id else (0, 1):
        query = (*filters, ("since_id", str(since_id)))
        page = read_list(http, path, key, params=query)
        rows, skipped = tell_apart(page, key, after_id)
        # Whether the bound is inclusive is not known.
        following = [number for number in rows if number != after_id]
        if all(one < two for one, two in pairwise((after_id, *following))):
            break
    else:
        if _count(http, path, key, query) > len(rows) + len(skipped):
            raise malformed_answer(key, "id", "does not follow since_id, so the list may have gaps")
    later = sorted(number for number in rows if number > after_id)
    return ListPage([rows[number] for number in later][:PAGE], skipped, len(page))


def find_rows(http: Transport, name: str, number: str) -> list[Fields]:
    """Read the rows of a list (``orders``) that SEOshop gives for a document's number. There may be
    others among them.
    """
    params = (("number", number.strip().encode(errors="replace").decode()),)
    found, _ = tell_apart(read_list(http, f"{name}.json", name, params=params), name)
    return list(found.values())


def read_latest(http: Transport, name: str, limit: int) -> list[Fields]:
    """Read the `limit` rows of a list (``orders``) with the highest ids, the highest first.

    In which order SEOshop lists is not documented. A first page that falls is the newest; where it
    rises the list begins with the oldest, and is read from its end, which its count tells. What is
    made between two pages may be missed, so this is for looking, never for taking in.
    """
    first = _read_numbered(http, name, limit, 1)
    newest, pages = dict(first), range(2, _MOST_LATEST)
    ids = list(first)
    if ids and ids[0] < ids[-1]:
        last = -(-_count(http, f"{name}.json", name, ()) // len(first))
        newest = {} if last > 1 else newest
        pages = range(last, max(last - _MOST_LATEST, 1), -1)
    for number in pages:
        if len(newest) >= limit:
            break
        rows = _read_numbered(http, name, limit, number)
        if not rows.keys() - newest.keys():
            break
        newest |= rows
    found = first | newest
    return [found[id_] for id_ in sorted(found, reverse=True)[:limit]]


def _read_numbered(http: Transport, name: str, limit: int, number: int) -> dict[int, Fields]:
    """The usable rows of a numbered page, as they come."""
    params = (("limit", str(limit)), ("page", str(number)))
    answer = unwrap(http.get(f"{name}.json", params), name)
    return tell_apart(read_rows(answer, name), name)[0]


def _count(http: Transport, path: str, key: str, query: Params) -> int:
    """How many rows a list has with these filters. Raises `ShopUnavailable`."""
    answer = http.get(path.replace(".json", "/count.json"), query)
    try:
        count = Fields({"count": unwrap(answer, "count")}, key).read("count", Decimal)
    except ShopUnreadable:
        raise malformed_answer(
            key, "id", "does not follow since_id, nor is there a count"
        ) from None
    return int(count)


def tell_apart(
    page: list[Any], key: str, after_id: int = 0
) -> tuple[dict[int, Fields], list[SkippedRow]]:
    """The rows by their ids, as they come, and those that have none.

    What stands behind the last good row comes again at the beginning of the next page, and is
    known by the row before it to be the same.
    """
    rows, skipped = dict[int, Fields](), list[SkippedRow]()
    before, behind = after_id, 0
    for entry in page:
        try:
            fields = Fields(entry, key)
            before, behind = fields.read("id", int), 0
            rows[before] = fields
        except ShopUnreadable:
            behind += 1
            skipped.append(_describe_row(entry, key, before, behind))
    return rows, skipped


def _describe_row(entry: Any, key: str, before: int, behind: int) -> SkippedRow:
    fields = Fields(entry if isinstance(entry, dict) else {}, key)
    number, changed_at = "", None
    with suppress(ShopUnreadable):
        number = fields.text("number").strip()
    with suppress(ShopUnreadable):
        changed_at = fields.read("updatedAt", datetime, None)
    return SkippedRow(
        listed=key,
        after_id=before,
        place=behind,
        number=number if bounds.is_number(number) else "",
        changed_at=changed_at,
    )


def _identify(fields: Fields) -> str:
    """A row's id, or without a usable one all that it says."""
    try:
        return str(fields.read("id", int))
    except ShopUnreadable:
        return fields.as_text()
