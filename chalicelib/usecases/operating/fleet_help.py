"""What the functions `shops`, `rerun` and `backfill` take: their answer to whoever asks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Help = Mapping[str, str]

ON_ALL_HELP: Help = {
    "worst": "the shops that need somebody, the worst first; also the answer to {}",
    "list": "all shops, a page at a time; both take the filters, limit, and as after the next of"
    " the page before",
    "halt": "no run of that part begins a file any more: part is all, eu1, us1, file or api, with"
    " a reason; webhooks are taken in meanwhile",
    "resume": "that part goes on, and what waits is sent for",
    "reconnect": "every disconnected shop whose token SEOshop takes after all goes on",
    "redrive": "the dead letters get another chance",
    "help": "this",
}
ON_ONE_HELP: Help = {
    "show": "all about the shop; also without an action",
    "pause": "it exports nothing for now",
    "resume": "it exports again",
    "reconnect": "it goes on, if SEOshop takes its token after all",
    "release": "what is held for this reason (and detail, if given) is looked at again, as by the"
    " merchant's button",
    "extract": "all that is kept of it, in pages, or of one order",
    "erase": "all that is kept of it is erased; confirm repeats its number while it is installed",
}
_FILTERS: Help = {
    "state": "active, cancelled, paused, disconnected, installing, uninstalled",
    "severity": "fine, look, late, stuck, wrong",
    "cause": "a code as answers have it, such as overdue, unknown_files, licence",
    "cluster": "eu1, us1",
    "way": "file, api",
}
_EXAMPLES = (
    "{}",
    '{"action": "list", "state": "paused"}',
    '{"shop_id": 184520}',
    '{"shop_id": 184520, "action": "pause", "dry_run": true}',
    '{"shop_id": 184520, "action": "release", "reason": "payment_method_new"}',
    '{"action": "halt", "part": "api", "reason": "Asperion has asked us to wait"}',
)


def write_help() -> dict[str, Any]:
    """What `shops` takes."""
    return {
        "help": 'Add "dry_run": true to anything that changes something: it only says what it'
        " would do.",
        "without_shop_id": dict(ON_ALL_HELP),
        "with_shop_id": dict(ON_ONE_HELP),
        "filters": dict(_FILTERS),
        "examples": list(_EXAMPLES),
    }


def write_rerun_help() -> dict[str, Any]:
    """What `rerun` takes."""
    return {
        "help": "rerun repeats or repairs the exports of one shop. Nothing was done.",
        "takes": {
            "shop_id": "the shop's number; alone: export what waits now",
            "orders": "only these order numbers; again what was booked, with a reason",
            "since": "also what was due from this day on",
            "dry_run": "true: only say what would be done",
            "reason": "why orders that are booked go out again, or are taken back",
            "despite_first": "true: also while their first invoice is in Asperion still",
            "file": "a file in doubt, with settle",
            "settle": "confirm (it is in Asperion), again (it is not), resolved (no longer twice)",
            "take_back": "delete or credit: take orders back, with orders and reason",
        },
        "examples": [
            '{"shop_id": 184520, "dry_run": true}',
            '{"shop_id": 184520, "orders": ["ORD00412"], "reason": "deleted in Asperion"}',
            '{"shop_id": 184520, "file": "axml-orders-20261123-1-001.xml", "settle": "again"}',
        ],
    }


def write_backfill_help() -> dict[str, Any]:
    """What `backfill` takes."""
    return {
        "help": "backfill migrates existing orders of one shop. Nothing was done.",
        "takes": {
            "shop_id": "the shop's number",
            "action": "count (without any), start, status, stop, resume",
            "from": "the first day of the orders, such as 2026-01-01",
            "to": "the last day",
            "except": "numbers of orders that were booked by other means",
        },
        "examples": [
            '{"shop_id": 184520, "from": "2026-01-01", "to": "2026-01-31"}',
            '{"shop_id": 184520, "from": "2026-01-01", "to": "2026-01-31", "action": "start"}',
            '{"shop_id": 184520, "action": "status"}',
        ],
    }
