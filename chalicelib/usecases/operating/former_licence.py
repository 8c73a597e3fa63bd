"""Whether a file was sent to another licence code than the shop has now, as the audit tells it."""

from __future__ import annotations

from datetime import datetime

from chalicelib.domain.events import FileStep, ShopStep
from chalicelib.domain.ledger import FileEntry, FileState
from chalicelib.lazy_dataclass import dataclass
from chalicelib.usecases.workspace import Workspace

_SENT = (FileStep.FIX, FileStep.RESEND)


@dataclass(frozen=True, slots=True, kw_only=True)
class FormerLicence:
    """The licence code was changed at `changed_at`, after the file was sent. `codes` shows how the
    two end (``••42 → ••17``); empty when that is kept no more.
    """

    changed_at: datetime
    codes: str


def find_former_licence(workspace: Workspace, file: FileEntry) -> FormerLicence | None:
    """The first change of the licence code after a file was sent; None when there was none, or
    nothing of the file was sent. A file whose code changed while it was made is not sent.
    """
    sent = [event.at for event in file.history if event.step in _SENT]
    if not sent or file.state is FileState.VOID:
        return None
    for event in workspace.connector.shops.audit(workspace.shop_id):
        if event.step is ShopStep.CHANGE_LICENCE and event.at > sent[-1]:
            return FormerLicence(changed_at=event.at, codes=event.note)
    return None
