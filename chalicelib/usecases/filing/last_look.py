"""The last look at a shop, in the moment before the first byte of a file: reading its orders takes
minutes, in which the merchant may leave, pause, or change what the file was made by, he or his
bookkeeper may close the period that its invoices are dated in, and the operator may halt the shops.
"""

from __future__ import annotations

import logging
from operator import attrgetter

from chalicelib.domain.causes import ReleaseCause
from chalicelib.domain.ledger import FileEntry
from chalicelib.domain.sealed import SecretKind
from chalicelib.domain.shops import Shop
from chalicelib.domain.ways import Way
from chalicelib.usecases.filing.destinations import is_of_present_destination
from chalicelib.usecases.filing.halts import meets_halt
from chalicelib.usecases.filing.run import Run

log = logging.getLogger(__name__)

_bearing = attrgetter(
    *("token", "policy", "locked_until", "language", "currency", "country", "installed_at"),
    "connection",
)
"""What a file depends on, of a shop, but for the licence code: what its documents were read and
judged by.
"""


def find_obstacle(run: Run, file: FileEntry) -> ReleaseCause | None:
    """Why the file may not be sent; None when it may. So it is while the shop exports, everything
    that its files depend on is as the run read it (one consistent read), the delivery was made for
    the inbox, or the administration, that it would go to now, and the shop is not halted (another
    read). Else the run stops. After a change it goes on by itself, with the shop as it is then,
    where that exports.
    """
    found = run.connector.find_shop(run.shop_id)
    exports = found.state.exports
    is_as_read = _bearing(found) == _bearing(run.shop) and _has_same_licence(run, found)
    if exports and is_as_read and is_of_present_destination(run, file):
        return ReleaseCause.HALTED if meets_halt(run) else None
    log.warning("the shop changed meanwhile", extra={"shop_id": run.shop_id})
    run.stop(ReleaseCause.SHOP_CHANGED, resume_at=run.now() if exports else None)
    return ReleaseCause.SHOP_CHANGED


def _has_same_licence(run: Run, found: Shop) -> bool:
    """Whether the licence code is the one that the run has opened; it may be sealed anew."""
    if run.shop.way is Way.API:
        return True  # nothing goes by it
    if found.licence is None:
        return False
    vault, code = run.connector.vault, run.open_licence()
    return vault.holds(run.shop_id, SecretKind.LICENCE, found.licence, code)
