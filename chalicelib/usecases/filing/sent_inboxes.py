"""Which inbox a file was made for: that of the shop's licence code, or of a former one.

A file is sent to, and asked about in, that inbox alone; another one's "not here" proves nothing.
Former codes are kept while a file may have to be asked about.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from chalicelib.domain.ledger import FileEntry
from chalicelib.domain.licence_changes import LicenceChange, forget_codes
from chalicelib.domain.sealed import SecretKind
from chalicelib.domain.shops import Shop
from chalicelib.errors import SealBroken
from chalicelib.ports import Inbox
from chalicelib.usecases.filing.run import Run

log = logging.getLogger(__name__)

KEPT_AT_LEAST = timedelta(hours=1)
"""Longer than a run that was at work when the code was changed may last, and lists may lag."""


def is_of_present_inbox(run: Run, file: FileEntry) -> bool:
    """Whether a file was made for the inbox of the shop's present licence code."""
    if file.inbox is None:  # version 1.0.0 did not say: it was the code of that time
        return _find_change_after(run, file) is None
    return file.inbox in run.list_inbox_prints(run.open_licence())


def open_its_inbox(run: Run, file: FileEntry) -> Inbox | None:
    """The inbox that a file was made for; None when its licence code is known no more. Raises
    `LicenceError`, `VaultUnavailable`.
    """
    if is_of_present_inbox(run, file):
        return run.inbox
    for change in _list_former(run.shop):
        is_its = file.inbox in _list_prints(run, change)
        if is_its or (file.inbox is None and change is _find_change_after(run, file)):
            return run.connector.open_inbox(replace(run.shop, licence=change.code))
    return None


def forget_former_codes(run: Run) -> None:
    """Erase the former licence codes by which no unfinished file was made. Raises
    `VaultUnavailable`.
    """
    old = [one for one in _list_former(run.shop) if run.now() - one.at >= KEPT_AT_LEAST]
    if not old:
        return
    files = run.connector.files.list_unfinished(run.shop_id)
    inboxes = {file.inbox for file in files}
    forgotten = {
        one.at for one in old if None not in inboxes and inboxes.isdisjoint(_list_prints(run, one))
    }

    def forget(stored: Shop) -> Shop:
        kept = {one.at for one in stored.licence_changes} - forgotten
        return replace(stored, licence_changes=forget_codes(stored.licence_changes, kept))

    if forgotten:
        run.connector.shops.update(run.shop_id, forget)


def _list_former(shop: Shop) -> Iterator[LicenceChange]:
    return (one for one in shop.licence_changes if one.code is not None)


def _list_prints(run: Run, change: LicenceChange) -> list[str]:
    """The prints of a former code's inbox; none when the code cannot be opened any more."""
    vault = run.connector.vault
    if change.code is None:
        return []
    try:
        code = vault.open(run.shop_id, SecretKind.LICENCE, change.code)
    except SealBroken:
        log.error("a former licence code cannot be opened", extra={"shop_id": run.shop_id})
        return []
    return run.list_inbox_prints(code)


def _find_change_after(run: Run, file: FileEntry) -> LicenceChange | None:
    """The first change of the code that is known to have come after a file was made."""
    made = file.history[0].at
    return next((one for one in run.shop.licence_changes if one.at >= made), None)
