"""Words for what keeps files from arriving in Asperion."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from chalicelib.web.i18n import mark


@dataclass(frozen=True, slots=True)
class TroubleText:
    """What is the matter and what to do; `checks_licence`: the settings' first field helps."""

    title: str
    cure: str
    checks_licence: bool = False


_TEXTS: Mapping[str, TroubleText] = MappingProxyType(
    {
        "inbox refused": TroubleText(
            mark("Asperion does not accept the files"),
            mark(
                "Mostly the licence code is not right, or no longer valid. Check the licence code; "
                "your orders are kept and go along in the next run."
            ),
            checks_licence=True,
        ),
        "shop unavailable": TroubleText(
            mark("Your webshop does not answer the connector"),
            mark("You need not do anything: every run tries again, and no order is lost."),
        ),
        "forbidden": TroubleText(
            mark("The connector lacks a permission in your webshop"),
            mark(
                "Open the app from the AppCenter and allow what it asks for. If that does not "
                "help, remove the app and install it anew; your orders wait."
            ),
        ),
    }
)
_OTHER = TroubleText(
    mark("No file arrives in Asperion at the moment"),
    mark("Every run tries again, and no order is lost. If it lasts, tell the support desk."),
)


def trouble_text(cause: str) -> TroubleText:
    """The words for a cause, also for one that has none of its own."""
    return _TEXTS.get(cause, _OTHER)
