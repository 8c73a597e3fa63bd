"""The steps of a migration that a person takes: ask for a period, count it, start, stop, resume."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from chalicelib.domain import bounds
from chalicelib.domain.causes import DropCause
from chalicelib.domain.days import local_day, start_of
from chalicelib.domain.events import Actor, ShopStep
from chalicelib.domain.migrations import Migration, MigrationState, list_spellings
from chalicelib.domain.policy import Source
from chalicelib.errors import (
    MigrationUnderWay,
    NothingExported,
    OnlyOrders,
    RequestError,
    ShopRateLimited,
    ShopUnavailable,
)
from chalicelib.lazy_dataclass import dataclass
from chalicelib.usecases.intake.migration import Tally, tally_orders
from chalicelib.usecases.workspace import Workspace

SAME_WITHIN = timedelta(hours=1)
"""How long a migration that ended is the one that is asked for once more: a caller that got no
answer repeats its request."""

CALLS_LEFT = 40
"""How many of SEOshop's calls a count for a page leaves to the shop's other pages."""


LAST_CALL = timedelta(seconds=4)
"""How long the call may last that is under way when a page's count has to end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RangeCount:
    """What a period holds. Of `orders` in all, `due` would be booked, for `incl` including VAT in
    the shop's `currency`, in so many `files`; `late` of them were ordered in a period that is
    closed. `known` are in the ledger already, `excepted` are left out by their number, `not_due`
    are so for their cause. `skipped` rows had no usable id.

    `unmatched` are the numbers to be left out that no order of the period has. A count that
    `is_whole` has seen all; another one ended, for lack of time or calls, after the orders that
    were made until `seen_until`.
    """

    orders: int
    due: int
    incl: Decimal
    currency: str
    late: int = 0
    known: int
    excepted: int
    skipped: int
    not_due: Mapping[DropCause, int] = field(default_factory=dict)
    files: int
    unmatched: tuple[str, ...] = ()
    is_whole: bool = True
    seen_until: datetime | None = None


def ask_migration(
    workspace: Workspace, first: date, last: date, excepted: Collection[str] = ()
) -> Migration:
    """What is asked for: from the first day's beginning to the last day's end, without the orders
    of these numbers. Nothing is stored.

    Raises `RequestError`, for a shop that exports invoices `OnlyOrders`.
    """
    _require_orders(workspace)
    if not (bounds.is_day(first) and bounds.is_day(last)) or last < first:
        raise RequestError('Give the days "from" and "to", in that order.')
    numbers = frozenset(excepted)
    if len(numbers) > bounds.MOST_EXCEPTED or bounds.weigh(numbers) > bounds.LARGEST_EXCEPTED:
        raise RequestError("except is longer than can be kept; migrate in parts.")
    return Migration(
        state=MigrationState.RUNNING,
        first=start_of(first).astimezone(UTC),
        last=start_of(last + timedelta(days=1)).astimezone(UTC),
        excepted=numbers,
        at=workspace.now(),
        started_at=workspace.now(),
    )


