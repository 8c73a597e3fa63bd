"""Filters of the API's lists: which objects a query asks for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from enum import Enum, auto
from typing import Any

from flask import request

from sandbox.asperion.rest_gate import Caller
from sandbox.asperion.rest_replies import Json, RestError
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
class AskedFilter:
    """One filter of a query, its value read."""

    field: str
    kind: FilterKind
    wanted: Any
    comparison: str = "equals"

    def fits(self, row: Row) -> bool:
        """Whether an object is what the filter asks for."""
        value = row.value(self.field)
        match self.kind:
            case kind if kind in _TEXT_KINDS:
                return COMPARISONS[self.comparison](str(value or "").casefold(), self.wanted)
            case FilterKind.FROM:
                return str(value)[:10] >= str(self.wanted)
            case FilterKind.UNTIL:
                return str(value)[:10] <= str(self.wanted)
            case FilterKind.DAY:
                return str(value)[:10] == str(self.wanted)
            case _:
                return bool(value == self.wanted)


def read_filters(caller: Caller, filters: Filters) -> list[AskedFilter]:
    """The filters of the query. Raises RestError for a value that is none."""
    kinds = {name.casefold(): (name, kind) for name, kind in filters.items()}
    return [
        _read_filter(caller, *kinds[given.casefold()], wanted)
        for given, wanted in request.args.items(multi=True)
        if given.casefold() in kinds and wanted
    ]


def _read_filter(caller: Caller, name: str, kind: FilterKind, wanted: str) -> AskedFilter:
    field_name = name.removesuffix("_from").removesuffix("_to")
    if kind in _TEXT_KINDS:
        comparison = _choose_comparison(caller, name, kind)
        return AskedFilter(field_name, kind, wanted.casefold(), comparison)
    return AskedFilter(field_name, kind, _read_value(name, kind, wanted))


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
        raise refuse_value(parameter, Said.UNKNOWN_VALUE, given)
    return given.casefold()


def _read_value(name: str, kind: FilterKind, wanted: str) -> object:
    try:
        if kind is FilterKind.WHOLE:
            return int(wanted)
        if kind is FilterKind.AMOUNT:
            return _read_amount(wanted)
        if kind is FilterKind.BOOLEAN:
            return {"true": True, "false": False}[wanted.casefold()]
        return date.fromisoformat(wanted[:10]).isoformat()
    except (ValueError, InvalidOperation, KeyError):
        raise refuse_value(name, _SAID[kind]) from None


def _read_amount(wanted: str) -> Decimal:
    amount = Decimal(wanted)
    if not amount.is_finite():
        raise ValueError(wanted)
    return amount


_SAID = {
    FilterKind.WHOLE: Said.NOT_WHOLE,
    FilterKind.AMOUNT: Said.NOT_NUMBER,
    FilterKind.BOOLEAN: Said.NOT_BOOLEAN,
    FilterKind.DAY: Said.NOT_DATE,
    FilterKind.FROM: Said.NOT_DATE,
    FilterKind.UNTIL: Said.NOT_DATE,
}


def refuse_value(name: str, said: Said, *values: object) -> RestError:
    """The refusal of a query parameter."""
    return RestError(400, Said.INVALID, {name: [(said, values)]})
