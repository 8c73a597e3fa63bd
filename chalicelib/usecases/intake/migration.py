"""The migration's work: orders that were there before the connector, page by page.

Every page's due orders wait for a file, and the export files them. Progress is kept after every
page, so that it can be read at any time, stopped and resumed; an order that is in the ledger
already is never taken twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field, replace
from datetime import date, datetime
from decimal import Decimal

from chalicelib.domain.causes import DropCause
from chalicelib.domain.days import local_day
from chalicelib.domain.events import Actor
from chalicelib.domain.holds import HoldReason
from chalicelib.domain.ledger import DocumentKind, Entry, EntryState, Hint, document_key
from chalicelib.domain.lifetimes import Lifetimes
from chalicelib.domain.migrations import Migration, MigrationState, is_excepted
from chalicelib.domain.money import ZERO
from chalicelib.domain.orders import OrderSummary
from chalicelib.domain.policy import not_due
from chalicelib.lazy_dataclass import dataclass
from chalicelib.usecases.workspace import Workspace


@dataclass(slots=True)
class Tally:
    """What a range holds: `due` would be booked, for `incl` including VAT; `late` of them
    were ordered in a period that is closed; `known` are in the ledger already, `skipped` are rows
    without a usable id.
    """

    orders: int = 0
    due: int = 0
    incl: Decimal = ZERO
    late: int = 0
    known: int = 0
    excepted: int = 0
    skipped: int = 0
    not_due: dict[DropCause, int] = field(default_factory=dict)

    def add(self, other: Tally) -> None:
        """Count what another tally counted as well; `skipped` rows are told once for all pages."""
        self.orders += other.orders
        self.due += other.due
        self.incl += other.incl
        self.late += other.late
        self.known += other.known
        self.excepted += other.excepted
        for cause, count in other.not_due.items():
            self.not_due[cause] = self.not_due.get(cause, 0) + count


def tally_orders(
    workspace: Workspace, listed: Iterable[OrderSummary], excepted: frozenset[str]
) -> tuple[Tally, list[Hint]]:
    """Count listed orders, and give those that are to be booked."""
    tally, due = Tally(), []
    lifetimes = Lifetimes(audit=workspace.connector.settings.keep_audit)
    orders = list(listed)
    entries = _read_entries(workspace, orders, excepted)
    locked_until = workspace.shop.locked_until or date.min
    for summary in orders:
        tally.orders += 1
        cause = not_due(summary, workspace.shop.policy)
        if cause is not None:
            tally.not_due[cause] = tally.not_due.get(cause, 0) + 1
        elif is_excepted(summary.number, excepted):
            tally.excepted += 1
        elif _is_known(entries.get(document_key(DocumentKind.ORDER, summary.id))):
            tally.known += 1
        elif lifetimes.may_be_forgotten(
            summary.created_at,
            installed_at=workspace.shop.installed_at,
            known_since=workspace.now(),
        ):
            tally.not_due[DropCause.TOO_OLD] = tally.not_due.get(DropCause.TOO_OLD, 0) + 1
        else:
            tally.due += 1
            tally.incl += summary.price.incl
            tally.late += local_day(summary.created_at) <= locked_until
            due.append(Hint.of_order(summary))
    return tally, due


def _read_entries(
    workspace: Workspace, orders: Iterable[OrderSummary], excepted: frozenset[str]
) -> Mapping[str, Entry]:
    """What the ledger knows of those that may be taken, by key."""
    policy = workspace.shop.policy
    keys = {
        document_key(DocumentKind.ORDER, order.id)
        for order in orders
        if not_due(order, policy) is None and not is_excepted(order.number, excepted)
    }
    return workspace.connector.entries.get_all(workspace.shop_id, keys) if keys else {}


def _is_known(entry: Entry | None) -> bool:
    """Whether an order is in the books or on its way there. One that is held for not being known to
    be of the connector's time is not: the migration says that it is.
    """
    if entry is None or entry.hold == HoldReason.MAYBE_BEFORE_START:
        return False
    return entry.state is not EntryState.DROPPED or entry.by_hand


def advance_migration(workspace: Workspace, *, until: datetime) -> tuple[list[str], bool]:
    """Let the running migration's next pages wait, until all do or the time is up. Gives the keys
    of what waits because of it, and whether there are more. Part of the export, so that migrated
    orders take the same way as all others.

    Raises `ShopError` (`ShopRateLimited` among them) with the progress of the last whole page.
    """
    waiting: list[str] = []
    migration = workspace.connector.shops.load(workspace.shop_id, Migration)
    while migration is not None and migration.state is MigrationState.RUNNING:
        if workspace.now() >= until:
            return waiting, True
        skipped = len(workspace.api.skipped_rows())
        page = workspace.api.orders_created_between(
            migration.first, migration.last, after_id=migration.after_id
        )
        tally, due = tally_orders(workspace, page, migration.excepted)
        tally.skipped = len(workspace.api.skipped_rows()) - skipped
        waiting += [hint.key for hint in due if workspace.record_hint(hint, Actor.BACKFILL)]
        migration = _keep_progress(workspace, page, tally, after_id=migration.after_id)
    return waiting, False


def _keep_progress(
    workspace: Workspace, page: list[OrderSummary], tally: Tally, *, after_id: int
) -> Migration | None:
    """Add a page to the progress; a migration that somebody stops meanwhile stays stopped."""
    is_last, now = not page, workspace.now()
    newest = [order.created_at for order in page]

    def go_on(kept: Migration | None) -> Migration | None:
        if kept is None or kept.after_id != after_id:
            return None  # another run was here, or the migration began anew
        is_done = is_last and kept.state is MigrationState.RUNNING
        return replace(
            kept,
            state=MigrationState.DONE if is_done else kept.state,
            after_id=page[-1].id if page else kept.after_id,
            first_id=kept.first_id or (page[0].id if page else 0),
            orders=kept.orders + tally.orders,
            taken=kept.taken + tally.due,
            skipped=kept.skipped + tally.skipped,
            at=now,
            seen_until=max(filter(None, [kept.seen_until, *newest]), default=None),
        )

    return workspace.connector.shops.change(workspace.shop_id, Migration, go_on)
