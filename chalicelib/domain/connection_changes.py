"""What is kept of each change of a shop's connection with Asperion, and for how long."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from chalicelib.domain.notified_changes import MOST_KEPT, SHOWN_FOR, NotifiedChange
from chalicelib.lazy_dataclass import dataclass


class ConnectionStep(StrEnum):
    """What was done to a connection. Stored: a value never changes."""

    CONNECT = "connect"  # an administration was chosen
    MOVE = "move"  # another administration was chosen
    TURN_ON = "turn on"  # invoices go straight into the administration from now on
    TURN_OFF = "turn off"  # they go by file again, to the licence code
    DISCONNECT = "disconnect"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionChange(NotifiedChange):
    """A change of the connection. `former` and `new` name administrations as Asperion does; one of
    them is empty when there is none, both are the same when it stays. `is_on`: invoices go
    straight into the administration after it.
    """

    what: ConnectionStep
    former: str = ""
    new: str = ""
    is_on: bool = False

    @property
    def note(self) -> str:
        """What the audit says of it: the administration, or ``the former → the new``."""
        if self.former == self.new or not self.former or not self.new:
            return self.new or self.former
        return f"{self.former} → {self.new}"


Changes = tuple[ConnectionChange, ...]


def keep_shown(changes: Changes, now: datetime) -> Changes:
    """Without those that are shown no more."""
    return tuple(one for one in changes if now - one.at < SHOWN_FOR)[-MOST_KEPT:]
