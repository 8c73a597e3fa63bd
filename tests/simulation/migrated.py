"""What a migration must have brought in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.domain.events import Actor
from chalicelib.domain.migrations import Migration, MigrationState
from chalicelib.domain.orders import Order, PaymentStatus
from tests.simulation.sim_orders import Version

if TYPE_CHECKING:
    from tests.simulation.sim_world import World

SHOP_ID = 184520


def find_migration(world: World) -> Migration | None:
    """The migration as it is kept."""
    kept = world.shops.kept.get(SHOP_ID, {}).get(Migration.NAME)
    return kept if isinstance(kept, Migration) else None


def is_migrated(world: World, version: Version) -> bool:
    """Whether an order that was paid all along was brought in by a migration that is done."""
    began = world.migration_began
    migration = find_migration(world)
    if migration is None or migration.state is not MigrationState.DONE or began is None:
        return False
    is_paid = version.order.payment_status is PaymentStatus.PAID and version.time < began
    return is_paid and is_in_migration(world, version.order)


def is_in_migration(world: World, order: Order) -> bool:
    """Whether a migration, begun or done, was asked for an order."""
    migration = find_migration(world)
    if migration is None or order.number in migration.excepted:
        return False
    return migration.first <= order.created_at < migration.last


def check_migration(world: World) -> None:
    """At the end, when all is quiet: no migration stops half-way, or takes what was excepted."""
    migration = find_migration(world)
    if migration is None:
        return
    if migration.state is MigrationState.RUNNING:
        world.blame(f"the migration came no further than {migration.after_id}")
    for entry in world.entries.items.get(SHOP_ID, {}).values():
        is_migrated = any(event.by is Actor.BACKFILL for event in entry.history)
        if is_migrated and entry.number in migration.excepted:
            world.blame(f"{entry.number} was excepted, and the migration took it")
