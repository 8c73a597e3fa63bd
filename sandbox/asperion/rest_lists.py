"""Lists of the API: filters, order, pages and envelopes."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from enum import Enum, auto
from typing import Any
from urllib.parse import urlencode

from flask import Response, request

from sandbox.asperion.rest_answers import Json, RestError, answer_json
from sandbox.asperion.rest_gate import Caller
from sandbox.asperion.rest_texts import Said


class FilterKind(Enum):
    """How the value of a filter is read and compared."""

    WHOLE = auto()
    AMOUNT = auto()
    DAY = auto()
    BOOLEAN = auto()
    EXACT = auto()
    TEXT = auto()
    DESCRIPTION = auto()
    FROM = auto()
    UNTIL = auto()
    COMPARED = auto()


Filters = Mapping[str, FilterKind]
"""Filters by the name of the query parameter, in any capitals; a field bears the same name."""

COMPARISONS: Mapping[str, Callable[[str, str], bool]] = {
    "contains": lambda value, wanted: wanted in value,
    "equals": lambda value, wanted: value == wanted,
    "notequals": lambda value, wanted: value != wanted,
    "startswith": str.startswith,
    "endswith": str.endswith,
}


@dataclass(frozen=True)
class Row:
    """An object of a list; `hidden` is what it is found by beyond the fields it shows."""

    shown: Json
    made_at: datetime | None = None
    hidden: Json = field(default_factory=dict)

    def value(self, name: str) -> Any:
        """A field by its name in any capitals; None where it has none."""
        for key, value in (*self.shown.items(), *self.hidden.items()):
            if key.casefold() == name.casefold():
                return value
        return None


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
    found = [row for row in rows if _fits(caller, row, filters or {})]
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
        raise _refuse_value(name, Said.NOT_WHOLE)
    return int(given)


def _asks_no_data() -> bool:
    return request.args.get("metaOnly", "").casefold() == "true"


def _link(number: int, pages: int) -> str | None:
    if not 1 <= number <= pages:
        return None
    query = [(name, value) for name, value in request.args.items(multi=True) if name != "page"]
    return f"{request.base_url}?{urlencode([*query, ('page', str(number))])}"


def _fits(caller: Caller, row: Row, filters: Filters) -> bool:
    kinds = {name.casefold(): (name, kind) for name, kind in filters.items()}
    return all(
        _compare(caller, row, *kinds[given.casefold()], wanted)
        for given, wanted in request.args.items(multi=True)
        if given.casefold() in kinds and wanted != ""
    )


def _compare(caller: Caller, row: Row, name: str, kind: FilterKind, wanted: str) -> bool:
    value = row.value(name.removesuffix("_from").removesuffix("_to"))
    if kind in _TEXT_KINDS:
        comparison = _choose_comparison(caller, name, kind)
        return COMPARISONS[comparison](str(value or "").casefold(), wanted.casefold())
    asked = _read_value(name, kind, wanted)
    match kind:
        case FilterKind.FROM:
            return str(value)[:10] >= str(asked)
        case FilterKind.UNTIL:
            return str(value)[:10] <= str(asked)
        case FilterKind.DAY:
            return str(value)[:10] == str(asked)
        case _:
            return bool(value == asked)


_TEXT_KINDS = (FilterKind.EXACT, FilterKind.TEXT, FilterKind.DESCRIPTION, FilterKind.COMPARED)


def _choose_comparison(caller: Caller, name: str, kind: FilterKind) -> str:
    match kind:
        case FilterKind.TEXT:
            return caller.guesses.text_filter
        case FilterKind.DESCRIPTION:
            return caller.guesses.description_filter
        case FilterKind.COMPARED:
            return _read_comparison(name)
        case _:
            return "equals"


def _read_comparison(name: str) -> str:
    parameter = f"{name}_comparison"
    given = next(
        (v for k, v in request.args.items() if k.casefold() == parameter.casefold()), "contains"
    )
    if given.casefold() not in COMPARISONS:
        raise _refuse_value(parameter, Said.UNKNOWN_VALUE, given)
    return given.casefold()


def _read_value(name: str, kind: FilterKind, wanted: str) -> object:
    try:
        if kind is FilterKind.WHOLE:
            return int(wanted)
        if kind is FilterKind.AMOUNT:
            return Decimal(wanted)
        if kind is FilterKind.BOOLEAN:
            return {"true": True, "false": False}[wanted.casefold()]
        return date.fromisoformat(wanted[:10]).isoformat()
    except (ValueError, InvalidOperation, KeyError):
        raise _refuse_value(name, _SAID[kind]) from None


_SAID = {
    FilterKind.WHOLE: Said.NOT_WHOLE,
    FilterKind.AMOUNT: Said.NOT_NUMBER,
    FilterKind.BOOLEAN: Said.NOT_BOOLEAN,
    FilterKind.DAY: Said.NOT_DATE,
    FilterKind.FROM: Said.NOT_DATE,
    FilterKind.UNTIL: Said.NOT_DATE,
}


def _refuse_value(name: str, said: Said, *values: object) -> RestError:
    return RestError(400, Said.INVALID, {name: [(said, values)]})


def _order(rows: list[Row]) -> list[Row]:
    """By `orderBy`: fields after commas, for the reverse with "desc" behind or "-" before them."""
    for part in reversed([each.strip() for each in request.args.get("orderBy", "").split(",")]):
        if not part:
            continue
        name, _, direction = part.removeprefix("-").partition(" ")
        if rows and all(key.casefold() != name.casefold() for key in rows[0].shown):
            raise _refuse_value("orderBy", Said.UNKNOWN_VALUE, name)
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
        return [row for row in rows if row.made_at is None or row.made_at < since]
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
