"""Booked orders that changed in the shop, looked at once more by night: another address, VAT
number, article or rate, which the sweep does not see while the totals stay.

Most of them were only shipped. The list tells so by itself: it shows an order's details and how far
it is, which are compared with what was booked and what was last seen (`changes.tell_from_list`).
Read are those of which it tells too little, each by a call. So this is apart from the export, takes
no more than half of what is left of the shop's allowance, and goes on the next night where it
stopped.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import datetime

from chalicelib.domain.causes import LateChange
from chalicelib.domain.changes import details_change, order_change
from chalicelib.domain.events import Actor, Event, OrderStep
from chalicelib.domain.fingerprint import list_details, source_print
from chalicelib.domain.ledger import DocumentKind, Entry, EntryState, document_key
from chalicelib.domain.orders import Order
from chalicelib.domain.seen_orders import look_at
from chalicelib.domain.shop_records import RereadProgress
from chalicelib.errors import (
    ShopNotFound,
    ShopRateLimited,
    ShopUnavailable,
    ShopUnreadable,
)
from chalicelib.ports import StepTaken
from chalicelib.usecases.afterwards.changed_orders import (
    REACHES_BACK,
    EditSearch,
    note_look,
)
from chalicelib.usecases.afterwards.note_moments import NoteMoments
from chalicelib.usecases.workspace import Workspace

log = logging.getLogger(__name__)

MOST_READ = 250  # a night: a few minutes

MOST_LEFT = 500  # orders: what a record has room for
FAILURES = 3  # then SEOshop is considered down


def flag_edits(search: EditSearch, notes: NoteMoments) -> tuple[str, ...]:
    """Report every booked order whose details are others than those booked. Returns their numbers.
    An order that changed when one of its credit `notes` was made was not edited.
    """
    workspace = search.workspace
    _read_all(search, notes)
    young = {key: at for key, at in search.left.items() if at > search.started - REACHES_BACK}
    left = {key: young[key] for key in sorted(young, key=young.__getitem__)[-MOST_LEFT:]}
    if len(young) > len(left):
        extra = {"shop_id": workspace.shop_id, "orders": len(young) - len(left)}
        log.warning("orders are not read again, the oldest first", extra=extra)

    def go_on(stored: RereadProgress | None) -> RereadProgress:
        until = search.done_until
        if stored is not None and stored != search.loaded:
            until = min(until, stored.until)  # a file that arrived meanwhile set it back
        return RereadProgress(until=until, left=left)

    workspace.connector.shops.change(workspace.shop_id, RereadProgress, go_on)
    return tuple(search.edited)


def _read_all(search: EditSearch, notes: NoteMoments) -> None:
    """Read what has to be read, oldest change first. What shows a change that has to go by or be
    dealt with before another can be shown, is left for another night.
    """
    workspace = search.workspace
    candidates = sorted(search.candidates, key=lambda one: one.changed_at)
    keys = {document_key(DocumentKind.ORDER, one.order_id): one for one in candidates}
    entries = workspace.connector.entries.get_all(workspace.shop_id, keys)
    calls = workspace.api.remaining_calls() if candidates else None
    most = MOST_READ if calls is None else min(calls // 2, MOST_READ)
    for key, one in keys.items():
        entry = entries.get(key)
        if entry is None or entry.state is not EntryState.PLACED:
            continue  # it is to be booked anew, and read for that
        if one.shown is not None and notes.explain(one.order_id, one.changed_at):
            note_look(search, entry, one.shown, one.changed_at)
        elif entry.change is not None:
            search.left[one.order_id] = one.changed_at
        elif most > 0 and search.failures < FAILURES and search.has_time():
            most -= 1
            _reread(search, entry, one.changed_at)
        else:
            search.put_off(one.order_id, one.changed_at)


def _reread(search: EditSearch, entry: Entry, changed_at: datetime) -> None:
    try:
        order = search.workspace.api.order(entry.document_id)
    except ShopUnreadable:
        return  # the list shows whether it is cancelled; more is not to be had
    except (ShopRateLimited, ShopNotFound, ShopUnavailable) as error:
        # One that is not found is listed: SEOshop may answer otherwise another night.
        search.left[entry.document_id] = changed_at
        if isinstance(error, ShopRateLimited):
            search.failures = FAILURES
        elif isinstance(error, ShopUnavailable):
            search.failures += 1
    else:
        if _report_edit(search.workspace, entry, order):
            search.edited.append(entry.number)


def _report_edit(workspace: Workspace, entry: Entry, order: Order) -> bool:
    """Put other details on the list, unless the order's list entry shows them. They are remembered
    with it, so that being shipped afterwards does not bring up again what was dealt with.
    """
    booked = workspace.read_prints(entry)
    if booked is None or order_change(order, booked, workspace.shop.policy) is not None:
        return False
    if details_change(order, booked) is None:
        return False
    event = Event(
        at=workspace.now(), step=OrderStep.REPORT, by=Actor.WATCH, cause=LateChange.DETAILS
    )
    details = list_details(order)
    source = source_print(order, booked.key, details)
    look = look_at(order, booked.key, details)
    taken = StepTaken(
        key=entry.key,
        event=event,
        fingerprint=str(replace(booked, source=source, look=booked.look and look)),
        read_fingerprint=entry.fingerprint,
    )
    return workspace.connector.entries.record(workspace.shop_id, taken) is not None
