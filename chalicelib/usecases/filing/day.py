"""The statement of the day, drawn up from the ledger after every run, whatever the run did.

A day is stated once more after it is over, with all that happened in it after its last run. As
soon as nothing of it can change any more, its statement is closed, and goes into the journal. A
closed day is drawn up again only to be compared with the journal, which gets a correction if it
differs.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta

from chalicelib.domain.causes import ReleaseCause
from chalicelib.domain.cover_sheet import CoverSheet, add_up
from chalicelib.domain.days import local_day, start_of
from chalicelib.domain.drawing_up import draw_up
from chalicelib.domain.ledger import FileState
from chalicelib.domain.statement import (
    DayAccount,
    DayStatement,
    ShopCheck,
    Verdict,
    statement_name,
)
from chalicelib.usecases.filing.day_account import (
    StatedFile,
    documents_since,
    files_since,
    list_file_names,
    list_keys_since,
    open_account,
)
from chalicelib.usecases.filing.journal_keeping import keep_journal
from chalicelib.usecases.filing.run import Run

log = logging.getLogger(__name__)

MOST_DAYS = 7
"""How many days are made up for after runs that failed. Whoever was longer without begins anew."""

RECORDED_AFTER = timedelta(hours=1)
"""So long after its end everything that happened in a day is recorded: more than a function runs,
and two clocks differ.
"""

_IN_PARTS = (ReleaseCause.BUDGET, ReleaseCause.TIME)
"""By what a migration is broken off again and again: stating the day, which reads all that waits,
would take longer each time than the part itself.
"""


def state_day(run: Run, check: ShopCheck | None) -> None:
    """State the days since the last statement once more, and today. Without a new check of the
    shop's list today's earlier one stays. A run that goes on in parts (see `_IN_PARTS`) leaves
    today's statement, if there is one, to its last part.
    """
    today = local_day(run.now())  # once: midnight may pass meanwhile
    if run.resume_at is not None and run.stopped_by in _IN_PARTS and _put_off(run, today):
        return
    kept = run.connector.shops.statements(run.shop_id, MOST_DAYS)
    last = max((one.day for one in kept if one.day < today), default=None)
    first = _first_day(run, kept, last, today)
    accounts = [
        open_account(run, first + timedelta(days=n)) for n in range((today - first).days + 1)
    ]
    names = list_file_names(one for one in kept if one.day >= min(first, last or first))
    names.update(result.name for result in run.files)
    listed = {key for one in kept if one.day >= first for key in one.unfiled or ()}
    listed |= run.claimed
    listed |= list_keys_since(run, first)
    # In this order: what leaves the lists meanwhile is in one of the files, and what is placed
    # after that in one that is unfinished then.
    files = {file.name: file for file in files_since(run, first, names)}
    for entry in documents_since(run, files.values(), listed):
        for account in accounts:
            account.add(entry)
    # Of the day before, and drawn up after that was over.
    led = (
        one for one in kept if one.day == first - timedelta(days=1) and local_day(one.at) > one.day
    )
    previous = next(led, None)
    stated = list[DayStatement]()
    for account in accounts:
        check_today = check if account.day == today else None
        may_close = not stated or stated[-1].is_closed  # a day after the one before it
        previous = _state(run, account, files, previous, check_today, may_close=may_close)
        stated.append(previous)
    keep_journal(run, stated)
    run.is_day_wrong = previous is not None and previous.verdict is Verdict.WRONG
    if run.is_day_wrong:
        log.error("the day does not close", extra={"shop_id": run.shop_id, "day": str(today)})


def _put_off(run: Run, today: date) -> bool:
    """Leave today's statement as it is, without calling it right; False when there is none."""

    def call_running(kept: DayStatement | None) -> DayStatement | None:
        if kept is None or kept.verdict is not Verdict.RIGHT:
            return None
        return replace(kept, verdict=Verdict.RUNNING)

    name = statement_name(today)
    return run.connector.shops.change(run.shop_id, DayStatement, call_running, name) is not None


