"""A ready-made example, and helpers that write its order forms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Step = tuple[str, int, Mapping[str, Any]]
NO_FORM: Mapping[str, Any] = {}


@dataclass(frozen=True)
class Scenario:
    """Orders (forms as in ``specs``), unpaid, and steps done to them afterwards.

    ``title`` and ``explanation`` are Dutch, for the pages. A step is (deed of the desk, position
    of the order, form). ``adds_up`` is False where totals are broken on purpose. ``settings``
    change the shop first; ``method`` (key, title) is added to it. One that ``follows`` another has
    no orders of its own: its steps are done to those that the other made last.
    """

    name: str
    title: str
    explanation: str
    orders: tuple[Mapping[str, Any], ...] = ()
    steps: tuple[Step, ...] = ()
    adds_up: bool = True
    settings: Mapping[str, Any] = field(default_factory=dict)
    method: tuple[str, str] | None = None
    follows: str = ""
    group: str = ""


def line_form(title: str, price: str, rate: str = "0.21", quantity: int = 1, **more: Any) -> Any:
    """Return a line form; ``price`` is the unit price including VAT."""
    return {"title": title, "priceIncl": price, "rate": rate, "quantity": quantity, **more}


def parcel(price: str, rate: str = "0.21", title: str = "PostNL pakket") -> Any:
    """Return a shipping form; ``price`` includes VAT."""
    return {"title": title, "priceIncl": price, "rate": rate}


def person(email: str, first: str, last: str, **more: Any) -> Any:
    """Return a customer form."""
    return {"email": email, "firstname": first, "lastname": last, **more}


def step(deed: str, position: int = 0, form: Mapping[str, Any] = NO_FORM) -> Step:
    """Return a step: a deed to the order at this position."""
    return deed, position, form
