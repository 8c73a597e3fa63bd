"""Why something is not taken back, in words for the merchant."""

from __future__ import annotations

from chalicelib.usecases.operating.taking_back import Obstacle
from chalicelib.web.texts.localisation import Msgids, msgid

OBSTACLES: Msgids[Obstacle] = {
    Obstacle.NO_REASON: "Say in one line why you take it back; it is kept for your bookkeeper.",
    Obstacle.NOT_BOOKED: "It is not in Asperion at this moment, so there is nothing to take back.",
    Obstacle.TAKEN_BACK: (
        "It was taken back before: its invoice is deleted, or its credit is booked or on its way."
    ),
    Obstacle.NOT_ALLOWED: "It cannot be taken back in this way.",
    Obstacle.DEFINITIVE: (
        "The invoice is definitive in Asperion, and cannot be deleted any more. Take it back by a "
        "credit."
    ),
    Obstacle.UNKNOWN: (
        "Asperion gave no answer that can be relied on, so it is not known whether the invoice is "
        "deleted. Try again later: what is deleted is not deleted twice."
    ),
    Obstacle.REFUSED: "Asperion does not let this invoice be deleted. Take it back by a credit.",
}

BUSY = msgid("The connector is at work at this moment. Try again in a few minutes.")
