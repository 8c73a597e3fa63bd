"""The export of one shop: finish what was left, sweep, then file after file until none waits.

Whoever starts it (the daily run, a rerun, a continuation, a message delivered twice) holds the
shop's lease; correctness does not rest on the lease but on the conditional writes beneath.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from chalicelib.domain.ledger import Actor, Entry, EntryState, ReleaseCause
from chalicelib.domain.shops import Shop, TroubleCause
from chalicelib.errors import LicenceError, ShopBusy, ShopError, ShopRateLimited, ShopUnauthorised
from chalicelib.ports import LONGEST_DELAY
from chalicelib.usecases.connector import Connector
from chalicelib.usecases.exporting import filing, proof, recovery, trouble
from chalicelib.usecases.exporting.originals import free_credit_notes
from chalicelib.usecases.exporting.run import THE_SHOP, FileResult, Held, Run, Skip
from chalicelib.usecases.intake.sweep import sweep
from chalicelib.usecases.lifecycle import leave
from chalicelib.usecases.operating import backfill

log = logging.getLogger(__name__)

FUNCTION_TIME = timedelta(minutes=15)
LEASE = FUNCTION_TIME + timedelta(minutes=1)  # outlives the function that took it
TIME_TO_FINISH = timedelta(minutes=2)  # kept for rendering, placing and marking
BUDGET_NOTE = "budget"


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What came of a run; `resume_at` says when it goes on by itself."""

    shop_id: int
    files: tuple[FileResult, ...] = ()
    held: tuple[Held, ...] = ()
    skipped: tuple[Skip, ...] = ()
    waiting: int = 0
    resume_at: datetime | None = None
    day_is_wrong: bool = False
    trouble: TroubleCause | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What is asked for. `run` names the run in logs and leases; `only` restricts it to these
    ledger keys, without a sweep. `comes_back` says that its message is delivered again when it
    fails, so that one which finds another run at work fails and looks later.
    """

    shop_id: int
    run: str
    by: Actor = Actor.EXPORT
    comes_back: bool = True
    only: Sequence[str] | None = None
    time: timedelta = FUNCTION_TIME


def export_shop(connector: Connector, job: Job) -> Report:
    """Carry one shop's due orders into files; what SEOshop or the inbox refuse is reported.

    Raises `UnknownShop`, `ProfileError`, `LedgerError`, and `ShopBusy` if the job comes back.
    """
    now = connector.clock()
    shop = connector.shop(job.shop_id)
    if not shop.state.exports:
        return _report(connector, shop, skipped=(Skip(THE_SHOP, shop.state.value),))
    connector.profile()  # a broken profile stops the run before anything is claimed
    if not connector.shops.lease(job.shop_id, job.run, now=now, until=now + LEASE):
        if job.comes_back:
            raise ShopBusy(f"Another run is at work on shop {job.shop_id}.")
        return _report(connector, shop, skipped=(Skip(THE_SHOP, "another run is at work"),))
    try:
        run = _under_lease(connector, connector.shop(job.shop_id), job, started=now)
        trouble.note_down(run, whole=job.only is None)
    finally:
        connector.shops.release(job.shop_id, job.run)
    _continue_later(run)  # after the release: its message must not find this run at work
    return _report(
        connector,
        shop,
        files=tuple(run.files),
        held=tuple(run.held),
        skipped=tuple(run.skipped),
        resume_at=run.resume_at,
        day_is_wrong=run.day_is_wrong,
        trouble=trouble.met(run),
    )


def _under_lease(connector: Connector, shop: Shop, job: Job, *, started: datetime) -> Run:
    run = Run(
        connector=connector,
        shop=shop,
        name=job.run,
        by=job.by,
        stop_at=started + job.time - TIME_TO_FINISH,
    )
    if not shop.state.exports:  # any longer
        run.skipped.append(Skip(THE_SHOP, shop.state.value))
        return run
    try:
        run.open()
        _mind_the_budget(run)
        if run.stopped_by is None:
            _work(run, job)
    except LicenceError as error:
        run.trouble = TroubleCause.LICENCE
        run.skipped.append(Skip(THE_SHOP, str(error)))
    except ShopUnauthorised:
        run.trouble = TroubleCause.SHOP_UNAUTHORISED
        leave.disconnect(connector, shop)
        run.skipped.append(Skip(THE_SHOP, "SEOshop refuses the token; install the app again"))
    except ShopRateLimited as limit:
        run.stop(ReleaseCause.BUDGET, resume_at=limit.until)
    except ShopError as error:
        run.trouble = trouble.cause_of(error)
        run.skipped.append(Skip(THE_SHOP, str(error)))
    return run


def _work(run: Run, job: Job) -> None:
    recovery.recover(run)
    if job.only is not None:
        _file_these(run, job.only)
        return
    swept = sweep(run.connector, run.shop, run.api, until=run.stop_at)
    heard = list(swept.heard)
    if not swept.whole or backfill.advance(
        run.connector, run.shop, run.api, until=run.stop_at, heard=heard
    ):
        run.stop(ReleaseCause.TIME, resume_at=run.now())
    _file_all(run, heard)
    if freed := free_credit_notes(run.connector, run.shop_id):
        _file_all(run, freed)
    proof.draw_up(run, swept)


def _mind_the_budget(run: Run) -> None:
    """An earlier part of this run used the allowance up: do not spend a call to hear it again."""
    noted = run.connector.shops.noted(run.shop_id, BUDGET_NOTE)
    if noted and run.now() < (until := datetime.fromisoformat(noted["until"])):
        run.stop(ReleaseCause.BUDGET, resume_at=until)


def _file_all(run: Run, heard: Sequence[str]) -> None:
    """File after file, until none waits. `heard` are the keys of those that this very run let wait:
    the list of what waits may lag behind, and would leave them for another night.
    """
    tried: set[str] = set()
    while run.stopped_by is None:
        fresh = _fresh(run, heard, tried)
        if not fresh:
            return
        tried.update(entry.key for entry in _make_file(run, fresh))


def _fresh(run: Run, heard: Sequence[str], tried: set[str]) -> list[Entry]:
    """What waits and was not tried yet, as much as a file holds."""
    per_file = run.connector.settings.orders_per_file
    entries = run.connector.entries
    listed = entries.open(run.shop_id, EntryState.WAITING, limit=per_file + len(tried))
    fresh = [entry for entry in listed if entry.key not in tried]
    if len(fresh) < per_file:
        known = {entry.key for entry in listed} | tried
        fresh += _waiting(run, [key for key in heard if key not in known])
    return sorted(fresh, key=_age)[:per_file]


def _waiting(run: Run, keys: Sequence[str]) -> list[Entry]:
    """Those of them that wait, read consistently, in the order in which they are listed."""
    found = [run.connector.entries.get(run.shop_id, key) for key in keys]
    waiting = [entry for entry in found if entry is not None and entry.state is EntryState.WAITING]
    return sorted(waiting, key=_age)


def _age(entry: Entry) -> tuple[date, int]:
    """As `Entries.open` lists them: an invoice comes before the credit note that takes it back."""
    return entry.day, entry.document_id


def _file_these(run: Run, keys: Sequence[str]) -> None:
    per_file = run.connector.settings.orders_per_file
    waiting = _waiting(run, keys)
    for start in range(0, len(waiting), per_file):
        if run.stopped_by is None:
            _make_file(run, waiting[start : start + per_file])


def _make_file(run: Run, waiting: Sequence[Entry]) -> Sequence[Entry]:
    """Take no more documents than the shop's allowance can read. Returns those taken."""
    calls = run.api.remaining_calls()
    taken = waiting if calls is None else waiting[: max(calls, 1)]
    filing.make_file(run, taken)
    return taken


