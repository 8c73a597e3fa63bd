"""Lists of Asperion's REST API, whole or not at all.

``{"_data": […], "_meta": {"totalCount", "pageCount", "nextPage"}}``: the next page is asked for by
the number that `nextPage` names, never at the address that it gives, so that it does not matter
where pages are counted from. A list counts only when every page names the same total and when all
objects, each once, come to it. One that changes while it is read is read once more.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple, TypeVar
from urllib.parse import parse_qsl, urlsplit

import msgspec

from chalicelib.adapters.asperion.invoice_shapes import InvoiceShape
from chalicelib.adapters.asperion.rest_shapes import Readable
from chalicelib.adapters.asperion.rest_transport import Params, RestTransport
from chalicelib.adapters.asperion.rest_values import Unusable
from chalicelib.errors import AsperionUnavailable

MOST_PAGES = 1_000
TRIES = 2
_PAGE = "[0-9]{1,6}"


S = TypeVar("S", bound=Readable[object] | InvoiceShape)


class _Meta(msgspec.Struct, rename="camel"):
    total_count: int
    page_count: int | None = None
    next_page: str | None = None


class _Page(msgspec.Struct):
    rows: list[msgspec.Raw] = msgspec.field(name="_data")
    meta: _Meta = msgspec.field(name="_meta")


class ListRequest(NamedTuple):
    """Which list is asked for: its resource, filters, the objects on a page and their order."""

    resource: str
    filters: Params = ()
    page_size: int = 100
    order_by: str = ""

    @property
    def params(self) -> Params:
        """As parameters of the query."""
        order = (("orderBy", self.order_by),) if self.order_by else ()
        return (*self.filters, ("pageSize", str(self.page_size)), *order)


class _Changed(Exception):
    """A list is not what it said it would be."""


def read_list(
    http: RestTransport, request: ListRequest, shape: type[S], *, limit: int | None = None
) -> list[S]:
    """Read all objects of a list, or the first `limit`. Raises `AsperionUnavailable` for a list
    that is cut, and what `RestTransport.read` does.
    """
    for _ in range(TRIES):
        try:
            return _read_once(http, request, shape, limit)
        except _Changed:
            continue
    raise _make_error(request, "is not whole")


def _read_once(
    http: RestTransport, request: ListRequest, shape: type[S], limit: int | None
) -> list[S]:
    found: dict[object, S] = {}
    total: int | None = None
    page_number: int | None = None
    for count in range(1, MOST_PAGES + 1):
        numbered = () if page_number is None else (("page", str(page_number)),)
        page = _read_page(http, request, (*request.params, *numbered))
        rows = [_read_row(request, row, shape) for row in page.rows]
        before = len(found)
        found |= {row.key: row for row in rows}
        if len(found) != before + len(rows) or page.meta.total_count != (
            page.meta.total_count if total is None else total
        ):
            raise _Changed
        total = page.meta.total_count
        if limit is not None and len(found) >= limit:
            return list(found.values())[:limit]
        if not page.meta.next_page:
            # Whether `pageCount` counts the list's pages or a page's objects is not known.
            if len(found) != total or page.meta.page_count not in (None, count, len(rows), 0):
                raise _Changed
            return list(found.values())
        if not rows or len(found) >= total:
            raise _make_error(request, "goes on after its end")
        page_number = _read_next(request, page.meta.next_page, page_number)
    raise _make_error(request, f"goes on after {MOST_PAGES} pages")


def _read_page(http: RestTransport, request: ListRequest, params: Params) -> _Page:
    body = http.read(request.resource, params)
    try:
        return msgspec.json.decode(body, type=_Page)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        pass
    raise _make_error(request, "is no list")


def _read_row(request: ListRequest, row: msgspec.Raw, shape: type[S]) -> S:
    try:
        return msgspec.json.decode(row, type=shape)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        pass
    raise _make_error(request, "holds an object that cannot be read")


def _read_next(request: ListRequest, address: str, present: int | None) -> int:
    """The number of the next page, which is above that of this one."""
    try:
        query = {name.lower(): value for name, value in parse_qsl(urlsplit(address).query)}
    except ValueError:
        query = {}
    number = query.get("page", "")
    if not re.fullmatch(_PAGE, number) or int(number) <= (-1 if present is None else present):
        raise _make_error(request, "does not say how it goes on")
    return int(number)


def _make_error(request: ListRequest, what: str) -> AsperionUnavailable:
    return AsperionUnavailable(f"Asperion's list of {request.resource} {what}.")


@contextmanager
def usable(resource: str) -> Iterator[None]:
    """Turns an object that cannot be used into a list that cannot: `AsperionUnavailable`."""
    try:
        yield
    except Unusable:
        raise AsperionUnavailable(
            f"Asperion's list of {resource} holds an object that cannot be used."
        ) from None
