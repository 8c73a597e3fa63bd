"""Every night Asperion is asked what it shows of the deliveries by API of the last days, up to that
moment: what landed, and what is missing, changed, there twice or made definitive.

Lists are read by invoice date. Where Asperion does not answer, refuses, or gives half a list,
nothing is concluded of those dates, and it is kept since when that is so.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial

from chalicelib.domain.connection import ChosenCode
from chalicelib.domain.events import OrderStep
from chalicelib.domain.landed import LandedDelivery, ReadBack, UnreadCause, landing_name
from chalicelib.domain.ledger import DocumentKind, Entry, FileEntry
from chalicelib.errors import (
    AsperionError,
    AsperionForbidden,
    AsperionUnauthorised,
    ConnectionRefused,
    VaultError,
)
from chalicelib.usecases.afterwards.landing_reports import report_landing
from chalicelib.usecases.afterwards.landing_verdicts import Judged, judge_landings, make_part
from chalicelib.usecases.afterwards.read_deliveries import (
    ReadDeliveries,
    ReadDelivery,
    find_deliveries,
)
from chalicelib.usecases.afterwards.shown_invoices import ShownInvoices
from chalicelib.usecases.workspace import Workspace

log = logging.getLogger(__name__)

LONGEST = timedelta(minutes=3)
"""How long Asperion is read in a night; the rest of the dates follow the next night."""

MOST_MISSING = 500
"""Documents that a record has room for; of others it is forgotten that a list lacked them."""


def read_back(workspace: Workspace) -> tuple[str, ...]:
    """Read what was delivered by API in the last days, and report what is otherwise there. Returns
    the numbers of the documents of which the merchant was told. Raises `LedgerError`.
    """
    shop_id, started = workspace.shop_id, workspace.now()
    if workspace.shop.connection is None or workspace.connector.front_door is None:
        return ()
    before = workspace.connector.shops.load(shop_id, ReadBack) or ReadBack()
    deliveries = find_deliveries(workspace)
    wanted = deliveries.collect_wanted()
    days = _order_days(wanted, before.next_day)
    shown = ShownInvoices()
    failed = _read_days(workspace, shown, wanted, days)
    judged = judge_landings(
        wanted,
        shown,
        keys=workspace.prints_keys,
        missing=before.missing,
        now=started,
        count_credits=partial(_count_credits, workspace),
    )
    reported = _report(workspace, judged)
    for delivery in deliveries.each:
        _keep_landing(workspace, delivery, judged, shown.read, started)
    unread = [day for day in days if day not in shown.read]
    _keep_progress(workspace, _find_end(deliveries, unread, started), unread, failed, judged)
    extra = {"shop_id": shop_id, "lists": shown.lists, "reads": shown.reads, "unread": len(unread)}
    log.info("Asperion is read back", extra=extra)
    return reported


def find_unread_cause(error: AsperionError | VaultError) -> UnreadCause:
    """Why Asperion could not be read, by what its client raised."""
    match error:
        case VaultError():
            return UnreadCause.VAULT
        case ConnectionRefused() | AsperionUnauthorised():
            return UnreadCause.REFUSED
        case AsperionForbidden():
            return UnreadCause.CLOSED
    return UnreadCause.UNAVAILABLE


def _order_days(wanted: Collection[date], first: date | None) -> list[date]:
    """The invoice dates to be listed, from where the last night stopped."""
    days = sorted(wanted)
    later = [day for day in days if first is not None and day >= first]
    return [*later, *(day for day in days if day not in later)]


def _read_days(
    workspace: Workspace,
    shown: ShownInvoices,
    wanted: Mapping[date, Mapping[str, Entry]],
    days: Collection[date],
) -> UnreadCause | None:
    """Read these dates, as far as there is time. Gives why Asperion could not be read on."""
    stop_at = workspace.now() + LONGEST
    connection = workspace.shop.connection
    choices = None if connection is None else connection.choices
    try:
        for day in days:
            if not shown.has_room or workspace.now() >= stop_at:
                break
            workspace.asperion.limit_time(stop_at - workspace.now())
            journal_id = None if choices is None else choices.journal_id
            shown.read_day(workspace.asperion, day, wanted[day], journal_id)
    except (AsperionError, VaultError) as error:
        extra = {"shop_id": workspace.shop_id, "error": type(error).__name__}
        log.warning("Asperion cannot be read back", extra=extra)
        return find_unread_cause(error)
    return None


def _count_credits(workspace: Workspace, entry: Entry) -> int:
    """How often an order was taken back by a credit before it was booked as it is now."""
    if entry.kind is not DocumentKind.ORDER:
        return 0
    reversal = workspace.entry_of(DocumentKind.REVERSAL, entry.document_id)
    events = () if reversal is None else reversal.history
    return sum(e.step is OrderStep.PLACE and e.at < entry.since for e in events)


def _report(workspace: Workspace, judged: Judged) -> tuple[str, ...]:
    return tuple(
        each.entry.number
        for each in judged.found
        if not each.is_doubtful and report_landing(workspace, each.entry, each.change, each.shown)
    )


def _keep_landing(
    workspace: Workspace,
    delivery: ReadDelivery,
    judged: Judged,
    read: Collection[date],
    at: datetime,
) -> None:
    """Keep what was read of a delivery, by the invoice dates that were read whole."""
    found = {each.entry.key: each for each in judged.found}
    parts = {
        day: make_part(
            [found[key] for key in delivery.own.get(day, ())],
            moved=delivery.moved.get(day, 0),
            at=at,
            keeps_totals=workspace.shop.policy.keep_totals,
        )
        for day in delivery.list_known(read)
    }
    if not parts:
        return
    file = delivery.file

    def keep(kept: LandedDelivery | None) -> LandedDelivery:
        if kept is None:
            codes = _list_codes(workspace, file)
            kept = LandedDelivery(at=at, documents=len(file.keys), vat_codes=codes)
        return kept.renew(parts, {*delivery.own, *delivery.moved}, at=at)

    name = landing_name(file.name)
    workspace.connector.shops.change(workspace.shop_id, LandedDelivery, keep, name)


def _list_codes(workspace: Workspace, file: FileEntry) -> tuple[ChosenCode, ...]:
    """The VAT codes that are chosen for what a delivery holds."""
    connection = workspace.shop.connection
    if connection is None or connection.choices is None or file.cover is None:
        return ()
    held = [each.treatment for each in file.cover.totals]
    return tuple(each for each in connection.choices.vat_codes if any(map(each.fits, held)))


def _find_end(deliveries: ReadDeliveries, unread: Collection[date], started: datetime) -> datetime:
    """Up to which moment everything that was delivered was read."""
    left = [each.file.since for each in deliveries.each if not each.own.keys().isdisjoint(unread)]
    left += [deliveries.open_since] if deliveries.open_since is not None else []
    return min([started, *(since - timedelta(microseconds=1) for since in left)])


def _keep_progress(
    workspace: Workspace,
    until: datetime,
    unread: list[date],
    failed: UnreadCause | None,
    judged: Judged,
) -> None:
    now = workspace.now()
    newest = sorted(judged.missing.items(), key=lambda one: one[1])[-MOST_MISSING:]

    def go_on(kept: ReadBack | None) -> ReadBack:
        before = replace(kept or ReadBack(), missing=dict(newest), next_day=None)
        if unread:  # not with the one that could not be read: it would keep all others from it
            before = replace(before, next_day=unread[min(len(unread) - 1, failed is not None)])
        if failed is not None:
            return replace(before, unread_since=before.unread_since or now, cause=failed)
        return replace(before, at=now, until=until, unread_since=None, cause=None)

    workspace.connector.shops.change(workspace.shop_id, ReadBack, go_on)
