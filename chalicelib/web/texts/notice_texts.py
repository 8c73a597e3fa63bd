"""What the page after an action says: one sentence, shown once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from chalicelib.web.texts.localisation import mark


@dataclass(frozen=True, slots=True)
class Notice:
    """A title in the singular and plural of the number of orders, and a line beneath."""

    one: str
    many: str
    text: str = ""
    shows_licence: bool = False


def _same(title: str, text: str = "", *, shows_licence: bool = False) -> Notice:
    return Notice(title, title, text, shows_licence)


_TONIGHT = mark("The next run takes along what is right now.")

NOTICES: Mapping[str, Notice] = MappingProxyType(
    {
        "installed": _same(
            mark("The connector is active"),
            mark("From now on every paid order arrives in Asperion as a concept invoice."),
            shows_licence=True,
        ),
        "saved": _same(mark("Your choices are saved"), shows_licence=True),
        "saved_and_released": Notice(
            mark("Your choices are saved, and %(count)s held order is free again"),
            mark("Your choices are saved, and %(count)s held orders are free again"),
            _TONIGHT,
            shows_licence=True,
        ),
        "released": Notice(
            mark("%(count)s order is looked at again"),
            mark("%(count)s orders are looked at again"),
            _TONIGHT,
        ),
        "again": Notice(
            mark("%(count)s order is sent again"),
            mark("%(count)s orders are sent again"),
            mark("It goes along in the next run. Remember the first invoice in Asperion."),
        ),
        "accepted": _same(mark("The change is off your list")),
        "corrected": Notice(
            mark("The correction goes along in the next run"),
            mark("%(count)s corrections go along in the next run"),
            mark("It is checked against your shop once more. Do nothing for it in Asperion."),
        ),
        "by_hand": Notice(
            mark("Dealt with: the next run leaves it out"),
            mark("Dealt with: the next run leaves %(count)s orders out"),
        ),
        "nothing": _same(
            mark("There was nothing left to do"),
            mark("Somebody, or the connector itself, was faster. This is how it is now."),
        ),
        "paused": _same(
            mark("The connector is paused"),
            mark("Paid orders are remembered and wait until you go on."),
        ),
        "resumed": _same(
            mark("The connector goes on"),
            mark("Everything that was paid meanwhile goes along in the next run."),
        ),
    }
)
