"""Two workers at once: the condition of a write decides, and exactly one of them is told so."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from typing import TypeVar

from chalicelib.adapters.dynamodb import Tables
from chalicelib.domain.ledger import EntryState, FileEntry, FileState, Outcome
from chalicelib.domain.shops import Shop
from tests.tables.conftest import DAY, NOW, after, hint, shop

T = TypeVar("T")
WORKERS = 6
FILE = "axml-orders-20260123-184520-001.xml"


def _fixed(tables: Tables, file: FileEntry) -> bool:
    return tables.files.fix(file, keys={}, sha256="a", size=1, at=after(1)) is not None


def at_once(work: Sequence[Callable[[], T]]) -> list[T]:
    """Run all of `work`, released at the same moment."""
    gate = threading.Barrier(len(work))

    def one(task: Callable[[], T]) -> T:
        gate.wait(timeout=30)
        return task()

    with ThreadPoolExecutor(len(work)) as pool:
        return list(pool.map(one, work))


def test_one_of_many_claims_gets_the_order(tables: Tables, shop_id: int) -> None:
    entries = tables.entries
    for number in range(5):
        told = hint(number + 1)
        entries.hear(shop_id, told, at=NOW, by="webhook")
        entry = entries.get(shop_id, told.key)
        assert entry is not None
        files = [f"axml-orders-20260123-{shop_id}-{n:03d}.xml" for n in range(WORKERS)]

        claims = at_once([partial(entries.claim, entry, f, at=NOW) for f in files])
        won = [claim is not None for claim in claims]

        assert won.count(True) == 1
        claimed = entries.get(shop_id, told.key)
        assert claimed is not None
        assert claimed.file == files[won.index(True)]
        assert [event.what for event in claimed.history] == ["waiting", "claimed"]


def test_of_many_changes_of_a_note_none_is_lost(tables: Tables, shop_id: int) -> None:
    def more(note: dict[str, str] | None) -> dict[str, str]:
        return {"done": str(int((note or {"done": "0"})["done"]) + 1)}

    at_once([partial(tables.shops.change_note, shop_id, "backfill", more)] * WORKERS)

    assert tables.shops.noted(shop_id, "backfill") == {"done": str(WORKERS)}


def test_two_claims_for_the_same_file_are_still_two_workers(tables: Tables, shop_id: int) -> None:
    tables.entries.hear(shop_id, hint(), at=NOW, by="webhook")
    entry = tables.entries.get(shop_id, hint().key)
    assert entry is not None
    claims = at_once([lambda: tables.entries.claim(entry, FILE, at=NOW)] * WORKERS)
    assert sum(claim is not None for claim in claims) == 1


def test_an_order_heard_by_many_at_once_is_new_once(tables: Tables, shop_id: int) -> None:
    heard = at_once([lambda: tables.entries.hear(shop_id, hint(), at=NOW, by="webhook")] * WORKERS)
    assert heard.count(True) == 1
    entry = tables.entries.get(shop_id, hint().key)
    assert entry is not None
    assert len(entry.history) == 1


def test_an_order_is_settled_by_one_worker(tables: Tables, shop_id: int) -> None:
    tables.entries.hear(shop_id, hint(), at=NOW, by="webhook")
    entry = tables.entries.get(shop_id, hint().key)
    assert entry is not None
    tables.entries.claim(entry, FILE, at=NOW)

    def settle(to: EntryState) -> bool:
        outcome = Outcome(code="race")
        return tables.entries.settle(
            shop_id, entry.key, file=FILE, to=to, outcome=outcome, at=after(1)
        )

    targets = [EntryState.PLACED, EntryState.HELD, EntryState.WAITING] * 2
    won = at_once([partial(settle, to) for to in targets])

    assert won.count(True) == 1
    settled = tables.entries.get(shop_id, entry.key)
    assert settled is not None
    assert settled.state is targets[won.index(True)]
    assert len(settled.history) == 3


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


def test_files_made_at_once_have_names_of_their_own(tables: Tables, shop_id: int) -> None:
    files = at_once([lambda: tables.files.create(shop_id, DAY, at=NOW, by="export")] * WORKERS)
    assert sorted(file.name for file in files) == [
        f"axml-orders-20260123-{shop_id}-{n:03d}.xml" for n in range(1, WORKERS + 1)
    ]


def test_a_file_is_taken_further_by_one_worker(tables: Tables, shop_id: int) -> None:
    file = tables.files.create(shop_id, DAY, at=NOW, by="export")
    fixed = at_once(
        [
            partial(
                tables.files.fix,
                file,
                keys={"order-1": str(n)},
                sha256=str(n),
                size=n,
                at=after(1),
            )
            for n in range(WORKERS)
        ]
    )
    (placing,) = [result for result in fixed if result is not None]
    assert tables.files.get(shop_id, file.name) == placing

    moved = at_once(
        [lambda: tables.files.move(placing, FileState.UNKNOWN, at=after(2), by="export")] * WORKERS
    )
    assert len([result for result in moved if result is not None]) == 1


def test_fixing_and_discarding_a_file_exclude_each_other(tables: Tables, shop_id: int) -> None:
    for _ in range(5):
        file = tables.files.create(shop_id, DAY, at=NOW, by="export")

        fix = partial(_fixed, tables, file)
        discard = partial(tables.files.discard, file)

        assert at_once([fix, discard, fix, discard]).count(True) == 1


def test_no_update_of_a_shop_is_lost(tables: Tables, shop_id: int) -> None:
    tables.shops.add(replace(shop(shop_id), title=""))

    def add(number: int) -> Shop:
        return tables.shops.update(shop_id, lambda s: replace(s, title=s.title + str(number)))

    at_once([partial(add, number) for number in range(4)])
    kept = tables.shops.get(shop_id)
    assert kept is not None
    assert sorted(kept.title) == ["0", "1", "2", "3"]
    assert kept.version == 4
