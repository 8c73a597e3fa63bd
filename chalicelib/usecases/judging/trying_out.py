"""The try-out: the newest documents of a shop, or chosen ones, as they would be booked under the
settings as they are, or as they are about to be saved. Nothing is sent, and nothing written.

An order is read by one call, an invoice or credit note by three at most: whether SEOshop's lists
contain lines and invoices is not proven. What a list shows as not due is not read.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

from chalicelib.domain.cover_sheet import CoverSheet, make_cover_sheet
from chalicelib.domain.days import local_day
from chalicelib.domain.invoices import Invoice
from chalicelib.domain.judgement import Verdict, pick_invoices
from chalicelib.domain.ledger import DocumentKind, Entry, EntryState, Hint
from chalicelib.domain.policy import Policy
from chalicelib.domain.shops import Shop, ShopState
from chalicelib.domain.verdict_changes import Difference, list_differences
from chalicelib.errors import ShopRateLimited, ShopUnavailable
from chalicelib.lazy_dataclass import dataclass
from chalicelib.usecases.judging.candidates import MOST_TRIED, Candidate, Candidates
from chalicelib.usecases.judging.page_reading import Extent
from chalicelib.usecases.judging.read_once import OF_ONE_DOCUMENT, ReadOnce
from chalicelib.usecases.judging.sale_judge import SaleJudge
from chalicelib.usecases.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """A document as it would be booked now. `entry` is what the ledger knows of it, None for one
    that is new; one that is in the ledger as placed is not booked again, whatever the verdict.
    `is_early`: it is new and from before the connector, so that no run takes it by itself.
    """

    hint: Hint
    entry: Entry | None
    verdict: Verdict
    is_early: bool = False

    @property
    def is_in_asperion(self) -> bool:
        """Whether it was booked, by a file or by hand."""
        entry = self.entry
        return entry is not None and (entry.state is EntryState.PLACED or entry.by_hand)


@dataclass(frozen=True, slots=True, kw_only=True)
class TryOut:
    """What was tried, the newest first, and how far that came."""

    documents: tuple[Tried, ...]
    extent: Extent

    @property
    def invoices(self) -> tuple[Invoice, ...]:
        """All that would be booked."""
        return tuple(pick_invoices(each.verdict for each in self.documents))

    @property
    def totals(self) -> CoverSheet | None:
        """What they add up to; None when there are none."""
        return _add_up(self.invoices)


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """A sale as it would be booked under two policies: its documents' verdicts, and what differs.
    There is one verdict a side, but where one policy books orders and the other their invoices.
    """

    hint: Hint
    entry: Entry | None
    before: tuple[Verdict, ...]
    after: tuple[Verdict, ...]

    @property
    def differences(self) -> tuple[Difference, ...]:
        """In what it would be booked otherwise."""
        return list_differences(self.before, self.after)


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What a change of policy does to the sales that were read, the newest first."""

    sales: tuple[Compared, ...]
    extent: Extent

    @property
    def changed(self) -> tuple[Compared, ...]:
        """The sales that would be booked otherwise."""
        return tuple(sale for sale in self.sales if sale.differences)

    @property
    def before(self) -> CoverSheet | None:
        """What would be booked under the policy before; None when that is nothing."""
        return _add_up(pick_invoices(one for sale in self.sales for one in sale.before))

    @property
    def after(self) -> CoverSheet | None:
        """Likewise under the one after."""
        return _add_up(pick_invoices(one for sale in self.sales for one in sale.after))


def try_out(
    workspace: Workspace,
    *,
    policy: Policy | None = None,
    numbers: Sequence[str] = (),
    limit: int = MOST_TRIED,
) -> TryOut:
    """Try the shop's newest documents, at most `limit` (`MOST_TRIED` or fewer), or those of these
    `numbers`, under its policy or this one.

    Raises `RequestError` for more than `MOST_TRIED` numbers, and when nothing can be read
    `ShopError`, `VaultError`.
    """
    shop = workspace.shop
    judge = SaleJudge(workspace, replace(shop, policy=policy or shop.policy))
    return _try_candidates(workspace, judge, judge.find(numbers, limit))


def try_documents(workspace: Workspace, entries: Sequence[Entry]) -> TryOut:
    """Try documents of the ledger under the shop's policy, likewise."""
    found = [Candidate(hint=entry.hint) for entry in entries]
    judge = SaleJudge(workspace, workspace.shop)
    return _try_candidates(workspace, judge, Candidates(found=found))


def compare(
    workspace: Workspace,
    before: Policy,
    after: Policy,
    *,
    numbers: Sequence[str] = (),
    limit: int = MOST_TRIED,
) -> Comparison:
    """Judge the shop's newest sales, or those of these numbers, under two policies; each document
    is read once. Raises as `try_out`.
    """
    shop = workspace.shop
    judge = SaleJudge(workspace, replace(shop, policy=before), replace(shop, policy=after))
    sales, extent = judge.judge(judge.find(numbers, limit))
    compared = [
        Compared(hint=sale.hint, entry=sale.entry, before=sale.verdicts[0], after=sale.verdicts[1])
        for sale in sales
    ]
    return Comparison(sales=tuple(compared), extent=extent)


def _try_candidates(workspace: Workspace, judge: SaleJudge, candidates: Candidates) -> TryOut:
    sales, extent = judge.judge(candidates)
    tried = [
        Tried(
            hint=sale.hint,
            entry=sale.entry,
            verdict=sale.verdicts[0][0],
            is_early=sale.entry is None and _is_early(workspace.shop, judge.api, sale.hint),
        )
        for sale in sales
    ]
    return TryOut(documents=tuple(tried), extent=extent)


def _is_early(shop: Shop, api: ReadOnce, hint: Hint) -> bool:
    """Whether a new document is from before the connector, as `reading.read_document` takes one
    that the sweep alone brings up.
    """
    if shop.state is ShopState.INSTALLING or hint.day > local_day(shop.installed_at):
        return False
    with suppress(*OF_ONE_DOCUMENT, ShopUnavailable, ShopRateLimited):
        if hint.kind is DocumentKind.INVOICE:
            return api.invoice(hint.document_id).created_at < shop.installed_at
        order = api.order(hint.document_id)
        if order.created_at < shop.installed_at:
            return order.paid_at is None or local_day(order.paid_at) < local_day(shop.installed_at)
    return False


def _add_up(invoices: Sequence[Invoice]) -> CoverSheet | None:
    return make_cover_sheet(invoices) if invoices else None
