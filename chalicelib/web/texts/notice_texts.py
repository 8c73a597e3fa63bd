"""What the page after an action says: one sentence, shown once."""

from __future__ import annotations

from collections.abc import Mapping

from chalicelib.lazy_dataclass import dataclass


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """A sentence about `count` orders; the place ``what`` is filled with a text of its own."""

    text: str
    count: int
    what: str = ""


@dataclass(frozen=True, slots=True)
class NoticeText:
    """A title, its plural where it counts orders, an explanation, and what else is to be told.
    `changes`, translated already, are what changed of the merchant's choices.
    """

    title: str
    plural: str = ""
    text: str = ""
    shows_ending: bool = False  # of the licence code
    shows_changes: bool = False  # of the merchant's choices
    changes: tuple[str, ...] = ()
    lines: tuple[NoticeLine, ...] = ()
    is_good: bool = True

    def find_title(self, count: int) -> str:
        """The title for a number of orders."""
        return self.plural if self.plural and count != 1 else self.title


NOTICES: Mapping[str, NoticeText] = {
    "installed": NoticeText(
        "The connector is active",
        text="From now on every paid order arrives in Asperion as a draft invoice.",
        shows_ending=True,
    ),
    "saved": NoticeText("Your choices are saved", shows_changes=True),
    "saved_as_before": NoticeText(
        "Your choices are saved", text="Nothing changed: this is how it was already."
    ),
    "taken_back": NoticeText("The change is undone", shows_changes=True),
    "mail_saved": NoticeText("Your choices about e-mail are saved"),
    "mail_asked": NoticeText(
        "An e-mail with a link is on its way to that address",
        text=(
            "Press the link in it, and mail goes there. Until then everything goes where it went "
            "before."
        ),
    ),
    "seat_invited": NoticeText(
        "The invitation is on its way",
        text="As soon as it is accepted, you see it here and get an e-mail.",
    ),
    "seat_changed": NoticeText("What this bookkeeper may do is changed"),
    "seat_revoked": NoticeText("The access is taken away"),
    "invitation_revoked": NoticeText(
        "The invitation is taken back", text="Its link is worth nothing any more."
    ),
    "licence_changed": NoticeText(
        "The licence code is changed",
        text="From now on files go to the Asperion environment of the new code.",
        shows_ending=True,
    ),
    "period_closed": NoticeText(
        "The period is closed", text="From now on nothing is booked in it any more."
    ),
    "period_opened": NoticeText(
        "The period is open again", text="Your reason is kept with the date and the time."
    ),
    "again": NoticeText(
        "%(count)s order is sent again",
        "%(count)s orders are sent again",
        "It goes with the next delivery. Do not forget the first invoice in Asperion.",
    ),
    "invoice_deleted": NoticeText(
        "The draft is deleted in Asperion",
        text="The order is not sent again by itself. Your reason is kept with it.",
    ),
    "order_credited": NoticeText(
        "The credit goes with the next delivery",
        text="It takes the whole order back, under every VAT rate. Your reason is kept with it.",
    ),
    "accepted": NoticeText("The change is off your list", "%(count)s changes are off your list"),
    "corrected": NoticeText(
        "The correction goes with the next delivery",
        "%(count)s corrections go with the next delivery",
        "It is checked against your webshop once more. You need not do anything for it in "
        "Asperion.",
    ),
    "corrected_in_part": NoticeText(
        "Not every correction could be made ready",
        text="Your webshop did not answer for the others, or does not have them any more. They are "
        "still on the list: press the button again later.",
        is_good=False,
    ),
    "taken": NoticeText(
        "The order is in line",
        text="It goes with the next delivery, once it is checked against your webshop.",
    ),
    "resolved": NoticeText("The file is off your list"),
    "by_hand": NoticeText(
        "Dealt with: the order is left out",
        "Dealt with: %(count)s orders are left out",
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
        "The connector is paused",
        text=("Paid orders are remembered and wait until you let the connector go on."),
    ),
    "resumed": NoticeText(
        "The connector goes on",
        text="Everything that was paid in the meantime goes with the next delivery.",
    ),
}
