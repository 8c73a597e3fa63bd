"""The words of the journal's pages."""

from __future__ import annotations

from chalicelib.domain.journal_lines import JournalFault
from chalicelib.web.texts.localisation import Msgids, msgid
from chalicelib.web.texts.state_labels import Label, Tone

NO_FILE = msgid("Choose the file that you downloaded from the journal.")
TOO_LARGE = msgid("This file is too large. Choose the journal's own download, part by part.")
NO_HASH = msgid("A checksum has 64 characters: the figures 0 to 9 and the letters a to f.")

FAULTS: Msgids[JournalFault] = {
    JournalFault.UNREADABLE: (
        "This is no line of a journal. The file was damaged or edited, or it is another file."
    ),
    JournalFault.FORM: "This journal has a form that this page does not know.",
    JournalFault.SHOP: "This line is of another webshop than the lines before it.",
    JournalFault.CHANGED: (
        "What this day says was changed after it was closed: its checksum does not fit."
    ),
    JournalFault.TOTALS: "The amounts of this day were changed after it was closed.",
    JournalFault.NUMBER: "A day is missing here, or days are in another order.",
    JournalFault.LINK: (
        "This day does not follow the day before it: one of the two was changed or replaced after "
        "it was closed."
    ),
    JournalFault.ORDER: "This day does not belong at this place.",
}
"""What the first line that does not fit means."""

UNPROVEN = Label("Not proven", Tone.WARN)
"""What is said of a day that does not fit, and of those after it."""
