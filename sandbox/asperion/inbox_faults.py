"""Faults of the inbox that a test or a person can switch on, each for a number of requests."""

from collections.abc import Mapping
from dataclasses import dataclass

from sandbox.switched_faults import SwitchedFault, SwitchedFaults

STATUSES = {"401": 401, "403": 403, "500": 500, "503": 503, "507": 507}
"""Faults that answer with a status and store nothing."""

METHODS = {
    "lost-before": ("PUT",),
    "lost-after": ("PUT",),
    "truncated": ("PUT",),
    "truncated-lost": ("PUT",),
    "slow": ("PUT",),
    "repeated": ("PUT",),
    "page": ("PUT", "HEAD", "GET"),
    "head-404": ("HEAD",),
    "head-405": ("HEAD",),
    "head-no-digest": ("HEAD",),
    **dict.fromkeys(STATUSES, ("PUT",)),
}
"""Kinds of fault, and the request methods each one hits by default.

lost-before: the connection closes without an answer and nothing is stored. lost-after: the same,
but the file is stored. truncated: half of the file is stored and 201 answered. truncated-lost:
half is stored and the connection closes. slow: the answer takes `seconds`, the file is stored.
repeated: the file is stored, and answered as if a proxy had sent it twice: 412. page: a page to
sign in answers with 200, and nothing is stored. head-404: a file that is there is not shown.
"""


class UnknownFault(ValueError):
    """A request for a fault with an unknown kind or key, or a count or time out of range."""


@dataclass(frozen=True)
class Fault(SwitchedFault):
    """A fault that will hit `count` more requests, of one licence or (None) of any."""

    licence: str | None = None
    seconds: float = 0.0
    methods: tuple[str, ...] = ()
    text: str = ""
    """What a fault that answers with a status says, in body, headers and status line."""

    @classmethod
    def from_json(cls, data: object) -> "Fault":
        """Build from {"kind", "count": 1, "licence": null, "seconds": 0, "methods": [..],
        "text": ""}.

        Raises UnknownFault naming what is wrong.
        """
        if not isinstance(data, Mapping) or data.get("kind") not in METHODS:
            raise UnknownFault(f"kind must be one of: {', '.join(sorted(METHODS))}")
        unknown = set(data) - {"kind", "count", "licence", "seconds", "methods", "text"}
        if unknown:
            raise UnknownFault(f"unknown keys: {', '.join(sorted(map(str, unknown)))}")
        count, seconds = data.get("count", 1), data.get("seconds", 0)
        if not _is_number(count) or not _is_number(seconds) or count < 1 or seconds < 0:
            raise UnknownFault("count must be 1 or more, seconds 0 or more")
        methods = tuple(map(str, data.get("methods") or METHODS[data["kind"]]))
        licence, text = data.get("licence"), str(data.get("text", ""))
        return cls(str(data["kind"]), int(count), licence, float(seconds), methods, text)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


class Faults(SwitchedFaults[Fault]):
    """The faults that are on."""

    def take(self, method: str, licence: str) -> Fault | None:
        """The first fault that hits a request, one use less; None if it may pass."""
        return self.take_first(
            lambda fault: method in fault.methods and fault.licence in (None, licence)
        )
