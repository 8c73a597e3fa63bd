"""What may go wrong with the register, switched on for some questions or for all."""

from collections.abc import Mapping
from dataclasses import dataclass

from sandbox.switched_faults import ALWAYS, SwitchedFault, SwitchedFaults

CODES = {
    "state-unavailable": (200, "MS_UNAVAILABLE"),
    "too-many": (200, "MS_MAX_CONCURRENT_REQ"),
    "too-many-of-all": (429, "GLOBAL_MAX_CONCURRENT_REQ"),
    "blocked": (403, "IP_BLOCKED"),
    "requester-refused": (400, "INVALID_REQUESTER_INFO"),
    "unavailable": (503, "SERVICE_UNAVAILABLE"),
}
"""Faults that answer with a status and a code of VIES."""

KINDS = (
    *("down", "slow", "trickle", "error", "garbage", "page", "huge", "redirect"),
    *("contradicting", "another-number", "former-form", "trouble-as-invalid"),
    *CODES,
)
"""down: the connection closes without an answer. slow: the answer takes `seconds`. trickle: it
comes a byte at a time, `seconds` apart. error: 500. garbage: 200 with what is no JSON. page: 200
with a page. huge: an answer without end. redirect: to the same address. contradicting: valid and
not. another-number: the answer is about another number. former-form: as older servers write it.
trouble-as-invalid: not valid, and in the same answer that the member state is out of reach.
requester-refused hits only questions in somebody's name.
"""


@dataclass(frozen=True)
class RegisterFault(SwitchedFault):
    """A fault that will hit `count` more questions (`ALWAYS`: all), about one member state or
    (empty) any.
    """

    state: str = ""
    seconds: float = 0.0

    @classmethod
    def from_json(cls, data: object) -> "RegisterFault":
        """Build from {"kind", "count": 1, "state": "", "seconds": 0}. Raises ValueError naming what
        is wrong.
        """
        if not isinstance(data, Mapping) or data.get("kind") not in KINDS:
            raise ValueError(f"kind must be one of: {', '.join(sorted(KINDS))}")
        if unknown := set(data) - {"kind", "count", "state", "seconds"}:
            raise ValueError(f"unknown keys: {', '.join(sorted(map(str, unknown)))}")
        count, seconds = data.get("count", 1), data.get("seconds", 0)
        if type(count) is not int or (count < 1 and count != ALWAYS):
            raise ValueError("count must be 1 or more, or -1 for always")
        if not isinstance(seconds, int | float) or not 0 <= seconds <= 600:
            raise ValueError("seconds must be 0 to 600")
        return cls(str(data["kind"]), count, str(data.get("state", "")), float(seconds))

    def hits(self, state: str, *, has_requester: bool) -> bool:
        """Whether it hits a question about a number of that member state."""
        is_about_it = self.kind != "requester-refused" or has_requester
        return self.state in ("", state) and is_about_it


class RegisterFaults(SwitchedFaults[RegisterFault]):
    """The faults that are on."""

    def take(self, state: str, *, has_requester: bool) -> RegisterFault | None:
        """The first fault that hits a question, one use less; None if it may pass."""
        return self.take_first(lambda fault: fault.hits(state, has_requester=has_requester))
