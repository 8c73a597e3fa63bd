"""The ways to Asperion's sign-in page that a shop's merchant has under way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace
from datetime import datetime, timedelta
from typing import ClassVar

from chalicelib.lazy_dataclass import dataclass

WITHIN = timedelta(minutes=15)
"""How long signing in at Asperion may take."""

MOST_REQUESTS = 10
"""Kept at a time, such as of a merchant who begins in several tabs; the oldest goes first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectRequest:
    """One way there: a hash of the session that it began in, until when it counts, and when the
    browser came back.
    """

    session: str
    until: datetime
    used_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectRequests:
    """Those of a shop, by a keyed hash of the ``state`` that each went with."""

    NAME: ClassVar[str] = "connect-requests"

    by_state: Mapping[str, ConnectRequest] = field(default_factory=dict)


def add_request(
    kept: ConnectRequests | None, state: str, session: str, now: datetime
) -> ConnectRequests:
    """The requests with a new one; without those that count no more."""
    former = {} if kept is None else kept.by_state
    counting = {name: one for name, one in former.items() if one.until + WITHIN > now}
    counting[state] = ConnectRequest(session=session, until=now + WITHIN)
    newest = sorted(counting.items(), key=lambda pair: pair[1].until)[-MOST_REQUESTS:]
    return ConnectRequests(by_state=dict(newest))


def use_request(kept: ConnectRequests, state: str, now: datetime) -> ConnectRequests:
    """The requests after the browser came back with that one."""
    used = replace(kept.by_state[state], used_at=now)
    return ConnectRequests(by_state={**kept.by_state, state: used})
