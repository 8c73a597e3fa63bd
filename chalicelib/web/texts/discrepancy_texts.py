"""Why a day is not right, and what to do about it, in a merchant's words."""

from __future__ import annotations

from collections.abc import Mapping

from chalicelib.domain.discrepancies import DiscrepancyKind
from chalicelib.lazy_dataclass import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscrepancyText:
    """What is wrong, and what helps."""

    what: str
    cure: str


TEXTS: Mapping[DiscrepancyKind, DiscrepancyText] = {
    DiscrepancyKind.MISSING: DiscrepancyText(
        what="To be booked, says your webshop, but not known here",
        cure="Tonight we look for them again and take them along. If they are still here tomorrow, "
        "tell the support desk.",
    ),
    DiscrepancyKind.DIFFERING: DiscrepancyText(
        what="Booked for a different amount than your webshop lists",
        cure="Compare the order in SEOshop with its invoice in Asperion. If it was changed after "
        "delivery, it is under “Changed after delivery” tomorrow, with the button that puts it "
        "right.",
    ),
    DiscrepancyKind.MONEY: DiscrepancyText(
        what="A file adds up to a different amount than your webshop lists for its orders",
        cure="Compare the totals on the file's page with Asperion before you set its invoices to "
        "Definitief.",
    ),
    DiscrepancyKind.FILES: DiscrepancyText(
        what="A file holds other orders than we recorded as delivered with it",
        cure="The file's page lists its orders and where each of them is. Compare them with the "
        "invoices in Asperion.",
    ),
    DiscrepancyKind.OPENING: DiscrepancyText(
        what="The day opened with other orders than the day before left open",
        cure="The page of each order tells what happened to it, and when.",
    ),
    DiscrepancyKind.SIDES: DiscrepancyText(
        what="We cannot tell how these orders stand from what happened to them",
        cure="The page of each order tells what happened to it. Look in Asperion whether it is "
        "there once.",
    ),
    DiscrepancyKind.DOUBLES: DiscrepancyText(
        what="A file arrived after it had been given up: orders are in Asperion twice",
        cure="The file's page says which ones, and in which other file they are. Delete the second "
        "invoices in Asperion, then press “Dealt with” there.",
    ),
}
NAMES_FILES = frozenset({DiscrepancyKind.FILES, DiscrepancyKind.MONEY, DiscrepancyKind.DOUBLES})
"""The kinds that name files; the others name orders."""
