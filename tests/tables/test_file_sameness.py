"""Any course of files and leases ends alike in memory and on DynamoDB, every answer included."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.adapters.dynamodb import Tables
from chalicelib.domain.events import Actor, Event, FileStep
from chalicelib.domain.file_content import FileContent
from chalicelib.domain.ledger import (
    FileEntry,
    FileState,
)
from chalicelib.domain.life import FILE_LIFE
from chalicelib.domain.transitions import Transition
from chalicelib.ports import Shops
from tests.fakes.memory_ledger import MemoryShops
from tests.tables.conftest import NOW, Ledger, new_shop_id
from tests.tables.courses import COURSE, DAYS, causes_of, courses, memory, mostly, small
from tests.tables.returns import RETURNS


def steps_of_file(file: FileEntry | None) -> st.SearchStrategy[Any]:
    """A next step of a file: mostly one that its state allows, or a new file."""
    fitting = [t for t in FILE_LIFE if file and file.state in t.sources]
    others = [t for t in FILE_LIFE if None not in t.sources]
    created = st.tuples(st.just("create"), st.sampled_from(DAYS))
    if file is None:
        return created
    known = mostly(*(fitting or others), seldom=others).flatmap(_steps_of_file)
    return st.integers(0, 5).flatmap(lambda die: known if die else created)


def _steps_of_file(transition: Transition[FileState]) -> st.SearchStrategy[Any]:
    return st.tuples(
        st.just(transition.step),
        mostly(*sorted(transition.by), seldom=list(Actor)),
        causes_of(transition, None),
        st.dictionaries(st.text(max_size=4), st.text(max_size=4)),
    )


@dataclass
class Files:
    """One ledger's files, with every version that a worker has ever read."""

    ledger: Ledger
    shop_id: int
    read: list[FileEntry] = field(default_factory=list)

    def take(self, step: tuple[Any, ...], age: int, at: datetime) -> object:
        """The answer, or the words of a refusal; `age` counts the versions read since."""
        files = self.ledger.files
        if step[0] == "create":
            return self._remember(files.create(self.shop_id, step[1], at=at, by=Actor.EXPORT))
        of, by, cause, keys = step
        event = Event(at=at, step=of, by=by, cause=cause, note=str(len(keys)))
        content = FileContent(
            keys=keys,
            sha256="a",
            size=len(keys),
            inbox="i" if keys else None,
            refunded=tuple(keys)[:1],
            profile="p" if keys else None,
            terms="t" if keys else None,
            returns=RETURNS if keys else None,
            days=dict.fromkeys(keys, DAYS[0]),
            locked_until=DAYS[0] if keys else None,
        )
        file, given_along = self.read[-1 - age], content if of is FileStep.FIX else None
        try:
            return self._remember(files.record(file, event, given_along))
        except ValueError as error:
            return str(error)

    def _remember(self, file: FileEntry | None) -> FileEntry | None:
        if file is not None:
            self.read.append(file)
        return file

    def list_all(self) -> object:
        files = self.ledger.files
        return (
            [files.get(self.shop_id, file.name) for file in self.read],
            files.list_unfinished(self.shop_id),
            [files.list_recent(self.shop_id, limit) for limit in (1, 2, 50)],
            [files.list_since(self.shop_id, day) for day in DAYS],
            [files.list_page(self.shop_id, limit=limit) for limit in (1, 3)],
            [files.list_page(self.shop_id, limit=2, before=file.name) for file in self.read],
            [files.list_page(self.shop_id, limit=2, after=file.name) for file in self.read],
        )


@courses
@given(data=st.data())
def test_files_go_the_same_way(tables: Tables, data: st.DataObject) -> None:
    shop_id = new_shop_id()
    twin = Files(memory(), shop_id)
    real = Files(Ledger(tables.shops, tables.entries, tables.files), shop_id)
    for number in range(COURSE):
        at = NOW + timedelta(seconds=number // 3)
        age = data.draw(mostly(0, seldom=range(len(twin.read)) or [0]))
        step = data.draw(steps_of_file(twin.read[-1 - age] if twin.read else None))
        assert real.take(step, age, at) == twin.take(step, age, at), step
    assert real.list_all() == twin.list_all()


lease_steps = st.tuples(
    st.sampled_from(["lease", "serve", "renew", "wish", "release"]),
    st.sampled_from(["a", "b", "c"]),
    small,
)


@courses
@given(steps=st.lists(lease_steps, min_size=1, max_size=20))
def test_leases_go_the_same_way(tables: Tables, steps: list[tuple[str, str, int]]) -> None:
    shop_id = new_shop_id()
    twin = MemoryShops()
    for seconds, (what, owner, length) in enumerate(steps):
        now = NOW + timedelta(seconds=seconds)
        until = now + timedelta(seconds=length)
        answers = [
            _take_lease_step(shops, shop_id, what, owner, now=now, until=until)
            for shops in (tables.shops, twin)
        ]
        assert answers[0] == answers[1], what
        assert tables.shops.find_lease(shop_id) == twin.find_lease(shop_id), what


def _take_lease_step(
    shops: Shops, shop_id: int, what: str, owner: str, *, now: datetime, until: datetime
) -> object:
    if what == "release":
        return shops.release(shop_id, owner)
    if what == "renew":
        return shops.renew(shop_id, owner, until=until)
    if what == "wish":
        return shops.note_wish(shop_id, owner, now=now)
    serves = what == "serve"
    return shops.lease(shop_id, owner, now=now, until=until, serves_wish=serves)
