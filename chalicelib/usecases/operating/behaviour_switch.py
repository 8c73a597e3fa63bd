"""The operator's function `behaviours`: which versions of the rules of booking there are, what one
would change for a shop, and the switch of one shop, of some or of all, there and back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from enum import StrEnum
from typing import Any

from chalicelib.domain import bounds
from chalicelib.domain.behaviours import BEHAVIOURS, Behaviour, find_behaviour
from chalicelib.domain.events import Actor, ShopStep
from chalicelib.domain.shops import Shop, ShopState
from chalicelib.domain.slots import EVERY_SLOT, slot_of
from chalicelib.errors import RequestError, UnknownShop
from chalicelib.ports import PAGE
from chalicelib.usecases.connector import Connector
from chalicelib.usecases.judging.candidates import MOST_TRIED
from chalicelib.usecases.operating import operator_input
from chalicelib.usecases.operating.behaviour_preview import Otherwise, Preview, preview_switch
from chalicelib.usecases.workspace import Workspace, open_workspace

KEYS = (
    *("shop_id", "shop_ids", "all", "preview", "sales"),
    *("switch", "from", "reason", "dry_run", "after"),
)
MOST_SHOPS = 500  # that one request may name
SWITCHING_TIME = timedelta(seconds=40)
"""Less than an operator's client waits for an answer."""

EXAMPLES = (
    {"shop_id": 184520},
    {"shop_id": 184520, "preview": "2"},
    {"shop_id": 184520, "switch": "2", "reason": "asked for by the merchant"},
    {"shop_ids": [184520, 184521], "switch": "2", "dry_run": True},
    {"all": True, "from": "1", "switch": "2", "reason": "after two weeks with ten shops"},
)


class Kept(StrEnum):
    """Why a shop stays on the version that it is on."""

    ALREADY_THERE = "already_there"
    ON_ANOTHER = "on_another"  # than the one that the switch is from
    UNINSTALLED = "uninstalled"
    UNKNOWN = "unknown"


def behaviours(connector: Connector, event: object) -> dict[str, Any]:
    """Answer `EXAMPLES`; ``{}`` says which versions there are, and what can be asked.

    A switch is one conditional write of the shop, with a line of its audit. A run that is at work
    sends nothing more that it judged by other rules, see `filing.last_look`. Raises `RequestError`
    and `UnknownShop` with nothing done; for a preview `ShopError`, `VaultError`, `ProfileError`.
    """
    given = operator_input.only_keys(event or {}, KEYS, function="behaviours")
    if not given:
        return _describe_versions(connector)
    wanted = _read_version(given, "preview"), _read_version(given, "switch")
    if all(wanted):
        raise RequestError("Give either preview or switch.")
    preview, switch = wanted
    if switch is not None:
        return _switch(connector, given, switch)
    workspace = open_workspace(connector, operator_input.shop_id_of(given))
    if preview is not None:
        return _show_preview(workspace, preview, limit=_read_limit(given))
    return {"shop_id": workspace.shop_id, "behaviour": workspace.shop.behaviour}


def _describe_versions(connector: Connector) -> dict[str, Any]:
    return {
        "behaviours": [{"version": one.version, "summary": one.summary} for one in BEHAVIOURS],
        "new_shops_begin_on": connector.settings.behaviour,
        "examples": list(EXAMPLES),
    }


def _read_version(given: Mapping[str, Any], name: str) -> Behaviour | None:
    version = operator_input.text(given, name)
    return None if version is None else find_behaviour(version)


def _read_limit(given: Mapping[str, Any]) -> int:
    limit = given.get("sales", MOST_TRIED)
    if type(limit) is not int or not 1 <= limit <= MOST_TRIED:
        raise RequestError(f"sales must be a number from 1 to {MOST_TRIED}.")
    return limit


def _show_preview(workspace: Workspace, behaviour: Behaviour, *, limit: int) -> dict[str, Any]:
    seen = preview_switch(workspace, behaviour, limit=limit)
    return {
        "shop_id": workspace.shop_id,
        "from": workspace.shop.behaviour,
        "to": behaviour.version,
        "days": _describe_days(seen),
        "sales": seen.extent.read,
        "unread": list(seen.extent.unread),
        "same": seen.extent.read - len(seen.otherwise),
        "same_totals": seen.has_same_totals,
        "otherwise": [_describe_otherwise(one) for one in seen.otherwise],
    }


def _describe_days(seen: Preview) -> list[str] | None:
    if seen.first is None or seen.last is None:
        return None
    return [seen.first.isoformat(), seen.last.isoformat()]


