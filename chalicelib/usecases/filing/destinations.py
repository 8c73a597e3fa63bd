"""Where a delivery was made for: the inbox of a licence code, or an administration; the shop's
present one, or a former one.

It is sent to, and asked about in, that one alone: another's "not here" proves nothing. Former
licence codes are kept while a file may have to be asked about.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import chain
from typing import NamedTuple

from chalicelib.domain.concepts import ShownInvoice, SoughtInvoice
from chalicelib.domain.landing import find_sought
from chalicelib.domain.ledger import FileEntry
from chalicelib.domain.licence_changes import LicenceChange, forget_codes
from chalicelib.domain.sealed import SecretKind
from chalicelib.domain.shops import Shop
from chalicelib.domain.ways import Way
from chalicelib.errors import AsperionError, LicenceError, SealBroken
from chalicelib.ports import Inbox, Presence
from chalicelib.usecases.filing.run import Run

log = logging.getLogger(__name__)

KEPT_AT_LEAST = timedelta(hours=1)
"""Longer than a run that was at work when the code was changed may last, and lists may lag."""


class Answer(NamedTuple):
    """What a destination knows of a delivery, and the `invoice` that it is when it came by API."""

    presence: Presence
    invoice: ShownInvoice | None = None


def is_of_present_destination(run: Run, file: FileEntry) -> bool:
    """Whether a delivery was made for where the shop's documents go now."""
    if file.way is not run.shop.way:
        return False
    connection = run.shop.connection
    if file.way is Way.API and connection is not None:
        return file.inbox in run.list_administration_prints(connection.administration.id)
    return _is_of_present_code(run, file)


def ask_destination(run: Run, file: FileEntry) -> Answer:
    """Ask where a delivery was made for whether it is there: the inbox for the file, or the
    administration for the one document that is in doubt. Raises `VaultUnavailable`.
    """
    if file.way is Way.API:
        return _ask_asperion(run, file.sought)
    inbox = _open_its_inbox(run, file)
    if inbox is None:
        return Answer(Presence.CANNOT_TELL)  # another inbox than it was sent to cannot tell
    return Answer(inbox.ask(file.name, sha256=file.sha256 or "", size=file.size or 0))


def _ask_asperion(run: Run, sought: SoughtInvoice | None) -> Answer:
    """Look through both lists in which the invoice must be, unless it was never stored: even when
    somebody has changed its date or its debtor meanwhile, it is in one of them.
    """
    if sought is None:
        return Answer(Presence.CANNOT_TELL)
    try:
        api = run.open_administration(sought.administration_id)
        lists = (api.list_invoices(day=sought.day), api.list_invoices(debtor_id=sought.debtor_id))
        found = list(chain.from_iterable(lists))
    except (AsperionError, SealBroken) as error:
        extra = {"shop_id": run.shop_id, "error": type(error).__name__}
        log.warning("Asperion cannot be asked about an invoice", extra=extra)
        return Answer(Presence.NO_ANSWER)
    answer = find_sought(sought, found, run.prints_keys, known_ids=sought.others)
    return Answer(Presence(answer.sought.value), answer.invoice)


def _is_of_present_code(run: Run, file: FileEntry) -> bool:
    if file.inbox is None:  # version 1.0.0 did not say: it was the code of that time
        return run.shop.licence is not None and _find_change_after(run, file) is None
    return file.inbox in run.list_inbox_prints(run.open_licence())


def _open_its_inbox(run: Run, file: FileEntry) -> Inbox | None:
    """The inbox that a file was made for; None when its licence code is known no more. Raises
    `VaultUnavailable`.
    """
    try:
        if _is_of_present_code(run, file):
            return run.inbox
        for change in _list_former(run.shop):
            is_its = file.inbox in _list_prints(run, change)
            if is_its or (file.inbox is None and change is _find_change_after(run, file)):
                return run.connector.open_inbox(replace(run.shop, licence=change.code))
    except (LicenceError, SealBroken):
        if run.shop.way is Way.FILE:
            raise
        log.error("the licence code of a file cannot be used", extra={"shop_id": run.shop_id})
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
