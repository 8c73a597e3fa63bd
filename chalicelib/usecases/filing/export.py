"""The export of one shop: finish what was left, sweep, then file after file until none waits.

Whoever starts it (the daily run, a rerun, a continuation, a later try, a message delivered twice)
holds the shop's lease; correctness does not rest on that but on the conditional writes beneath.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from chalicelib.domain.causes import ReleaseCause
from chalicelib.domain.events import Actor
from chalicelib.domain.ledger import DocumentKind, Entry, EntryState
from chalicelib.domain.shop_records import UsedUpBudget
from chalicelib.domain.shops import TroubleCause
from chalicelib.domain.ways import Way
from chalicelib.errors import (
    AsperionError,
    LeaseLost,
    LicenceError,
    ShopBusy,
    ShopError,
    ShopRateLimited,
    VaultError,
)
from chalicelib.lazy_dataclass import dataclass
from chalicelib.ports import Task
from chalicelib.usecases.connector import Connector
from chalicelib.usecases.filing.continuing import continue_later
from chalicelib.usecases.filing.day import earlier_check, state_day
from chalicelib.usecases.filing.delivery_size import find_delivery_size
from chalicelib.usecases.filing.destinations import forget_former_codes
from chalicelib.usecases.filing.file_making import make_file
from chalicelib.usecases.filing.following_up import follow_up, is_time_to_try, try_after_the_other
from chalicelib.usecases.filing.forgetting import forget_totals
from chalicelib.usecases.filing.former_lists import join_former_lists
from chalicelib.usecases.filing.halts import meets_halt
from chalicelib.usecases.filing.health_keeping import RunEnd, try_to_renew_health
from chalicelib.usecases.filing.left_connection import forget_left_connection
from chalicelib.usecases.filing.recovery import finish_files, recover_files
from chalicelib.usecases.filing.run import NO_ID, THE_SHOP, NotBooked, Run
from chalicelib.usecases.filing.run_trouble import (
    keep_trouble,
    meet_asperion,
    meet_closed_vault,
    meet_refusal,
    name_trouble,
)
from chalicelib.usecases.filing.shop_check import check_shop
from chalicelib.usecases.filing.shop_lease import ShopLease, take_lease
from chalicelib.usecases.filing.wishes import is_still_wished, let_go, note_wish
from chalicelib.usecases.intake.migration import advance_migration
from chalicelib.usecases.intake.paging import report_skipped_rows
from chalicelib.usecases.intake.sweep import sweep_shop
from chalicelib.usecases.judging.freeing import free_held
from chalicelib.usecases.shop.app_proof import note_answer, require_app

FUNCTION_TIME = timedelta(minutes=15)
TIME_TO_FINISH = timedelta(minutes=2)  # kept for rendering, placing and marking
ANOTHER_RUN = NotBooked(THE_SHOP, "another run is at work; what waits goes along after it")
_HANDS = 3  # through which a lease may go while it is asked for


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What is asked for. `run` names the run in logs and leases; `only` restricts it to these
    ledger keys, without a sweep. `task` is the message's, `receipt` the one under which it was
    received, if it has one.
    """

    shop_id: int
    run: str
    by: Actor = Actor.EXPORT
    only: Sequence[str] | None = None
    time: timedelta = FUNCTION_TIME
    task: Task = Task.EXPORT
    receipt: str = ""


def export_shop(connector: Connector, job: Job) -> Run:
    """Carry one shop's due orders into files; what SEOshop or the inbox refuse, the run says.

    While another run is at work on the shop, this one is only noted as wished for. Raises
    `UnknownShop`, `ProfileError`, `LedgerError`, `QueueError`, and seldom `ShopBusy`.
    """
    stop_at = connector.clock() + job.time - TIME_TO_FINISH
    shop = connector.find_shop(job.shop_id)
    run = Run(connector, shop, name=job.run, by=job.by, stop_at=stop_at)
    if not shop.state.exports:
        run.skipped.append(NotBooked(THE_SHOP, shop.state.value))
        return run
    if meets_halt(run):
        return run
    if shop.way is Way.FILE:
        _ = run.profile  # a broken one stops the run before anything is claimed
    if not _is_due(run, job):
        run.skipped.append(NotBooked(THE_SHOP, "nothing is to be done for this message now"))
        return run
    run.lease = _take_shop(run, job)
    if run.lease is None:
        run.skipped.append(ANOTHER_RUN)
        return run
    try:
        run.shop = connector.find_shop(job.shop_id)  # as it is under the lease
        _run_under_lease(run, job)
    except LeaseLost:
        # Whoever has the shop now may have seen as claimed what this run gave back.
        run.stop(ReleaseCause.LEASE_LOST, resume_at=run.now())
    finally:
        let_go(run.connector, run.shop_id, run.name)
    _keep_health(run)  # also of a run that lost the lease: it may have found a file twice
    continue_later(run)  # after the release: its message must not find this run at work
    return run


