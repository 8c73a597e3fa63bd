"""What must hold in the moment in which a file's first byte goes out."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date
from xml.etree import ElementTree as ET

from tests.simulation.machine import Process
from tests.simulation.standings import Standing, Standings

Wrong = Callable[[Standing], bool]

LAST_LOOK = 45.0
"""Seconds: a file's sending begins at most half a minute after it was fixed, and the shop is looked
at once more in between; a call takes twelve at most, and clocks differ."""


def check_sending(standings: Standings, process: Process, licence: str, name: str) -> None:
    """A shop that has left, paused, is halted, or has another licence code is sent nothing, nor is
    anything sent that was judged by a policy that was given up since.
    """
    _check(standings, process, f"{name} to a shop that left", lambda one: not one.exports)
    _check(standings, process, f"{name} although it is halted", lambda one: one.is_halted)
    _check(
        standings,
        process,
        f"{name} to a former licence code",
        lambda one: one.licence != licence,
    )
    _check(
        standings,
        process,
        f"{name} though its shop delivers by API",
        lambda one: one.administration is not None,
    )
    _check_policy(standings, process, name)


def check_posting(
    standings: Standings, process: Process, administration_id: int, day: date, *, is_leased: bool
) -> None:
    """A shop that has left, paused, is halted, makes files again, or has another administration is
    sent nothing; nor is anything that was judged by a policy that was given up, or that is dated in
    a closed period.
    """
    name, key = process.sending
    if not name:
        standings.blame(f"{process.name} sends an invoice, and nothing says which")
    if not process.is_frozen:
        what = f"{key} of {name}"
        _check(standings, process, f"{what} to a shop that left", lambda one: not one.exports)
        _check(standings, process, f"{what} although it is halted", lambda one: one.is_halted)
        _check(
            standings,
            process,
            f"{what} to a former administration",
            lambda one: one.administration != administration_id,
        )
        _check_policy(standings, process, name)
    check_period(standings, process, name, [day], is_leased=is_leased)


def _check_policy(standings: Standings, process: Process, name: str) -> None:
    policies = [one.policy for one in process.policies.get(name, ())]
    if policies:
        _check(
            standings,
            process,
            f"{name} by a former policy",
            lambda one: one.policy not in policies,
        )


def list_days(content: bytes) -> list[date]:
    """The dates of a file's invoices."""
    dates = ET.fromstring(content).iterfind("Orders/Order/OrderDate")
    return [date.fromisoformat(one.text or "") for one in dates]


def check_period(
    standings: Standings, process: Process, name: str, days: Collection[date], *, is_leased: bool
) -> None:
    """Nothing is sent that is dated in a closed period. Whoever closes one has the shop's lease, so
    that no file is between the last look and its first byte; where leases are lost (not
    `is_leased`) one may be. A process that stood still before its first byte may send only what
    whoever closed the period knew of.
    """
    first = min(days, default=date.max)

    def is_closed(one: Standing) -> bool:
        return one.locked_until is not None and first <= one.locked_until

    since = standings.since_when(is_closed)
    if since is None or (process.is_frozen and name in standings.confirmed):
        return
    age = standings.machine.time - since
    if is_leased or process.read_at > since or (age > LAST_LOOK and not process.is_frozen):
        standings.blame(f"{process.name} sends {name} into a closed period, {age:.0f} s after that")


def _check(standings: Standings, process: Process, what: str, is_wrong: Wrong) -> None:
    since = standings.since_when(is_wrong)
    if since is None:
        return
    age = standings.machine.time - since
    if process.read_at > since or age > LAST_LOOK:
        standings.blame(f"{process.name} sends {what}, {age:.0f} s after that")
