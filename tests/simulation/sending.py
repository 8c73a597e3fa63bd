"""What must hold in the moment in which a file's first byte goes out."""

from __future__ import annotations

from collections.abc import Callable

from tests.simulation.machine import Process
from tests.simulation.standings import Standing, Standings

Wrong = Callable[[Standing], bool]

LAST_LOOK = 45.0
"""Seconds: a file's sending begins at most half a minute after it was fixed, and the shop is looked
at once more in between; a call takes twelve at most, and clocks differ."""


def check_sending(standings: Standings, process: Process, licence: str, name: str) -> None:
    """A shop that has left, paused, or has another licence code is sent nothing, nor is anything
    sent that was judged by a policy that was given up since.
    """
    _check(standings, process, f"{name} to a shop that left", lambda one: not one.exports)
    _check(
        standings,
        process,
        f"{name} to a former licence code",
        lambda one: one.licence != licence,
    )
    policies = [one.policy for one in process.policies.get(name, ())]
    if policies:
        _check(
            standings,
            process,
            f"{name} by a former policy",
            lambda one: one.policy not in policies,
        )


def _check(standings: Standings, process: Process, what: str, is_wrong: Wrong) -> None:
    since = standings.since_when(is_wrong)
    if since is None:
        return
    age = standings.machine.time - since
    if process.read_at > since or age > LAST_LOOK:
        standings.blame(f"{process.name} sends {what}, {age:.0f} s after that")
