"""How the small records beside a shop are stored: each as one JSON object, read by its type.

Version 1.0.0 wrote texts alone, lists as lines, and the empty text for nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import msgspec

from chalicelib.domain.lifetimes import DatedRecord
from chalicelib.domain.shop_records import ShopRecord

R = TypeVar("R", bound=ShopRecord | DatedRecord)
Stored = Mapping[str, Any]

DAYS = "day-"


def write_record(record: ShopRecord | DatedRecord) -> dict[str, Any]:
    """The stored form of a record."""
    written: dict[str, Any] = msgspec.to_builtins(record, str_keys=True)
    return written


def read_record(kind: type[R], name: str, stored: Stored) -> R:
    """The record of a stored form, today's or that of version 1.0.0. Raises `ValueError`."""
    return msgspec.convert(_todays(name, stored), kind, strict=False)


def _todays(name: str, stored: Stored) -> Stored:
    form = "day" if name.startswith(DAYS) else name
    is_former, convert = _FORMER.get(form, (None, None))
    if is_former is None or convert is None or not is_former(stored):
        return stored
    return convert(name, stored)


def _lines(text: str) -> list[str]:
    return [line for line in text.split("\n") if line]


def _sweep(_: str, stored: Stored) -> Stored:
    return {**stored, "unfinished_since": stored["unsettled"] or None}


def _details(_: str, stored: Stored) -> Stored:
    return {**stored, "left": dict(line.split(" ") for line in _lines(stored["left"]))}


def _budget(_: str, stored: Stored) -> Stored:
    return {**stored, "next_at": stored["next"]}


def _watch(_: str, stored: Stored) -> Stored:
    keys = stored.get("new_method_keys", "").split("\n")  # not there: of no use without them
    titles = stored["new_methods"].split("\n")
    return {
        "at": stored["at"],
        "new_methods": {key: title for key, title in zip(keys, titles, strict=False) if key},
        "quiet_days": stored["quiet_days"] or None,
    }


def _migration(_: str, stored: Stored) -> Stored:
    return {**stored, "excepted": _lines(stored["except"])}


def _day(name: str, stored: Stored) -> Stored:
    """What was paid that day became due; what waited from before opened it."""
    carried = int(stored.get("carried", 0))
    return {
        "day": name.removeprefix(DAYS),
        "at": stored["at"],
        "opened": carried,
        "due": int(stored["paid"]) - carried,
        **{figure: stored[figure] for figure in ("placed", "held", "dropped", "waiting")},
        "verdict": stored["verdict"],
    }


_FORMER: Mapping[str, tuple[Callable[[Stored], bool], Callable[[str, Stored], Stored]]] = {
    "sweep": (lambda stored: "unsettled" in stored, _sweep),
    "details": (lambda stored: isinstance(stored.get("left"), str), _details),
    "budget": (lambda stored: "next" in stored, _budget),
    "watch": (lambda stored: isinstance(stored.get("new_methods"), str), _watch),
    "backfill": (lambda stored: "except" in stored, _migration),
    "day": (lambda stored: "paid" in stored, _day),
}
"""By name: whether a stored form is of version 1.0.0, and how to read it."""
