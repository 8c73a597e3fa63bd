"""Lists of SEOshop's, whole or page by page, at 250 a call.

Filters and order of lists are only partly documented, so ids are compared: a full page that is not
what was asked for is an error and not the end of a list.
Source: API reference, 5.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from chalicelib.adapters.seoshop.transport import Transport
from chalicelib.adapters.seoshop.values import Fields, malformed_answer, read_objects, unwrap
from chalicelib.ports import PAGE

_MOST_PAGES = 40  # of a whole list: 10,000 lines, methods or events belong to no real shop


class Lists:
    """Reads lists through a `Transport`."""

    def __init__(self, transport: Transport) -> None:
        self._http = transport

    def read_all(
        self, path: str, *keys: str, params: Iterable[tuple[str, str]] = ()
    ) -> list[Fields]:
        """Read a whole, short list by ``page``, each id once; `keys`: names it may have."""
        found: dict[int, Fields] = {}
        for number in range(1, _MOST_PAGES + 1):
            query = [*params, ("limit", str(PAGE)), ("page", str(number))]
            page = list(read_objects(unwrap(self._http.get(path, query), *keys), keys[0]))
            known = len(found)
            found |= {fields.id("id"): fields for fields in page}
            # A server that does not know `page` sends the same again and again.
            if len(page) < PAGE or len(found) == known:
                return list(found.values())
        raise malformed_answer(keys[0], "(all)", f"goes on after {_MOST_PAGES} pages")

    def read_page(
        self, path: str, key: str, filters: Iterable[tuple[str, str]], *, after_id: int
    ) -> list[Fields]:
        """Read one page of a long list by ``since_id``: at most 250 ids above `after_id`.

        A page under 250 is the last. Raises `ShopUnavailable` when a full page is not the *next*
        one, because going on from it would miss entries for ever.
        """
        entries = self._read_since(path, key, filters, after_id)
        if len(entries) >= PAGE and after_id == 0 and not _follows(entries, after_id):
            # `since_id=0` may count as not given; no order of a shop in use has id 1.
            entries = self._read_since(path, key, filters, 1)
        if len(entries) >= PAGE and not _follows(entries, after_id):
            raise malformed_answer(key, "id", "does not follow since_id, so the list may have gaps")
        fresh = {number: fields for number, fields in entries if number > after_id}
        return [fresh[number] for number in sorted(fresh)][:PAGE]

    def _read_since(
        self, path: str, key: str, filters: Iterable[tuple[str, str]], since_id: int
    ) -> list[tuple[int, Fields]]:
        query = [*filters, ("since_id", str(since_id)), ("limit", str(PAGE))]
        page = read_objects(unwrap(self._http.get(path, query), key), key)
        return [(fields.id("id"), fields) for fields in page]


def _follows(entries: list[tuple[int, Fields]], after_id: int) -> bool:
    ids = [after_id, *(number for number, _ in entries)]
    return all(one < two for one, two in pairwise(ids))
