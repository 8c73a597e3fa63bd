"""How orders are booked, as a version that a shop is on: it moves to another one when the operator
says so, shop by shop, and back.

A change of the rules that books an order otherwise than before is a `Rule`; a change of the file's
shape is a profile of its own. Either becomes a new version here, and the versions before it stay as
they are for as long as a shop may be on them.
"""

from __future__ import annotations

from enum import StrEnum

from chalicelib.errors import UnknownBehaviour
from chalicelib.lazy_dataclass import dataclass


class Rule(StrEnum):
    """A rule of booking that a later version has and the first one has not."""

    LEAVE_FREE_LINES_OUT = "leave_free_lines_out"
    """Lines of 0.00 are left out of an invoice that has others: free articles, and articles whose
    price is wholly discounted. No total changes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Behaviour:
    """A version: its `rules`, and the folder of its `profile` under ``templates/axml`` (empty: the
    installation's own). `summary` says in a sentence what is otherwise than in the version before.
    """

    version: str
    summary: str
    rules: frozenset[Rule] = frozenset()
    profile: str = ""


FIRST = Behaviour(version="1", summary="As all versions up to 1.6.0 booked.")
"""What a shop is on that was never switched."""

BEHAVIOURS = (
    FIRST,
    Behaviour(
        version="2",
        summary="Lines of 0.00 are left out of an invoice that has others; totals are the same.",
        rules=frozenset({Rule.LEAVE_FREE_LINES_OUT}),
    ),
)
"""Every version there is, the oldest first. A version never changes once a shop may be on it."""


def find_behaviour(version: str) -> Behaviour:
    """The version of that name. Raises `UnknownBehaviour`: a shop was switched to it by a newer
    connector, and must not be booked by other rules.
    """
    found = next((each for each in BEHAVIOURS if each.version == version), None)
    if found is None:
        known = ", ".join(each.version for each in BEHAVIOURS)
        raise UnknownBehaviour(
            f"There is no behaviour {version}; there are {known}. Deploy the connector that has it,"
            " or switch to another one."
        )
    return found
