"""Late changes of one cause, resolved together: dealt with, or the correction of each asked for."""

from __future__ import annotations

import logging
from datetime import timedelta

from chalicelib.domain.causes import LateChange
from chalicelib.domain.events import Actor
from chalicelib.domain.ledger import DocumentKind, Entry
from chalicelib.errors import ShopError, ShopNotFound, ShopRefused, ShopUnreadable, VaultError
from chalicelib.lazy_dataclass import dataclass
from chalicelib.usecases.afterwards.corrections import accept_change, correct_document
from chalicelib.usecases.workspace import ALL_OPEN, Workspace

log = logging.getLogger(__name__)

TIME = timedelta(seconds=18)
"""For a group's corrections: API Gateway gives up on a page after 29 seconds."""

_OF_ITS_OWN = (ShopNotFound, ShopRefused, ShopUnreadable)
"""What SEOshop may say of one order and not of the next."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeCause:
    """What documents have in common that are resolved together."""

    kind: DocumentKind
    change: LateChange


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    """`corrections` are documents that wait for the next file because of it; `left` ones whose
    change is still on the list.
    """

    corrections: int = 0
    left: int = 0


def accept_group(workspace: Workspace, cause: ChangeCause, *, by: Actor) -> int:
    """A person has dealt with all late changes of a cause. Returns how many."""
    return sum(accept_change(workspace, entry, by=by) for entry in _list_group(workspace, cause))


def correct_group(workspace: Workspace, cause: ChangeCause, *, by: Actor) -> Resolved:
    """Ask for the correction of every document with a late change of a cause. It ends early, and
    leaves the rest on the list, when the shop does not answer or the time is over.
    """
    until, corrections, left = workspace.now() + TIME, 0, 0
    group = _list_group(workspace, cause)
    for done, entry in enumerate(group):
        if workspace.now() >= until:
            return Resolved(corrections=corrections, left=left + len(group) - done)
        try:
            corrections += correct_document(workspace, entry, by=by)
        except _OF_ITS_OWN:
            left += 1
        except (ShopError, VaultError) as error:
            extra = {"shop_id": workspace.shop_id, "error": type(error).__name__}
            log.warning("corrections are left on the list", extra=extra)
            return Resolved(corrections=corrections, left=left + len(group) - done)
    return Resolved(corrections=corrections, left=left)


def _list_group(workspace: Workspace, cause: ChangeCause) -> list[Entry]:
    """The documents of a cause, each as it is now: a list shows no facts, and lags behind."""
    listed = workspace.connector.entries.list_changed(workspace.shop_id, limit=ALL_OPEN)
    keys = [each.key for each in listed if (each.kind, each.change) == (cause.kind, cause.change)]
    stored = workspace.connector.entries.get_all(workspace.shop_id, keys)
    found = (stored[key] for key in keys if key in stored)
    return [entry for entry in found if entry.change is cause.change]
