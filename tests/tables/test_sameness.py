"""Any course of events ends alike in memory and on DynamoDB, every answer on the way included."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from chalicelib.adapters.dynamodb import Tables
from chalicelib.domain.ledger import Entry, EntryState, FileEntry, FileState, Outcome
from tests.fakes.memory_ledger import MemoryEntries, MemoryFiles, MemoryShops
from tests.tables.conftest import NOW, Ledger, hint, new_shop_id

OPEN = (EntryState.WAITING, EntryState.CLAIMED, EntryState.HELD)
FILES = ("axml-orders-20260123-1-001.xml", "axml-orders-20260123-1-002.xml")
DAYS = (date(2026, 1, 22), date(2026, 1, 23))

orders = st.integers(1, 3)
small = st.integers(0, 3)
courses = settings(
    max_examples=15,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],  # shrinking would take minutes on tables
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def memory() -> Ledger:
    return Ledger(MemoryShops(), MemoryEntries(), MemoryFiles())


entry_steps = st.one_of(
    st.tuples(st.just("hear"), orders, st.sampled_from(DAYS)),
    st.tuples(st.just("claim"), orders, st.sampled_from(FILES)),
    st.tuples(
        st.just("settle"),
        orders,
        st.sampled_from(FILES),
        st.sampled_from([s for s in EntryState if s is not EntryState.CLAIMED]),
        st.builds(
            Outcome,
            code=st.sampled_from(["", "vat"]),
            detail=st.sampled_from(["", "DE"]),
            fingerprint=st.sampled_from([None, "aa", "bb"]),
        ),
    ),
    st.tuples(
        st.just("requeue"),
        orders,
        st.sampled_from([EntryState.PLACED, EntryState.HELD, EntryState.DROPPED]),
    ),
    st.tuples(st.just("mark"), orders, st.sampled_from([None, "total", "cancelled"])),
    st.tuples(st.just("reprint"), orders, st.sampled_from(["aa", "bb"])),
)


def entry_step(ledger: Ledger, shop_id: int, step: tuple[Any, ...], seconds: int) -> object:
    entries, at = ledger.entries, NOW + timedelta(seconds=seconds)
    match step:
        case "hear", number, day:
            return entries.hear(shop_id, hint(number, f"N{number % 2}", day), at=at, by="sweep")
        case "claim", number, file:
            entry = entries.get(shop_id, hint(number).key) or Entry(
                shop_id=shop_id,
                kind=hint(number).kind,
                document_id=number,
                number="",
                day=NOW.date(),
                state=EntryState.WAITING,
                since=NOW,
            )
            return entries.claim(entry, file, at=at)
        case "settle", number, file, to, outcome:
            key = hint(number).key
            return entries.settle(shop_id, key, file=file, to=to, outcome=outcome, at=at)
        case "requeue", number, expect:
            key = hint(number).key
            return entries.requeue(shop_id, key, expect=expect, at=at, by="operator", reason="r")
        case "mark", number, change:
            return entries.mark_changed(shop_id, hint(number).key, change, at=at)
        case "reprint", number, known:
            key = hint(number).key
            return entries.mark_changed(shop_id, key, "details", at=at, reprint=(known, "cc"))
    raise AssertionError(step)


def entries_seen(ledger: Ledger, shop_id: int) -> object:
    entries = ledger.entries
    return (
        [entries.get(shop_id, hint(number).key) for number in range(5)],
        [entries.by_number(shop_id, number) for number in ("N0", "N1", "N2")],
        [(entries.open(shop_id, s), entries.count(shop_id, s)) for s in OPEN],
        entries.changed(shop_id),
        entries.open(shop_id, EntryState.WAITING, limit=1),
    )


@courses
@given(steps=st.lists(entry_steps, min_size=1, max_size=25))
def test_orders_go_the_same_way(tables: Tables, steps: list[tuple[Any, ...]]) -> None:
    shop_id = new_shop_id()
    twin, real = memory(), Ledger(tables.shops, tables.entries, tables.files)
    for seconds, step in enumerate(steps):
        assert entry_step(real, shop_id, step, seconds // 2) == entry_step(
            twin, shop_id, step, seconds // 2
        ), step
    assert entries_seen(real, shop_id) == entries_seen(twin, shop_id)


file_steps = st.one_of(
    st.tuples(st.just("create"), st.sampled_from(DAYS)),
    st.tuples(st.just("fix"), small, st.dictionaries(st.text(max_size=4), st.text(max_size=4))),
    st.tuples(st.just("move"), small, st.sampled_from(FileState)),
    st.tuples(st.just("settle"), small),
    st.tuples(st.just("discard"), small),
)


@dataclass
class Files:
    """One ledger's files, with every version that a worker has ever read."""

    ledger: Ledger
    shop_id: int
    read: list[FileEntry] = field(default_factory=list)

    def step(self, step: tuple[Any, ...], seconds: int) -> object:
        files, at = self.ledger.files, NOW + timedelta(seconds=seconds)
        if step[0] == "create":
            return self._seen(files.create(self.shop_id, step[1], at=at, by="export"))
        if not self.read:
            return None
        file = self.read[-1 - step[1] % len(self.read)]
        match step:
            case "fix", _, keys:
                return self._seen(files.fix(file, keys=keys, sha256="a", size=seconds, at=at))
            case "move", _, to:
                return self._seen(files.move(file, to, at=at, by="export", detail="d"))
            case "settle", _:
                return files.settle(file)
            case "discard", _:
                return files.discard(file)
        raise AssertionError(step)

    def _seen(self, file: FileEntry | None) -> FileEntry | None:
        if file is not None:
            self.read.append(file)
        return file

    def seen(self) -> object:
        files = self.ledger.files
        return (
            [files.get(self.shop_id, file.name) for file in self.read],
            files.unfinished(self.shop_id),
            [files.recent(self.shop_id, limit) for limit in (1, 2, 50)],
        )


@courses
@given(steps=st.lists(file_steps, min_size=1, max_size=25))
def test_files_go_the_same_way(tables: Tables, steps: list[tuple[Any, ...]]) -> None:
    shop_id = new_shop_id()
    twin = Files(memory(), shop_id)
    real = Files(Ledger(tables.shops, tables.entries, tables.files), shop_id)
    for seconds, step in enumerate(steps):
        assert real.step(step, seconds // 3) == twin.step(step, seconds // 3), step
    assert real.seen() == twin.seen()


lease_steps = st.tuples(
    st.sampled_from(["lease", "release"]), st.sampled_from(["a", "b", "c"]), small
)


@courses
@given(steps=st.lists(lease_steps, min_size=1, max_size=20))
def test_leases_go_the_same_way(tables: Tables, steps: list[tuple[str, str, int]]) -> None:
    shop_id = new_shop_id()
    twin = MemoryShops()
    for seconds, (what, owner, length) in enumerate(steps):
        now = NOW + timedelta(seconds=seconds)
        until = now + timedelta(seconds=length)
        if what == "release":
            tables.shops.release(shop_id, owner)
            twin.release(shop_id, owner)
        else:
            real = tables.shops.lease(shop_id, owner, now=now, until=until)
            assert real == twin.lease(shop_id, owner, now=now, until=until)
