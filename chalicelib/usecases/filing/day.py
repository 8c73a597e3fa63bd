"""The statement of the day, drawn up from the ledger after every run, whatever the run did.

A day is stated once more after it is over, with all that happened in it after its last run; from
then on its statement stands.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from chalicelib.domain.days import local_day
from chalicelib.domain.events import FileStep
from chalicelib.domain.ledger import Entry, EntryState, FileEntry
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
from chalicelib.usecases.filing.shop_check import check_shop
from chalicelib.usecases.intake.sweep import Swept
from chalicelib.usecases.workspace import ALL_OPEN, Workspace

log = logging.getLogger(__name__)

MOST_DAYS = 7
"""How many days are made up for after runs that failed. Whoever was longer without begins anew."""

_PLACING = (FileStep.DELIVER, FileStep.FIND, FileStep.CONFIRM)


def state_day(run: Run, swept: Swept | None = None) -> None:
    """State the days since the last statement, and today. With what a sweep saw, the shop's list is
    compared as well.

    Raises `ShopError` when the shop has to be asked again and does not answer.
    """
    today = local_day(run.now())  # once: midnight may pass meanwhile
    kept = run.connector.shops.statements(run.shop_id, 2)
    before = next((one for one in kept if one.day < today), None)
    earlier = next((one.check for one in kept if one.day == today), None)
    check = earlier if swept is None else check_shop(run, swept, earlier)
    first = today if before is None else max(before.day, today - timedelta(days=MOST_DAYS))
    entries = list(_documents_since(run, first, before))
    previous = None
    for past in (first + timedelta(days=n) for n in range((today - first).days)):
        previous = _state(run, past, entries, previous, None, is_over=True)
    statement = _state(run, today, entries, previous, check, is_over=False)
    run.is_day_wrong = statement.verdict is Verdict.WRONG
    if run.is_day_wrong:
        log.error(
            "the day does not close",
            extra={"shop_id": run.shop_id, "difference": statement.difference},
        )


def _state(
    run: Run,
    day: date,
    entries: Iterable[Entry],
    previous: DayStatement | None,
    check: ShopCheck | None,
    *,
    is_over: bool,
) -> DayStatement:
    account = account_for(day, entries, run.shop.policy.source, is_over=is_over)
    files = run.connector.files
    unfinished = tuple(file.name for file in files.list_unfinished(run.shop_id))

    def drawn_up(kept: DayStatement | None) -> DayStatement:
        return draw_up(
            account,
            at=run.now(),
            files=_placed_files(run, account),
            unfinished=unfinished,
            previous_left=None if previous is None else previous.left,
            check=check or (None if kept is None else kept.check),
        )

    stated = run.connector.shops.change(
        run.shop_id, DayStatement, drawn_up, statement_name(day)
    )
    assert stated is not None
    return stated


def account_of_day(workspace: Workspace, day: date) -> DayAccount:
    """The documents behind each figure of a day, as the ledger tells them now."""
    entries = _documents_since(workspace, day, None)
    is_over = day < local_day(workspace.now())
    return account_for(day, entries, workspace.shop.policy.source, is_over=is_over)


def _documents_since(
    workspace: Workspace, day: date, before: DayStatement | None
) -> Iterable[Entry]:
    """Every document that was open on a day or later: those that are open now, those in a file that
    was placed since (one made earlier may have been unfinished then), those dropped since.
    """
    entries, shop_id = workspace.connector.entries, workspace.shop_id
    states = (EntryState.WAITING, EntryState.CLAIMED, EntryState.HELD)
    keys = {
        entry.key
        for state in states
        for entry in entries.list_open(shop_id, state, limit=ALL_OPEN)
    }
    for file in _files_since(workspace, day, before):
        keys.update(file.keys)
    days = (local_day(workspace.now()) - day).days + 1
    for dropped_on in (day + timedelta(days=n) for n in range(days)):
        keys.update(entry.key for entry in entries.list_dropped(shop_id, dropped_on))
    return entries.get_all(shop_id, sorted(keys)).values()


def _files_since(
    workspace: Workspace, day: date, before: DayStatement | None
) -> Iterable[FileEntry]:
    files = workspace.connector.files
    yield from files.list_since(workspace.shop_id, day)
    for name in () if before is None else before.unfinished:
        file = files.get(workspace.shop_id, name)
        if file is not None and file.day < day:
            yield file


def _placed_files(run: Run, account: DayAccount) -> Mapping[str, int]:
    """The files placed on the account's day, and how many documents each holds."""
    names = set(account.placed_by_file)
    found = {file.name: file for file in run.connector.files.list_since(run.shop_id, account.day)}
    for name in names - found.keys():
        file = run.connector.files.get(run.shop_id, name)
        if file is not None:
            found[name] = file
    return {
        file.name: len(file.keys) for file in found.values() if _placed_on(file) == account.day
    }


def _placed_on(file: FileEntry) -> date | None:
    placed = (event for event in file.history if event.step in _PLACING)
    return next((local_day(event.at) for event in placed), None)
