"""Finding orders by what a merchant remembers: a number or a part of it, or a day.

It costs two queries at most, however many orders a shop has: the newest documents, among which any
part of a number is found, and one exact number, for what is older. A day costs one.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from enum import StrEnum

from chalicelib.domain.causes import DropCause
from chalicelib.domain.days import local_day
from chalicelib.domain.events import Actor
from chalicelib.domain.ledger import DocumentKind, Entry, Hint
from chalicelib.domain.order_numbers import (
    complete_number,
    has_part,
    is_same_count,
    is_same_number,
    learn_shapes,
)
from chalicelib.domain.orders import OrderSummary
from chalicelib.domain.policy import Source, not_due
from chalicelib.domain.sought_days import parse_day
from chalicelib.lazy_dataclass import dataclass
from chalicelib.ports import Numbered
from chalicelib.usecases.workspace import Workspace

NEWEST = 3000
"""Among how many of the newest documents a part of a number is looked for."""

MOST_HITS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What was found: the documents, best first, and how many `more` there are.

    `day` is the day that was meant, if one was. `exact` is the number when what was typed is one,
    of one order; `meant` the number that was most likely meant. `is_all`: every document of the
    shop was looked at; else only the newest were, and that number.
    """

    hits: tuple[Entry, ...] = ()
    more: int = 0
    day: date | None = None
    exact: str = ""
    meant: str = ""
    is_all: bool = True


def find_documents(workspace: Workspace, typed: str) -> Found:
    """Find what somebody typed, without blanks around it; see `order_numbers.clean_number`."""
    day = parse_day(typed, local_day(workspace.now()))
    if day is not None:
        entries = workspace.connector.entries
        of_day = entries.list_numbers(workspace.shop_id, day=day, limit=NEWEST)
        if of_day:
            return _show(workspace, of_day, Found(day=day))
    found = _find_numbers(workspace, typed)
    return found if found.hits or day is None else Found(day=day)


def _find_numbers(workspace: Workspace, typed: str) -> Found:
    entries = workspace.connector.entries
    newest = entries.list_numbers(workspace.shop_id, limit=NEWEST)
    meant = complete_number(typed, learn_shapes(each.number for each in newest))
    found = [each for each in newest if _fits(each.number, typed, meant)]
    is_all = len(newest) < NEWEST
    if not is_all and not any(is_same_number(each.number, meant) for each in found):
        older = entries.find_by_numbers(workspace.shop_id, [meant])
        found = [*(Numbered(each.key, each.number) for each in older), *found]
    found.sort(key=lambda each: _rank(each.number, typed, meant))
    exact = _find_exact({each.number for each in found}, typed, meant)
    return _show(workspace, found, Found(exact=exact, meant=meant, is_all=is_all))


def _find_exact(numbers: Collection[str], typed: str, meant: str) -> str:
    """The number that was typed, if one was: as it is, or its count alone and there is no other."""
    same = [number for number in numbers if is_same_number(number, typed)]
    if not same and len(numbers) == 1:
        same = [
            each for each in numbers if is_same_number(each, meant) or is_same_count(each, typed)
        ]
    return same[0] if len(same) == 1 else ""


def _fits(number: str, typed: str, meant: str) -> bool:
    return has_part(number, typed) or is_same_number(number, meant) or is_same_count(number, typed)


def _rank(number: str, typed: str, meant: str) -> int:
    """The number itself first, then the one that was meant, then others of the same count."""
    if is_same_number(number, typed):
        return 0
    if is_same_number(number, meant):
        return 1
    return 2 if is_same_count(number, typed) else 3


def _show(workspace: Workspace, found: Sequence[Numbered], about: Found) -> Found:
    """The first documents as they are now; one that is gone by now is left out."""
    keys = [each.key for each in found[:MOST_HITS]]
    stored = workspace.connector.entries.get_all(workspace.shop_id, keys)
    return Found(
        hits=tuple(stored[key] for key in keys if key in stored),
        more=len(found) - len(keys),
        day=about.day,
        exact=about.exact,
        meant=about.meant,
        is_all=about.is_all,
    )


class Standing(StrEnum):
    """What the shop says of an order that was looked up there."""

    UNKNOWN = "unknown"  # it has no order, or no invoice, of that number
    OF_UNKNOWN_ORDER = "of unknown order"  # an invoice of an order that we do not know
    KNOWN = "known"  # so do we, if under another number
    NOT_DUE = "not due"
    BY_INVOICE = "by invoice"  # the shop books its invoices, not its orders
    BEFORE_START = "before start"  # made before the connector came: for the migration
    DUE = "due"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedOrder:
    """An order as the shop lists it. `hint` is what would be recorded of it, `cause` why it is not
    due.
    """

    standing: Standing
    hint: Hint | None = None
    cause: DropCause | None = None


def look_up(workspace: Workspace, number: str) -> ListedOrder:
    """Ask the shop for an order of exactly that number; one call, and nothing is recorded. Raises
    `ShopError`, `VaultError`.
    """
    summary = workspace.api.find_order(number)
    if summary is None:
        return ListedOrder(standing=Standing.UNKNOWN)
    hint = Hint.of_order(summary)
    known = workspace.entry(hint.key)
    if known is not None:
        workspace.correct_entry(known, hint)
        return ListedOrder(standing=Standing.KNOWN, hint=hint)
    return _judge_listed(workspace, summary, hint)


def look_up_invoice(workspace: Workspace, number: str) -> ListedOrder:
    """Ask the shop for an invoice of exactly that number, and find its order here; likewise."""
    invoice = workspace.api.find_invoice(number)
    if invoice is None:
        return ListedOrder(standing=Standing.UNKNOWN)
    known = workspace.entry_of(DocumentKind.INVOICE, invoice.id)
    if known is None and invoice.order_id is not None:
        known = workspace.entry_of(DocumentKind.ORDER, invoice.order_id)
    if known is None:
        return ListedOrder(standing=Standing.OF_UNKNOWN_ORDER)
    return ListedOrder(standing=Standing.KNOWN, hint=known.hint)


def _judge_listed(workspace: Workspace, summary: OrderSummary, hint: Hint) -> ListedOrder:
    shop = workspace.shop
    if cause := not_due(summary, shop.policy):
        return ListedOrder(standing=Standing.NOT_DUE, hint=hint, cause=cause)
    if shop.policy.source is Source.INVOICES:
        return ListedOrder(standing=Standing.BY_INVOICE, hint=hint)
    if summary.created_at < shop.installed_at:
        return ListedOrder(standing=Standing.BEFORE_START, hint=hint)
    return ListedOrder(standing=Standing.DUE, hint=hint)


def take_order(workspace: Workspace, number: str, *, by: Actor) -> Hint | None:
    """Let an order wait that the shop lists as due and nobody told us of. None when it is not so:
    what is from before the connector may be in the books, and is never taken here. One call.
    Raises `ShopError`, `VaultError`.
    """
    found = look_up(workspace, number)
    if found.standing is not Standing.DUE or found.hint is None:
        return None
    workspace.record_hint(found.hint, by)
    return found.hint
