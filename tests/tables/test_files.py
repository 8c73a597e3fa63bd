"""The port `Files`: the way of an import file."""

from __future__ import annotations

from datetime import date

from chalicelib.domain.ledger import FileEntry, FileState
from tests.tables.conftest import DAY, NOW, Ledger, after

KEYS = {f"order-{number}": f"{number:064x}" for number in range(301204000, 301204250)}


def created(ledger: Ledger, shop_id: int, day: date = DAY) -> FileEntry:
    return ledger.files.create(shop_id, day, at=NOW, by="export")


def fixed(ledger: Ledger, file: FileEntry) -> FileEntry:
    result = ledger.files.fix(file, keys=KEYS, sha256="a" * 64, size=812_004, at=after(1))
    assert result is not None
    return result


def moved(ledger: Ledger, file: FileEntry, to: FileState, minutes: float = 2) -> FileEntry:
    result = ledger.files.move(file, to, at=after(minutes), by="export")
    assert result is not None
    return result


def test_a_new_file_is_empty_and_claimed(ledger: Ledger, shop_id: int) -> None:
    file = created(ledger, shop_id)

    assert file.name == f"axml-orders-20260123-{shop_id}-001.xml"
    assert (file.shop_id, file.day, file.state) == (shop_id, DAY, FileState.CLAIMED)
    assert (file.since, dict(file.keys), file.sha256, file.size) == (NOW, {}, None, None)
    assert not file.settled
    assert [(e.what, e.by, e.at) for e in file.history] == [("claimed", "export", NOW)]
    assert ledger.files.get(shop_id, file.name) == file


def test_the_files_of_a_day_are_numbered_from_one(ledger: Ledger, shop_id: int) -> None:
    names = [created(ledger, shop_id).name[-7:] for _ in range(11)]
    assert names == [f"{number:03d}.xml" for number in range(1, 12)]
    assert created(ledger, shop_id, date(2026, 1, 24)).name.endswith("-001.xml")


def test_content_and_orders_are_fixed_before_anything_is_sent(ledger: Ledger, shop_id: int) -> None:
    file = fixed(ledger, created(ledger, shop_id))

    assert (file.state, file.since) == (FileState.PLACING, after(1))
    assert (dict(file.keys), file.sha256, file.size) == (KEYS, "a" * 64, 812_004)
    assert ledger.files.get(shop_id, file.name) == file


def test_a_file_is_fixed_once(ledger: Ledger, shop_id: int) -> None:
    file = created(ledger, shop_id)
    placing = fixed(ledger, file)

    for stale in (file, placing):
        assert ledger.files.fix(stale, keys={}, sha256="b" * 64, size=1, at=after(2)) is None
    assert ledger.files.get(shop_id, file.name) == placing


def test_a_file_is_moved_by_one_worker_only(ledger: Ledger, shop_id: int) -> None:
    file = fixed(ledger, created(ledger, shop_id))

    unknown = ledger.files.move(
        file, FileState.UNKNOWN, at=after(2), by="export", detail="timed out"
    )

    assert unknown is not None
    assert (unknown.state, unknown.since, dict(unknown.keys)) == (
        FileState.UNKNOWN,
        after(2),
        KEYS,
    )
    assert (unknown.history[-1].what, unknown.history[-1].detail) == ("unknown", "timed out")
    assert ledger.files.move(file, FileState.PLACED, at=after(2), by="export") is None
    assert ledger.files.get(shop_id, file.name) == unknown


def test_a_file_that_went_there_and_back_is_not_as_it_was_read(
    ledger: Ledger, shop_id: int
) -> None:
    unknown = moved(ledger, fixed(ledger, created(ledger, shop_id)), FileState.UNKNOWN)
    again = moved(ledger, unknown, FileState.PLACING, 3)
    moved(ledger, again, FileState.UNKNOWN, 4)

    assert ledger.files.move(unknown, FileState.PLACED, at=after(5), by="export") is None


def test_a_file_nobody_created_is_not_moved(ledger: Ledger, shop_id: int) -> None:
    file = created(ledger, shop_id)
    stranger = FileEntry(
        shop_id=shop_id, name="no.xml", day=DAY, state=file.state, since=file.since, keys={}
    )
    assert ledger.files.move(stranger, FileState.PLACED, at=NOW, by="export") is None
    assert not ledger.files.settle(stranger)
    assert not ledger.files.discard(stranger)
    assert ledger.files.get(shop_id, "no.xml") is None


def test_files_are_unfinished_until_settled(ledger: Ledger, shop_id: int) -> None:
    first, second = created(ledger, shop_id), created(ledger, shop_id)
    placed = moved(ledger, fixed(ledger, first), FileState.PLACED)
    assert ledger.files.unfinished(shop_id) == [placed, second]

    assert ledger.files.settle(placed)

    assert ledger.files.unfinished(shop_id) == [second]
    done = ledger.files.get(shop_id, first.name)
    assert done is not None
    assert (done.settled, done.state, done.since) == (True, FileState.PLACED, after(2))
    assert ledger.files.settle(placed)


def test_a_file_moved_by_somebody_else_is_not_settled(ledger: Ledger, shop_id: int) -> None:
    placing = fixed(ledger, created(ledger, shop_id))
    unknown = moved(ledger, placing, FileState.UNKNOWN)
    assert not ledger.files.settle(placing)
    assert ledger.files.unfinished(shop_id) == [unknown]


def test_a_discarded_file_is_in_no_list_and_its_name_stays_taken(
    ledger: Ledger, shop_id: int
) -> None:
    file = created(ledger, shop_id)

    assert ledger.files.discard(file)

    assert ledger.files.unfinished(shop_id) == []
    assert ledger.files.recent(shop_id, 5) == []
    gone = ledger.files.get(shop_id, file.name)
    assert gone is not None
    assert (gone.state, gone.settled) == (FileState.VOID, True)
    assert created(ledger, shop_id).name.endswith("-002.xml")


def test_a_discarded_file_can_neither_be_fixed_nor_moved(ledger: Ledger, shop_id: int) -> None:
    file = created(ledger, shop_id)
    ledger.files.discard(file)
    assert not ledger.files.discard(file)
    assert ledger.files.fix(file, keys=KEYS, sha256="a", size=1, at=after(1)) is None
    assert ledger.files.move(file, FileState.PLACED, at=after(1), by="export") is None


def test_a_file_whose_content_is_fixed_is_not_discarded(ledger: Ledger, shop_id: int) -> None:
    file = created(ledger, shop_id)
    placing = fixed(ledger, file)
    assert not ledger.files.discard(file)
    assert not ledger.files.discard(placing)
    assert ledger.files.get(shop_id, file.name) == placing


def test_recent_files_come_newest_first(ledger: Ledger, shop_id: int) -> None:
    names = [created(ledger, shop_id, date(2026, 1, day)).name for day in (22, 23, 23, 24)]
    ledger.files.discard(created(ledger, shop_id, date(2026, 1, 25)))
    assert [file.name for file in ledger.files.recent(shop_id, 3)] == names[:0:-1]


def test_a_void_file_that_had_content_stays_in_sight(ledger: Ledger, shop_id: int) -> None:
    unknown = moved(ledger, fixed(ledger, created(ledger, shop_id)), FileState.UNKNOWN)
    void = moved(ledger, unknown, FileState.VOID, 3)
    assert ledger.files.recent(shop_id, 3) == [void]
