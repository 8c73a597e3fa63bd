"""The operator's look at the shops, and the levers on one, a part, or all of them: what function
`shops` takes, and what it does with it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from chalicelib.errors import RequestError
from chalicelib.lazy_dataclass import dataclass
from chalicelib.usecases.connector import Connector
from chalicelib.usecases.filing.halts import read_halt
from chalicelib.usecases.operating import fleet_levers, kept_data, operator_input
from chalicelib.usecases.operating.fleet_help import write_help
from chalicelib.usecases.operating.fleet_lists import (
    FILTERS,
    list_all_shops,
    list_worst_shops,
    read_place,
)
from chalicelib.usecases.operating.halting import describe_halt
from chalicelib.usecases.operating.levers import reconnect_all, redrive
from chalicelib.usecases.operating.shop_description import describe_shop
from chalicelib.usecases.operating.shop_levers import LEVERS, pull_lever
from chalicelib.usecases.shop.app_proof import read_app_standing
from chalicelib.usecases.workspace import open_workspace

Given = Mapping[str, Any]
SHOW, WORST = "show", "worst"
_PAGE = (*FILTERS, "after", "limit")


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """An action of the function: what carries it out, and the keys that it takes besides."""

    run: Callable[[Connector, Given], dict[str, Any]]
    keys: tuple[str, ...] = ()


def shops(connector: Connector, event: object) -> dict[str, Any]:
    """``{}`` lists the shops that need somebody, the worst first; ``{"shop_id": n}`` shows one. For
    all else see `fleet_help`, which is the answer to ``{"action": "help"}``. Raises `RequestError`
    with nothing done, `UnknownShop`, `UnknownOrder`, `LedgerError`.
    """
    given = operator_input.only_keys(event or {}, KEYS, function="shops")
    is_one = "shop_id" in given
    deeds = ON_ONE if is_one else ON_ALL
    name = operator_input.text(given, "action") or (SHOW if is_one else WORST)
    if name not in deeds:
        whose = "With" if is_one else "Without"
        raise RequestError(f"{whose} a shop_id the actions are {', '.join(deeds)}.")
    deed = deeds[name]
    _refuse_others_keys(given, name, deed)
    return deed.run(connector, given)


def _refuse_others_keys(given: Given, name: str, deed: Deed) -> None:
    """Raises `RequestError` for a key that the action does nothing with."""
    for key in sorted(given.keys() - {"shop_id", "action", *deed.keys}):
        takers = [
            f"{other} ({'one shop' if deeds is ON_ONE else 'all shops'})"
            for deeds in (ON_ONE, ON_ALL)
            for other, each in deeds.items()
            if key in each.keys
        ]
        raise RequestError(f"{key} does not go with {name}; it goes with {', '.join(takers)}.")


def _show(connector: Connector, given: Given) -> dict[str, Any]:
    return describe_shop(open_workspace(connector, operator_input.shop_id_of(given)))


def _pull(connector: Connector, given: Given) -> dict[str, Any]:
    workspace = open_workspace(connector, operator_input.shop_id_of(given))
    done = pull_lever(workspace, given["action"], given)
    return {**done, **describe_shop(workspace)}


def _list_worst(connector: Connector, given: Given) -> dict[str, Any]:
    page = list_worst_shops(connector, given)
    if "after" in given:
        return page
    ranked = connector.shops.count_ranked()
    return {
        "app_refused_since": fleet_levers.iso(read_app_standing(connector).refused_since),
        "halted": describe_halt(read_halt(connector)),
        "counts": {severity.word: ranked[severity] for severity in sorted(ranked, reverse=True)},
        **page,
        "help": 'Give {"action": "help"} for all there is.',
    }


def _reconnect_all(connector: Connector, given: Given) -> dict[str, Any]:
    dry_run = operator_input.flag(given, "dry_run")
    return reconnect_all(connector, after=read_place(given), dry_run=dry_run)


def _redrive(connector: Connector, given: Given) -> dict[str, Any]:
    return redrive(connector, dry_run=operator_input.flag(given, "dry_run"))


def _help(_connector: Connector, _given: Given) -> dict[str, Any]:
    return write_help()


ON_ONE: Mapping[str, Deed] = {
    SHOW: Deed(run=_show),
    **{name: Deed(run=_pull, keys=lever.keys) for name, lever in LEVERS.items()},
    "extract": Deed(run=kept_data.extract, keys=("order", "after")),
    "erase": Deed(run=kept_data.erase, keys=("confirm", "dry_run")),
}
"""The actions on one shop."""

ON_ALL: Mapping[str, Deed] = {
    WORST: Deed(run=_list_worst, keys=_PAGE),
    "list": Deed(run=list_all_shops, keys=_PAGE),
    "halt": Deed(run=fleet_levers.halt, keys=("part", "reason", "dry_run")),
    "resume": Deed(run=fleet_levers.resume, keys=("part", "reason", "dry_run")),
    "reconnect": Deed(run=_reconnect_all, keys=("after", "dry_run")),
    "redrive": Deed(run=_redrive, keys=("dry_run",)),
    "help": Deed(run=_help),
}
"""The actions on all shops, or a part of them."""

KEYS = (
    *("shop_id", "action"),
    *sorted({key for deeds in (ON_ONE, ON_ALL) for deed in deeds.values() for key in deed.keys}),
)
"""Every key that the function takes."""
