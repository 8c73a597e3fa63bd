"""The statement of the day, drawn up from the ledger after every run, whatever the run did.

A day is stated once more after it is over, with all that happened in it after its last run; from
then on its statement stands.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta

from chalicelib.domain.days import local_day
from chalicelib.domain.events import FileStep
from chalicelib.domain.ledger import Entry, FileEntry
from chalicelib.domain.statement import (
    DayAccount,
    DayStatement,
    ShopCheck,
    Verdict,
    account_for,
    draw_up,
    statement_name,
)
from chalicelib.usecases.filing.run import Run
from chalicelib.usecases.workspace import ALL_OPEN, Workspace

log = logging.getLogger(__name__)

MOST_DAYS = 7
"""How many days are made up for after runs that failed. Whoever was longer without begins anew."""

_PLACING = (FileStep.DELIVER, FileStep.FIND, FileStep.CONFIRM)


def state_day(run: Run, check: ShopCheck | None) -> None:
    """State the days since the last statement (the first: since the installation) once more, and
    today. Without a new check of the shop's list today's earlier one stays.
    """
    today = local_day(run.now())  # once: midnight may pass meanwhile
    kept = {one.day: one for one in run.connector.shops.statements(run.shop_id, MOST_DAYS)}
    start = local_day(run.shop.installed_at)
    last = max((day for day in kept if day < today), default=start)
    first = last if today - last <= timedelta(days=MOST_DAYS) else today
    previous = kept.get(first - timedelta(days=1))
    if previous is not None and local_day(previous.at) <= previous.day:
        previous = None  # never drawn up once its day was over: nothing goes on from there
    names = {result.name for result in run.files}
    files = _files_since(run, first, names.union(previous.unfinished if previous else ()))
    entries = _documents_since(run, first, files.values(), run.claimed)
    for day in (first + timedelta(days=n) for n in range((today - first).days + 1)):
        account = account_for(day, entries, run.shop.policy.source, is_over=day < today)
        previous = _keep(run, account, files, previous, check if day == today else None)
    run.is_day_wrong = previous is not None and previous.verdict is Verdict.WRONG
    if run.is_day_wrong:
        log.error("the day does not close", extra={"shop_id": run.shop_id, "day": str(today)})


def earlier_check(run: Run) -> ShopCheck | None:
    """What an earlier run of this day saw of the shop's list."""
    name = statement_name(local_day(run.now()))
    kept = run.connector.shops.load(run.shop_id, DayStatement, name)
    return None if kept is None else kept.check


def _keep(
    run: Run,
    account: DayAccount,
    files: Mapping[str, FileEntry],
    previous: DayStatement | None,
    check: ShopCheck | None,
) -> DayStatement | None:
    """Draw up the statement of an account and keep it."""
    day = account.day
    is_over = day < local_day(run.now())
    unfinished = {file.name for file in files.values() if _is_unfinished(file, day)}
    unfinished |= account.placed_by_file.keys() - files.keys()  # made by another run meanwhile

    def draw(kept: DayStatement | None) -> DayStatement:
        return draw_up(
            account,
            at=run.now(),
            is_over=is_over,
            files={f.name: len(f.keys) for f in files.values() if _placed_on(f) == day},
            unfinished=tuple(sorted(unfinished)),
            previous_left=None if previous is None else previous.left,
            check=check or (None if kept is None else kept.check),
        )

    return run.connector.shops.change(run.shop_id, DayStatement, draw, statement_name(day))


def account_of_day(workspace: Workspace, day: date) -> DayAccount:
    """The documents behind each figure of a day, as the ledger tells them now."""
    name = statement_name(day - timedelta(days=1))
    previous = workspace.connector.shops.load(workspace.shop_id, DayStatement, name)
    files = _files_since(workspace, day, () if previous is None else previous.unfinished)
    entries = _documents_since(workspace, day, files.values(), ())
    is_over = day < local_day(workspace.now())
    return account_for(day, entries, workspace.shop.policy.source, is_over=is_over)


def _documents_since(
    workspace: Workspace, day: date, files: Iterable[FileEntry], known: Iterable[str]
) -> Collection[Entry]:
    """Every document that was open on a day or later: those that are open now, those in a file that
    was placed since, those dropped since. `known` are keys of such that the lists, which may lag
    behind, need not show.
    """
    entries, shop_id = workspace.connector.entries, workspace.shop_id
    listed = (
        *entries.list_waiting(shop_id, limit=ALL_OPEN),
        *entries.list_held(shop_id, limit=ALL_OPEN),
    )
    keys = {*known, *(entry.key for entry in listed)}
    for file in files:
        keys.update(file.keys)
    days = (local_day(workspace.now()) - day).days + 1
    for dropped_on in (day + timedelta(days=n) for n in range(days)):
        keys.update(entry.key for entry in entries.list_dropped(shop_id, dropped_on))
    return entries.get_all(shop_id, sorted(keys)).values()


def _files_since(workspace: Workspace, day: date, names: Iterable[str]) -> Mapping[str, FileEntry]:
    """Every file that was made on a day or later, or unfinished when the day began: `names` are
    earlier ones that were unfinished the day before, or that this run has taken up.
    """
    files, shop_id = workspace.connector.files, workspace.shop_id
    earlier = (files.get(shop_id, name) for name in names)
    found = (*earlier, *files.list_unfinished(shop_id), *files.list_since(shop_id, day))
    return {file.name: file for file in found if file is not None}


def _placed_on(file: FileEntry) -> date | None:
    placed = (event for event in file.history if event.step in _PLACING)
    return next((local_day(event.at) for event in placed), None)


def _is_unfinished(file: FileEntry, day: date) -> bool:
    """Whether a file was there at the end of a day, and not finished."""
    if file.day > day:
        return False
    return not file.is_finished or local_day(file.history[-1].at) > day
