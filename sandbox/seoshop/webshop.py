"""One webshop: its settings, its records, its numbering."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sandbox.seoshop.models import (
    Customer,
    Event,
    Invoice,
    Order,
    PaymentMethod,
    Shipment,
    Webhook,
)

SWITCHES: dict[str, Any] = {
    "embedded_in_lists": False,
    "filter_timezone": "local",
    "filter_bounds": "inclusive",
    "events_key": "ordersEvents",
    "retry_after": "absent",
    "status_filter": "ignored",
    "exhausted_remaining": 0,
    "credit_sign": "positive",
    "list_order": "newest",
    "most_listed": 250,
}
SWITCH_CHOICES: dict[str, tuple[Any, ...]] = {
    "embedded_in_lists": (False, True),
    "filter_timezone": ("local", "utc"),
    "filter_bounds": ("inclusive", "exclusive"),
    "events_key": ("ordersEvents", "orderEvents"),
    "retry_after": ("absent", "seconds", "date", "iso"),
    "status_filter": ("ignored", "applied"),
    "exhausted_remaining": (0, -1),
    "credit_sign": ("positive", "negative"),
    "list_order": ("newest", "oldest"),
    "most_listed": (250, 100, 3),
}
CURRENCIES = {
    "EUR": ("\u20ac", "Euro"),
    "USD": ("$", "US dollar"),
    "GBP": ("\u00a3", "Pound sterling"),
    "CHF": ("CHF", "Swiss franc"),
    "SEK": ("kr", "Swedish krona"),
}


@dataclass
class Limits:
    """API allowance: calls a window, window lengths in seconds, calls a second."""

    limits: tuple[int, ...] = (300, 3000, 12000)
    windows: tuple[int, ...] = (300, 3600, 86400)
    per_second: int = 20


@dataclass
class Installation:
    """The app's state in a shop: ``active``, ``cancelled`` (works on) or ``expired``."""

    token: str
    status: str = "active"


@dataclass
class Shop:
    """A webshop and all it holds. Dictionaries are keyed by id, in order of creation; ``played``
    has the orders that each ready-made example made last.
    """

    id: int
    title: str
    languages: tuple[str, ...]
    currency: str
    country: str
    includes_vat: bool
    methods: list[PaymentMethod]
    api_key: str
    api_secret: str
    taxes: tuple[Decimal, ...] = (Decimal("0.21"), Decimal("0.09"), Decimal(0))
    prefixes: dict[str, str] = field(
        default_factory=lambda: {"order": "ORD", "invoice": "INV", "shipment": "SHIP"}
    )
    digits: int = 6
    invoice_mode: str = "now"
    counters: dict[str, int] = field(
        default_factory=lambda: {"order": 0, "invoice": 0, "shipment": 0}
    )
    limits: Limits = field(default_factory=Limits)
    switches: dict[str, Any] = field(default_factory=lambda: dict(SWITCHES))
    installation: Installation | None = None
    orders: dict[int, Order] = field(default_factory=dict)
    numbers: set[str] = field(default_factory=set)
    invoices: dict[int, Invoice] = field(default_factory=dict)
    customers: dict[int, Customer] = field(default_factory=dict)
    shipments: dict[int, Shipment] = field(default_factory=dict)
    events: dict[int, Event] = field(default_factory=dict)
    webhooks: dict[int, Webhook] = field(default_factory=dict)
    by_email: dict[str, int] = field(default_factory=dict)
    order_events: dict[int, list[Event]] = field(default_factory=dict)
    order_invoices: dict[int, list[Invoice]] = field(default_factory=dict)
    order_shipments: dict[int, list[Shipment]] = field(default_factory=dict)
    played: dict[str, list[Order]] = field(default_factory=dict)

    @property
    def language(self) -> str:
        """The shop's default language."""
        return self.languages[0]

    def next_number(self, kind: str, wanted: str | None = None) -> str:
        """Return ``wanted``, or the next number of the series; the series never goes back."""
        if wanted is None:
            self.counters[kind] += 1
            return f"{self.prefixes[kind]}{self.counters[kind]:0{self.digits}d}"
        tail = re.search(r"(\d{1,9})$", wanted)
        if tail:
            self.counters[kind] = max(self.counters[kind], int(tail.group(1)))
        return wanted

    def method(self, key: str) -> PaymentMethod | None:
        """Find a payment method by key or (case-blind) title."""
        for method in self.methods:
            if key == method.key or key.casefold() == method.title.casefold():
                return method
        return None

    def set_switch(self, name: str, value: Any) -> None:
        """Turn one of the switches; ValueError names what is allowed."""
        if name not in SWITCHES:
            raise ValueError(f"unknown switch {name}; there are {', '.join(SWITCHES)}")
        if value not in SWITCH_CHOICES[name]:
            raise ValueError(f"switch {name} is one of {SWITCH_CHOICES[name]}, not {value!r}")
        self.switches[name] = value
