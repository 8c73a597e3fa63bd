"""What SEOshop says changed since the last sweep: finds what webhooks lost, and late changes.

One call for every 250 orders, and one more. The shop's `swept_until` moves only after all pages are
stored; a sweep overlaps the last one, and seeing an order twice changes nothing. A sweep that takes
longer than an allowance or a function's time keeps its place, and goes on from there.

A row without a usable id is left out, and `swept_until` stays before its change for a while: see
`paging.ROW_WAITS`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import field, replace
from datetime import datetime, timedelta

from chalicelib.domain.events import Actor
from chalicelib.domain.ledger import DocumentKind, Entry, EntryState, Hint, document_key
from chalicelib.domain.orders import OrderSummary, ShopInvoice
from chalicelib.domain.platform import SkippedRow
from chalicelib.domain.policy import Source, not_due
from chalicelib.domain.shop_records import SourceChange, SweepProgress
from chalicelib.domain.shops import Shop
from chalicelib.lazy_dataclass import dataclass
from chalicelib.ports import PAGE
from chalicelib.usecases.intake.due_documents import DueDocuments, Listed
from chalicelib.usecases.intake.paging import (
    changed_invoices,
    changed_orders,
    find_mark,
    pages,
)
from chalicelib.usecases.judging.comparing import compare_invoice, compare_order, credited_by
from chalicelib.usecases.shop.source_changes import is_of_former_choice, read_change_to_invoices
from chalicelib.usecases.workspace import Workspace

OVERLAP = timedelta(minutes=30)
"""More than clocks differ. SEOshop may read the bound as the shop's local time, which in Europe
only reaches further back …"""

OVERLAP_WEST = timedelta(hours=13)
"""… and in America would reach too little: cluster ``us1`` reads further back."""


@dataclass(slots=True)
class Swept:
    """What a sweep that began at `began` saw since `since`. `due` is what the list says of every
    due document (in memory only, for the check of the day); `waiting` are the keys of those that no
    webhook had brought, `claimed` those of documents in unfinished files, which the next sweep
    compares; `unfinished_since` is the earliest change of one of them.
    `source_change`: the shop's last change from orders to invoices.
    `skipped_rows` have no usable id; `skipped_since` is the earliest change of one of these.
    `is_resumed`: a part of the orders was seen by earlier runs; `is_whole`: none are left.
    """

    since: datetime
    began: datetime
    due: DueDocuments = field(default_factory=DueDocuments)
    unfinished_since: datetime | None = None
    waiting: list[str] = field(default_factory=list)
    claimed: set[str] = field(default_factory=set)
    changed: list[str] = field(default_factory=list)
    source_change: SourceChange | None = None
    skipped_rows: list[SkippedRow] = field(default_factory=list)
    skipped_since: datetime | None = None
    is_resumed: bool = False
    is_whole: bool = True


def sweep_shop(workspace: Workspace, *, until: datetime | None = None) -> Swept:
    """See everything that changed since the shop's `swept_until`, then move that on. Past `until`
    no further page is asked for.

    Raises `ShopError`, with `swept_until` where it was.
    """
    shop, api = workspace.shop, workspace.api
    since = (shop.swept_until or shop.installed_at) - overlap_of(shop)
    progress = _progress_since(workspace, since)
    seen = Swept(
        since=since,
        began=workspace.now(),
        source_change=read_change_to_invoices(workspace),
        unfinished_since=progress.unfinished_since,
        skipped_since=progress.skipped_since,
        is_resumed=progress.after_id > 0,
    )
    changed = pages(lambda id_: api.orders_updated_since(since, after_id=id_), progress.after_id)
    unsaved = 0
    for page in changed:
        entries = _read_entries(workspace, DocumentKind.ORDER, page)
        for summary in page:
            _sweep_order(workspace, summary, entries.get(summary.id), seen)
        _note_skipped_rows(workspace, seen)
        seen.is_whole = until is None or workspace.now() < until
        unsaved += len(page)
        if unsaved >= PAGE or not seen.is_whole:
            progress = _keep_place(workspace, progress, seen, after_id=page[-1].id)
            unsaved = 0
        if not seen.is_whole:
            return seen
    if shop.policy.source is Source.INVOICES:
        invoices = list(changed_invoices(api, since))
        credited = credited_by(invoices)
        entries = _read_entries(workspace, DocumentKind.INVOICE, invoices)
        for invoice in invoices:
            _sweep_invoice(workspace, invoice, entries.get(invoice.id), credited, seen)
    _note_skipped_rows(workspace, seen)
    if progress.after_id:
        # The next one may begin at the same moment, for an unfinished file, and sees all of it.
        reset = SweepProgress(since=since, started=progress.started)
        workspace.connector.shops.save(workspace.shop_id, reset)
    swept_until = _find_mark(progress.started, seen)
    workspace.connector.shops.update(
        workspace.shop_id, lambda stored: _move_mark(stored, shop.swept_until, swept_until)
    )
    return seen


def _move_mark(stored: Shop, before: datetime | None, swept_until: datetime) -> Shop:
    """The mark moves on; one that somebody set back during the sweep stays there."""
    if stored.swept_until is not None and stored.swept_until != before:
        swept_until = min(swept_until, stored.swept_until)
    return replace(stored, swept_until=swept_until)


def _find_mark(started: datetime, seen: Swept) -> datetime:
    """Where the next sweep begins. What changed while its file was unfinished is compared when the
    file is finished; a row without an id is read once it has one. Too early is harmless.
    """
    return min(started, seen.unfinished_since or started, seen.skipped_since or started)


def _keep_place(
    workspace: Workspace, progress: SweepProgress, seen: Swept, *, after_id: int
) -> SweepProgress:
    kept = replace(
        progress,
        after_id=after_id,
        unfinished_since=seen.unfinished_since,
        skipped_since=seen.skipped_since,
    )
    workspace.connector.shops.save(workspace.shop_id, kept)
    return kept


def _note_skipped_rows(workspace: Workspace, seen: Swept) -> None:
    seen.skipped_rows = workspace.api.skipped_rows()
    if seen.skipped_rows:
        since, now = seen.since + overlap_of(workspace.shop), workspace.now()
        mark = find_mark(workspace.api, since=since, now=now)
        seen.skipped_since = min(mark, seen.skipped_since or mark)


def _progress_since(workspace: Workspace, since: datetime) -> SweepProgress:
    kept = workspace.connector.shops.load(workspace.shop_id, SweepProgress)
    if kept is None or kept.since != since or not kept.after_id:
        return SweepProgress(since=since, started=workspace.now())
    return kept


def overlap_of(shop: Shop) -> timedelta:
    """How far a reading of a shop's lists reaches back behind the one before."""
    return OVERLAP_WEST if shop.cluster == "us1" else OVERLAP


