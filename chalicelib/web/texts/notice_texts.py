"""What the page after an action says: one sentence, shown once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from chalicelib.web.texts.localisation import msgid


@dataclass(frozen=True, slots=True)
class NoticeText:
    """A title, its plural where it counts orders, and an explanation."""

    title: str
    plural: str = ""
    text: str = ""
    shows_ending: bool = False  # of the licence code

    def find_title(self, count: int) -> str:
        """The title for a number of orders."""
        return self.plural if self.plural and count != 1 else self.title


_TONIGHT = msgid("The next run takes along what is right now.")

NOTICES: Mapping[str, NoticeText] = {
    "installed": NoticeText(
        "The connector is active",
        text="From now on every paid order arrives in Asperion as a concept invoice.",
        shows_ending=True,
    ),
    "saved": NoticeText("Your choices are saved"),
    "licence_changed": NoticeText(
        "The licence code is changed",
        text="From now on files go to the Asperion environment of the new code.",
        shows_ending=True,
    ),
    "saved_and_released": NoticeText(
        "Your choices are saved, and %(count)s held order is free again",
        "Your choices are saved, and %(count)s held orders are free again",
        _TONIGHT,
    ),
    "released": NoticeText(
        "%(count)s order is looked at again", "%(count)s orders are looked at again", _TONIGHT
    ),
    "again": NoticeText(
        "%(count)s order is sent again",
        "%(count)s orders are sent again",
        "It goes along in the next run. Remember the first invoice in Asperion.",
    ),
    "accepted": NoticeText("The change is off your list"),
    "corrected": NoticeText(
        "The correction goes along in the next run",
        "%(count)s corrections go along in the next run",
        "It is checked against your shop once more. Do nothing for it in Asperion.",
    ),
    "resolved": NoticeText("The file is off your list"),
    "by_hand": NoticeText(
        "Dealt with: the next run leaves it out",
        "Dealt with: the next run leaves %(count)s orders out",
    ),
    "put_away": NoticeText("The notice is off your list"),
    "nothing": NoticeText(
        "There was nothing left to do",
        text="Somebody, or the connector itself, was faster. This is how it is now.",
    ),
    "last_file": NoticeText(
        "The last file is being made",
        text="That takes a few minutes. Load this page again to see what is still open.",
    ),
    "ended": NoticeText(
        "The connector has stopped",
        text="No more orders go to Asperion. Take your data along, then remove the app in the "
        "AppCenter.",
    ),
    "paused": NoticeText(
        "The connector is paused", text="Paid orders are remembered and wait until you go on."
    ),
    "resumed": NoticeText(
        "The connector goes on",
        text="Everything that was paid meanwhile goes along in the next run.",
    ),
}
