"""The statements of the days, checked against what the simulation itself knows."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from chalicelib.domain.days import local_day
from chalicelib.domain.discrepancies import DiscrepancyKind
from chalicelib.domain.ledger import EntryState
from chalicelib.domain.statement import DayStatement, Verdict
from chalicelib.usecases.operating.day_documents import read_day
from chalicelib.usecases.workspace import Workspace
from tests.fakes.whole_account import account_of_day
from tests.simulation.booked import SHOP_ID, is_wanted, list_files, read_file
from tests.simulation.journal_watch import check_journal_at_end
from tests.simulation.machine import Process

if TYPE_CHECKING:
    from tests.simulation.sim_world import World


def check_statement(
    world: World, process: Process, statement: DayStatement, former: DayStatement | None
) -> None:
    """At the moment at which a day is stated: what it says is so, and a day is called wrong only
    when the shop changed while it was compared.
    """
    day, placed = statement.day, statement.placed
    finished = process.finished_before[day]
    known = world.observer.count_placed()[day]
    if not finished <= placed <= known:
        world.blame(f"{process.name} states {placed} placed on {day}; {finished} to {known} were")
    check = statement.check
    is_new = former is None or former.check != check
    is_compared = is_new and check is not None and check.is_whole
    differs = check is not None and (check.missing or check.differing)
    if statement.verdict is Verdict.WRONG:
        if not differs:
            if DiscrepancyKind.DOUBLES not in {one.kind for one in statement.discrepancies}:
                world.blame(f"{process.name} calls {day} wrong: {_describe(statement)}")
        elif is_compared and world.shop.changed < process.started:
            world.blame(f"{process.name} calls {day} wrong, and nothing changed: {check}")
    elif is_compared and statement.verdict is Verdict.RIGHT:
        _check_right(world, process, statement)


def _describe(statement: DayStatement) -> str:
    return (
        f"{statement.opened} + {statement.due} + {statement.corrections} came, {statement.placed} "
        f"placed as {dict(statement.files)}, {statement.dropped} dropped, {statement.left} left; "
        f"{statement.previous_left} were left the day before"
    )


def _check_right(world: World, process: Process, statement: DayStatement) -> None:
    """Nothing that was due when the run began is missing when it calls the day right."""
    assert statement.check is not None
    since = statement.check.since
    booked = [sold.number for content in list_files(world).values() for sold in read_file(content)]
    for one in world.shop.orders.values() if world.orders_only else ():
        version = one.now
        if version.time >= process.started or not is_wanted(world, version):
            continue
        if version.order.updated_at < since:
            continue
        if world.shop.nameless.get(one.id, 0.0) > process.started:
            continue  # the run's sweep may have seen it without an id
        entry = world.entries.get(SHOP_ID, f"order-{one.id}")
        if entry is None or entry.state is EntryState.DROPPED:
            world.blame(f"the day is called right without {one.number}")
        elif entry.state is EntryState.PLACED and booked.count(one.number) <= entry.revision:
            world.blame(f"the day is called right, {one.number} is placed and not in the inbox")


def check_statements(world: World) -> None:
    """After a night: every day's statement closes and goes on from the day before."""
    for previous, statement in pairwise((None, *_list_statements(world))):
        assert statement is not None
        day = statement.day
        if statement.difference:
            world.blame(f"{day} does not close: {_describe(statement)}")
        if previous is None:
            continue
        if previous.day + timedelta(days=1) != day:
            world.blame(f"the days between {previous.day} and {day} are not stated")
        elif previous.left != statement.opened:
            world.blame(f"{day} opens with {statement.opened}, {previous.left} were left")


def check_pages(world: World) -> None:
    """At any moment: the page of each day lists the very documents that the ledger, read whole, has
    for it. What is open is found by an index: one that lags may hide it for so long.
    """
    seen: Any = SimpleNamespace(shops=world.shops, entries=world.entries, files=world.files)
    seen.clock = world.machine.now
    shop = world.shops.get(SHOP_ID)
    if shop is None:
        return
    workspace = Workspace(seen, shop)
    for statement in _list_statements(world):
        if not statement.is_final and world.indexes.lag:
            continue
        documents = read_day(workspace, statement)
        if documents.is_behind:
            continue
        whole = account_of_day(workspace, statement.day)
        for figure, found in documents.account.figures.items():
            listed = sorted(found)
            if listed != sorted(whole.figures[figure]):
                world.blame(f"{statement.day} lists {listed} as {figure}: {whole.figures[figure]}")


def check_last_statements(world: World) -> None:
    """At the end, when all is quiet: every day counts the very documents that the inbox took, and
    the last is right.
    """
    check_statements(world)
    check_journal_at_end(world)
    kept = {statement.day: statement for statement in _list_statements(world)}
    for statement in kept.values():
        _check_placed(world, statement)
    missed = world.observer.count_placed().keys() - kept.keys()
    if missed:
        world.blame(f"files were placed on {missed}, which no statement tells")
    last = kept.get(local_day(world.machine.start + timedelta(seconds=world.last_night)))
    if last is None or last.verdict is not Verdict.RIGHT:
        world.blame(f"the last day is not right: {last and _describe(last)}")


def _list_statements(world: World) -> list[DayStatement]:
    return world.shops.statements(SHOP_ID, 1000)[::-1]


def _check_placed(world: World, statement: DayStatement) -> None:
    known = world.observer.count_placed()[statement.day]
    if statement.placed != known:
        world.blame(f"{statement.placed} were placed on {statement.day} by its statement: {known}")
    if sum(statement.files.values()) != known:
        world.blame(f"{statement.day} has files {dict(statement.files)}: {known} documents")