def count_orders(
    workspace: Workspace, asked: Migration, *, until: datetime | None = None
) -> RangeCount:
    """Count the orders of the period, one call for each 250. With `until` a page waits for the
    answer: the count ends then, or when only `CALLS_LEFT` calls are left or SEOshop does not
    answer, with what it has.

    Raises `ShopError`: without `until` in any case, with it before anything is counted.
    """
    if until is not None:
        workspace.api.limit_time(until - workspace.now() + LAST_CALL)
    tally, spellings, seen_until = Tally(), set[str](), None
    after_id, is_whole = 0, False
    while not is_whole and not _is_time_up(workspace, until):
        try:
            page = workspace.api.orders_created_between(asked.first, asked.last, after_id=after_id)
        except (ShopRateLimited, ShopUnavailable):
            if until is None or not tally.orders:
                raise
            break
        is_whole = not page
        tally.add(tally_orders(workspace, page, asked.excepted)[0])
        for order in page:
            spellings |= list_spellings(order.number)
        after_id = page[-1].id if page else after_id
        seen_until = max(filter(None, [seen_until, *(o.created_at for o in page)]), default=None)
    return RangeCount(
        orders=tally.orders,
        due=tally.due,
        incl=tally.incl,
        currency=workspace.shop.currency,
        late=tally.late,
        known=tally.known,
        excepted=tally.excepted,
        skipped=len(workspace.api.skipped_rows()),
        not_due=tally.not_due,
        files=-(-tally.due // workspace.connector.settings.orders_per_file),
        unmatched=tuple(sorted(asked.excepted - spellings)),
        is_whole=is_whole,
        seen_until=seen_until,
    )


def _is_time_up(workspace: Workspace, until: datetime | None) -> bool:
    if until is None:
        return False
    left = workspace.api.remaining_calls()
    return workspace.now() >= until or (left is not None and left <= CALLS_LEFT)


def start_migration(
    workspace: Workspace, asked: Migration, *, by: Actor = Actor.MERCHANT
) -> Migration:
    """Start a migration, at once. Returns it, or the same one that runs already, or ended less than
    `SAME_WITHIN` ago.

    Raises `MigrationUnderWay` while another one runs, `NothingExported`.
    """
    _require_exports(workspace)

    def start(kept: Migration | None) -> Migration | None:
        is_running = kept is not None and kept.state is MigrationState.RUNNING
        if kept is not None and kept.asks_as(asked):
            if is_running or asked.at - kept.at < SAME_WITHIN:
                return None
        elif is_running:
            raise MigrationUnderWay("A migration of this shop is under way; stop it first.")
        return asked

    started = _change(workspace, start, ShopStep.START_MIGRATION, by) or asked
    _queue(workspace, started)  # once more, should the first message be lost
    return started


def stop_migration(workspace: Workspace, *, by: Actor = Actor.MERCHANT) -> Migration:
    """Stop the migration after the page that is being taken; what waits goes along all the same.
    One that does not run stays as it is. Raises `RequestError` when there is none.
    """
    states = (MigrationState.RUNNING, MigrationState.STOPPED)
    return _steer(workspace, *states, ShopStep.STOP_MIGRATION, by)


def resume_migration(workspace: Workspace, *, by: Actor = Actor.MERCHANT) -> Migration:
    """Let a stopped migration go on where it was, at once. One that was not stopped stays as it is.

    Raises `NothingExported`, `OnlyOrders`, and `RequestError` when there is none.
    """
    _require_exports(workspace)
    _require_orders(workspace)
    states = (MigrationState.STOPPED, MigrationState.RUNNING)
    migration = _steer(workspace, *states, ShopStep.RESUME_MIGRATION, by)
    _queue(workspace, migration)
    return migration


def find_migration(workspace: Workspace) -> Migration:
    """The shop's last migration. Raises `RequestError` when there is none."""
    return _require_migration(workspace, find_last_migration(workspace))


def find_last_migration(workspace: Workspace) -> Migration | None:
    """The shop's last migration, if there was one."""
    return workspace.connector.shops.load(workspace.shop_id, Migration)


def _require_migration(workspace: Workspace, migration: Migration | None) -> Migration:
    if migration is None:
        raise RequestError(f"Shop {workspace.shop_id} has no migration; start one.")
    return migration


def _require_exports(workspace: Workspace) -> None:
    shop = workspace.shop
    if not shop.state.exports:
        raise NothingExported(
            f"Shop {shop.shop_id} is {shop.state.value}; nothing can be exported."
        )


def _require_orders(workspace: Workspace) -> None:
    if workspace.shop.policy.source is Source.INVOICES:
        raise OnlyOrders("This shop exports invoices; migration works on orders only.")


def _queue(workspace: Workspace, migration: Migration) -> None:
    if migration.state is MigrationState.RUNNING:
        workspace.connector.queue.send(workspace.shop_id, run=Migration.NAME)


def _steer(
    workspace: Workspace, before: MigrationState, after: MigrationState, step: ShopStep, by: Actor
) -> Migration:
    def steer(kept: Migration | None) -> Migration | None:
        return replace(kept, state=after) if kept is not None and kept.state is before else None

    migration = _change(workspace, steer, step, by)
    return _require_migration(workspace, migration)


def _change(
    workspace: Workspace,
    change: Callable[[Migration | None], Migration | None],
    step: ShopStep,
    by: Actor,
) -> Migration | None:
    """Change the shop's migration, and say so in its audit if that changed anything."""
    made: list[Migration | None] = []  # in the last try

    def note_and_change(kept: Migration | None) -> Migration | None:
        made[:] = [change(kept)]
        return made[-1]

    migration = workspace.connector.shops.change(workspace.shop_id, Migration, note_and_change)
    if migration is not None and made[-1] is not None:
        workspace.append_audit(step, by, note=_describe_period(migration))
    return migration


def _describe_period(migration: Migration) -> str:
    """The first and the last day, as ISO dates."""
    return f"{local_day(migration.first)}/{migration.last_day}"
