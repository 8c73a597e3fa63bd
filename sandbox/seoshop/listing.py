"""Filtering and paging of lists, with the API's parameters."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, TypeVar

from sandbox.seoshop.jsonout import AMSTERDAM
from sandbox.seoshop.webshop import Shop

T = TypeVar("T")
DEFAULT_LIMIT = 50
Test = Callable[[Any], bool]


class InvalidQuery(Exception):
    """A parameter that cannot be read; answered with 400."""


def select(shop: Shop, records: Iterable[T], args: Mapping[str, str]) -> list[T]:
    """Apply the filters. Newest first, but with ``since_id`` rising by id."""
    tests = [*_date_tests(shop, args), *_field_tests(shop, args)]
    since = _whole(args, "since_id", 0)
    found = [each for each in records if _id(each) > since and all(test(each) for test in tests)]
    rising = "since_id" in args or shop.switches["list_order"] == "oldest"
    return sorted(found, key=_id, reverse=not rising)


def page_of(shop: Shop, found: list[T], args: Mapping[str, str]) -> list[T]:
    """Cut out the page asked for: 50 a page by default, 250 at most, or fewer if the platform is
    switched so; pages from 1.
    """
    limit = min(max(_whole(args, "limit", DEFAULT_LIMIT), 1), shop.switches["most_listed"])
    start = (max(_whole(args, "page", 1), 1) - 1) * limit
    return found[start : start + limit]


def only_fields(document: dict[str, Any], args: Mapping[str, str]) -> dict[str, Any]:
    """Keep the fields that ``fields`` names, when it is given."""
    wanted = [name.strip() for name in args.get("fields", "").split(",") if name.strip()]
    return {key: value for key, value in document.items() if key in wanted} if wanted else document


def _id(record: Any) -> int:
    number = record.id
    assert isinstance(number, int)
    return number


def _whole(args: Mapping[str, str], name: str, default: int) -> int:
    try:
        return int(args.get(name, default))
    except ValueError:
        raise InvalidQuery(name) from None


def _date_tests(shop: Shop, args: Mapping[str, str]) -> list[Test]:
    tests = []
    for field in ("created_at", "updated_at"):
        for side in ("min", "max"):
            if f"{field}_{side}" in args:
                bound = _moment(shop, args, f"{field}_{side}")
                tests.append(_date_test(field, side, bound, shop.switches["filter_bounds"]))
    return tests


def _date_test(field: str, side: str, bound: datetime, bounds: str) -> Test:
    def test(record: Any) -> bool:
        value = getattr(record, field, None) or getattr(record, "created_at", None)
        if value is None:
            return True
        value = value.replace(microsecond=0)
        if value == bound:
            return bounds == "inclusive"
        return bool(value > bound) if side == "min" else bool(value < bound)

    return test


def _moment(shop: Shop, args: Mapping[str, str], name: str) -> datetime:
    try:
        value = datetime.fromisoformat(args[name])
    except ValueError:
        raise InvalidQuery(name) from None
    if value.tzinfo:
        return value
    return value.replace(tzinfo=UTC if shop.switches["filter_timezone"] == "utc" else AMSTERDAM)


def _field_tests(shop: Shop, args: Mapping[str, str]) -> list[Test]:
    tests: list[Test] = []
    if "number" in args:
        tests.append(lambda record: getattr(record, "number", None) == args["number"])
    for name in ("order", "customer", "invoice", "shipment"):
        if name in args:
            wanted = _whole(args, name, 0)
            tests.append(_relation(f"{name}_id", wanted))
    if shop.switches["status_filter"] == "applied":
        for name, field in (("status", "status"), ("paymentStatus", "payment_status")):
            if name in args:
                tests.append(_relation(field, args[name]))
    return tests


def _relation(field: str, wanted: Any) -> Test:
    return lambda record: getattr(record, field, None) == wanted