def _is_due(run: Run, job: Job) -> bool:
    if job.task is Task.RETRY:
        return is_time_to_try(run)
    return job.task is not Task.WISH or is_still_wished(run)


def _take_shop(run: Run, job: Job) -> ShopLease | None:
    """The shop's lease; None when another run has it, and this one comes after it. Raises
    `ShopBusy`.
    """
    come_after = try_after_the_other if job.task is Task.RETRY else note_wish
    for _ in range(_HANDS):
        lease = take_lease(
            run.connector,
            run.shop_id,
            run.name,
            receipt=job.receipt,
            serves_wish=job.by is Actor.EXPORT and job.only is None,
        )
        if lease is not None or come_after(run):
            return lease
    raise ShopBusy(f"Shop {run.shop_id} goes from one run to the next; this one comes back.")


def _run_under_lease(run: Run, job: Job) -> None:
    if not run.shop.state.exports:  # any longer
        run.skipped.append(NotBooked(THE_SHOP, run.shop.state.value))
        return
    _work(run, job)
    is_whole = job.only is None
    name_trouble(run)
    follow_up(run, is_try=job.task is Task.RETRY, is_whole=is_whole)
    keep_trouble(run, is_whole=is_whole)


def _keep_health(run: Run) -> None:
    """A run that goes on in parts may have left today's statement to its last part."""
    is_day_wrong = run.is_day_wrong if run.resume_at is None else None
    ended = RunEnd(at=run.now(), is_day_wrong=is_day_wrong)
    try_to_renew_health(run.connector, run.shop_id, ended)


def _work(run: Run, job: Job) -> None:
    join_former_lists(run)
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
    except AsperionError as error:
        meet_asperion(run, error)
    except VaultError as error:
        meet_closed_vault(run, error)
    except ShopRateLimited as limit:
        run.stop(ReleaseCause.BUDGET, resume_at=limit.until)
    except ShopError as error:
        meet_refusal(run, error)
    if run.lease is not None:
        run.lease.renew_when_due()
    state_day(run, run.check)
    forget_totals(run)
    forget_former_codes(run)
    forget_left_connection(run)


def _export(run: Run, job: Job) -> None:
    standing = require_app(run)
    recover_files(run)
    if job.only is not None:
        _file_chosen(run, job.only)
        return
    swept = sweep_shop(run, until=run.stop_at)
    note_answer(run, standing)
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
    run.booked.clear()  # for the check alone, and the day's statement needs room


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
    per_file = find_delivery_size(run)
    limit = per_file
    while True:  # most of those that were tried do not wait any longer
        listed = run.connector.entries.list_waiting(run.shop_id, limit=limit)
        fresh = [entry for entry in listed if entry.key not in tried]
        if len(fresh) >= per_file or len(listed) < limit:
            break
        limit *= 2
    if len(fresh) < per_file:
        seen = {entry.key for entry in listed} | tried
        fresh += _read_waiting(run, [key for key in known if key not in seen])
    return sorted(fresh, key=_age)[:per_file]


def _read_waiting(run: Run, keys: Sequence[str]) -> list[Entry]:
    """Those of them that wait, read consistently, in the order in which they are listed."""
    found = run.connector.entries.get_all(run.shop_id, keys).values()
    return sorted((entry for entry in found if entry.state is EntryState.WAITING), key=_age)


def _age(entry: Entry) -> tuple[date, bool, int]:
    """An order, or an invoice, comes before the credit note that takes it back."""
    return entry.day, entry.kind is not DocumentKind.ORDER, entry.document_id


def _file_chosen(run: Run, keys: Sequence[str]) -> None:
    per_file = find_delivery_size(run)
    waiting = _read_waiting(run, keys)
    for start in range(0, len(waiting), per_file):
        if run.stopped_by is None:
            _make_file(run, waiting[start : start + per_file])


def _make_file(run: Run, waiting: Sequence[Entry]) -> list[str]:
    """Take what the shop's allowance can read at most, unless the shop is halted by now. Returns
    the keys of those taken.
    """
    if meets_halt(run):
        return []
    calls = run.api.remaining_calls()
    return make_file(run, waiting if calls is None else waiting[: max(calls, 1)])
