"""The buttons of held orders, and the record that `hold_texts` has for every reason."""

from __future__ import annotations

from enum import StrEnum

from chalicelib.lazy_dataclass import dataclass
from chalicelib.web.texts.localisation import Msgids, msgid
from chalicelib.web.texts.settings_subjects import SubjectName

BY_HAND = msgid("Book this in Asperion yourself, then press “Dealt with”.")
TAKEN_BACK_BY_HAND = msgid(
    "Delete or credit its draft invoice in Asperion, then press “Dealt with”."
)
ONCE_INVOICED = msgid(
    "SEOshop lets you edit an order only as long as it has no invoice. After that, make a quote "
    "with the right data there, mark the order that comes of it as paid, and cancel this one; the "
    "new one is sent automatically."
)


class Button(StrEnum):
    """A button that helps; templates draw each in one way."""

    OPEN_ORDER = "open_order"  # to the order in the shop's back office
    SETTINGS = "settings"
    CHOICES = "choices"  # those for the administration in Asperion
    RETRY = "retry"  # judge it anew in the next run
    DEALT_WITH = "dealt_with"  # the merchant did it by hand


@dataclass(frozen=True, slots=True)
class HoldText:
    """What happened, why the order waits, the ways out, and which button helps first.

    The ways are tried in this order: `in_shop` is what to do in SEOshop, `in_settings` which
    setting helps, and `subject` the page of the settings that it is on, `in_choices` what to choose
    for the administration in Asperion; any of them may be empty.
    `by_hand` is what to do in Asperion, which is always
    possible. `edits_order`: the way through SEOshop is to edit the order, which SEOshop allows only
    as long as it has no invoice (`ONCE_INVOICED` says so). Products cannot be edited after payment.
    Source: Lightspeed eCom, "Managing invoices" and "Editing orders".
    """

    what: str
    why: str
    in_shop: str = ""
    in_settings: str = ""
    subject: SubjectName | None = None
    in_choices: str = ""
    by_hand: str = BY_HAND
    button: Button = Button.RETRY
    edits_order: bool = False

    @property
    def buttons(self) -> tuple[Button, ...]:
        """The button that helps first, and looking again, which always may."""
        return tuple(dict.fromkeys((self.button, Button.RETRY)))


BUTTONS: Msgids[Button] = {
    Button.OPEN_ORDER: "Open the order in SEOshop",
    Button.SETTINGS: "Open the settings",
    Button.CHOICES: "Open the choices for Asperion",
    Button.RETRY: "Look again",
    Button.DEALT_WITH: "Dealt with",
}
