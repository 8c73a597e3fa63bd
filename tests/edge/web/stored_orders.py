"""Orders and files in the states a page has to show."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from chalicelib.domain.ledger import DocumentKind, EntryState, FileEntry, FileState, Hint, Outcome
from tests.fakes.web import SHOP_ID, World

SHA = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"


def hint(number: str, kind: DocumentKind = DocumentKind.ORDER) -> Hint:
    """A document whose id follows from its number."""
    return Hint(
        kind=kind,
        document_id=sum(ord(each) * 131**place for place, each in enumerate(number)) % 10**12,
        number=number,
        day=date(2026, 11, 22),
    )


def wait(world: World, *numbers: str, kind: DocumentKind = DocumentKind.ORDER) -> None:
    """Orders a webhook brought."""
    for number in numbers:
        world.entries.hear(SHOP_ID, hint(number, kind), at=world.clock(), by="webhook")


def hold(
    world: World,
    reason: str,
    *numbers: str,
    detail: str = "",
    kind: DocumentKind = DocumentKind.ORDER,
) -> None:
    """Orders a run held."""
    wait(world, *numbers, kind=kind)
    file = world.files.create(SHOP_ID, date(2026, 11, 23), at=world.clock(), by="export")
    for number in numbers:
        entry = world.entries.get(SHOP_ID, hint(number, kind).key)
        assert entry is not None
        world.entries.claim(entry, file.name, at=world.clock())
        world.entries.settle(
            SHOP_ID,
            entry.key,
            file=file.name,
            to=EntryState.HELD,
            outcome=Outcome(code=reason, detail=detail),
            at=world.clock(),
        )
    world.files.discard(file)


def place(
    world: World,
    *numbers: str,
    state: FileState = FileState.PLACED,
    kind: DocumentKind = DocumentKind.ORDER,
) -> FileEntry:
    """Orders in a file that got as far as `state`."""
    wait(world, *numbers, kind=kind)
    keys = [hint(number, kind).key for number in numbers]
    created = world.files.create(SHOP_ID, date(2026, 11, 23), at=world.clock(), by="export")
    for key in keys:
        entry = world.entries.get(SHOP_ID, key)
        assert entry is not None
        world.entries.claim(entry, created.name, at=world.clock())
    fixed = world.files.fix(
        created, keys=dict.fromkeys(keys, "print"), sha256=SHA, size=18342, at=world.clock()
    )
    assert fixed is not None
    moved = world.files.move(fixed, state, at=world.clock(), by="export")
    assert moved is not None
    if state is FileState.PLACED:
        _settle(world, moved, keys)
    return moved


def _settle(world: World, file: FileEntry, keys: Iterable[str]) -> None:
    for key in keys:
        world.entries.settle(
            SHOP_ID,
            key,
            file=file.name,
            to=EntryState.PLACED,
            outcome=Outcome(fingerprint="print"),
            at=world.clock(),
        )
    world.files.settle(file)


def prove(world: World, day: str, verdict: str, **counts: int) -> None:
    """A day's proof."""
    names = ("paid", "placed", "held", "dropped", "waiting")
    world.shops.note(
        SHOP_ID,
        f"day-{day}",
        {
            **{name: str(counts.get(name, 0)) for name in names},
            "verdict": verdict,
            "at": world.clock().isoformat(),
        },
    )


def state_of(world: World, number: str) -> EntryState:
    """Where an order is now."""
    (entry,) = world.entries.by_number(SHOP_ID, number)
    return entry.state
