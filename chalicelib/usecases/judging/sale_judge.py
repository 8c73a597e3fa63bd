"""Sales, read once, and judged for a shop as it is or as it might be in several ways."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from chalicelib.domain.judgement import NotDue, Verdict
from chalicelib.domain.ledger import DocumentKind, Entry, Hint
from chalicelib.domain.policy import DateBasis, Policy, Source, not_due
from chalicelib.domain.shops import Shop
from chalicelib.lazy_dataclass import dataclass
from chalicelib.usecases.judging.candidates import Candidate, Candidates, find_candidates
from chalicelib.usecases.judging.fetching import fetch_document
from chalicelib.usecases.judging.page_reading import Extent, PageReading
from chalicelib.usecases.judging.read_once import OF_ONE_DOCUMENT, ReadOnce
from chalicelib.usecases.judging.reading import Reading
from chalicelib.usecases.judging.supposing import (
    SupposedWorkspace,
    judge_supposed,
    suppose_shop,
)
from chalicelib.usecases.workspace import Workspace

AT_A_TIME = 8  # sales that are read ahead, between two looks at the time

Verdicts = tuple[Verdict, ...]
"""Those on the documents that a sale is booked by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedSale:
    """A sale that was read, what the ledger knows of it, and the verdicts for each way that the
    shop might be.
    """

    hint: Hint
    entry: Entry | None
    verdicts: tuple[Verdicts, ...]


class SaleJudge:
    """Reads and judges sales for these `shops`, which are the workspace's own as it might be. Where
    one of them books orders and another invoices, sales are orders, and each counts as if nothing
    of it were booked the other way. Raises `ShopError`, `VaultError`.
    """

    def __init__(self, workspace: Workspace, *shops: Shop) -> None:
        self.api = ReadOnce(workspace.api)
        self._reading = PageReading(workspace)
        sources = {shop.policy.source for shop in shops}
        self._is_mixed = len(sources) > 1
        self._source = Source.ORDERS if self._is_mixed else shops[0].policy.source
        known: dict[str, Entry | None] = {}
        self.sides = [
            suppose_shop(
                workspace,
                self.api,
                shop,
                known=known,
                hidden=_find_hidden(shop.policy) if self._is_mixed else None,
            )
            for shop in shops
        ]

    def find(self, numbers: Sequence[str], limit: int) -> Candidates:
        """See `candidates.find_candidates`."""
        return find_candidates(self.api, self._reading, self._source, numbers, limit)

    def judge(self, candidates: Candidates) -> tuple[list[JudgedSale], Extent]:
        """Read these sales and judge them; those that could not be read are in the extent."""
        self.sides[0].read_stored(each.hint.key for each in candidates.found)
        fetched: list[Candidate] = []
        for at in range(0, len(candidates.found), AT_A_TIME):
            some = candidates.found[at : at + AT_A_TIME]
            self._read_ahead(some)
            fetched += [each for each in some if self._fetch(each)]
        judged = [
            judge_supposed(
                side, (hint for each in fetched for hint in self._list_documents(side, each) or ())
            )
            for side in self.sides
        ]
        sales = [self._collect(each, judged) for each in fetched]
        keys = {sale.hint.key for sale in sales if sale is not None}
        unread = [each.hint.number for each in candidates.found if each.hint.key not in keys]
        extent = Extent(
            asked=len(candidates.found) + len(candidates.unread),
            unread=(*unread, *candidates.unread),
            missing=tuple(candidates.missing),
            unbilled=tuple(candidates.unbilled),
            stopped_by=self._reading.stopped_by,
            resumes_at=self._reading.resumes_at,
        )
        return [sale for sale in sales if sale is not None], extent

    def _read_ahead(self, candidates: Sequence[Candidate]) -> None:
        """Read several sales at once, if there is room for all of their calls."""
        hints = [each.hint for each in candidates if not self._is_known_not_due(each)]
        if self._reading.has_room(self.api.count_calls(hints)):
            self.api.read_ahead(hints)

    def _is_known_not_due(self, candidate: Candidate) -> bool:
        return all(self._find_cause(side, candidate) is not None for side in self.sides)

    def _is_at_hand(self, candidate: Candidate) -> bool:
        """Whether nothing more has to be read for a sale."""
        needs_payment = any(side.shop.policy.date_basis is DateBasis.PAYMENT for side in self.sides)
        return not (needs_payment or self._is_mixed) and self.api.has_read(candidate.hint)

    def _fetch(self, candidate: Candidate) -> bool:
        """Whether a sale was read, or needs not be."""
        if self._is_known_not_due(candidate) or self._is_at_hand(candidate):
            return True
        fetch = partial(self._fetch_under_each, candidate)
        return self._reading.read(fetch, unusable=True) is not None

    def _fetch_under_each(self, candidate: Candidate) -> bool:
        for side in self.sides:
            for hint in self._list_documents(side, candidate) or ():
                fetch_document(side.api, hint.kind, hint.document_id, side.shop.policy)
        return True

    def _list_documents(self, side: SupposedWorkspace, candidate: Candidate) -> list[Hint] | None:
        """What a sale is booked by under a policy; None when a list says that it is not due."""
        if self._find_cause(side, candidate) is not None:
            return None
        if side.hidden is not DocumentKind.ORDER:
            return [candidate.hint]
        try:
            bills = self.api.list_bills(candidate.hint.document_id)
        except OF_ONE_DOCUMENT:
            return [candidate.hint]  # which says why, whatever stands for the sale
        return [Hint.of_invoice(bill) for bill in bills]

    @staticmethod
    def _find_cause(side: SupposedWorkspace, candidate: Candidate) -> NotDue | None:
        if candidate.listed is None or side.hidden is DocumentKind.ORDER:
            return None
        cause = not_due(candidate.listed, side.shop.policy)
        return None if cause is None else NotDue(cause)

    def _collect(
        self, candidate: Candidate, judged: Sequence[dict[str, Reading]]
    ) -> JudgedSale | None:
        """The verdicts on a sale; None when one of its documents could not be read after all."""
        hint = candidate.hint
        verdicts: list[Verdicts] = []
        for side, readings in zip(self.sides, judged, strict=True):
            cause = self._find_cause(side, candidate)
            documents = self._list_documents(side, candidate) or ()
            if any(each.key not in readings for each in documents):
                return None
            verdicts.append(
                (cause,) if cause else tuple(readings[each.key].verdict for each in documents)
            )
            own = readings.get(candidate.hint.key)
            hint = (own and own.hint) or hint
        entry = self.sides[0].stored(candidate.hint.key)
        return JudgedSale(hint=hint, entry=entry, verdicts=tuple(verdicts))


def _find_hidden(policy: Policy) -> DocumentKind:
    is_by_invoices = policy.source is Source.INVOICES
    return DocumentKind.ORDER if is_by_invoices else DocumentKind.INVOICE
