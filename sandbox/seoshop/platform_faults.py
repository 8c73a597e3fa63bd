"""Faults of the API and of the webhook sender: which, how often, and for which shop."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from threading import Event, Lock
from typing import Any

KINDS = ("status", "html", "hang", "reset", "truncated", "trickle")
FAULT_KEYS = frozenset(["kind", "status", "shop", "path", "method", "count", "seconds", "text"])
FOREVER = -1


@dataclass
class ApiFault:
    """One rule: the next ``count`` (-1: all) matching API calls go wrong.

    ``kind`` is ``status`` (answer with that HTTP status), ``html`` (an HTML page instead of
    JSON), ``hang`` (wait ``seconds``, then answer well), ``reset`` (drop the connection),
    ``truncated`` (half the JSON) or ``trickle`` (a byte every ``seconds``). ``path`` is a prefix
    of what follows the language, as ``orders/``; None matches all, as do ``shop`` None and
    ``method`` None. ``text`` is said in every field of the error that ``status`` answers, and in
    headers and status line.
    """

    kind: str = "status"
    status: int = 500
    shop: int | None = None
    path: str | None = None
    method: str | None = None
    count: int = FOREVER
    seconds: float = 30.0
    text: str | None = None

    def matches(self, shop: int | None, method: str, path: str) -> bool:
        """Return whether this rule applies to a call."""
        return (
            self.count != 0
            and self.shop in (None, shop)
            and self.method in (None, method)
            and path.startswith(self.path or "")
        )


@dataclass
class WebhookFaults:
    """What the sender does wrong; counts of deliveries, -1 is until cleared.

    ``reorder`` collects that many deliveries and sends them last first; ``delay`` holds each
    back ``delay_seconds``; ``hold`` keeps all until released; ``retry`` is how often a delivery
    without a 2xx answer is tried again, ``retry_seconds`` apart.
    """

    duplicate: int = 0
    lose: int = 0
    wrong_signature: int = 0
    delay: int = 0
    delay_seconds: float = 5.0
    reorder: int = 0
    hold: bool = False
    retry: int = 0
    retry_seconds: float = 1.0

    def use(self, name: str) -> bool:
        """Take one from a counter; False when there is none left."""
        left: int = getattr(self, name)
        if left > 0:
            setattr(self, name, left - 1)
        return left != 0


@dataclass
class Faults:
    """All faults that are switched on."""

    api: list[ApiFault] = field(default_factory=list)
    webhooks: WebhookFaults = field(default_factory=WebhookFaults)
    stopping: Event = field(default_factory=Event)
    _lock: Lock = field(default_factory=Lock)

    def clear(self) -> None:
        """Switch all faults off; calls that hang are answered at once."""
        with self._lock:
            self.api.clear()
            self.webhooks = WebhookFaults()
        self.stopping.set()
        self.stopping = Event()

    def add_api(self, form: Mapping[str, Any]) -> ApiFault:
        """Add a rule from a form with the names of ``ApiFault``; ValueError if it makes none."""
        unknown = sorted(set(form) - FAULT_KEYS)
        if unknown:
            raise ValueError(f"fault: unknown {', '.join(unknown)}")
        fault = ApiFault(**{key: value for key, value in form.items() if value is not None})
        fault.path = fault.path.lstrip("/") if fault.path else None
        fault.method = fault.method.upper() if fault.method else None
        fault.seconds = float(fault.seconds)
        if fault.kind not in KINDS:
            raise ValueError(f"kind is one of {', '.join(KINDS)}, not {fault.kind!r}")
        if not isinstance(fault.status, int) or not 200 <= fault.status <= 599:
            raise ValueError(f"status is an HTTP status, not {fault.status!r}")
        with self._lock:
            self.api.append(fault)
        return fault

    def set_webhooks(self, form: Mapping[str, Any]) -> None:
        """Set what the sender does wrong; a counter set to true means until cleared."""
        counters = ("duplicate", "lose", "wrong_signature", "delay", "reorder", "retry")
        known = asdict(WebhookFaults())
        unknown = sorted(set(form) - set(known))
        if unknown:
            raise ValueError(f"webhooks: unknown {', '.join(unknown)}; known: {', '.join(known)}")
        for name, value in form.items():
            if name in counters:
                setattr(self.webhooks, name, FOREVER if value is True else int(value))
            else:
                setattr(self.webhooks, name, bool(value) if name == "hold" else float(value))

    def strike(self, shop: int | None, method: str, path: str) -> ApiFault | None:
        """Return the first rule that applies to this call, and take one from its count."""
        with self._lock:
            for fault in self.api:
                if fault.matches(shop, method, path):
                    fault.count -= fault.count > 0
                    return fault
        return None

    def describe(self) -> dict[str, Any]:
        """Return what is switched on, for pages and tests."""
        with self._lock:
            live = [asdict(fault) for fault in self.api if fault.count]
        return {"api": live, "webhooks": asdict(self.webhooks)}
