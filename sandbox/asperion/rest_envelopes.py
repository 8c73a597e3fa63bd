"""Lists of the API: filters, order, pages and envelopes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from urllib.parse import urlencode

from flask import Response, request

from sandbox.asperion.rest_filters import Filters, Row, read_filters, refuse_value
from sandbox.asperion.rest_gate import Caller
from sandbox.asperion.rest_replies import Json, answer_json
from sandbox.asperion.rest_texts import Said


@dataclass(frozen=True)
class _Page:
    number: int
    size: int


def answer_list(
    caller: Caller, rows: Iterable[Row], filters: Filters | None = None, address: str | None = None
) -> Response:
    """The page of a list that the request asks for; raises RestError for a value that is none.

    Each object gets the address of itself, under `address` or that of the request.
    """
    page = _read_page(caller)
    asked = read_filters(caller, filters or {})
    found = [row for row in rows if all(each.fits(row) for each in asked)]
    found = _spoil_list(caller, _order(found))
    total, pages = len(found), max(1, -(-len(found) // page.size))
    shown = found[(page.number - 1) * page.size : page.number * page.size]
    meta: Json = {
        **describe_administration(caller),
        "previousPage": _link(page.number - 1, pages),
        "nextPage": _link(page.number + 1, pages + _count_false_pages(caller, page)),
        "totalCount": total,
        "pageCount": pages,
        "self": request.url,
    }
    data = [] if _asks_no_data() else _show(_spoil_page(caller, shown), address)
    return answer_json({"_data": data, "_meta": meta})


def describe_administration(caller: Caller) -> Json:
    """The part of `_meta` that says whose list it is."""
    return {
        "administrationId": caller.administration.id,
        "administrationName": caller.administration.name,
        "profileName": caller.grant.user,
    }


def _show(rows: Sequence[Row], address: str | None) -> list[Json]:
    base = address or request.base_url
    wanted = {name.strip().casefold() for name in request.args.get("fields", "").split(",") if name}
    shown = []
    for row in rows:
        fields = {k: v for k, v in row.shown.items() if not wanted or k.casefold() in wanted}
        shown.append({**fields, "_meta": {"self": f"{base}/{row.shown.get('id', '')}"}})
    return shown


def _read_page(caller: Caller) -> _Page:
    number = _read_count("page", 1)
    size = _read_count("pageSize", caller.guesses.page_size)
    return _Page(number, min(size, caller.guesses.largest_page))


def _read_count(name: str, usual: int) -> int:
    given = request.args.get(name, "")
    if not given:
        return usual
    if not (given.isascii() and given.isdigit() and 0 < len(given) < 8 and int(given)):
        raise refuse_value(name, Said.NOT_WHOLE)
    return int(given)


def _asks_no_data() -> bool:
    return request.args.get("metaOnly", "").casefold() == "true"


def _link(number: int, pages: int) -> str | None:
    if not 1 <= number <= pages:
        return None
    query = [(name, value) for name, value in request.args.items(multi=True) if name != "page"]
    return f"{request.base_url}?{urlencode([*query, ('page', str(number))])}"


def _order(rows: list[Row]) -> list[Row]:
    """By `orderBy`: fields after commas, for the reverse with "desc" behind or "-" before them."""
    for part in reversed([each.strip() for each in request.args.get("orderBy", "").split(",")]):
        if not part:
            continue
        name, _, direction = part.removeprefix("-").partition(" ")
        if rows and all(key.casefold() != name.casefold() for key in rows[0].shown):
            raise refuse_value("orderBy", Said.UNKNOWN_VALUE, name)
        is_down = part.startswith("-") or direction.strip().casefold() == "desc"
        rows = sorted(rows, key=lambda row, name=name: _sort_key(row.value(name)), reverse=is_down)  # type: ignore[misc]
    return rows


def _sort_key(value: object) -> tuple[int, Decimal, str]:
    if isinstance(value, int | Decimal):
        return 1, Decimal(value), ""
    return (0 if value is None else 2), Decimal(0), str(value or "").casefold()


def _spoil_list(caller: Caller, rows: list[Row]) -> list[Row]:
    fault = caller.fault
    if fault and fault.kind == "lagging":
        since = caller.administration.clock() - timedelta(seconds=fault.seconds)
        return [row for row in rows if row.made_at is None or row.made_at <= since]
    if fault and fault.kind == "missing-item":
        return rows[1:]
    return rows


def _spoil_page(caller: Caller, rows: list[Row]) -> list[Row]:
    if caller.fault and caller.fault.kind == "short-page":
        return rows[: len(rows) // 2]
    if caller.fault and caller.fault.kind == "repeated-item":
        return rows[:1] + rows
    return rows


def _count_false_pages(caller: Caller, page: _Page) -> int:
    is_endless = caller.fault is not None and caller.fault.kind == "endless-pages"
    return page.number + 1 if is_endless else 0
