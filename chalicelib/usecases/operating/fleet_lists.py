"""Lists of shops for the operator, a page at a time: those that need somebody, the worst first, by
their index; and all of them. No page reads the whole fleet.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from enum import Enum
from typing import Any

from chalicelib.domain import bounds
from chalicelib.domain.shop_health import HealthCause, Severity, ShopHealth
from chalicelib.domain.shops import Shop, ShopState, TroubleCause
from chalicelib.domain.slots import EVERY_SLOT, slot_of
from chalicelib.domain.ways import Way
from chalicelib.errors import RequestError
from chalicelib.lazy_dataclass import dataclass
from chalicelib.usecases.connector import Connector
from chalicelib.usecases.operating import operator_input
from chalicelib.usecases.operating.shop_description import list_line

FILTERS = ("state", "cause", "severity", "cluster", "way")
SHOWN = 50
"""How many shops a page has, unless another `limit` is asked for."""

MOST_SHOWN = 100
MOST_READ = 1000
"""How many of the index a page of the worst looks through for what its filters want."""

CLUSTERS = ("eu1", "us1")
_RANK = r"\d{1,3}#[0-9T:.-]{10,40}#\d{1,20}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which shops are asked for; what is None does not matter. `cause` is the code of a cause, or
    of a trouble.
    """

    state: str | None = None
    cause: str | None = None
    severity: str | None = None
    cluster: str | None = None
    way: str | None = None

    def takes(self, shop: Shop | ShopHealth, health: ShopHealth | None) -> bool:
        """Whether a shop is wanted."""
        causes = () if health is None else health.causes
        codes = {code for each in causes for code in (each.code, each.cause.value)}
        severity = Severity.FINE if health is None else health.severity
        return (
            self.state in (None, shop.state)
            and self.cluster in (None, shop.cluster)
            and self.way in (None, shop.way)
            and self.severity in (None, severity.word)
            and (self.cause is None or self.cause in codes)
        )


def read_filters(given: Mapping[str, Any]) -> Wanted:
    """The filters of a request. Raises `RequestError` for a value that no shop has."""
    return Wanted(
        state=_read_choice(given, "state", _values(ShopState)),
        cause=_read_choice(given, "cause", [*_values(HealthCause), *_values(TroubleCause)]),
        severity=_read_choice(given, "severity", [each.word for each in Severity]),
        cluster=_read_choice(given, "cluster", CLUSTERS),
        way=_read_choice(given, "way", _values(Way)),
    )


def _values(kind: type[Enum]) -> list[str]:
    return [each.value for each in kind]


def _read_choice(given: Mapping[str, Any], name: str, choices: Collection[str]) -> str | None:
    value = operator_input.text(given, name)
    if value is not None and value not in choices:
        raise RequestError(f"{name} must be one of {', '.join(choices)}.")
    return value


def list_worst_shops(connector: Connector, given: Mapping[str, Any]) -> dict[str, Any]:
    """``{"shops": […], "next": …}``: those that need somebody, the worst first. `next` is what the
    next page is asked for as ``after``; null after the last. Raises `RequestError`.
    """
    wanted, limit = read_filters(given), operator_input.count(given, "limit", MOST_SHOWN) or SHOWN
    after = operator_input.text(given, "after") or ""
    if after and not re.fullmatch(_RANK, after):
        raise RequestError('after must be what "next" was in the answer before.')
    is_filtered, found = wanted != Wanted(), list[ShopHealth]()
    for _ in range(MOST_READ // MOST_SHOWN):
        asked = MOST_SHOWN if is_filtered else limit
        page = connector.shops.list_worst(asked, after=after)
        for health in page:
            after = health.rank
            if wanted.takes(health, health):
                found.append(health)
            if len(found) == limit:
                return _show_worst(found, after)
        if len(page) < asked:
            return _show_worst(found, None)
    return _show_worst(found, after)


def _show_worst(found: Collection[ShopHealth], after: str | None) -> dict[str, Any]:
    return {"shops": [list_line(health, health) for health in found], "next": after}


def list_all_shops(connector: Connector, given: Mapping[str, Any]) -> dict[str, Any]:
    """Likewise all shops, slot by slot; `next` is the number of the last shop that was looked at,
    and a page may have fewer shops than there is room for. Raises `RequestError`.
    """
    wanted, limit = read_filters(given), operator_input.count(given, "limit", MOST_SHOWN) or SHOWN
    after = read_place(given)
    listed = list_page(connector, after=after, limit=limit)
    numbers = [shop.shop_id for shop in listed]
    whole = connector.shops.get_all(numbers)  # the index does not show how a shop delivers
    healths = connector.shops.find_healths(numbers)
    shops = [
        list_line(shop, healths.get(shop.shop_id))
        for shop in (whole[number] for number in numbers if number in whole)
        if wanted.takes(shop, healths.get(shop.shop_id))
    ]
    return {"shops": shops, "next": numbers[-1] if len(listed) == limit else None}


def read_place(given: Mapping[str, Any]) -> int:
    """The number of the shop after which a list of all goes on; 0 from the beginning. Raises
    `RequestError`.
    """
    after = given.get("after", 0)
    if type(after) is not int or (after and not bounds.is_id(after)):
        raise RequestError("after must be a shop's number, such as 184520.")
    return after


def list_page(connector: Connector, *, after: int, limit: int) -> list[Shop]:
    """At most so many of all shops, slot by slot and in each by number: those that come after the
    shop of this number, or from the beginning on. Fewer are the last.
    """
    first = EVERY_SLOT.index(slot_of(after)) if after else 0
    found: list[Shop] = []
    for slot in EVERY_SLOT[first:]:
        found += connector.shops.list_page(slot, after=after, limit=limit - len(found))
        if len(found) == limit:
            break
        after = 0
    return found
