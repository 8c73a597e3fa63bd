"""The last look at a shop, in the moment before the first byte of a file: reading its orders takes
minutes, in which the merchant may leave, pause, or change what the file was made by.
"""

from __future__ import annotations

import logging
from operator import attrgetter

from chalicelib.domain.causes import ReleaseCause
from chalicelib.domain.ledger import FileEntry
from chalicelib.usecases.filing.run import Run
from chalicelib.usecases.filing.sent_inboxes import is_of_present_inbox

log = logging.getLogger(__name__)

_bearing = attrgetter(
    *("token", "licence", "policy", "language", "currency", "country", "installed_at")
)
"""What a file depends on, of a shop: where it goes, and what its documents were read and judged by.
"""


def stands_still(run: Run, file: FileEntry) -> bool:
    """Whether the shop still exports, everything that its files depend on is as the run read it
    (one consistent read), and the file was made for the inbox that it would go to now. If not, the
    run stops. It goes on by itself, with the shop as it is then, where that exports.
    """
    found = run.connector.find_shop(run.shop_id)
    exports = found.state.exports
    if exports and _bearing(found) == _bearing(run.shop) and is_of_present_inbox(run, file):
        return True
    log.warning("the shop changed meanwhile", extra={"shop_id": run.shop_id})
    run.stop(ReleaseCause.SHOP_CHANGED, resume_at=run.now() if exports else None)
    return False
