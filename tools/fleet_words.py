"""What the function `shops` answers, as tables and words for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

Answer = Mapping[str, Any]

CAUSES = {
    "double_files": "{n} in Asperion twice",
    "wrong_day": "the day does not add up",
    "disconnected": "SEOshop refuses its token",
    "unknown_files": "{n} in doubt",
    "not_exported": "no run came to its end for a day",
    "overdue": "{n} overdue",
    "long_leaving": "called removed for two weeks",
    "quiet": "no sales for {n}",
    "trouble": "something keeps exports from ending well",
    "inbox_refused": "the inbox takes no files",
    "inbox_unavailable": "the inbox is out of reach",
    "inbox_unknown": "the inbox's answer was lost",
    "shop_unavailable": "SEOshop does not answer",
    "shop_forbidden": "the app lacks a permission",
    "shop_unauthorised": "the token is refused",
    "unproven": "the token or the app is refused",
    "app_refused": "the app's own key is refused",
    "shop_refused": "SEOshop calls our requests wrong",
    "language": "the shop's language is gone",
    "licence": "no usable licence code",
    "vault_unavailable": "KMS does not answer",
    "seal_broken": "a secret can never be opened again",
    "connect_again": "the merchant has to connect with Asperion again",
    "administration_closed": "Asperion does not open the administration",
    "documents_refused": "Asperion refuses its documents",
    "unfinished": "every run stops before its end",
}
"""Each cause's code in words; ``{n}`` is how many of its `_COUNTED`."""

_COUNTED = {
    "double_files": ("file", "files"),
    "unknown_files": ("file", "files"),
    "overdue": ("order", "orders"),
    "quiet": ("day", "days"),
}
_HEADS = ("SHOP", "STATE", "WAY", "CLUSTER", "SEVERITY", "SINCE (UTC)", "WHAT")
_NUMBERS = ("SHOP",)


def write_table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """The lines of a table; columns are as wide as what is in them, numbers to the right."""
    cells = [tuple(heads), *(tuple(row) for row in rows)]
    widths = [max(len(row[place]) for row in cells) for place in range(len(heads))]
    return ["  ".join(_pad(row, heads, widths)).rstrip() for row in cells]


def _pad(row: Sequence[str], heads: Sequence[str], widths: Sequence[int]) -> list[str]:
    return [
        cell.rjust(width) if head in _NUMBERS else cell.ljust(width)
        for cell, head, width in zip(row, heads, widths, strict=True)
    ]


def write_shops(shops: Sequence[Answer]) -> list[str]:
    """The table of listed shops; one line when there are none."""
    if not shops:
        return ["No such shop."]
    return write_table(_HEADS, [_write_row(shop) for shop in shops])


def _write_row(shop: Answer) -> tuple[str, ...]:
    return (
        *(str(shop["shop_id"]), shop["state"], shop["way"], shop["cluster"], shop["severity"]),
        write_moment(shop["since"]),
        _join_causes(shop["causes"]),
    )


def _join_causes(causes: Iterable[Answer]) -> str:
    return "; ".join(write_cause(each) for each in causes)


def write_cause(found: Answer) -> str:
    """A cause in words: ``12 orders overdue``. One that this version does not know, by its code."""
    code, count = str(found["cause"]), int(found["count"])
    one, more = _COUNTED.get(code, ("", ""))
    return CAUSES.get(code, code).format(n=f"{count:,} {one if count == 1 else more}")


def write_moment(moment: str | None) -> str:
    """``2026-11-23 03:50``; a dash for none."""
    return "-" if moment is None else f"{datetime.fromisoformat(moment):%Y-%m-%d %H:%M}"


def write_fleet(answer: Answer) -> list[str]:
    """What the first page of the worst says of the fleet as a whole."""
    counts = [f"{count:,} {severity}" for severity, count in answer.get("counts", {}).items()]
    lines = [f"Shops that need somebody: {', '.join(counts) or 'none'}."]
    if since := answer.get("app_refused_since"):
        lines.append(f"SEOshop refuses the app's own key since {write_moment(since)}.")
    for part, halt in answer.get("halted", {}).items():
        lines.append(f"Halted since {write_moment(halt['since'])}: {part} ({halt['reason']}).")
    return lines


def write_answer(answer: Answer) -> list[str]:
    """Any other answer: what it says by name, lists of records as tables."""
    lines = []
    if "causes" in answer:
        answer = {**answer, "causes": _join_causes(answer["causes"])}
    flat = {name: value for name, value in answer.items() if not _is_table(value)}
    width = max((len(name) for name in flat), default=0)
    for name, value in flat.items():
        lines.append(f"{name.replace('_', ' ').ljust(width)}  {_write_value(value)}".rstrip())
    for name, value in answer.items():
        if _is_table(value):
            heads = list(dict.fromkeys(key for row in value for key in row))
            rows = [[_write_value(row.get(head)) for head in heads] for row in value]
            lines += ["", f"{name.replace('_', ' ')}:", *write_table(heads, rows)]
    return lines


def _is_table(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(row, dict) for row in value)


def _write_value(value: object) -> str:
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return ", ".join(f"{name}: {_write_value(each)}" for name, each in value.items()) or "-"
    if isinstance(value, list):
        return ", ".join(map(_write_value, value)) or "-"
    return str(value)
