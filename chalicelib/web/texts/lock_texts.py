"""The words of the page on which a period is closed, or opened again."""

from __future__ import annotations

from chalicelib.domain.period_locks import LockObstacle
from chalicelib.web.texts.localisation import Msgids, msgid

NO_DAY = msgid("Choose the last day that you want to close.")
NO_REASON = msgid("Say why you open the period again, in one line of at most 200 characters.")
BUSY = msgid(
    "The connector is at work at this moment, so the period was not closed. Please try again in a "
    "few minutes."
)
SEEN_TOO_LONG_AGO = msgid(
    "Something changed since you opened this page. Nothing was closed yet: look again, then "
    "confirm."
)
UNSURE = msgid("Tick the box if you know that these files may still come in.")

OBSTACLES: Msgids[LockObstacle] = {
    LockObstacle.NOT_OVER: (
        "This day is not over yet. The last day that you can close is yesterday: what is sold "
        "today would otherwise get a date that is still to come."
    ),
    LockObstacle.NO_DAY: NO_DAY,
    LockObstacle.CLOSED_FURTHER: (
        "You closed more than that already. If that was a mistake, open it again below, with the "
        "reason; then choose this day."
    ),
    LockObstacle.NOT_YOURS: (
        "Somebody else closed this period. Only who closed it can open it again."
    ),
    LockObstacle.NOT_THE_LAST: "You closed a later period since. Open that again first.",
    LockObstacle.GONE: "This period was opened again already. Nothing was changed.",
}
