"""What an uninstallation leaves of a shop: what is listed here, and nothing else.

Everything that names the shop or a customer of it goes with the installation. What stays is what
the books need (numbers, dates and states of documents, files and days, up to which day they are
closed, and the audit), and how far the connector had come, so that a merchant who comes back finds
nothing booked twice.
"""

from __future__ import annotations

from datetime import datetime

from chalicelib.domain.events import Actor, ShopStep
from chalicelib.domain.lifetime_progress import LifetimeProgress
from chalicelib.domain.migrations import Migration
from chalicelib.domain.month_files import DatedFiles
from chalicelib.domain.open_records import OpenFiles, RecentDrops
from chalicelib.domain.period_locks import forget_reasons
from chalicelib.domain.repeated_requests import Requests
from chalicelib.domain.sending_progress import SendingProgress
from chalicelib.domain.shop_life import take_step
from chalicelib.domain.shop_records import ForgottenTotals, RefundProgress, RereadProgress
from chalicelib.domain.shops import Shop
from chalicelib.usecases.workspace import Workspace

KEPT_NOTES = frozenset(
    kind.NAME
    for kind in (
        DatedFiles,
        ForgottenTotals,
        LifetimeProgress,
        Migration,
        OpenFiles,
        RecentDrops,
        RefundProgress,
        Requests,
        RereadProgress,
        SendingProgress,
    )
)
"""The kinds of small records that stay: ids, numbers, moments, keyed hashes, and what a delivery on
its way adds up to. The statements of days and the files of months stay as well. A day that is not
over is told whole by what was dropped and which files were open in it, and a delivery that broke
off still leaves one document in doubt at most, also for a merchant who comes back.
"""


KEPT_TEXTS = frozenset({ShopStep.MEND_SUBSCRIPTIONS})
"""The steps whose lines of the audit keep their text: it names SEOshop's topics. Of any other, such
as the ending of a licence code, only the line stays.
"""


def leave_what_is_kept(stored: Shop, by: Actor, *, at: datetime) -> Shop:
    """The shop after its uninstallation: made anew of what is kept, so that no field is forgotten
    to be erased.
    """
    gone = take_step(stored, ShopStep.UNINSTALL, by, at=at)
    return Shop(
        shop_id=gone.shop_id,
        state=gone.state,
        cluster=gone.cluster,
        language=gone.language,
        installed_at=gone.installed_at,
        changed_at=gone.changed_at,
        locks=forget_reasons(gone.locks),
        version=gone.version,
    )


def forget_notes(workspace: Workspace) -> None:
    """Erase what lies beside an uninstalled shop, but for `KEPT_NOTES`: the seats of bookkeepers
    too, and the texts of its audit, but for `KEPT_TEXTS`. Twice is harmless.
    """
    shops, shop_id = workspace.connector.shops, workspace.shop_id
    shops.forget_notes(shop_id, KEPT_NOTES)
    shops.forget_health(shop_id)
    shops.forget_seats(shop_id)  # after the invitations, by which another seat could be made
    shops.forget_audit_notes(shop_id, KEPT_TEXTS)


def finish_uninstallation(workspace: Workspace, by: Actor) -> None:
    """After the shop's record was erased: what lies beside it, and a line in its audit."""
    workspace.append_audit(ShopStep.UNINSTALL, by)
    forget_notes(workspace)
