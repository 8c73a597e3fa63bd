"""The export of one shop: finish what was left, sweep, then file after file until none waits.

Whoever starts it (the daily run, a rerun, a continuation, a message delivered twice) holds the
shop's lease; correctness does not rest on the lease but on the conditional writes beneath.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from chalicelib.domain.causes import ReleaseCause
from chalicelib.domain.events import Actor
from chalicelib.domain.ledger import Entry, EntryState
from chalicelib.domain.shop_records import UsedUpBudget
from chalicelib.domain.shops import TroubleCause
from chalicelib.errors import LicenceError, ShopBusy, ShopError, ShopRateLimited, ShopUnauthorised
from chalicelib.ports import LONGEST_DELAY
from chalicelib.usecases.connector import Connector
from chalicelib.usecases.filing.day import earlier_check, state_day
from chalicelib.usecases.filing.file_making import make_file
from chalicelib.usecases.filing.forgetting import forget_totals
from chalicelib.usecases.filing.recovery import finish_files, recover_files
from chalicelib.usecases.filing.run import NO_ID, THE_SHOP, NotBooked, Run
from chalicelib.usecases.filing.run_trouble import keep_trouble, trouble_of_error
from chalicelib.usecases.filing.shop_check import check_shop
from chalicelib.usecases.intake.migration import advance_migration
from chalicelib.usecases.intake.paging import report_skipped_rows
from chalicelib.usecases.intake.sweep import sweep_shop
from chalicelib.usecases.judging.freeing import free_held
from chalicelib.usecases.shop.leaving import disconnect_shop

FUNCTION_TIME = timedelta(minutes=15)
LEASE = FUNCTION_TIME + timedelta(minutes=1)  # outlives the function that took it
TIME_TO_FINISH = timedelta(minutes=2)  # kept for rendering, placing and marking


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


def export_shop(connector: Connector, job: Job) -> Run:
    """Carry one shop's due orders into files; what SEOshop or the inbox refuse, the run says.

    Raises `UnknownShop`, `ProfileError`, `LedgerError`, and `ShopBusy` if the job comes back.
    """
    now = connector.clock()
    shop, stop_at = connector.find_shop(job.shop_id), now + job.time - TIME_TO_FINISH
    run = Run(connector, shop, name=job.run, by=job.by, stop_at=stop_at)
    if not shop.state.exports:
        run.skipped.append(NotBooked(THE_SHOP, shop.state.value))
        return run
    connector.profile()  # a broken profile stops the run before anything is claimed
    if not connector.shops.lease(job.shop_id, job.run, now=now, until=now + LEASE):
        if job.comes_back:
            raise ShopBusy(f"Another run is at work on shop {job.shop_id}.")
        run.skipped.append(NotBooked(THE_SHOP, "another run is at work"))
        return run
    try:
        run.shop = connector.find_shop(job.shop_id)  # as it is under the lease
        _run_under_lease(run, job)
        keep_trouble(run, is_whole=job.only is None)
    finally:
        connector.shops.release(job.shop_id, job.run)
    _continue_later(run)  # after the release: its message must not find this run at work
    return run


def _run_under_lease(run: Run, job: Job) -> None:
    if not run.shop.state.exports:  # any longer
        run.skipped.append(NotBooked(THE_SHOP, run.shop.state.value))
        return
    finish_files(run)
    try:
        run.require_access()
        # An earlier part of this run used the allowance up: no call is spent to learn that again.
        used_up = run.connector.shops.load(run.shop_id, UsedUpBudget)
        if used_up is not None and run.now() < used_up.until:
            run.stop(ReleaseCause.BUDGET, resume_at=used_up.until)
        else:
            _export(run, job)
    except LicenceError as error:
        run.trouble = TroubleCause.LICENCE
        run.skipped.append(NotBooked(THE_SHOP, str(error)))
    except ShopUnauthorised:
        run.trouble = TroubleCause.SHOP_UNAUTHORISED
        disconnect_shop(run)
        why = "SEOshop refuses the token; install the app again"
        run.skipped.append(NotBooked(THE_SHOP, why))
    except ShopRateLimited as limit:
        run.stop(ReleaseCause.BUDGET, resume_at=limit.until)
    except ShopError as error:
        run.trouble = trouble_of_error(error)
        run.skipped.append(NotBooked(THE_SHOP, str(error)))
    state_day(run, run.check)
    forget_totals(run)


def _export(run: Run, job: Job) -> None:
    recover_files(run)
    if job.only is not None:
        _file_chosen(run, job.only)
        return
    swept = sweep_shop(run, until=run.stop_at)
    waiting, has_more = list(swept.waiting), not swept.is_whole
    if swept.is_whole:
        migrated, has_more = advance_migration(run, until=run.stop_at)
        waiting += migrated
    run.skipped += [NotBooked(row.name, NO_ID) for row in report_skipped_rows(run)]
    if has_more:
        run.stop(ReleaseCause.TIME, resume_at=run.now())
    _file_all(run, waiting)
    if freed := free_held(run):
        _file_all(run, freed)
    run.check = check_shop(run, swept, earlier_check(run))


def _file_all(run: Run, known: Sequence[str]) -> None:
    """File after file, until none waits. `known` are the keys of those that this very run let wait:
    the list of what waits may lag behind, and would leave them for another night.
    """
    tried = run.claimed_keys()
    while run.stopped_by is None:
        fresh = _list_fresh(run, known, tried)
        if not fresh:
            return
        tried.update(_make_file(run, fresh))


def _list_fresh(run: Run, known: Sequence[str], tried: set[str]) -> list[Entry]:
    """What waits and was not tried yet, as much as a file holds."""
    per_file = run.connector.settings.orders_per_file
    entries = run.connector.entries
    listed = entries.list_waiting(run.shop_id, limit=per_file + len(tried))
    fresh = [entry for entry in listed if entry.key not in tried]
    if len(fresh) < per_file:
        seen = {entry.key for entry in listed} | tried
        fresh += _read_waiting(run, [key for key in known if key not in seen])
    return sorted(fresh, key=_age)[:per_file]


def _read_waiting(run: Run, keys: Sequence[str]) -> list[Entry]:
    """Those of them that wait, read consistently, in the order in which they are listed."""
    found = run.connector.entries.get_all(run.shop_id, keys).values()
    return sorted((entry for entry in found if entry.state is EntryState.WAITING), key=_age)


def _age(entry: Entry) -> tuple[date, int]:
    """As `list_waiting` sorts: an invoice comes before the credit note that takes it back."""
    return entry.day, entry.document_id


def _file_chosen(run: Run, keys: Sequence[str]) -> None:
    per_file = run.connector.settings.orders_per_file
    waiting = _read_waiting(run, keys)
    for start in range(0, len(waiting), per_file):
        if run.stopped_by is None:
            _make_file(run, waiting[start : start + per_file])


def _make_file(run: Run, waiting: Sequence[Entry]) -> set[str]:
    """Take what the shop's allowance can read at most. Returns the keys of those taken."""
    calls = run.api.remaining_calls()
    taken = waiting if calls is None else waiting[: max(calls, 1)]
    make_file(run, taken)
    return {entry.key for entry in taken}


