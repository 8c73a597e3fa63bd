"""The day's proof: what the shop says was paid is placed, held, dropped or waiting. Nothing else.

Counts and a verdict are kept, of all that was paid since the last look and of what waits from
before (`carried`: both paid and waiting). The comparison in money happens at the moment of the run:
what this run booked by its amounts, what earlier parts of it booked by the keyed hash of the totals
that they read. An order that the shop calls paid and the ledger does not know makes the day red.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Mapping
from datetime import datetime

from chalicelib.domain.changes import invoice_change, order_change
from chalicelib.domain.days import local_day
from chalicelib.domain.fingerprint import Prints
from chalicelib.domain.ledger import DocumentKind, Entry, EntryState, LateChange
from chalicelib.domain.orders import ShopInvoice
from chalicelib.domain.policy import Source
from chalicelib.usecases.exporting.reading import shop_key
from chalicelib.usecases.exporting.run import Run
from chalicelib.usecases.intake.sweep import Listed, Swept, due_now

log = logging.getLogger(__name__)

EVERY = 100_000  # more waiting orders than any shop has
_ON_THEIR_WAY = (EntryState.WAITING, EntryState.CLAIMED)
RIGHT, WRONG, RUNNING = "right", "wrong", "running"


def note_name(now: datetime) -> str:
    """Where a day's proof is kept: ``day-2026-11-23`` (Europe/Amsterdam)."""
    return f"day-{local_day(now).isoformat()}"


def draw_up(run: Run, swept: Swept) -> None:
    """Prove the day so far. A run that goes on later leaves the verdict to its last part.

    Raises `ShopError` when the shop has to be asked again and does not answer.
    """
    name = note_name(run.now())  # once: midnight may pass meanwhile
    noted = run.connector.shops.noted(run.shop_id, name)
    since = min(swept.since, datetime.fromisoformat(noted["since"])) if noted else swept.since
    if run.resume_at is not None:
        _note(run, name, since, _so_far(run), RUNNING)
        return
    if swept.resumed:
        # More changed than one allowance lists: it cannot be listed a second time. The next run's
        # proof begins where this one's lists do.
        log.warning("too much changed for a proof", extra={"shop_id": run.shop_id})
        _note(run, name, run.now(), _so_far(run), RUNNING)
        return
    due = swept.due
    if since != swept.since:
        due = {hint.key: one for hint, one in due_now(run.shop, run.api, since).items()}
    entries = {key: run.connector.entries.get(run.shop_id, key) for key in due}
    states = _states(run, entries)
    differs = _differing(run, due, entries)
    verdict = WRONG if states["missing"] or differs else RIGHT
    _note(run, name, since, states, verdict)
    run.day_is_wrong = verdict == WRONG
    if run.day_is_wrong:
        log.error(
            "the day does not close",
            extra={"shop_id": run.shop_id, "missing": states["missing"], "differing": differs},
        )


def _states(run: Run, due: Mapping[str, Entry | None]) -> Counter[str]:
    states: Counter[str] = Counter()
    for entry in due.values():
        if entry is None:
            states["missing"] += 1
        elif entry.state in _ON_THEIR_WAY:
            states["waiting"] += 1
        else:
            states[entry.state.value] += 1
    carried = _carried(run, due)
    states["waiting"] += carried
    states["carried"] = carried
    states["paid"] = len(due) + carried
    return states


def _carried(run: Run, due: Mapping[str, object]) -> int:
    """How many wait from earlier days, which the shop's list of today's changes does not show."""
    corrections = {DocumentKind.REVERSAL}
    if run.shop.policy.source is Source.ORDERS:
        corrections.add(DocumentKind.INVOICE)
    listed = [
        entry
        for state in _ON_THEIR_WAY
        for entry in run.connector.entries.open(run.shop_id, state, limit=EVERY)
    ]
    others = {entry.key for entry in listed if entry.kind not in corrections} - due.keys()
    entries = (run.connector.entries.get(run.shop_id, key) for key in others)  # the list may lag
    return sum(entry is not None and entry.state in _ON_THEIR_WAY for entry in entries)


def _so_far(run: Run) -> Counter[str]:
    """What waits for the run's next part; what was paid is counted by its last."""
    count = run.connector.entries.count
    waiting = sum(count(run.shop_id, state) for state in _ON_THEIR_WAY)
    return Counter(paid=waiting, waiting=waiting, carried=waiting)


def _differing(run: Run, due: Mapping[str, Listed], entries: Mapping[str, Entry | None]) -> int:
    """How many documents are booked for another total than the shop lists, and nobody was told."""
    booked = {
        key
        for key, invoice in run.booked.items()
        if key in due and abs(invoice.incl) != abs(due[key].price_incl)
    }
    earlier = {
        key
        for key, entry in entries.items()
        if entry is not None and key not in run.booked and _differs(run, due[key], entry)
    }
    return len(booked | earlier)


def _differs(run: Run, listed: Listed, entry: Entry) -> bool:
    """Whether a booked document was read with other totals than are listed. What somebody was told
    of as a late change is no difference of the day.
    """
    if entry.state is not EntryState.PLACED or _was_told_of(entry):
        return False
    key = shop_key(run.connector, run.shop)
    booked = Prints.read(entry.fingerprint, key)
    if booked is None:
        return False
    if isinstance(listed, ShopInvoice):
        return invoice_change(listed, booked, key) is LateChange.EDITED
    return order_change(listed, booked, run.shop.policy, key) is LateChange.EDITED


def _was_told_of(entry: Entry) -> bool:
    return entry.change is not None or any(event.what == "changed" for event in entry.history)


def _note(run: Run, name: str, since: datetime, states: Counter[str], verdict: str) -> None:
    counted = ("paid", "placed", "held", "dropped", "waiting", "carried")
    run.connector.shops.note(
        run.shop_id,
        name,
        {
            **{name: str(states[name]) for name in counted},
            "since": since.isoformat(),
            "at": run.now().isoformat(),
            "verdict": verdict,
        },
    )
