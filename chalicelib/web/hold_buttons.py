"""What is told of a held order and which buttons help: shapes and names; texts in `hold_texts`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from chalicelib.web.i18n import mark


class Button(StrEnum):
    """The button that helps; the code is what pages and links use."""

    RETRY = "retry"
    SETTINGS = "settings"
    OPEN_ORDER = "open_order"
    SEND_AGAIN = "send_again"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class HoldText:
    """What happened, why the order waits, what to do, and which button helps."""

    what: str
    why: str
    cure: str
    button: Button


BUTTONS: Mapping[Button, str] = MappingProxyType(
    {
        Button.RETRY: mark("Try again"),
        Button.SETTINGS: mark("Open the settings"),
        Button.OPEN_ORDER: mark("Open the order in SEOshop"),
        Button.SEND_AGAIN: mark("Send again"),
        Button.NONE: mark("No button: this needs somebody's attention"),
    }
)
