"""Which documents a try-out looks at: a shop's newest, or those of the numbers that were typed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import field
from functools import partial
from typing import TypeVar

from chalicelib.domain.ledger import Hint
from chalicelib.domain.orders import OrderSummary
from chalicelib.domain.policy import Source
from chalicelib.errors import RequestError
from chalicelib.lazy_dataclass import dataclass
from chalicelib.usecases.judging.page_reading import PageReading
from chalicelib.usecases.judging.read_once import ReadOnce

T = TypeVar("T")

MOST_TRIED = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A document to look at, and what a list shows of the order, if one does."""

    hint: Hint
    listed: OrderSummary | None = None


@dataclass(slots=True)
class Candidates:
    """The documents, the newest or first typed first. `missing`, `unbilled` and `unread` are
    numbers that led to none: see `page_reading.Extent`.
    """

    found: list[Candidate] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    unbilled: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)


def find_candidates(
    api: ReadOnce, reading: PageReading, source: Source, numbers: Sequence[str], limit: int
) -> Candidates:
    """The newest `limit` documents of what the shop exports, or those of these numbers. Raises
    `ShopError`, and `RequestError` for more numbers than `MOST_TRIED`.
    """
    wanted = list(dict.fromkeys(numbers))
    if len(wanted) > MOST_TRIED:
        raise RequestError(f"At most {MOST_TRIED} numbers can be tried at once.")
    if wanted:
        return _find_by_numbers(api, reading, source, wanted)
    newest = partial(_list_newest, api, source, min(limit, MOST_TRIED))
    return Candidates(found=reading.start(newest))


def _list_newest(api: ReadOnce, source: Source, limit: int) -> list[Candidate]:
    if source is Source.ORDERS:
        orders = api.latest_orders(limit)
        return [Candidate(hint=Hint.of_order(order), listed=order) for order in orders]
    invoices = api.latest_invoices(limit)
    return [Candidate(hint=Hint.of_invoice(invoice)) for invoice in invoices]


def _find_by_numbers(
    api: ReadOnce, reading: PageReading, source: Source, numbers: Sequence[str]
) -> Candidates:
    candidates = Candidates()
    by_key: dict[str, Candidate] = {}
    for number in numbers:
        missing = Candidates(missing=[number])
        found = reading.read(partial(_find_number, api, source, number), unusable=missing)
        if found is None:
            candidates.unread.append(number)
            continue
        by_key |= {each.hint.key: each for each in found.found}
        candidates.missing += found.missing
        candidates.unbilled += found.unbilled
    candidates.found = list(by_key.values())
    return candidates


def _find_number(api: ReadOnce, source: Source, number: str) -> Candidates:
    """What a shop that exports this has under a number: of an order, or of an invoice of one."""
    spellings = dict.fromkeys((number, number.upper()))
    if source is Source.INVOICES:
        invoice = _first(api.find_invoice, spellings)
        if invoice is not None:
            return Candidates(found=[Candidate(hint=Hint.of_invoice(invoice))])
        order = _first(api.find_order, spellings)
        return Candidates(missing=[number]) if order is None else _list_bills(api, order)
    order = _first(api.find_order, spellings) or _find_order_of(api, spellings)
    if order is None:
        return Candidates(missing=[number])
    return Candidates(found=[Candidate(hint=Hint.of_order(order), listed=order)])


def _find_order_of(api: ReadOnce, numbers: Iterable[str]) -> OrderSummary | None:
    """The order of an invoice of one of these numbers."""
    invoice = _first(api.find_invoice, numbers)
    if invoice is None or invoice.order_id is None:
        return None
    return api.order(invoice.order_id)


def _list_bills(api: ReadOnce, order: OrderSummary) -> Candidates:
    bills = [Candidate(hint=Hint.of_invoice(bill)) for bill in api.list_bills(order.id)]
    return Candidates(found=bills, unbilled=[] if bills else [order.number])


def _first(find: Callable[[str], T | None], spellings: Iterable[str]) -> T | None:
    found = (find(each) for each in spellings)
    return next((each for each in found if each is not None), None)