def _describe_otherwise(one: Otherwise) -> dict[str, Any]:
    return {
        "order": one.number,
        "differences": [each.value for each in one.differences],
        "removed": dict(one.removed),
        "added": dict(one.added),
    }


def _switch(connector: Connector, given: Mapping[str, Any], behaviour: Behaviour) -> dict[str, Any]:
    former = _read_version(given, "from")
    is_dry = operator_input.flag(given, "dry_run")
    reason = operator_input.text(given, "reason")
    if reason is None and not is_dry:
        raise RequestError("Give a reason: it stands in the audit of each shop.")
    stop_at = connector.clock() + SWITCHING_TIME
    switched: list[int] = []
    kept: dict[Kept, list[int]] = {}
    go_on_after, last = None, None
    for shop_id in _list_shops(connector, given):
        if last is not None and connector.clock() >= stop_at:
            go_on_after = last
            break
        last = shop_id
        why = _switch_one(connector, shop_id, behaviour, former, None if is_dry else reason)
        (switched if why is None else kept.setdefault(why, [])).append(shop_id)
    return {
        "to": behaviour.version,
        "dry_run": is_dry,
        "changed": bool(switched) and not is_dry,
        "switched": switched,
        "kept": {why.value: ids for why, ids in kept.items()},
        "go_on_after": go_on_after,
    }


def _switch_one(
    connector: Connector,
    shop_id: int,
    behaviour: Behaviour,
    former: Behaviour | None,
    reason: str | None,
) -> Kept | None:
    """Switch one shop, or with no reason see whether it would be; why it is not, or None."""
    try:
        workspace = open_workspace(connector, shop_id)
    except UnknownShop:
        return Kept.UNKNOWN
    if (why := _find_obstacle(workspace.shop, behaviour, former)) or reason is None:
        return why
    left: list[str] = []  # the version it was on in the moment of the change

    def switch(stored: Shop) -> Shop:
        left[:] = [stored.behaviour]
        if _find_obstacle(stored, behaviour, former):
            return stored
        return replace(stored, behaviour=behaviour.version, changed_at=connector.clock())

    if not workspace.change_shop(switch):
        return _find_obstacle(workspace.shop, behaviour, former)
    note = bounds.cut(f"{left[-1]} → {behaviour.version}: {reason}", bounds.LONGEST_NOTE)
    workspace.append_audit(ShopStep.SWITCH_BEHAVIOUR, Actor.OPERATOR, note)
    return None


def _find_obstacle(shop: Shop, behaviour: Behaviour, former: Behaviour | None) -> Kept | None:
    if shop.state is ShopState.UNINSTALLED:
        return Kept.UNINSTALLED
    if shop.behaviour == behaviour.version:
        return Kept.ALREADY_THERE
    return Kept.ON_ANOTHER if former and shop.behaviour != former.version else None


def _list_shops(connector: Connector, given: Mapping[str, Any]) -> Iterable[int]:
    """The shops that a switch is of. Raises `RequestError` for none, or for several ways to say
    which.
    """
    ways = [name for name in ("shop_id", "shop_ids", "all") if name in given]
    if len(ways) != 1:
        raise RequestError('Say which shops: one of shop_id, shop_ids, or "all": true.')
    if "after" in given and ways != ["all"]:
        raise RequestError("after goes with all.")
    if ways == ["shop_id"]:
        return [operator_input.shop_id_of(given)]
    if ways == ["shop_ids"]:
        return _read_shop_ids(given["shop_ids"])
    if not operator_input.flag(given, "all"):
        raise RequestError("all must be true, or left out.")
    return _list_all(connector, operator_input.shop_number(given, "after"))


def _list_all(connector: Connector, last: int | None) -> Iterator[int]:
    """All shops, slot by slot: those that come after the shop `last`, if there is one."""
    begun = None if last is None else slot_of(last)
    for slot in EVERY_SLOT:
        if begun is not None and slot < begun:
            continue
        after = last if last is not None and slot == begun else 0
        while page := connector.shops.numbers(slot, after=after, limit=PAGE):
            yield from page
            after = page[-1]


def _read_shop_ids(value: object) -> list[int]:
    is_list = isinstance(value, list) and 0 < len(value) <= MOST_SHOPS
    if not is_list or not all(bounds.is_id(each) for each in value):  # type: ignore[attr-defined]
        raise RequestError(f"shop_ids must be a list of 1 to {MOST_SHOPS} shops' numbers.")
    return list(dict.fromkeys(value))  # type: ignore[call-overload]
