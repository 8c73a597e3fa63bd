"""Late changes and held orders as pages show them: the correction on offer, the numbers now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from chalicelib.domain.holds import Hold
from chalicelib.domain.invoices import Invoice
from chalicelib.domain.judgement import Verdict
from chalicelib.domain.ledger import DocumentKind, Entry, LateChange
from chalicelib.usecases.changes.corrections import Correction, propose
from chalicelib.web.texts.hold_buttons import HoldText
from chalicelib.web.texts.hold_texts import FIGURES
from chalicelib.web.texts.localisation import DUTCH, mark

CHANGES: Mapping[str, str] = MappingProxyType(
    {
        LateChange.CANCELLED: mark("cancelled in your shop after it went to Asperion"),
        LateChange.UNPAID: mark("no longer paid in your shop"),
        LateChange.PARTLY_PAID: mark("no longer paid in full in your shop"),
        LateChange.EDITED: mark("edited in your shop after it went to Asperion"),
        LateChange.DETAILS: mark(
            "edited in your shop after it went to Asperion (customer, articles or VAT; the total "
            "is the same)"
        ),
        LateChange.REFUNDED: mark("refunded after it went to Asperion"),
        LateChange.REVIVED: mark("made valid again in your shop after it was taken back"),
    }
)
ANY_CHANGE = mark("changed in your shop after it went to Asperion")

_CURES: Mapping[LateChange, str] = MappingProxyType(
    {
        LateChange.CANCELLED: mark(
            "Book the correction, unless you deleted or credited the invoice in Asperion."
        ),
        LateChange.UNPAID: mark("Check the payment. If it stays unpaid, book the correction."),
        LateChange.PARTLY_PAID: mark(
            "See how much of the sale stands. Adapt the concept invoice in Asperion or credit a "
            "part of it there; a credit note from SEOshop is offered here by itself."
        ),
        LateChange.EDITED: mark(
            "Adapt the concept invoice in Asperion. Or delete it there and send the order again."
        ),
        LateChange.DETAILS: mark(
            "Adapt the concept invoice in Asperion. Or delete it there and send the order again."
        ),
        LateChange.REFUNDED: mark(
            "Book what was paid back, unless you credited it in Asperion yourself."
        ),
        LateChange.REVIVED: mark("Send it again: as it is, this sale is not in Asperion."),
    }
)
_INVOICE_CURES: Mapping[LateChange, str] = MappingProxyType(
    {
        LateChange.CANCELLED: mark(
            "If you make a credit note of it in SEOshop, that is booked by itself. If you do not, "
            "delete or credit the invoice in Asperion."
        ),
    }
)
ANY_CHANGE_CURE = mark("Compare the order with the invoice in Asperion.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A correction in words: what will be booked, and what its button says. `posts` tells a button
    that books from a link to the form that sends again.
    """

    says: str
    button: str
    posts: bool = True


_OFFERS: Mapping[Correction, Offer] = MappingProxyType(
    {
        Correction.CREDIT: Offer(
            says=mark(
                "This books the order's credit notes from SEOshop that are not in a file yet: "
                "what was paid back, as a negative invoice of the credit note's own date."
            ),
            button=mark("Book what was paid back"),
        ),
        Correction.REVERSE: Offer(
            says=mark(
                "This books a second invoice with all amounts of the order negative, dated on the "
                "day it is sent; together they are € 0.00 under every VAT rate."
            ),
            button=mark("Book the correction"),
        ),
        Correction.SEND_AGAIN: Offer(
            says=mark(
                "First delete the concept invoice in Asperion, then send the order again: it is "
                "booked as it is in your shop now."
            ),
            button=mark("On to sending again"),
            posts=False,
        ),
        Correction.BOOK_AGAIN: Offer(
            says=mark(
                "The order and its correction together are € 0.00 in Asperion. Sending it again "
                "books it as it is in your shop now."
            ),
            button=mark("On to sending again"),
            posts=False,
        ),
    }
)


def offer(entry: Entry) -> Offer | None:
    """The correction on offer for a late change; None where it is made in Asperion."""
    proposed = propose(entry)
    return _OFFERS.get(proposed) if proposed else None


def cure(entry: Entry) -> str:
    """What to do about a late change, also one of a later version."""
    if entry.change not in set(LateChange):
        return ANY_CHANGE_CURE
    change = LateChange(entry.change)
    if entry.kind is DocumentKind.INVOICE and change in _INVOICE_CURES:
        return _INVOICE_CURES[change]
    return _CURES[change]


@dataclass(frozen=True, slots=True, kw_only=True)
class Now:
    """How a held order looks at this moment. `state` is ``fine``, ``gone`` (nothing to book) or
    ``held``; `other` the text of a reason that is not the stored one; `figures` label and amount.
    """

    state: str
    other: HoldText | None = None
    figures: tuple[tuple[str, str], ...] = ()


def now(
    verdict: Verdict | None,
    stored: str | None,
    *,
    texts: Mapping[str, HoldText],
    currency: str,
    language: str,
) -> Now | None:
    """What to show of a live verdict; None without one. `stored` is the reason's code that the
    order is held with, `texts` those of all reasons by code.
    """
    if verdict is None:
        return None
    if isinstance(verdict, Invoice):
        return Now(state="fine")
    if not isinstance(verdict, Hold):
        return Now(state="gone")
    code = verdict.reason.value
    return Now(
        state="held",
        other=texts[code] if code != stored else None,
        figures=tuple(
            (FIGURES[name], money(amount, currency, language))
            for name, amount in verdict.figures.items()
            if name in FIGURES
        ),
    )


def money(amount: str, currency: str, language: str) -> str:
    """An amount (two decimals, a dot) as people write it: ``€ 1.234,50``, in English
    ``€ 1,234.50``; the sign stands with the figures.
    """
    digits, _, decimals = amount.removeprefix("-").partition(".")
    sign = "-" if amount.startswith("-") else ""
    point, separator = (",", ".") if language == DUTCH else (".", ",")
    grouped = f"{int(digits):,}".replace(",", separator)
    symbol = "€" if currency == "EUR" else currency
    return f"{symbol}\N{NO-BREAK SPACE}{sign}{grouped}{point}{decimals}"