def _continue_later(run: Run) -> None:
    """Hand the job on by a delayed message instead of waiting in a function."""
    if run.resume_at is None:
        return
    wait = (run.resume_at - run.now()).total_seconds()
    delay = min(max(int(wait) + 1, 1), LONGEST_DELAY)
    origin = run.name.partition("/")[0]  # what the run's message said of it
    if run.stopped_by is ReleaseCause.BUDGET:
        _hand_on_once(run, origin, run.resume_at, delay)
    else:
        run.connector.queue.send(run.shop_id, delay=delay, run=origin)


def _hand_on_once(run: Run, origin: str, until: datetime, delay: int) -> None:
    """Send a message on, unless one that waits for the same moment is under way already.

    Waiting for a new day's allowance takes a hundred messages in a row: if each that is delivered
    twice had two successors, they would multiply. A successor is known by its name rather than by
    the time at which it comes: clocks differ. It is kept once it was sent: a record of a message
    that never was would silence all others.
    """
    now = run.now()
    kept = run.connector.shops.load(run.shop_id, UsedUpBudget)
    if kept is not None and kept.until == until and kept.run != origin and kept.next_at > now:
        return
    next_at = now + timedelta(seconds=delay)
    successor = f"{origin.partition('+')[0]}+{next_at:%H%M%S%f}"
    run.connector.queue.send(run.shop_id, delay=delay, run=successor)
    used_up = UsedUpBudget(until=until, next_at=next_at, run=successor)
    run.connector.shops.save(run.shop_id, used_up)
