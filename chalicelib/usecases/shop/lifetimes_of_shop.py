"""Every night: what lies under a shop's number ends when it is to.

Whatever is written knows its own end. This is for what an earlier version wrote, which knew none,
and for a shop that left, of which nothing is needed any more, or that came back.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from chalicelib.domain.days import local_day
from chalicelib.domain.events import Actor
from chalicelib.domain.lifetime_progress import KeptTable, LifetimeProgress
from chalicelib.domain.policy import UnansweredNumbers
from chalicelib.domain.shops import ShopState
from chalicelib.domain.vat_numbers import VatNumber
from chalicelib.ports import PAGE, Keeping
from chalicelib.usecases.shop.erasing import forget_notes, leave_what_is_kept
from chalicelib.usecases.workspace import Workspace

PAGES_A_NIGHT = 4
"""Documents and files that are looked through in one night, in pages: a thousand a shop."""

_FOLLOWING = {KeptTable.ORDERS: KeptTable.FILES, KeptTable.FILES: None}


def renew_lifetimes(workspace: Workspace) -> None:
    """Look through a thousand documents and files, and all that lies beside the shop; of one that
    left, erase what a run at work may have written after it. Costs one read once all is done of a
    shop that is installed. Raises `LedgerError`.
    """
    has_left = workspace.shop.state is ShopState.UNINSTALLED
    if has_left:
        _erase_again(workspace)
    left_at = workspace.shop.changed_at if has_left else None
    shops, shop_id = workspace.connector.shops, workspace.shop_id
    kept = shops.load(shop_id, LifetimeProgress)
    begun = LifetimeProgress(left_at=left_at)
    progress = begun if kept is None or kept.left_at != left_at else kept
    if progress.table is None and not has_left:
        return
    reached = _look_through(workspace, progress)
    if reached != kept:
        shops.save(shop_id, reached)
    _renew_beside(workspace, left_at=left_at)


def forget_numbers(workspace: Workspace) -> dict[str, VatNumber]:
    """Erase the VAT numbers that are kept no longer; of a merchant who wants no totals kept, all
    about which nothing is to be asked any more. Returns those that stay, by the names of their
    records. Raises `LedgerError`.
    """
    shops, shop_id = workspace.connector.shops, workspace.shop_id
    today, policy = local_day(workspace.now()), workspace.shop.policy
    is_asked = policy.vies is not UnansweredNumbers.OFF

    def is_over(record: VatNumber) -> bool:
        is_needed = policy.keep_totals or (is_asked and bool(record.unproven))
        return record.kept_until < today or not is_needed

    kept = shops.load_each(shop_id, VatNumber)
    over = {name for name, record in kept.items() if is_over(record)}
    for name in over:
        shops.forget_if(shop_id, VatNumber, is_over, name)
    return {name: record for name, record in kept.items() if name not in over}


def _erase_again(workspace: Workspace) -> None:
    """Versions before 1.3.0 left the shop's domain."""
    workspace.update_shop(
        lambda stored: (
            leave_what_is_kept(stored, Actor.CONNECTOR, at=workspace.now())
            if stored.state is ShopState.UNINSTALLED
            else stored
        )
    )
    forget_notes(workspace)


def _look_through(workspace: Workspace, progress: LifetimeProgress) -> LifetimeProgress:
    connector = workspace.connector
    tables: dict[KeptTable, Keeping] = {
        KeptTable.ORDERS: connector.entries,
        KeptTable.FILES: connector.files,
    }
    for _ in range(PAGES_A_NIGHT):
        if progress.table is None:
            return progress
        after = tables[progress.table].renew_lifetimes(
            workspace.shop_id, left_at=progress.left_at, after=progress.after, limit=PAGE
        )
        table = progress.table if after else _FOLLOWING[progress.table]
        progress = replace(progress, table=table, after=after)
    return progress


def _renew_beside(workspace: Workspace, *, left_at: datetime | None) -> None:
    after, is_over = "", False
    while not is_over:
        after = workspace.connector.shops.renew_lifetimes(
            workspace.shop_id, left_at=left_at, after=after, limit=PAGE
        )
        is_over = not after
