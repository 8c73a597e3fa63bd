"""What the pages about a bookkeeper's seat say."""

from __future__ import annotations

from chalicelib.domain.seats import SeatRight
from chalicelib.usecases.shop.invitation_links import Claim
from chalicelib.usecases.shop.invitations import Inviting
from chalicelib.web.texts.localisation import Msgids, list_msgids, msgid

RIGHT_TITLES: Msgids[SeatRight] = {
    SeatRight.SOLVE: "Deal with held and changed orders",
    SeatRight.LOCK: "Close a period",
}
RIGHT_HELP: Msgids[SeatRight] = {
    SeatRight.SOLVE: "Release them, send them again, or say that they were dealt with in Asperion; "
    "and make the choice that a held order asks for, such as how to book a new payment method.",
    SeatRight.LOCK: "From then on nothing more is booked in that period.",
}
NOT_INVITED: Msgids[Inviting] = {
    Inviting.NO_ADDRESS: "This is no e-mail address that we can use. Fill in one, such as "
    "naam@voorbeeld.nl, without accents.",
    Inviting.HAS_SEAT: "This address has access already. You can change above what it may do.",
    Inviting.TOO_MANY: "There are as many bookkeepers and open invitations as there can be. Take "
    "one back first.",
    Inviting.TOO_OFTEN: "You have made many invitations today. Try again tomorrow.",
    Inviting.NOT_SENT: "No e-mail could be sent to this address. Check it, or try again later.",
}
NOT_CLAIMED: Msgids[Claim] = {
    Claim.NO_ADDRESS: "This is no e-mail address that we can use. Fill in one, such as "
    "naam@voorbeeld.nl, without accents.",
    Claim.TOO_MANY: "Too many e-mails were asked for. Try again in an hour, or ask the merchant "
    "for a new invitation.",
    Claim.NOT_SENT: "No e-mail could be sent to this address. Check it, or try again later.",
}
NO_SIGN_IN_ADDRESS = msgid(
    "This is no e-mail address that we can use. Fill in the one at which you were invited."
)
INVITATION_OVER = msgid("This invitation is no longer valid")
WHY_INVITATION_OVER = list_msgids(
    "It is incomplete, was used already, was taken back, or is older than seven days. Nothing was "
    "changed.",
    "Did you accept it before? Then you can sign in. Otherwise ask the merchant for a new one.",
)
LINK_OVER = msgid("This link is no longer valid")
WHY_LINK_OVER = list_msgids(
    "It is incomplete, was used already, or is older than a quarter of an hour.",
    "Ask for a new one: it is in your mailbox within a minute.",
)
NO_SEATS = msgid("There is no access for bookkeepers here")
WHY_NO_SEATS = list_msgids(
    "A bookkeeper signs in by e-mail, and this installation of the connector sends none."
)