def _continue_later(run: Run) -> None:
    """Hand the job on by a delayed message instead of waiting in a function."""
    if run.resume_at is None:
        return
    wait = (run.resume_at - run.now()).total_seconds()
    delay = min(max(int(wait) + 1, 1), LONGEST_DELAY)
    if run.stopped_by is ReleaseCause.BUDGET:
        _hand_on_once(run, run.resume_at, delay)
    else:
        run.connector.queue.send(run.shop_id, delay=delay, run=_said(run))


def _hand_on_once(run: Run, until: datetime, delay: int) -> None:
    """Send a message on, unless one that waits for the same moment is under way already.

    Waiting for a new day's allowance takes a hundred messages in a row: if each that is delivered
    twice had two successors, they would multiply. A successor is known by its name rather than by
    the time at which it comes: clocks differ. It is noted once it was sent: a note of a message
    that never was would silence all others.
    """
    now, mine = run.now(), _said(run)
    noted = run.connector.shops.noted(run.shop_id, BUDGET_NOTE) or {}
    same_moment = noted.get("until") == until.isoformat()
    if same_moment and noted["run"] != mine and noted["next"] > now.isoformat():
        return
    follows = now + timedelta(seconds=delay)
    successor = f"{mine.partition('+')[0]}+{follows:%H%M%S%f}"
    run.connector.queue.send(run.shop_id, delay=delay, run=successor)
    run.connector.shops.note(
        run.shop_id,
        BUDGET_NOTE,
        {"until": until.isoformat(), "next": follows.isoformat(), "run": successor},
    )


def _said(run: Run) -> str:
    """What the run's message said of its origin."""
    return run.name.partition("/")[0]


def _report(connector: Connector, shop: Shop, **came_of_it: Any) -> Report:
    return Report(
        shop_id=shop.shop_id,
        waiting=connector.entries.count(shop.shop_id, EntryState.WAITING),
        **came_of_it,
    )
