r"""JSON the way PHP's ``json_encode`` writes it: ``\\/``, ``\\uXXXX``, plain number literals."""

from __future__ import annotations

import json
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def dumps(document: Any) -> str:
    """Serialise a document; Decimals become numbers, whole ones integers, datetimes ISO 8601.

    At most four decimals are ever given, so the shortest float literal is the exact decimal.
    """
    text = json.dumps(document, ensure_ascii=True, separators=(",", ":"), default=_plain)
    return text.replace("/", "\\/")


def iso(moment: datetime) -> str:
    """Write a moment as the platform does: ``2026-03-14T10:22:04+01:00`` (Amsterdam)."""
    return moment.astimezone(AMSTERDAM).isoformat(timespec="seconds")


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, datetime):
        return iso(value)
    raise TypeError(f"cannot serialise a {type(value).__name__}")
