"""What a run learns of the operator's halt of all shops, or of a part of them."""

from __future__ import annotations

from chalicelib.domain.causes import ReleaseCause
from chalicelib.domain.fleet_halt import FleetHalt
from chalicelib.usecases.connector import Connector
from chalicelib.usecases.filing.run import THE_SHOP, NotBooked, Run
from chalicelib.usecases.shop.app_proof import ALL_SHOPS

HALTED = NotBooked(THE_SHOP, "halted")


def read_halt(connector: Connector) -> FleetHalt:
    """Which parts of all shops are halted now, read consistently."""
    return connector.shops.load(ALL_SHOPS, FleetHalt) or FleetHalt()


def meets_halt(run: Run) -> bool:
    """Whether the run's shop is halted now. The run then says so, and stops; nothing follows it,
    since the shops are sent out anew once they are resumed.
    """
    if read_halt(run.connector).find(run.shop) is None:
        return False
    if HALTED not in run.skipped:
        run.skipped.append(HALTED)
    run.stop(ReleaseCause.HALTED)
    return True
