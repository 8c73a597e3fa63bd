"""What the pages about mail say."""

from __future__ import annotations

from chalicelib.domain.mail_records import MailKind, Sending
from chalicelib.usecases.shop.mail_choices import Proposal
from chalicelib.web.texts.localisation import Msgids

KIND_TITLES: Msgids[MailKind] = {
    MailKind.DIGEST: "In the morning, when something waits for me",
    MailKind.WEEKLY: "Once a week, when everything is in",
}
KIND_HELP: Msgids[MailKind] = {
    MailKind.DIGEST: "Once a day at most, and once more when everything is right again. Not every "
    "day about the same thing.",
    MailKind.WEEKLY: "How many orders were delivered in the week before. No e-mail in a week "
    "without orders.",
}
LAST_MAIL: Msgids[Sending] = {
    Sending.SENT: "The mail service accepted it.",
    Sending.REFUSED: "The mail service refused it. Check the address; we try again the next "
    "morning on which there is something to say.",
    Sending.NO_ADDRESS: "The contact of your webshop has no usable e-mail address. Fill one in "
    "below, or in the settings of your webshop.",
    Sending.NOT_FOUND: "Your webshop did not tell us the address of its contact. Fill one in below "
    "to be reached then as well.",
}
PROPOSALS: Msgids[Proposal] = {
    Proposal.NO_ADDRESS: "This is no e-mail address. Fill in one, such as naam@voorbeeld.nl.",
    Proposal.TOO_MANY: "You have filled in several addresses today. Try again tomorrow.",
    Proposal.NOT_SENT: "No e-mail could be sent to this address. Check it, or try again later.",
}
