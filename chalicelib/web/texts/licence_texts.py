"""What a merchant reads about a change of the licence code, on the pages."""

from __future__ import annotations

from chalicelib.domain.notified_changes import Telling
from chalicelib.web.texts.localisation import Msgids, msgid

NO_LICENCE = msgid("Enter your Asperion licence code.")
BAD_LICENCE = msgid(
    "This cannot be a licence code. Enter the code alone: no address, no spaces, no slash or per "
    "cent sign, at most 64 characters."
)
SAME_CODE = msgid("This code is in use already. Nothing was changed.")
TOO_OFTEN = msgid(
    "The licence code was changed ten times in the last 24 hours. Nothing was changed now; try "
    "again tomorrow, or ask our support desk."
)

NOTIFICATIONS: Msgids[Telling] = {
    Telling.DUE: "The contact of your webshop is still to be told by e-mail.",
    Telling.FAILED: (
        "The contact of your webshop could not be told by e-mail yet; we try again every night."
    ),
    Telling.NOTIFIED: "The contact of your webshop was told by e-mail.",
    Telling.NO_ADDRESS: (
        "Nobody could be told by e-mail: your webshop has no usable e-mail address in its settings."
    ),
    Telling.NO_MAIL: "Nobody was told by e-mail: this installation sends none.",
}
"""Whether the shop's contact was told, by what is kept of it."""
