"""Orders, files and statements as a page has to show them, recorded step by step."""

from __future__ import annotations

from datetime import date
from typing import Any

from chalicelib.domain.causes import LateChange
from chalicelib.domain.cover_sheet import CoverSheet
from chalicelib.domain.events import Actor, Cause, Event, FileStep, OrderStep
from chalicelib.domain.file_content import FileContent
from chalicelib.domain.file_returns import FileReturns
from chalicelib.domain.holds import HoldReason
from chalicelib.domain.ledger import (
    DocumentKind,
    Entry,
    EntryState,
    FileEntry,
    FileState,
    Hint,
)
from chalicelib.domain.statement import DayStatement, Verdict, statement_name
from chalicelib.domain.ways import Way
from chalicelib.ports import StepTaken
from chalicelib.usecases.filing.open_files import note_open_file
from chalicelib.usecases.workspace import open_workspace
from tests.fakes.web import SHOP_ID, World

SHA = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"

FIRST_DRAFT = 70041
"""Asperion's number of the first draft of a delivery by API."""

_FILE_STEPS = {FileState.PLACED: FileStep.DELIVER, FileState.UNKNOWN: FileStep.LOSE}


def hint(number: str, kind: DocumentKind = DocumentKind.ORDER) -> Hint:
    """A document whose id follows from its number."""
    return Hint(
        kind=kind,
        document_id=sum(ord(each) * 131**place for place, each in enumerate(number)) % 10**12,
        number=number,
        day=date(2026, 11, 22),
    )


def take(
    world: World,
    key: str,
    step: OrderStep,
    *,
    by: Actor = Actor.EXPORT,
    cause: Cause | None = None,
    file: str | None = None,
    note: str = "",
    **given: Any,
) -> Entry:
    """A step of a document, taken now."""
    event = Event(at=world.clock(), step=step, by=by, cause=cause, file=file, note=note)
    entry = world.entries.record(SHOP_ID, StepTaken(key=key, event=event, **given))
    assert entry is not None, f"{key} cannot take the step {step}"
    return entry


def advance(
    world: World, file: FileEntry, step: FileStep, content: FileContent | None = None
) -> FileEntry:
    """A step of a file, taken now."""
    event = Event(at=world.clock(), step=step, by=Actor.EXPORT)
    moved = world.files.record(file, event, content)
    assert moved is not None, f"{file.name} cannot take the step {step}"
    return moved


def wait(world: World, *numbers: str, kind: DocumentKind = DocumentKind.ORDER) -> None:
    """Orders a webhook brought; a correction is one that the merchant asked for."""
    by = Actor.MERCHANT if kind is DocumentKind.REVERSAL else Actor.WEBHOOK
    for number in numbers:
        world.entries.record_hint(SHOP_ID, hint(number, kind), at=world.clock(), by=by)


def claim(
    world: World,
    *numbers: str,
    kind: DocumentKind = DocumentKind.ORDER,
    way: Way = Way.FILE,
) -> tuple[FileEntry, list[str]]:
    """A file that took orders up, and their keys."""
    wait(world, *numbers, kind=kind)
    day = world.clock().date()
    file = world.files.create(SHOP_ID, day, at=world.clock(), by=Actor.EXPORT, way=way)
    note_open_file(open_workspace(world.connector, SHOP_ID), file.name)
    keys = [hint(number, kind).key for number in numbers]
    for key in keys:
        take(world, key, OrderStep.CLAIM, file=file.name)
    return file, keys


def finish(
    world: World, step: OrderStep, cause: Cause, *numbers: str, detail: str = "", **kind: Any
) -> None:
    """Orders that a run took up, and held, dropped or gave back."""
    file, keys = claim(world, *numbers, **kind)
    for key in keys:
        take(world, key, step, cause=cause, file=file.name, detail=detail)
    advance(world, file, FileStep.DISCARD)


def hold(
    world: World,
    reason: str,
    *numbers: str,
    detail: str = "",
    kind: DocumentKind = DocumentKind.ORDER,
) -> None:
    """Orders a run held."""
    finish(world, OrderStep.HOLD, HoldReason(reason), *numbers, detail=detail, kind=kind)


def place(
    world: World,
    *numbers: str,
    state: FileState = FileState.PLACED,
    kind: DocumentKind = DocumentKind.ORDER,
    cover: CoverSheet | None = None,
    returns: FileReturns | None = None,
    way: Way = Way.FILE,
) -> FileEntry:
    """Orders in a file, or in a delivery by API, that got as far as `state`."""
    file, keys = claim(world, *numbers, kind=kind, way=way)
    prints = dict.fromkeys(keys, "print")
    days = dict.fromkeys(keys, world.clock().date())
    content = FileContent(
        keys=prints, sha256=SHA, size=18342, cover=cover, returns=returns, days=days
    )
    moved = advance(world, advance(world, file, FileStep.FIX, content), _FILE_STEPS[state])
    return deliver(world, moved) if state is FileState.PLACED else moved


def deliver(world: World, file: FileEntry) -> FileEntry:
    """Every document of a placed file learns of it; one that went by API, of its number there."""
    for number, key in enumerate(file.keys, start=FIRST_DRAFT):
        booked_on = file.days.get(key)
        take(
            world,
            key,
            OrderStep.PLACE,
            file=file.name,
            fingerprint="print",
            booked_on=booked_on,
            asperion_id=number if file.way is Way.API else None,
        )
    return advance(world, file, FileStep.FINISH)


def report(
    world: World,
    change: LateChange,
    number: str = "ORD1",
    kind: DocumentKind = DocumentKind.ORDER,
) -> None:
    """A placed order that changed in the shop afterwards."""
    place(world, number, kind=kind)
    take(world, hint(number, kind).key, OrderStep.REPORT, by=Actor.SWEEP, cause=change)


def state(world: World, day: str, verdict: Verdict, **figures: Any) -> DayStatement:
    """A day's statement, stored."""
    given = {"at": world.clock(), "verdict": verdict, "unfiled": (), **figures}
    statement = DayStatement(day=date.fromisoformat(day), **given)
    name = statement_name(statement.day)
    world.shops.change(SHOP_ID, DayStatement, lambda _: statement, name)
    return statement


def state_of(world: World, number: str) -> EntryState:
    """Where an order is now."""
    (entry,) = world.entries.find_by_numbers(SHOP_ID, [number])
    return entry.state