def _first_day(run: Run, kept: Iterable[DayStatement], last: date | None, today: date) -> date:
    """The day of the last statement before today, or the first that is not closed yet; without one,
    of the first file that there is. Statements of versions before 1.5.0 are never closed.
    """
    bound = today - timedelta(days=MOST_DAYS)
    if last is not None:
        is_open = (one for one in kept if one.sha256 is not None and not one.is_closed)
        return min(max(last, bound), *(one.day for one in is_open if one.day >= bound), today)
    first = run.connector.files.list_since(run.shop_id, bound, limit=1)
    return min((today, *(file.day for file in first)))


def earlier_check(run: Run) -> ShopCheck | None:
    """What an earlier run of this day saw of the shop's list."""
    name = statement_name(local_day(run.now()))
    kept = run.connector.shops.load(run.shop_id, DayStatement, name)
    return None if kept is None else kept.check


def _state(
    run: Run,
    account: DayAccount,
    known: Mapping[str, StatedFile],
    previous: DayStatement | None,
    check: ShopCheck | None,
    *,
    may_close: bool,
) -> DayStatement:
    """State a day; a closed one, as it would be stated now."""
    placed = _placed_files(run, account, known)
    open_files = run.connector.files.list_unfinished(run.shop_id)
    unfinished = {file.name for file in open_files}
    unfinished.update(file.name for file in known.values() if not file.is_finished)
    unfinished |= account.placed_by_file.keys() - known.keys()  # placed meanwhile by another run
    doubles = [
        file.name
        for file in open_files
        if file.state is FileState.DOUBLE and local_day(file.since) <= account.day
    ]

    def draw(kept: DayStatement | None) -> DayStatement:
        return draw_up(
            account,
            at=run.now(),
            files={file.name: _count_placed(account, file) for file in placed},
            unfinished=tuple(sorted(unfinished)),
            previous=previous,
            check=_allowed(run, check or (None if kept is None else kept.check)),
            cover=_cover(run, placed),
            doubles=doubles,
            filed={key for file in placed for key in file.keys},
            sha256={file.name: file.sha256 for file in placed if file.sha256 is not None},
        )

    def state(kept: DayStatement | None) -> DayStatement | None:
        if kept is not None and kept.is_closed:
            return None
        drawn = draw(kept)
        return replace(drawn, is_closed=may_close and _is_recorded(drawn))

    name = statement_name(account.day)
    stored = run.connector.shops.change(run.shop_id, DayStatement, state, name)
    if stored is not None and not stored.is_closed:
        return stored
    return replace(draw(stored), is_closed=True)


def _is_recorded(statement: DayStatement) -> bool:
    """Whether nothing of the day can change any more."""
    is_late = statement.at >= start_of(statement.day + timedelta(days=1)) + RECORDED_AFTER
    return is_late and statement.verdict is not Verdict.RUNNING


def _placed_files(
    run: Run, account: DayAccount, known: Mapping[str, StatedFile]
) -> list[StatedFile]:
    """The files placed on the account's day."""
    found = dict(known)
    for name in account.placed_by_file.keys() - known.keys():
        file = run.connector.files.get(run.shop_id, name)
        if file is not None:
            found[name] = StatedFile.of(file)
    return [file for file in found.values() if _was_placed_in(file, account)]


def _was_placed_in(file: StatedFile, account: DayAccount) -> bool:
    if file.has_surfaced:
        return file.name in account.placed_by_file
    return account.day in file.placed_on


def _count_placed(account: DayAccount, file: StatedFile) -> int:
    """How many documents were placed with a file: of one that surfaced, those alone that went
    nowhere else.
    """
    if file.has_surfaced:
        return len(account.placed_by_file.get(file.name, ()))
    return len(file.keys)


def _cover(run: Run, placed: Iterable[StatedFile]) -> CoverSheet | None:
    """What the day's files add up to; None when that is not known, or not to be kept."""
    if not run.shop.policy.keep_totals:
        return None
    covers = (None if file.has_surfaced else file.cover for file in placed)
    return add_up(covers, run.shop.currency)


def _allowed(run: Run, check: ShopCheck | None) -> ShopCheck | None:
    """What may be kept of a check: its sums only while the merchant wants totals kept."""
    if check is None or run.shop.policy.keep_totals:
        return check
    return replace(check, money=None)
