"""What changed choices would do to the shop's last orders."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from chalicelib.domain.policy import Policy
from chalicelib.web.pages.call import Call


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """A comparison of the last orders under both policies; or None, and a text (its English source)
    that says why there is none.
    """

    comparison: Any = None
    obstacle: str = ""


def find_effect(call: Call, before: Policy, after: Policy) -> Effect:
    """Compare the shop's last orders under two policies. Nothing is written."""
    return Effect()
