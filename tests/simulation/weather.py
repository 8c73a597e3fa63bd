"""What goes wrong in a schedule, and how often: drawn from the seed, counted as it happens."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from copy import copy
from random import Random

from tests.simulation.outages import API_PASSING, AT_WORK, BARRED, PASSING

GROUPS: dict[str, tuple[str, ...]] = {
    "crash": ("crash",),
    "stall": ("stall",),
    "tables": ("table throttled", "table ambiguous"),
    "api": ("api 5xx", "api html", "api time-out", "api broken line", "api 404", "api 429"),
    "token": ("api 401",),
    "access": ("api 403", "api 422"),
    "slowness": ("api crawls",),
    "hooks": ("webhook lost", "webhook late", "webhook twice", "webhook cut off"),
    "inbox": (
        "inbox refused",
        "inbox not reached",
        "inbox lost before storing",
        "inbox lost after storing",
        "inbox stores late",
        "killed while sending",
        "inbox silent when asked",
    ),
    "lies": (
        "inbox torn upload",
        "inbox pretends",
        "inbox denies",
        "inbox hears twice",
        "inbox breaks after storing",
    ),
    "freeze": ("frozen before sending",),
    "queue": ("message twice", "message late", "message not sent", "message not kept"),
    "lease": ("lease lost",),
}
API_GROUPS: dict[str, tuple[str, ...]] = {
    "posts": (
        "asperion lost before storing",
        "asperion lost after storing",
        "asperion breaks before storing",
        "asperion stores late",
        "killed while posting",
        "changed while in doubt",
    ),
    "reads": ("asperion silent when asked", "asperion half list", "asperion list lags"),
    "limits": ("asperion not reached", "asperion 429"),
    "twice": ("asperion stores twice", "asperion stores twice unheard"),
    "frozen posts": ("frozen before posting",),
    "tokens": ("asperion 401", "identity not reached", "identity lost after granting"),
}
"""Of schedules by API alone."""

DEEDS = (
    *("migration: start", "migration: stop", "migration: resume", "migration: count"),
    *("reinstalled", "uninstalled", "came back", "cancelled by the merchant"),
    *("app refused", "a fleet of one", "neighbour silent", "reconnected", "not reconnected"),
    *("policy changed", "source changed", "licence changed", "credited before the booking"),
    *("period closed", "period opened"),
    *("halted", "resumed"),
    *(f"trouble for a while: {name}" for name in PASSING),
    *(f"trouble all night: {name}" for name in (*PASSING, *BARRED) if name not in AT_WORK),
)
"""What people do, and troubles that last."""

API_DEEDS = (
    *("changed in Asperion", "deleted in Asperion", "made definitive", "debtor blocked"),
    *("VAT code ended", "account disabled", "administration closed", "consent revoked"),
    *("asperion down", "connection refused", "token renewed", "held up before posting"),
    *("merchant: by API", "merchant: to files", "merchant: another administration"),
    *("merchant: disconnected", "merchant: connected again"),
    *(f"trouble for a while: {name}" for name in API_PASSING),
    *(f"trouble all night: {name}" for name in API_PASSING),
)
"""The same of schedules by API."""

KINDS = frozenset(
    {kind for groups in (GROUPS, API_GROUPS) for kinds in groups.values() for kind in kinds}
    | {"api allowance used up", "clock change day", "clock jump", "dead letter", "inbox full"}
    | {"inbox cannot be asked", "index lags", "lease refused", "order malformed", "time limit"}
    | {"held up before sending", "workers at once", "order not found for a while"}
    | {
        "short pages",
        "row without an id",
        "call refused at the deadline",
        "double that nobody can prove",
        *DEEDS,
        *API_DEEDS,
    }
)
"""Everything that is counted when it goes wrong, and must go wrong sometimes."""

_MILD = {
    "crash": 0.25,  # of processes
    "stall": 0.002,
    "tables": 0.003,
    "api": 0.01,
    "token": 0.002,
    "access": 0.003,
    "slowness": 0.003,
    "hooks": 0.15,
    "inbox": 0.08,
    "lies": 0.05,
    "freeze": 0.03,
    "queue": 0.15,
    "lease": 0.01,  # of effects on the lease's table
    "posts": 0.08,
    "reads": 0.05,
    "limits": 0.02,
    "twice": 0.01,
    "frozen posts": 0.02,
    "tokens": 0.03,
}
_HEAVY = {
    "crash": 0.7,
    "stall": 0.02,
    "tables": 0.03,
    "api": 0.06,
    "token": 0.01,
    "access": 0.02,
    "slowness": 0.02,
    "hooks": 0.6,
    "inbox": 0.3,
    "lies": 0.2,
    "freeze": 0.2,
    "queue": 0.5,
    "lease": 0.1,
    "posts": 0.3,
    "reads": 0.3,
    "limits": 0.1,
    "twice": 0.05,
    "frozen posts": 0.1,
    "tokens": 0.1,
}

WRITES = frozenset(
    {"record_hint", "record", "create", "add", "update", "append_audit", "save", "change"}
    | {"lease", "renew", "note_wish", "release"}
    | {"forget_notes", "forget_audit_notes", "keep_notes", "renew_lifetimes"}
)
"""The tables' methods that write."""


class Weather:
    """The faults of one schedule. After `clear` nothing goes wrong any more."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self.order = copy(rng)  # of what happens at once: no fault is drawn by it
        self._rates: dict[str, float] = {}
        self.counts: Counter[str] = Counter()
        self.add_groups(GROUPS)

    def add_groups(self, groups: Mapping[str, tuple[str, ...]]) -> None:
        """Draw how often what belongs to these groups goes wrong."""
        for group, kinds in groups.items():
            level = self._rng.random()
            if level < 0.5:
                continue
            base = _MILD[group] if level < 0.85 else _HEAVY[group]
            for kind in kinds:
                self._rates[kind] = base * self._rng.random() * 2 if len(kinds) > 1 else base

    def strikes(self, kind: str) -> bool:
        """Whether this goes wrong now."""
        rate = self._rates.get(kind)
        if rate is None or self._rng.random() >= rate:
            return False
        self.counts[kind] += 1
        return True

    def set_rate(self, kind: str, rate: float) -> None:
        """From now on this goes wrong so often."""
        self._rates[kind] = rate

    def make_sure(self, group: str) -> None:
        """Whatever belongs to this group goes wrong often; other names do nothing."""
        for kind in {**GROUPS, **API_GROUPS}.get(group, ()):
            self.set_rate(kind, 0.2)

    def clear(self) -> None:
        """From now on the sky is blue."""
        self._rates.clear()
