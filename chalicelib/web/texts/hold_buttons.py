"""The buttons of held orders, and the record that `hold_texts` has for every reason."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from chalicelib.web.texts.localisation import Msgids


class Button(StrEnum):
    """A button that helps; templates draw each in one way."""

    OPEN_ORDER = "open_order"  # to the order in the shop's back office
    SETTINGS = "settings"
    RETRY = "retry"  # judge it anew in the next run
    DEALT_WITH = "dealt_with"  # the merchant did it by hand


@dataclass(frozen=True, slots=True)
class HoldText:
    """What happened, why the order waits, what to do, and which button helps first. `by_hand`:
    doing it by hand in Asperion is a way out too.
    """

    what: str
    why: str
    cure: str
    button: Button = Button.OPEN_ORDER
    by_hand: bool = False

    @property
    def buttons(self) -> tuple[Button, ...]:
        """All buttons, the one that helps first; looking again always may."""
        last = (Button.DEALT_WITH,) if self.by_hand else ()
        return tuple(dict.fromkeys((self.button, Button.RETRY, *last)))


BUTTONS: Msgids[Button] = {
    Button.OPEN_ORDER: "Open the order in SEOshop",
    Button.SETTINGS: "Open the settings",
    Button.RETRY: "Look again",
    Button.DEALT_WITH: "Dealt with",
}
