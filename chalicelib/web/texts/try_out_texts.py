"""The words of a try-out: where a document stands, why reading stopped, and what would differ."""

from __future__ import annotations

from chalicelib.domain.invoices import Invoice
from chalicelib.domain.ledger import Entry, EntryState
from chalicelib.domain.policy import VatClass
from chalicelib.domain.verdict_changes import Difference
from chalicelib.usecases.judging.page_reading import Stop
from chalicelib.usecases.judging.trying_out import Tried
from chalicelib.web.texts.localisation import Msgids, msgid
from chalicelib.web.texts.state_labels import ORDER_STATES, Label, Tone

NEW = Label("New", Tone.BUSY)
EARLY = Label("From before the connector", Tone.QUIET)

STANDINGS: Msgids[EntryState] = {
    EntryState.WAITING: "It waits for the next delivery.",
    EntryState.CLAIMED: "It is on its way to Asperion at this moment.",
    EntryState.PLACED: (
        "It is in Asperion already, and stays there as it is. Below is how it would be booked now."
    ),
    EntryState.HELD: "It was held the last time it was read. Below is how it would be booked now.",
    EntryState.DROPPED: "It was left out. Below is how it would be booked now.",
}
OF_NEW = msgid("It is new here.")
OF_EARLY = msgid(
    "It is from before the connector was installed, so it is not sent automatically. Below is how "
    "it would be booked."
)
OF_BY_HAND = msgid("You dealt with it in Asperion. Below is how it would have been booked.")
TONIGHT = msgid("It is sent tonight.")
LATER = msgid("It is sent as soon as your orders go to Asperion.")

STOPS: Msgids[Stop] = {
    Stop.TIME: "More does not fit on one page. Give the numbers of the others to try them.",
    Stop.ALLOWANCE: "Your webshop allows a limited number of requests in five minutes.",
    Stop.SHOP: "Then your webshop stopped answering. Try again in a few minutes.",
}

DIFFERENCES: Msgids[Difference] = {
    Difference.TAKEN_IN: "Is included",
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
UNBILLED = msgid("Left out: it has no invoice in your webshop.")
IN_CLASS = msgid("%(treatment)s (in Asperion: %(vat_class)s): %(excl)s plus %(vat)s")


def find_standing(tried: Tried, *, exports: bool) -> tuple[Label, tuple[str, ...]]:
    """The label of a document that was tried, as the ledger knows it, and what that means, in
    sentences. `exports`: the shop's orders go to Asperion at night.
    """
    entry = tried.entry
    if tried.is_early:
        return EARLY, (OF_EARLY,)
    is_to_come = entry is None or entry.state is EntryState.WAITING
    outlook = (TONIGHT if exports else LATER,)
    follows = outlook if is_to_come and isinstance(tried.verdict, Invoice) else ()
    if entry is None:
        return NEW, (OF_NEW, *follows)
    if entry.by_hand:
        return ORDER_STATES[entry.state], (OF_BY_HAND,)
    return ORDER_STATES[entry.state], (STANDINGS[entry.state], *follows)


def find_label(entry: Entry | None) -> Label:
    """The label of a document by what the ledger knows of it."""
    return NEW if entry is None else ORDER_STATES[entry.state]
