"""What a migration must have brought in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.domain.orders import PaymentStatus
from chalicelib.domain.shop_records import Migration, MigrationState
from tests.simulation.sim_shop import Version

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
    order = version.order
    is_asked = migration.first <= order.created_at < migration.last
    is_paid = order.payment_status is PaymentStatus.PAID and version.time < began
    return is_asked and is_paid and order.number not in migration.excepted


def check_migration(world: World) -> None:
    """At the end, when all is quiet: no migration stops half-way."""
    migration = find_migration(world)
    if migration is not None and migration.state is MigrationState.RUNNING:
        world.blame(f"the migration came no further than {migration.after_id}")
