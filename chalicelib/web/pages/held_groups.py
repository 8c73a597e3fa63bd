"""Held orders as pages show them: by cause, with the words and the buttons that help."""

from __future__ import annotations

from dataclasses import dataclass

from chalicelib.domain.holds import HoldReason
from chalicelib.domain.ledger import Entry
from chalicelib.domain.shops import Shop
from chalicelib.usecases.overview import HeldGroup
from chalicelib.web.pages.back_office_links import order_page
from chalicelib.web.pages.call import Call
from chalicelib.web.texts import biography_texts as wording
from chalicelib.web.texts.hold_buttons import Button, HoldText
from chalicelib.web.texts.hold_texts import TEXTS
from chalicelib.web.texts.localisation import mark

SHOWN_OF_A_GROUP = 12

_MENDS = {HoldReason.PAYMENT_METHOD_NEW.value: "payment", HoldReason.RATE_FOREIGN.value: "rate"}
_OLD_REASON = HoldText(
    wording.UNKNOWN_HOLD,
    mark("It was held by an earlier version."),
    mark("Press “Look again”: the order is then judged anew."),
    Button.RETRY,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """One held document, and where its order is in the shop's back office (or nowhere)."""

    entry: Entry
    page: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Held orders with one cause, its texts, and what is needed to mend it on the spot."""

    held: HeldGroup
    text: HoldText
    first: tuple[Paper, ...]
    more: int
    mends: str = ""  # "payment" or "rate": it can be mended with one select


def group(call: Call, shop: Shop, held: HeldGroup) -> Group:
    """A group of held orders as its card shows it."""
    shown = held.entries[:SHOWN_OF_A_GROUP]
    return Group(
        held=held,
        text=hold_text(held.reason),
        first=tuple(Paper(entry=entry, page=back_office(call, shop, entry)) for entry in shown),
        more=len(held.entries) - len(shown),
        mends=_MENDS.get(held.reason, "") if held.detail else "",
    )


def hold_text(code: str) -> HoldText:
    """The texts of a reason, also of one that no longer exists."""
    try:
        return TEXTS[HoldReason(code)]
    except (KeyError, ValueError):
        return _OLD_REASON


def back_office(call: Call, shop: Shop, entry: Entry) -> str:
    """The address of a document's order in the shop's back office, or the empty string."""
    return order_page(call.connector.settings.order_pages, shop, entry)