def list_due(workspace: Workspace, since: datetime) -> Iterator[tuple[Hint, Listed]]:
    """The due documents among those changed since, as they are listed; stores nothing."""
    shop, api = workspace.shop, workspace.api
    if shop.policy.source is Source.INVOICES:
        for invoice in changed_invoices(api, since):
            if invoice.created_at >= shop.installed_at:
                yield Hint.of_invoice(invoice), invoice
        return
    for summary in changed_orders(api, since):
        if not_due(summary, shop.policy) is None:
            yield Hint.of_order(summary), summary


def _read_entries(
    workspace: Workspace, kind: DocumentKind, listed: Iterable[Listed]
) -> dict[int, Entry]:
    """What the ledger has of listed documents, by SEOshop's id, read consistently and together. One
    that somebody changes meanwhile is safe: what is done about it is conditional.
    """
    keys = [document_key(kind, one.id) for one in listed]
    found = workspace.connector.entries.get_all(workspace.shop_id, keys)
    return {entry.document_id: entry for entry in found.values()}


def _sweep_order(
    workspace: Workspace, summary: OrderSummary, entry: Entry | None, seen: Swept
) -> None:
    shop = workspace.shop
    hint, is_due = Hint.of_order(summary), not_due(summary, shop.policy) is None
    if entry is not None and not summary.is_stand_in:
        entry = workspace.correct_entry(entry, hint)
    exports_orders = shop.policy.source is Source.ORDERS
    takes_orders = exports_orders or is_of_former_choice(summary, shop, seen.source_change)
    if entry is not None and entry.state is EntryState.PLACED:
        if compare_order(workspace, summary, entry):
            seen.changed.append(entry.number)
    elif entry is not None and entry.state is EntryState.CLAIMED:
        _wait_for_file(entry, summary, seen)
    elif takes_orders and _is_to_wait(summary, entry, is_due=is_due):
        _discover(workspace, hint, seen)
    if is_due and exports_orders:
        seen.due.put(hint.key, summary)


def _sweep_invoice(
    workspace: Workspace,
    invoice: ShopInvoice,
    entry: Entry | None,
    credited: Collection[int],
    seen: Swept,
) -> None:
    hint = Hint.of_invoice(invoice)
    if entry is not None and not invoice.is_stand_in:
        entry = workspace.correct_entry(entry, hint)
    if invoice.created_at >= workspace.shop.installed_at:
        seen.due.put(hint.key, invoice)
    elif entry is None:
        return  # it was made before the connector came
    if entry is not None and entry.state is EntryState.PLACED:
        if compare_invoice(workspace, invoice, entry, credited):
            seen.changed.append(entry.number)
    elif entry is not None and entry.state is EntryState.CLAIMED:
        _wait_for_file(entry, invoice, seen)
    elif entry is None or _may_be_due_again(invoice.updated_at, entry):
        _discover(workspace, hint, seen)


def _wait_for_file(entry: Entry, listed: Listed, seen: Swept) -> None:
    seen.claimed.add(entry.key)
    since = seen.unfinished_since
    seen.unfinished_since = listed.updated_at if since is None else min(since, listed.updated_at)


def _is_to_wait(summary: OrderSummary, entry: Entry | None, *, is_due: bool) -> bool:
    """New and due: it waits. Held or dropped, and changed since: it is read once more."""
    if entry is None:
        return is_due
    is_candidate = is_due or entry.state is EntryState.HELD
    return is_candidate and _may_be_due_again(summary.updated_at, entry)


def _may_be_due_again(changed_at: datetime, entry: Entry) -> bool:
    """Whether a held or dropped document may have changed since it was read; one that was dealt
    with by hand is nobody's business any more.

    It was read some time before it came into its state, by another clock, and SEOshop's stamps are
    whole seconds: once too often is harmless, once too seldom loses an order.
    """
    is_read = entry.state in (EntryState.HELD, EntryState.DROPPED)
    return is_read and changed_at > entry.since - OVERLAP and not entry.by_hand


def _discover(workspace: Workspace, hint: Hint, seen: Swept) -> None:
    if workspace.record_hint(hint, Actor.SWEEP):
        seen.waiting.append(hint.key)
