"""Which inbox a file was made for: that of the shop's licence code, or of a former one.

A file is sent to, and asked about in, that inbox alone; another one's "not here" proves nothing.
Former codes are kept while a file may have to be asked about.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from chalicelib.domain.ledger import FileEntry
from chalicelib.domain.licence_changes import LicenceChange, forget_codes
from chalicelib.domain.shops import Shop
from chalicelib.ports import Inbox
from chalicelib.usecases.filing.run import Run

KEPT_AT_LEAST = timedelta(hours=1)
"""Longer than a run that was at work when the code was changed may last, and lists may lag."""


def is_of_present_inbox(run: Run, file: FileEntry) -> bool:
    """Whether a file was made for the inbox of the shop's present licence code."""
    if file.inbox is None:  # version 1.0.0 did not say: it was the code of that time
        return _find_change_after(run, file) is None
    return file.inbox == run.inbox_print()


def open_its_inbox(run: Run, file: FileEntry) -> Inbox | None:
    """The inbox that a file was made for; None when its licence code is known no more. Raises
    `LicenceError`.
    """
    if is_of_present_inbox(run, file):
        return run.inbox
    for change in _list_former(run):
        is_its = file.inbox == run.print_inbox_of(change.code or "")
        if is_its or (file.inbox is None and change is _find_change_after(run, file)):
            return run.connector.open_inbox(replace(run.shop, licence=change.code))
    return None


def forget_former_codes(run: Run) -> None:
    """Erase the former licence codes by which no unfinished file was sent."""
    old = [one for one in _list_former(run) if run.now() - one.at >= KEPT_AT_LEAST]
    if not old:
        return
    files = run.connector.files.list_unfinished(run.shop_id)
    prints = {file.inbox for file in files}
    needed = {one.at for one in old if prints & {None, run.print_inbox_of(one.code or "")}}
    forgotten = {one.at for one in old} - needed

    def forget(stored: Shop) -> Shop:
        kept = {one.at for one in stored.licence_changes} - forgotten
        return replace(stored, licence_changes=forget_codes(stored.licence_changes, kept))

    if forgotten:
        run.connector.shops.update(run.shop_id, forget)


def _list_former(run: Run) -> Iterator[LicenceChange]:
    return (one for one in run.shop.licence_changes if one.code)


def _find_change_after(run: Run, file: FileEntry) -> LicenceChange | None:
    """The first change of the code that is known to have come after a file was made."""
    made = file.history[0].at
    return next((one for one in run.shop.licence_changes if one.at >= made), None)
