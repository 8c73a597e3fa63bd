"""The alarms of this installation, and whoever gets them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from chalicelib.lazy_dataclass import dataclass

if TYPE_CHECKING:
    from datetime import datetime

LONGEST_SUBJECT = 100
"""Signs that the subject of a mail from SNS has at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RingingAlarm:
    """An alarm that rings now, by its name in the template, and since when."""

    name: str
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Listeners:
    """How many get the alarms, and how many were asked whether they want them and have not said."""

    confirmed: int
    pending: int


class Alarms(Protocol):
    """What CloudWatch watches over, and the topic that carries what it finds."""

    def list_ringing(self) -> list[RingingAlarm]:
        """The alarms that ring now and tell somebody, by name. Raises `AlarmsUnavailable`."""

    def count_listeners(self) -> Listeners:
        """Whom a message reaches. Raises `AlarmsUnavailable`."""

    def notify(self, subject: str, text: str) -> None:
        """Tell all who get the alarms. A subject is one line of at most `LONGEST_SUBJECT` signs of
        ASCII. Raises `AlarmsUnavailable`.
        """
