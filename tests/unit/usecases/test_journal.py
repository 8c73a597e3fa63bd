"""A day goes into the journal once nothing of it can change any more, whatever the runs had to go
through, and stands there as it was closed.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import count
from typing import Any

import pytest

from chalicelib.domain.journal import EntryKind, JournalEntry, make_entry
from chalicelib.domain.journal_check import JournalCheck, check_entries
from chalicelib.domain.journal_forms import form_statement
from chalicelib.domain.statement import DayStatement, Verdict, statement_name
from chalicelib.usecases.filing import journal_keeping
from chalicelib.usecases.filing.journal_keeping import keep_journal
from chalicelib.usecases.operating import journal_reading
from chalicelib.usecases.operating.journal_reading import look_at_journal, read_part
from tests.fakes.journals import closed_day, make_journal, store_journal
from tests.unit.usecases.crashes import killed_after
from tests.unit.usecases.day_runs import (
    MORNING,
    NIGHT,
    TODAY,
    TOMORROW,
    check_statements,
    export,
    open_stage,
    sell,
    statement,
)
from tests.unit.usecases.stage import SHOP_ID, Stage


@pytest.fixture
def stage() -> Stage:
    return open_stage()


def journal(stage: Stage) -> list[JournalEntry]:
    return stage.shops.journal(SHOP_ID, 1_000)[::-1]


def days(stage: Stage) -> list[date]:
    return [entry.day for entry in journal(stage)]


def check(stage: Stage) -> JournalCheck:
    found = check_entries(journal(stage))
    assert found.is_intact, found
    return found


def pass_nights(stage: Stage, nights: int = 1) -> None:
    for _ in range(nights):
        stage.now += timedelta(days=1)
        export(stage)


def store(stage: Stage, *statements: DayStatement) -> None:
    for one in statements:

        def put(_: object, one: DayStatement = one) -> DayStatement:
            return one

        stage.shops.change(SHOP_ID, DayStatement, put, statement_name(one.day))


def test_a_day_is_closed_in_the_night_after_it_with_its_files_and_their_hashes(
    stage: Stage,
) -> None:
    assert not journal(stage)
    assert not statement(stage).is_closed
    stage.now = MORNING + NIGHT
    export(stage)
    [entry] = journal(stage)
    closed = statement(stage)
    assert closed.is_closed
    assert closed.mark is not None
    assert (closed.mark.number, closed.mark.hash) == (1, entry.hash)
    form = entry.read()["statement"]
    assert form == form_statement(closed)
    [named] = form["files"]
    file = stage.connector.files.get(SHOP_ID, named["name"])
    assert file is not None
    assert (named["documents"], named["sha256"]) == (3, file.sha256)
    assert file.sha256 == named["sha256"] is not None
    check(stage)


def test_each_day_follows_the_one_before(stage: Stage) -> None:
    pass_nights(stage, 4)
    assert days(stage) == [TODAY + timedelta(days=n) for n in range(4)]
    found = check(stage)
    assert [line.number for line in found.lines] == [1, 2, 3, 4]
    check_statements(stage)


def test_a_day_is_not_closed_before_everything_of_it_is_recorded(stage: Stage) -> None:
    stage.now = MORNING.replace(hour=23, minute=30)  # half past midnight in Amsterdam
    export(stage)
    assert statement(stage).is_final
    assert not statement(stage).is_closed
    stage.now += timedelta(hours=1)
    export(stage)
    assert days(stage) == [TODAY]


def test_nights_that_were_skipped_are_made_up_for_and_longer_ones_are_said(stage: Stage) -> None:
    stage.now = MORNING + NIGHT
    export(stage)
    stage.now += timedelta(days=3)
    export(stage)
    assert days(stage) == [TODAY + timedelta(days=n) for n in range(4)]
    stage.now += timedelta(days=20)
    export(stage)
    found = check(stage)
    first_after = TODAY + timedelta(days=21 + 3 - 7)
    skipped = next(line for line in found.lines if line.day == first_after)
    assert skipped.follows == TODAY + timedelta(days=3)


def test_what_is_closed_is_not_written_again_by_later_runs(stage: Stage) -> None:
    pass_nights(stage)
    closed = statement(stage)
    for _ in range(3):
        stage.now += timedelta(hours=1)
        sell(stage, stage.now.hour + 10)
        export(stage)
    assert statement(stage) == closed
    assert len(journal(stage)) == 1


def test_of_a_shop_that_was_long_without_a_journal_all_closed_days_follow(stage: Stage) -> None:
    first = TODAY - timedelta(days=60)
    store(stage, *(closed_day(first + timedelta(days=n)) for n in range(40)))
    keep_journal(stage.workspace(), [])
    assert len(check(stage).lines) == 40
    keep_journal(stage.workspace(), [])
    assert len(journal(stage)) == 40


def killed_night(writes: int) -> bool:
    """The run of the second night is killed after so many writes; whether it lived that long."""
    stage = open_stage()
    pass_nights(stage)
    sell(stage, 4)
    stage.now += timedelta(days=1)
    with killed_after(stage, writes) as lifetime:
        export(stage)
    known = {entry.number: entry.hash for entry in journal(stage)}
    check(stage)
    stage.now += timedelta(hours=1)
    export(stage)
    found = check(stage)
    assert {line.number: line.hash for line in found.lines}.items() >= known.items()
    assert days(stage) == [TODAY, TOMORROW]
    for day in (TODAY, TOMORROW):
        mark = statement(stage, day).mark
        assert mark is not None
        assert found.find(mark.hash) is not None
    return lifetime.is_over


def test_a_run_that_is_killed_after_any_of_its_writes_leaves_a_journal_to_go_on_with() -> None:
    lived = next(writes for writes in count(1) if not killed_night(writes))
    assert lived > 10


def test_of_two_runs_at_once_one_adds_a_day_and_the_other_goes_on_after_it(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    pass_nights(stage)
    store(stage, *(closed_day(TOMORROW + timedelta(days=n)) for n in range(2)))
    meanwhile = [True]

    def make_late(*args: Any, **kwargs: Any) -> JournalEntry:
        if meanwhile.pop() if meanwhile else False:
            keep_journal(stage.workspace(), [])
        return make_entry(*args, **kwargs)

    monkeypatch.setattr(journal_keeping, "make_entry", make_late)
    keep_journal(stage.workspace(), [])
    assert [line.day for line in check(stage).lines] == [
        TODAY,
        TOMORROW,
        TOMORROW + timedelta(days=1),
    ]


def test_what_differs_later_is_a_correction_once_and_the_day_stays_as_it_was(stage: Stage) -> None:
    pass_nights(stage)
    closed = statement(stage)
    found_later = replace(closed, at=stage.now, placed=2, dropped=1)
    keep_journal(stage.workspace(), [found_later])
    keep_journal(stage.workspace(), [found_later])
    first, second = journal(stage)
    assert (second.kind, second.day) == (EntryKind.CORRECTION, TODAY)
    assert second.read()["corrects"] == first.number
    assert second.read()["statement"]["placed"] == 2
    kept = statement(stage)
    assert replace(kept, mark=closed.mark) == closed
    assert kept.mark is not None
    assert kept.mark.corrections == (2,)
    pass_nights(stage)  # the statement is drawn up anew, and as it was first
    assert [entry.day for entry in journal(stage)] == [TODAY, TODAY, TOMORROW]
    check(stage)


def test_another_choice_of_what_is_exported_is_no_correction(stage: Stage) -> None:
    pass_nights(stage)
    relabelled = replace(statement(stage), due=0, corrections=3)
    keep_journal(stage.workspace(), [relabelled])
    assert len(journal(stage)) == 1


def test_totals_that_are_erased_leave_hashes_and_chain_as_they_were(stage: Stage) -> None:
    pass_nights(stage, 2)
    before = [entry.hash for entry in journal(stage)]
    assert all(entry.totals for entry in journal(stage)[:1])
    stage.choose(keep_totals=False)
    pass_nights(stage, 2)
    entries = journal(stage)
    assert [entry.hash for entry in entries[:2]] == before
    assert not any(entry.totals for entry in entries)
    assert entries[-1].read()["totals_hash"] is None
    check(stage)


def test_the_journal_begins_with_the_first_day_that_this_version_closes(stage: Stage) -> None:
    store(stage, replace(closed_day(TODAY - timedelta(days=1)), sha256=None, is_closed=False))
    pass_nights(stage)
    assert days(stage) == [TODAY]
    assert check(stage).lines[0].follows is None


def test_a_day_that_is_wrong_is_closed_as_wrong(stage: Stage) -> None:
    stage.now = MORNING + NIGHT
    kept = statement(stage)
    assert kept.check is not None
    store(stage, replace(kept, check=replace(kept.check, missing=1)))
    export(stage)
    [entry] = journal(stage)
    assert entry.read()["statement"]["verdict"] == Verdict.WRONG.value


def test_a_long_journal_is_divided_over_downloads_that_join(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    store_journal(stage.shops, make_journal(150, first=TODAY))
    monkeypatch.setattr(journal_reading, "LARGEST_PART", 50_000)
    look = look_at_journal(stage.workspace(), None)
    assert look.check is not None
    assert look.check.is_intact
    assert len(look.parts) > 1
    read = [entry for part in look.parts for entry in read_part(stage.workspace(), part.number)]
    assert read == journal(stage)
    assert not read_part(stage.workspace(), 151)


def test_pages_of_the_journal_join(stage: Stage) -> None:
    store_journal(stage.shops, make_journal(150, first=TODAY))
    numbers, before = list[int](), None
    while True:
        look = look_at_journal(stage.workspace(), before)
        numbers += [entry.number for entry in look.listed]
        if look.older is None:
            break
        before = look.older
    assert numbers == [*range(150, 0, -1)]
    assert look.newer == 91  # the page before it lists 31 to 90
    assert look_at_journal(stage.workspace(), 91).newer == 0


def test_a_day_that_is_gone_is_missed_unless_its_time_is_over(stage: Stage) -> None:
    pass_nights(stage, 4)
    del stage.shops.kept[SHOP_ID][journal(stage)[1].name]
    look = look_at_journal(stage.workspace(), None)
    assert look.check is not None
    assert not look.check.is_intact
    stage.now += stage.connector.settings.keep_audit - timedelta(days=1)
    look = look_at_journal(stage.workspace(), None)
    assert look.check is not None
    assert look.check.is_intact
    assert look.begins is not None
    assert look.begins.number > 2
