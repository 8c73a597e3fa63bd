"""The words of a try-out: where a document stands, why reading stopped, and what would differ."""

from __future__ import annotations

from chalicelib.domain.ledger import Entry, EntryState
from chalicelib.domain.policy import VatClass
from chalicelib.domain.verdict_changes import Difference
from chalicelib.usecases.judging.page_reading import Stop
from chalicelib.web.texts.localisation import Msgids, msgid
from chalicelib.web.texts.state_labels import ORDER_STATES, Label, Tone

NEW = Label("New", Tone.BUSY)
EARLY = Label("From before the connector", Tone.QUIET)

STANDINGS: Msgids[EntryState] = {
    EntryState.WAITING: "It waits, and goes along tonight.",
    EntryState.CLAIMED: "It is on its way to Asperion at this moment.",
    EntryState.PLACED: (
        "It is in Asperion already, and stays there as it is. Below is how it would be booked now."
    ),
    EntryState.HELD: "It was held the last time it was read. Below is how it would be booked now.",
    EntryState.DROPPED: "It was left out. Below is how it would be booked now.",
}
OF_NEW = msgid("It is new here. If it is paid, it goes along tonight.")
OF_EARLY = msgid(
    "It is from before the connector was installed, so it does not go along by itself. Below is "
    "how it would be booked."
)
OF_BY_HAND = msgid("You dealt with it in Asperion. Below is how it would have been booked.")

STOPS: Msgids[Stop] = {
    Stop.TIME: "More cannot be read for one page. Try chosen numbers for the others.",
    Stop.ALLOWANCE: "Your shop allows a limited number of questions in five minutes.",
    Stop.SHOP: "Then your shop stopped answering. Try again in a few minutes.",
}

DIFFERENCES: Msgids[Difference] = {
    Difference.TAKEN_IN: "Goes along",
    Difference.FREED: "Is no longer held",
    Difference.HELD: "Is held",
    Difference.OTHER_HOLD: "Is held for another reason",
    Difference.LEFT_OUT: "Is left out",
    Difference.DOCUMENTS: "Number of invoices",
    Difference.DAY: "Invoice date",
    Difference.VAT: "VAT",
    Difference.AMOUNT: "Amount with VAT",
    Difference.PAYMENT: "Payment method",
}

CLASSES: Msgids[VatClass] = {
    VatClass.HIGH: "high",
    VatClass.LOW: "low",
    VatClass.NONE: "none",
}

BY_ASPERION = msgid("Asperion chooses")
BOOKED = msgid("Booked: %(amount)s")
HELD = msgid("Held: %(what)s")
LEFT_OUT = msgid("Left out, because %(cause)s.")
UNBILLED = msgid("Left out: it has no invoice in your shop.")
IN_CLASS = msgid("%(treatment)s (in Asperion: %(vat_class)s): %(excl)s plus %(vat)s")


def find_standing(entry: Entry | None, *, is_early: bool) -> tuple[Label, str]:
    """The label of a document as the ledger knows it, and what that means for the try-out."""
    if entry is None:
        return (EARLY, OF_EARLY) if is_early else (NEW, OF_NEW)
    text = OF_BY_HAND if entry.by_hand else STANDINGS[entry.state]
    return ORDER_STATES[entry.state], text
