"""The independent look at the shop: whatever it lists as due is known here, for the amount that it
was booked for.

The comparison in money happens at the moment of the run: what this run booked by its amounts, what
earlier ones booked by the keyed hash of the totals that they read. Counts alone are kept.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping
from dataclasses import replace

from chalicelib.domain.causes import LateChange
from chalicelib.domain.changes import invoice_change, order_change
from chalicelib.domain.fingerprint import Prints
from chalicelib.domain.ledger import Entry, EntryState
from chalicelib.domain.orders import ShopInvoice
from chalicelib.domain.statement import ShopCheck
from chalicelib.usecases.filing.run import Run
from chalicelib.usecases.intake.sweep import Listed, Swept, list_due

log = logging.getLogger(__name__)


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
    due: Mapping[str, Listed] = swept.due
    if since != swept.since:
        due = {hint.key: listed for hint, listed in list_due(run, since).items()}
    entries = run.connector.entries.get_all(run.shop_id, due)
    check = ShopCheck(
        since=since,
        at=now,
        due=len(due),
        missing=len(due.keys() - entries.keys()),
        differing=_count_differing(run, due, entries, claimed=swept.claimed),
        is_whole=True,
    )
    if check.missing or check.differing:
        log.error(
            "the shop's list differs",
            extra={"shop_id": run.shop_id, "missing": check.missing, "differing": check.differing},
        )
    return check


def _count_differing(
    run: Run, due: Mapping[str, Listed], entries: Mapping[str, Entry], *, claimed: Collection[str]
) -> int:
    """How many documents are booked for another total than the shop lists, unreported.
    What the sweep saw `claimed` may have been placed by another run since; the next one reports it.
    """
    booked = {
        key
        for key, invoice in run.booked.items()
        if key in due and not due[key].is_stand_in and abs(invoice.incl) != abs(due[key].price_incl)
    }
    earlier = {
        key
        for key, entry in entries.items()
        if key not in run.booked and key not in claimed and _differs(run, due[key], entry)
    }
    return len(booked | earlier)


def _differs(run: Run, listed: Listed, entry: Entry) -> bool:
    """Whether a booked document was read with other totals than are listed. What was reported as a
    late change is no difference of the day.
    """
    if entry.state is not EntryState.PLACED or entry.reported_at is not None:
        return False
    if listed.is_stand_in:
        return False
    booked = Prints.read(entry.fingerprint, run.prints_key)
    if booked is None:
        return False
    if isinstance(listed, ShopInvoice):
        return invoice_change(listed, booked, run.prints_key) is LateChange.EDITED
    change = order_change(listed, booked, run.shop.policy, run.prints_key)
    return change is LateChange.EDITED
