"""Two workers at once: the condition of a write decides, and exactly one of them gets it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from typing import TypeVar

from chalicelib.adapters.dynamodb import Tables
from chalicelib.domain.causes import ReleaseCause
from chalicelib.domain.events import Actor, Event, FileStep, OrderStep
from chalicelib.domain.file_content import FileContent
from chalicelib.domain.holds import HoldReason
from chalicelib.domain.ledger import Entry, EntryState, FileEntry, FileState
from chalicelib.domain.migrations import Migration, MigrationState
from chalicelib.domain.shops import Shop
from tests.tables.conftest import DAY, NOW, Ledger, after, hint, shop, taken, waiting
from tests.tables.test_file_records import taken_to

T = TypeVar("T")
WORKERS = 6
STARTED = Migration(state=MigrationState.RUNNING, first=NOW, last=NOW, at=NOW)


def at_once(work: Sequence[Callable[[], T]]) -> list[T]:
    """Run all of `work`, released at the same moment."""
    gate = threading.Barrier(len(work))

    def one(task: Callable[[], T]) -> T:
        gate.wait(timeout=30)
        return task()

    with ThreadPoolExecutor(len(work)) as pool:
        return list(pool.map(one, work))


def waiting_order(tables: Tables, shop_id: int, document_id: int = 301) -> Entry:
    return waiting(Ledger(tables.shops, tables.entries, tables.files), shop_id, document_id)


def created(tables: Tables, shop_id: int) -> FileEntry:
    return tables.files.create(shop_id, DAY, at=NOW, by=Actor.EXPORT)


def fix(tables: Tables, file: FileEntry, size: int) -> FileEntry | None:
    content = FileContent(keys={"order-1": str(size)}, sha256=str(size), size=size)
    event = Event(at=after(1), step=FileStep.FIX, by=Actor.EXPORT)
    return tables.files.record(file, event, content)


def test_one_of_many_claims_gets_the_order(tables: Tables, shop_id: int) -> None:
    entries = tables.entries
    files = [f"axml-orders-20260123-{shop_id}-{n:03d}.xml" for n in range(WORKERS)]
    for number in range(5):
        key = waiting_order(tables, shop_id, number + 1).key
        wishes = [taken(key, OrderStep.CLAIM, 1, file=file) for file in files]

        claims = at_once([partial(entries.record, shop_id, wish) for wish in wishes])
        won = [claim is not None for claim in claims]

        assert won.count(True) == 1
        claimed = entries.get(shop_id, key)
        assert claimed is not None
        assert claimed.file == files[won.index(True)]
        assert [event.step for event in claimed.history] == [OrderStep.HINT, OrderStep.CLAIM]


def test_of_many_changes_of_a_record_none_is_lost(tables: Tables, shop_id: int) -> None:
    def take_one_more(stored: Migration | None) -> Migration:
        begun = stored or STARTED
        return replace(begun, taken=begun.taken + 1)

    at_once([partial(tables.shops.change, shop_id, Migration, take_one_more)] * WORKERS)

    assert tables.shops.load(shop_id, Migration) == replace(STARTED, taken=WORKERS)


def test_two_claims_for_the_same_file_are_still_two_workers(tables: Tables, shop_id: int) -> None:
    claim = taken(waiting_order(tables, shop_id).key, OrderStep.CLAIM, 1)
    claims = at_once([partial(tables.entries.record, shop_id, claim)] * WORKERS)
    assert sum(claim is not None for claim in claims) == 1


def test_an_order_that_many_hint_at_once_is_new_once(tables: Tables, shop_id: int) -> None:
    record = partial(tables.entries.record_hint, shop_id, hint(), at=NOW, by=Actor.WEBHOOK)
    assert at_once([record] * WORKERS).count(True) == 1
    entry = tables.entries.get(shop_id, hint().key)
    assert entry is not None
    assert len(entry.history) == 1


def test_what_becomes_of_an_order_is_recorded_by_one_worker(tables: Tables, shop_id: int) -> None:
    key = waiting_order(tables, shop_id).key
    tables.entries.record(shop_id, taken(key, OrderStep.CLAIM, 1))
    endings = [
        taken(key, OrderStep.PLACE, 2),
        taken(key, OrderStep.HOLD, 2, cause=HoldReason.NO_LINES),
        taken(key, OrderStep.RELEASE, 2, cause=ReleaseCause.TIME),
    ] * 2

    answers = at_once([partial(tables.entries.record, shop_id, ending) for ending in endings])

    (won,) = [number for number, answer in enumerate(answers) if answer is not None]
    ended = tables.entries.get(shop_id, key)
    assert ended is not None
    assert ended == answers[won]
    assert ended.state is [EntryState.PLACED, EntryState.HELD, EntryState.WAITING][won % 3]
    assert len(ended.history) == 3


def test_one_worker_gets_the_lease(tables: Tables, shop_id: int) -> None:
    owners = [f"run-{n}" for n in range(WORKERS)]

    def lease(owner: str) -> bool:
        return tables.shops.lease(shop_id, owner, now=NOW, until=after(10))

    won = at_once([partial(lease, o) for o in owners])

    assert won.count(True) == 1
    assert lease(owners[won.index(True)])


def test_an_expired_lease_goes_to_one_worker(tables: Tables, shop_id: int) -> None:
    tables.shops.lease(shop_id, "dead", now=NOW, until=after(10))
    won = at_once(
        [
            partial(tables.shops.lease, shop_id, f"run-{n}", now=after(10), until=after(20))
            for n in range(WORKERS)
        ]
    )
    assert won.count(True) == 1


def test_a_wish_and_a_release_at_once_lose_no_wish(tables: Tables, shop_id: int) -> None:
    """Either whoever lets go is told of it, or whoever wishes finds the shop free."""
    for number in range(10):
        tables.shops.lease(shop_id, "first", now=NOW, until=after(10), serves_wish=True)
        note = partial(tables.shops.note_wish, shop_id, f"wish-{number}", now=NOW)
        acts: list[Callable[[], object]] = [partial(tables.shops.release, shop_id, "first"), note]
        released, noted = at_once(acts)
        assert (released == f"wish-{number}") is (noted is not None)


def test_of_many_wishes_at_once_one_is_noted(tables: Tables, shop_id: int) -> None:
    tables.shops.lease(shop_id, "first", now=NOW, until=after(10))
    wish = partial(tables.shops.note_wish, shop_id, now=NOW)
    noted = at_once([partial(wish, f"wish-{n}") for n in range(WORKERS)])
    (kept,) = {"" if lease is None else lease.wish for lease in noted}
    assert tables.shops.release(shop_id, "first") == kept


def test_files_made_at_once_have_names_of_their_own(tables: Tables, shop_id: int) -> None:
    files = at_once([partial(created, tables, shop_id)] * WORKERS)
    assert sorted(file.name for file in files) == [
        f"axml-orders-20260123-{shop_id}-{n:03d}.xml" for n in range(1, WORKERS + 1)
    ]


def test_a_file_is_taken_further_by_one_worker(tables: Tables, shop_id: int) -> None:
    file = created(tables, shop_id)
    fixed = at_once([partial(fix, tables, file, size) for size in range(WORKERS)])
    (placing,) = [result for result in fixed if result is not None]
    assert tables.files.get(shop_id, file.name) == placing

    lost = Event(at=after(2), step=FileStep.LOSE, by=Actor.EXPORT)
    moved = at_once([partial(tables.files.record, placing, lost)] * WORKERS)
    assert len([result for result in moved if result is not None]) == 1


def test_fixing_and_discarding_a_file_exclude_each_other(tables: Tables, shop_id: int) -> None:
    event = Event(at=after(1), step=FileStep.DISCARD, by=Actor.EXPORT)
    for _ in range(5):
        file = created(tables, shop_id)

        fixing = partial(fix, tables, file, 1)
        discarding = partial(tables.files.record, file, event)

        answers = at_once([fixing, discarding, fixing, discarding])
        assert sum(answer is not None for answer in answers) == 1


def test_a_file_is_finished_in_the_state_that_it_was_read_in(tables: Tables, shop_id: int) -> None:
    """Finishing moves no state: whoever does it twice does no harm."""
    ledger = Ledger(tables.shops, tables.entries, tables.files)
    placed = taken_to(ledger, created(tables, shop_id), FileStep.FIX, FileStep.DELIVER)
    event = Event(at=after(5), step=FileStep.FINISH, by=Actor.EXPORT)
    answers = at_once([partial(tables.files.record, placed, event)] * WORKERS)
    assert all(answer is not None and answer.is_finished for answer in answers)
    kept = tables.files.get(shop_id, placed.name)
    assert kept is not None
    assert kept.state is FileState.PLACED


def test_no_update_of_a_shop_is_lost(tables: Tables, shop_id: int) -> None:
    tables.shops.add(replace(shop(shop_id), title=""))

    def add(number: int) -> Shop:
        return tables.shops.update(shop_id, lambda s: replace(s, title=s.title + str(number)))

    at_once([partial(add, number) for number in range(4)])
    kept = tables.shops.get(shop_id)
    assert kept is not None
    assert sorted(kept.title) == ["0", "1", "2", "3"]
    assert kept.version == 4
