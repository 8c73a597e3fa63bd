"""The independent look at the shop: whatever it lists as due is known here, for the amount that it
was booked for.

The comparison in money happens at the moment of the run: what this run booked by its amounts, what
earlier ones booked by the keyed hash of the totals that they read, and whole files by what they add
up to. Counts and sums are kept, and the numbers of the first documents that are amiss.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from chalicelib.domain.causes import LateChange
from chalicelib.domain.changes import invoice_change, order_change
from chalicelib.domain.days import local_day
from chalicelib.domain.discrepancies import name_some
from chalicelib.domain.ledger import Entry, EntryState, FileState
from chalicelib.domain.listed_money import DividedList, ListedDocument, ListedGroup, ListedMoney
from chalicelib.domain.orders import ShopInvoice
from chalicelib.domain.platform import SkippedRow
from chalicelib.domain.statement import ShopCheck
from chalicelib.usecases.filing.made_files import list_files_since
from chalicelib.usecases.filing.run import Run
from chalicelib.usecases.intake.due_documents import DueDocuments, Listed
from chalicelib.usecases.intake.sweep import Swept, list_due

log = logging.getLogger(__name__)

ANY_CLOCK = timedelta(minutes=5)  # more than clocks differ


def check_shop(run: Run, swept: Swept, earlier: ShopCheck | None) -> ShopCheck:
    """Compare what the shop lists as due with the ledger, since the day's first sweep began. A run
    that goes on later leaves that to its last part; what an earlier run found stands until then.
    Where the merchant chose anew meanwhile, other documents may be due than were when the day's
    first sweep saw them: compared is what this run's sweep saw.

    Raises `ShopError` when the shop has to be asked again and does not answer.
    """
    now = run.now()
    since = swept.since
    if earlier is not None and run.shop.changed_at <= earlier.since:
        since = min(since, earlier.since)
    seen = earlier or ShopCheck(since=since, at=now)
    if run.resume_at is not None:
        return replace(seen, since=since, at=now, is_whole=False)
    if swept.is_resumed:
        # More changed than one allowance lists: it cannot be listed a second time. The next run's
        # check begins where this one's lists do.
        log.warning("too much changed for a check", extra={"shop_id": run.shop_id})
        return replace(seen, since=now, at=now, is_whole=False)
    due = swept.due if since == swept.since else _list_again(run, since, swept)
    missing, differing = list[str](), list[str]()
    divided = DividedList()
    for some in due.read_pages():
        entries = run.connector.entries.get_all(run.shop_id, some)
        missing += [listed.number for key, listed in some.items() if key not in entries]
        changes = {
            key: _find_change(run, some[key], entry)
            for key, entry in entries.items()
            if entry.state is EntryState.PLACED
        }
        found = _find_differing(run, some, entries, changes, swept)
        differing += [some[key].number for key in found]
        for document in _list_documents(run, some, entries, changes, found):
            divided.add(document)
    check = ShopCheck(
        since=since,
        at=now,
        due=len(due),
        missing=len(missing),
        missing_numbers=name_some(missing),
        differing=len(differing),
        differing_numbers=name_some(differing),
        is_whole=True,
        money=_add_up(run, divided, since=since),
    )
    if check.missing or check.differing:
        log.error(
            "the shop's list differs",
            extra={"shop_id": run.shop_id, "missing": check.missing, "differing": check.differing},
        )
    return check


def _list_again(run: Run, since: datetime, swept: Swept) -> DueDocuments:
    """The due documents of the whole day. What this run's sweep saw without an id, and has one by
    now, is left to the next sweep, which begins before its change. Raises `ShopError`.
    """
    due = DueDocuments()
    seen = swept.due.list_keys() if swept.skipped_rows else ()
    for hint, listed in list_due(run, since):
        is_seen = hint.key in seen
        if is_seen or not any(_may_be(row, listed, swept.since) for row in swept.skipped_rows):
            due.put(hint.key, listed)
    return due


def _may_be(row: SkippedRow, listed: Listed, since: datetime) -> bool:
    """Whether a document may be the one of a row that had no id in a list of all changed since."""
    is_of_list = (row.listed == "invoices") == isinstance(listed, ShopInvoice)
    is_behind = listed.id > row.after_id and listed.updated_at >= (row.changed_at or since)
    return is_of_list and is_behind and row.number in ("", listed.number)


def _find_differing(
    run: Run,
    due: Mapping[str, Listed],
    entries: Mapping[str, Entry],
    changes: Mapping[str, LateChange | None],
    swept: Swept,
) -> set[str]:
    """The documents that are booked for another total than the shop lists, unreported.
    What the sweep saw claimed, or waiting, may have been placed by somebody else since; the next
    one reports it. What was reported as a late change is no difference of the day.
    """
    booked = {
        key
        for key, listed in due.items()
        if key in run.booked
        and not listed.is_stand_in
        and abs(run.booked[key]) != abs(listed.price_incl)
    }
    earlier = {
        key
        for key, change in changes.items()
        if change is LateChange.EDITED
        and entries[key].reported_at is None
        and key not in run.booked
        and key not in swept.claimed
        and entries[key].since < swept.began - ANY_CLOCK
    }
    return booked | earlier


def _find_change(run: Run, listed: Listed, entry: Entry) -> LateChange | None:
    """How a placed document, as it is listed, differs from what was read when it was booked."""
    if listed.is_stand_in:
        return None  # its totals were not to be read
    booked = run.read_prints(entry)
    if booked is None:
        return None
    if isinstance(listed, ShopInvoice):
        return invoice_change(listed, booked)
    return order_change(listed, booked, run.shop.policy)


def _list_documents(
    run: Run,
    due: Mapping[str, Listed],
    entries: Mapping[str, Entry],
    changes: Mapping[str, LateChange | None],
    differing: Collection[str],
) -> Iterator[ListedDocument]:
    """Where these documents are, and for what they are listed. One that could not be read whole has
    no amount to add.
    """
    for key, listed in due.items():
        if listed.is_stand_in:
            continue
        entry = entries.get(key)
        amount, group, booked = _sign(listed), None, run.booked.get(key)
        if entry is not None and key not in differing:
            group = _group(entry, changes.get(key), is_booked=booked is not None)
        yield ListedDocument(
            key=key,
            listed=amount,
            group=group,
            booked=amount if booked is None else booked,
            file="" if entry is None or entry.file is None else entry.file,
        )


def _add_up(run: Run, divided: DividedList, *, since: datetime) -> ListedMoney | None:
    """What the list adds up to, by where its documents are; None when no totals are kept."""
    if not run.shop.policy.keep_totals:
        return None
    made = list_files_since(run, local_day(since))
    placed = (file for file in made if file.state is FileState.PLACED)
    return divided.add_up(placed, run.shop.currency)


def _sign(listed: Listed) -> Decimal:
    """What is listed, as it is booked: SEOshop may show a credit note with either sign."""
    is_credit_note = isinstance(listed, ShopInvoice) and listed.is_credit_note
    amount = listed.price.incl
    return -abs(amount) if is_credit_note else amount


def _group(entry: Entry, change: LateChange | None, *, is_booked: bool) -> ListedGroup:
    if entry.state is EntryState.PLACED:
        is_as_booked = is_booked or change is None
        return ListedGroup.PLACED if is_as_booked else ListedGroup.CHANGED
    if entry.state in (EntryState.HELD, EntryState.DROPPED):
        return ListedGroup(entry.state.value)
    return ListedGroup.WAITING
