"""The port `Files`: the way of an import file."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from chalicelib.domain.cover_sheet import CoverSheet, TreatmentTotal
from chalicelib.domain.events import Actor, Contradiction, Event, FileStep
from chalicelib.domain.file_content import FileContent
from chalicelib.domain.file_totals import FileTotals
from chalicelib.domain.invoices import VatKind, VatTreatment
from chalicelib.domain.ledger import FileEntry, FileState
from chalicelib.domain.policy import VatClass
from tests.tables.conftest import DAY, NOW, Ledger, after
from tests.tables.returns import RETURNS

S = FileStep
KEYS = {f"order-{number}": f"{number:064x}" for number in range(301204000, 301204250)}
COVER = CoverSheet(
    currency="EUR",
    documents=250,
    totals=(
        TreatmentTotal(
            documents=249,
            excl=Decimal("12345678.90"),
            vat=Decimal("2592592.57"),
            treatment=VatTreatment(
                rate=Decimal("0.21"),
                vat_class=VatClass.HIGH,
                kind=VatKind.DOMESTIC,
                country="NL",
            ),
        ),
        TreatmentTotal(
            documents=2,
            excl=Decimal("-0.01"),
            vat=Decimal("0.00"),
            treatment=VatTreatment(
                rate=Decimal(0), vat_class=VatClass.NONE, kind=VatKind.EXPORT, country="CH"
            ),
        ),
    ),
)
CONTENT = FileContent(
    keys=KEYS,
    sha256="a" * 64,
    size=812_004,
    inbox="b" * 32,
    cover=COVER,
    refunded=(next(iter(KEYS)),),
    profile="c" * 16,
    terms=f"{'d' * 8}.{'e' * 32}",
    returns=RETURNS,
    days={key: date(2026, 1, 1 + number % 31) for number, key in enumerate(KEYS)},
    locked_until=date(2025, 12, 31),
)


def created(ledger: Ledger, shop_id: int, day: date = DAY) -> FileEntry:
    return ledger.files.create(shop_id, day, at=NOW, by=Actor.EXPORT)


def step(
    ledger: Ledger, file: FileEntry, of: FileStep, minutes: float = 2, note: str = ""
) -> FileEntry | None:
    by = Actor.OPERATOR if of in (S.CONFIRM, S.GIVE_UP) else Actor.EXPORT
    content = CONTENT if of is S.FIX else None
    event = Event(at=after(minutes), step=of, by=by, note=note)
    return ledger.files.record(file, event, content)


def taken_to(ledger: Ledger, file: FileEntry, *steps: FileStep) -> FileEntry:
    """The file after these steps, a minute each."""
    for minutes, of in enumerate(steps, start=1):
        moved = step(ledger, file, of, minutes)
        assert moved is not None
        file = moved
    return file


def test_a_new_file_is_empty_and_claimed(ledger: Ledger, shop_id: int) -> None:
    file = created(ledger, shop_id)

    assert file.name == f"axml-orders-20260123-{shop_id}-001.xml"
    assert (file.shop_id, file.day, file.state) == (shop_id, DAY, FileState.CLAIMED)
    assert (file.since, dict(file.keys), file.sha256, file.size) == (NOW, {}, None, None)
    assert not file.is_finished
    assert file.history == (Event(at=NOW, step=S.CREATE, by=Actor.EXPORT),)
    assert ledger.files.get(shop_id, file.name) == file


def test_the_files_of_a_day_are_numbered_from_one(ledger: Ledger, shop_id: int) -> None:
    names = [created(ledger, shop_id).name[-7:] for _ in range(11)]
    assert names == [f"{number:03d}.xml" for number in range(1, 12)]
    assert created(ledger, shop_id, date(2026, 1, 24)).name.endswith("-001.xml")


def test_content_and_orders_are_fixed_before_anything_is_sent(ledger: Ledger, shop_id: int) -> None:
    file = taken_to(ledger, created(ledger, shop_id), S.FIX)

    assert (file.state, file.since) == (FileState.PLACING, after(1))
    assert (dict(file.keys), file.sha256, file.size) == (KEYS, "a" * 64, 812_004)
    assert (file.inbox, file.refunded) == ("b" * 32, tuple(KEYS)[:1])
    assert (file.cover, file.returns, dict(file.days)) == (COVER, RETURNS, CONTENT.days)
    assert ledger.files.get(shop_id, file.name) == file


def test_what_a_file_adds_up_to_is_forgotten_and_nothing_else(ledger: Ledger, shop_id: int) -> None:
    placing = taken_to(ledger, created(ledger, shop_id), S.FIX)
    placed = step(ledger, placing, S.DELIVER)
    assert placed is not None

    for stale in (placing, placed):
        ledger.files.forget_totals(stale)
        assert ledger.files.get(shop_id, placed.name) == replace(placed, cover=None, returns=None)
    ledger.files.forget_totals(replace(placed, name="no.xml"))
    assert ledger.files.get(shop_id, "no.xml") is None


def test_what_files_add_up_to_for_the_returns_is_read_without_their_documents(
    ledger: Ledger, shop_id: int
) -> None:
    placed = taken_to(ledger, created(ledger, shop_id), S.FIX, S.DELIVER)
    double = taken_to(ledger, created(ledger, shop_id), S.FIX, S.MISS, S.SURFACE)
    begun = created(ledger, shop_id)
    names = [begun.name, double.name, placed.name, "axml-orders-20260123-1-009.xml"]

    assert ledger.files.get_returns(shop_id, names) == [
        FileTotals(name=placed.name, state=FileState.PLACED, cover=COVER, returns=RETURNS),
        FileTotals(
            name=double.name,
            state=FileState.DOUBLE,
            cover=COVER,
            returns=RETURNS,
            has_surfaced=True,
        ),
        FileTotals(name=begun.name, state=FileState.CLAIMED),
    ]
    assert ledger.files.get_returns(shop_id, []) == []


def test_a_file_that_surfaced_still_says_so_when_a_person_has_dealt_with_it(
    ledger: Ledger, shop_id: int
) -> None:
    taken_to(ledger, created(ledger, shop_id), S.FIX, S.MISS, S.SURFACE)
    double = taken_to(ledger, created(ledger, shop_id), S.FIX, S.MISS, S.SURFACE)
    event = Event(at=after(9), step=S.RESOLVE, by=Actor.MERCHANT)
    resolved = ledger.files.record(double, event)
    assert resolved is not None
    assert (resolved.state, resolved.surfaced_at) == (FileState.PLACED, after(3))
    (totals,) = ledger.files.get_returns(shop_id, [resolved.name])
    assert (totals.state, totals.has_surfaced) == (FileState.PLACED, True)


def test_a_file_is_fixed_once(ledger: Ledger, shop_id: int) -> None:
    file = created(ledger, shop_id)
    placing = taken_to(ledger, file, S.FIX)

    for stale in (file, placing):
        assert step(ledger, stale, S.FIX) is None
    assert ledger.files.get(shop_id, file.name) == placing


def test_a_file_is_moved_by_one_worker_only(ledger: Ledger, shop_id: int) -> None:
    file = taken_to(ledger, created(ledger, shop_id), S.FIX)

    unknown = step(ledger, file, S.LOSE, note="timed out")

    assert unknown is not None
    assert (unknown.state, unknown.since, dict(unknown.keys)) == (
        FileState.UNKNOWN,
        after(2),
        KEYS,
    )
    assert (unknown.history[-1].step, unknown.history[-1].note) == (S.LOSE, "timed out")
    assert step(ledger, file, S.DELIVER) is None
    assert ledger.files.get(shop_id, file.name) == unknown


def test_what_an_inbox_says_of_another_content_is_a_code(ledger: Ledger, shop_id: int) -> None:
    file = taken_to(ledger, created(ledger, shop_id), S.FIX)
    says = Event(
        at=after(2), step=S.CONTRADICT, by=Actor.EXPORT, cause=Contradiction.DIFFERENT, note="x"
    )
    unknown = ledger.files.record(file, says)
    assert unknown is not None
    assert (unknown.state, unknown.history[-1]) == (FileState.UNKNOWN, says)
    assert ledger.files.get(shop_id, file.name) == unknown


def test_a_file_that_went_there_and_back_is_not_as_it_was_read(
    ledger: Ledger, shop_id: int
) -> None:
    unknown = taken_to(ledger, created(ledger, shop_id), S.FIX, S.LOSE)
    again = step(ledger, unknown, S.RESEND, 3)
    assert again is not None
    assert step(ledger, again, S.LOSE, 4)

    assert step(ledger, unknown, S.FIND, 5) is None


def test_a_file_nobody_created_is_not_moved(ledger: Ledger, shop_id: int) -> None:
    stranger = replace(created(ledger, shop_id), name="no.xml")
    assert step(ledger, stranger, S.FIX) is None
    assert step(ledger, stranger, S.DISCARD) is None
    assert step(ledger, replace(stranger, state=FileState.PLACED), S.FINISH) is None
    assert ledger.files.get(shop_id, "no.xml") is None


@pytest.mark.parametrize("by", [Actor.WEBHOOK, Actor.MERCHANT, Actor.SWEEP])
def test_who_takes_no_step_of_a_file_is_refused(ledger: Ledger, shop_id: int, by: Actor) -> None:
    file = created(ledger, shop_id)
    with pytest.raises(ValueError, match="may not take the step discard"):
        ledger.files.record(file, Event(at=NOW, step=S.DISCARD, by=by))


def test_files_are_unfinished_until_every_document_knows(ledger: Ledger, shop_id: int) -> None:
    first, second = created(ledger, shop_id), created(ledger, shop_id)
    placed = taken_to(ledger, first, S.FIX, S.DELIVER)
    assert ledger.files.list_unfinished(shop_id) == [placed, second]

    done = step(ledger, placed, S.FINISH, 3)

    assert done is not None
    assert ledger.files.list_unfinished(shop_id) == [second]
    assert ledger.files.get(shop_id, first.name) == done
    assert (done.is_finished, done.state, done.since) == (True, FileState.PLACED, after(2))
    assert step(ledger, placed, S.FINISH, 4)


def test_a_file_moved_by_somebody_else_is_not_finished(ledger: Ledger, shop_id: int) -> None:
    placing = taken_to(ledger, created(ledger, shop_id), S.FIX)
    unknown = step(ledger, placing, S.LOSE)
    assert unknown is not None
    placed = replace(placing, state=FileState.PLACED)
    for stale in (placing, placed, replace(unknown, state=FileState.PLACED)):
        assert step(ledger, stale, S.FINISH) is None
    assert ledger.files.list_unfinished(shop_id) == [unknown]


def test_a_discarded_file_is_in_no_list_and_its_name_stays_taken(
    ledger: Ledger, shop_id: int
) -> None:
    file = created(ledger, shop_id)

    gone = step(ledger, file, S.DISCARD)

    assert gone is not None
    assert ledger.files.list_unfinished(shop_id) == []
    assert ledger.files.list_recent(shop_id, 5) == []
    assert ledger.files.get(shop_id, file.name) == gone
    assert (gone.state, gone.is_finished) == (FileState.VOID, True)
    assert created(ledger, shop_id).name.endswith("-002.xml")


def test_a_discarded_file_can_neither_be_fixed_nor_moved(ledger: Ledger, shop_id: int) -> None:
    file = created(ledger, shop_id)
    step(ledger, file, S.DISCARD)
    for of in (S.DISCARD, S.FIX, S.DELIVER):
        assert step(ledger, file, of) is None


def test_a_file_whose_content_is_fixed_is_not_discarded(ledger: Ledger, shop_id: int) -> None:
    file = created(ledger, shop_id)
    placing = taken_to(ledger, file, S.FIX)
    assert not step(ledger, file, S.DISCARD)
    assert not step(ledger, placing, S.DISCARD)
    assert ledger.files.get(shop_id, file.name) == placing


def test_recent_files_come_newest_first(ledger: Ledger, shop_id: int) -> None:
    names = [created(ledger, shop_id, date(2026, 1, day)).name for day in (22, 23, 23, 24)]
    step(ledger, created(ledger, shop_id, date(2026, 1, 25)), S.DISCARD)
    assert [file.name for file in ledger.files.list_recent(shop_id, 3)] == names[:0:-1]


def test_a_void_file_that_had_content_stays_in_sight(ledger: Ledger, shop_id: int) -> None:
    void = taken_to(ledger, created(ledger, shop_id), S.FIX, S.LOSE, S.GIVE_UP)
    assert ledger.files.list_recent(shop_id, 3) == [void]


def test_files_since_a_day_come_oldest_first_with_every_discarded_one(
    ledger: Ledger, shop_id: int
) -> None:
    days = [date(2026, 1, 24), date(2025, 12, 31), date(2026, 1, 23), date(2026, 1, 24)]
    late, _, early, later = (created(ledger, shop_id, day) for day in days)
    gone = step(ledger, early, S.DISCARD)
    assert ledger.files.list_since(shop_id, DAY) == [gone, late, later]
    assert ledger.files.list_since(shop_id, date(2026, 1, 25)) == []


def test_files_since_a_day_are_read_a_few_at_a_time(ledger: Ledger, shop_id: int) -> None:
    names = [created(ledger, shop_id, date(2026, 1, day)).name for day in (22, 23, 23, 24, 25)]
    read, after = list[str](), ""
    while page := ledger.files.list_since(shop_id, DAY, after=after, limit=2):
        assert len(page) <= 2
        read += [file.name for file in page]
        after = read[-1]
    assert read == names[names.index(read[0]) :]
    assert len(read) == 4
