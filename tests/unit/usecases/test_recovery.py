"""What an earlier run left behind: asked, taken up or given up, and never sent on hope."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.axml import render
from chalicelib.domain.days import local_day
from chalicelib.domain.events import Actor, Contradiction, Event, FileStep, OrderStep
from chalicelib.domain.file_content import FileContent
from chalicelib.domain.ledger import EntryState, FileEntry, FileState
from chalicelib.errors import (
    InboxContradicts,
    InboxRefused,
    InboxUnknown,
    QueueError,
    RenderedWrong,
    RequestError,
    ShopNotFound,
    ShopRateLimited,
)
from chalicelib.ports import Presence
from chalicelib.usecases.filing import file_bytes
from chalicelib.usecases.filing.export import Job, export_shop
from chalicelib.usecases.filing.placing import BEGINS_WITHIN
from chalicelib.usecases.operating.rerun import rerun
from tests.fakes.asperion_inbox import MemoryInbox
from tests.fakes.documents_of_shop import order, order_line
from tests.fakes.open_vault import seal_licence
from tests.fakes.seoshop import Call
from tests.unit.usecases.stage import SHOP_ID, Stage

ID = 301204417
KEY = f"order-{ID}"


class Gone(BaseException):
    """The function is killed: no clean-up of ours is of any use."""


@pytest.fixture
def stage() -> Stage:
    stage = Stage()
    stage.receive(order())
    return stage


def files(stage: Stage) -> list[FileEntry]:
    kept: Any = stage.connector.files
    return list(kept.items[SHOP_ID].values())


def states(stage: Stage) -> list[FileState]:
    return [file.state for file in files(stage)]


def answer_lost(stage: Stage, *, stored: bool) -> None:
    """The next file's acknowledgement does not come."""
    stage.inbox.fail(InboxUnknown("no answer"), times=1, though_stored=stored)


def claimed_file(stage: Stage) -> FileEntry:
    """A run claimed the order into a file, and did not go on."""
    file = stage.connector.files.create(
        SHOP_ID, local_day(stage.now), at=stage.now, by=Actor.EXPORT
    )
    assert stage.workspace().record(KEY, OrderStep.CLAIM, by=Actor.EXPORT, file=file.name)
    return file


@pytest.mark.parametrize("stored", [True, False])
def test_a_lost_answer_ends_in_one_file_under_one_name(stage: Stage, stored: bool) -> None:
    answer_lost(stage, stored=stored)
    stage.export_later()
    assert states(stage) == [FileState.UNKNOWN]

    stage.export_later(minutes=6)
    assert states(stage) == [FileState.PLACED]
    assert stage.entry(KEY).state is EntryState.PLACED
    assert len(stage.booked()) == 1


def test_an_absent_file_proves_nothing_before_the_proof_delay(stage: Stage) -> None:
    answer_lost(stage, stored=False)
    stage.export_later()
    report = stage.export_later(minutes=4)
    assert states(stage) == [FileState.UNKNOWN]
    assert report.resume_at is not None
    assert stage.booked() == []


def test_an_order_that_changed_goes_under_a_new_name_and_the_old_one_stays_unused(
    stage: Stage,
) -> None:
    answer_lost(stage, stored=False)
    stage.export_later()
    stage.api.put(order(order_line("12.10")))
    stage.export_later(minutes=6)
    first, second = files(stage)
    assert (first.state, second.state) == (FileState.VOID, FileState.PLACED)
    assert list(stage.inbox.files) == [second.name]


def test_the_same_bytes_are_sent_under_the_old_name_on_another_day(stage: Stage) -> None:
    answer_lost(stage, stored=False)
    stage.export_later()
    stage.export_later(days=2)
    (file,) = files(stage)
    assert file.state is FileState.PLACED
    assert list(stage.inbox.files) == [file.name]


def test_a_policy_that_changed_voids_the_absent_file(stage: Stage) -> None:
    answer_lost(stage, stored=False)
    stage.export_later()
    stage.choose(default_payment="IDEAL")
    stage.export_later(minutes=6)
    assert states(stage) == [FileState.VOID, FileState.PLACED]
    assert len(stage.booked()) == 1


def test_a_refused_file_gives_its_orders_back_at_once(stage: Stage) -> None:
    stage.inbox.fail(InboxRefused("full"), times=1)
    stage.export_later()
    assert (states(stage), stage.entry(KEY).state) == ([FileState.VOID], EntryState.WAITING)
    stage.export_later(days=1)
    assert len(stage.booked()) == 1


def test_an_absent_file_that_the_allowance_cannot_make_again_gives_its_orders_back(
    stage: Stage,
) -> None:
    """Reading it from its beginning, window after window, might never come to its end."""
    answer_lost(stage, stored=False)
    stage.export_later()
    stage.api.fail(ShopRateLimited("429", until=stage.now + timedelta(minutes=15)), "order")
    stage.export_later(minutes=6)
    assert states(stage) == [FileState.VOID]
    assert stage.entry(KEY).state is EntryState.WAITING
    stage.api.recover()
    stage.export_later(minutes=10)
    assert states(stage) == [FileState.VOID, FileState.PLACED]
    assert len(stage.booked()) == 1


def test_an_absent_file_is_not_made_again_when_the_time_is_up(stage: Stage) -> None:
    answer_lost(stage, stored=False)
    stage.export_later()

    def slow(call: Call) -> None:
        if call.name == "order":
            stage.now += timedelta(minutes=14)

    stage.receive(order(id=ID + 1, number="ORD00413"))
    stage.api.before_call = slow
    stage.export_later(minutes=6)
    stage.api.before_call = lambda call: None
    stage.export_later(minutes=6)
    assert sorted(one.number for one in stage.booked()) == ["ORD00412", "ORD00413"]


def test_an_order_that_became_unwritable_does_not_block_the_file_it_was_in(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer_lost(stage, stored=False)
    stage.export_later()

    def picky(profile: Any, invoices: Any) -> bytes:
        if any(one.order_number == "ORD00412" for one in invoices):
            raise RenderedWrong("ORD00412: City is too long")
        return render(profile, invoices)

    monkeypatch.setattr(file_bytes, "render", picky)
    stage.receive(order(id=ID + 1, number="ORD00413"))
    stage.export_later(minutes=6)

    assert states(stage) == [FileState.VOID, FileState.PLACED]
    assert stage.entry(KEY).hold == "unwritable"
    assert [one.number for one in stage.booked()] == ["ORD00413"]


def test_another_inbox_proves_nothing(stage: Stage) -> None:
    """Its licence code was corrected while the answer was out: the file may be where it went."""
    answer_lost(stage, stored=True)
    stage.export_later()
    other = MemoryInbox()
    stage.inbox, first = other, stage.inbox
    stage.shops.update(SHOP_ID, lambda shop: replace(shop, licence=seal_licence("ASP-2")))
    stage.export_later(minutes=6)

    (file,) = files(stage)
    assert file.state is FileState.UNKNOWN
    assert (list(first.files), list(other.files)) == ([file.name], [])
    assert "ASP" not in str(file.inbox)


def mute(stage: Stage) -> None:
    stage.inbox.mute = True


@pytest.mark.parametrize("stored", [True, False])
def test_an_inbox_that_cannot_be_asked_waits_for_a_person(stage: Stage, stored: bool) -> None:
    mute(stage)
    answer_lost(stage, stored=stored)
    stage.export_later()
    stage.export_later(days=1)
    (file,) = files(stage)
    assert file.state is FileState.UNKNOWN

    verdict = "confirm" if stored else "again"
    wish = {"shop_id": SHOP_ID, "file": file.name, "settle": verdict}
    rerun(stage.connector, wish, run="operator")
    stage.export_later(days=1)
    assert stage.entry(KEY).state is EntryState.PLACED
    assert len(stage.booked()) == 1


def test_nobody_sends_again_what_may_still_arrive(stage: Stage) -> None:
    answer_lost(stage, stored=False)
    stage.export_later()
    (file,) = files(stage)
    wish = {"shop_id": SHOP_ID, "file": file.name, "settle": "again"}
    with pytest.raises(RequestError, match="may still arrive"):
        rerun(stage.connector, wish, run="operator")
    assert states(stage) == [FileState.UNKNOWN]


def contradicted(stage: Stage, *, stored: bool = False) -> None:
    """The inbox says that it took the next file, and does not show it."""
    stage.inbox.fail(InboxContradicts("said so, but"), times=1, though_stored=stored)
    stage.export_later()
    [file] = files(stage)
    assert (file.state, file.acknowledged_at) == (FileState.UNKNOWN, stage.now)
    assert file.history[-1].cause is Contradiction.NOT_SHOWN


def test_a_contradicting_answer_frees_no_order_and_is_asked_about_soon(stage: Stage) -> None:
    contradicted(stage)
    assert stage.entry(KEY).state is EntryState.CLAIMED
    assert len(stage.queue.messages) == 1


def test_an_inbox_that_shows_the_file_only_after_a_while_has_placed_it(stage: Stage) -> None:
    contradicted(stage, stored=True)
    stage.export_later(minutes=6)
    assert states(stage) == [FileState.PLACED]
    assert len(stage.booked()) == 1


def test_what_the_inbox_said_to_have_is_not_sent_again_when_it_is_not_there(stage: Stage) -> None:
    """It may have handed the file on, and would take it once more."""
    contradicted(stage)
    for _ in range(3):
        report = stage.export_later(days=1)
        assert states(stage) == [FileState.UNKNOWN]
        assert [file.state for file in report.files] == [FileState.UNKNOWN], "an alarm each time"
    assert stage.inbox.files == {}


def test_what_was_once_another_content_is_not_sent_again_when_it_is_gone(stage: Stage) -> None:
    answer_lost(stage, stored=False)
    stage.export_later()
    [file] = files(stage)
    stage.inbox.store(file.name, b"half of it")
    stage.export_later(minutes=6)
    [file] = files(stage)
    assert (file.state, file.history[-1].cause) == (FileState.UNKNOWN, Contradiction.DIFFERENT)
    stage.export_later(days=1)
    assert files(stage) == [file], "noted once"
    del stage.inbox.files[file.name]
    stage.export_later(days=1)
    assert states(stage) == [FileState.UNKNOWN]
    assert stage.inbox.files == {}


@pytest.mark.parametrize("verdict", ["confirm", "again"])
def test_a_person_decides_about_a_contradiction(stage: Stage, verdict: str) -> None:
    contradicted(stage)
    stage.now += timedelta(minutes=10)
    [file] = files(stage)
    rerun(
        stage.connector, {"shop_id": SHOP_ID, "file": file.name, "settle": verdict}, run="operator"
    )
    stage.export_later(minutes=1)
    assert stage.entry(KEY).state is EntryState.PLACED
    assert len(stage.booked()) == (verdict == "again")


def test_an_inbox_that_cannot_be_asked_is_taken_at_its_word_and_that_is_kept(stage: Stage) -> None:
    mute(stage)
    stage.export_later()
    [file] = files(stage)
    assert (file.state, file.is_unasked) == (FileState.PLACED, True)
    assert FileStep.TRUST in [event.step for event in file.history]
    assert stage.entry(KEY).state is EntryState.PLACED


def test_a_page_in_the_inboxs_place_proves_nothing(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer_lost(stage, stored=False)
    stage.export_later()
    with monkeypatch.context() as patch:
        patch.setattr(stage.inbox, "ask", lambda name, *, sha256, size: Presence.NO_INBOX)
        stage.export_later(minutes=6)
        assert states(stage) == [FileState.UNKNOWN]
    stage.export_later(days=1)
    assert states(stage) == [FileState.PLACED], "it never spoke of the file: not there is proof"
    assert len(stage.booked()) == 1


def test_one_unknown_file_does_not_keep_other_orders_waiting(stage: Stage) -> None:
    mute(stage)
    answer_lost(stage, stored=True)
    stage.export_later()
    stage.receive(order(id=ID + 1, number="ORD00413"))
    stage.export_later(minutes=6)
    assert stage.entry(f"order-{ID + 1}").state is EntryState.PLACED


def test_a_claimed_file_is_given_up_and_its_order_goes_into_a_new_one(stage: Stage) -> None:
    claimed_file(stage)
    stage.export_later(hours=1)
    assert states(stage) == [FileState.VOID, FileState.PLACED]
    assert len(stage.booked()) == 1


def killed_then(stage: Stage, meanwhile: Callable[[], None]) -> None:
    """While the run reads its order, something else happens."""

    def interrupt(call: Call) -> None:
        if call.name == "order":
            stage.api.before_call = lambda call: None
            meanwhile()

    stage.api.before_call = interrupt


def test_a_run_without_its_lease_cannot_send_what_another_gave_up(stage: Stage) -> None:
    def another_run() -> None:
        stage.shops.leases.clear()
        stage.export_later(seconds=1)

    killed_then(stage, another_run)
    stage.export_later()
    assert states(stage) == [FileState.VOID, FileState.PLACED]
    assert len(stage.booked()) == 1
    assert stage.entry(KEY).state is EntryState.PLACED


def test_a_run_held_up_before_sending_sends_nothing(stage: Stage) -> None:
    kept: Any = stage.connector.files
    record = kept.record

    def slow(file: FileEntry, event: Event, content: FileContent | None = None) -> Any:
        recorded = record(file, event, content)
        if event.step is FileStep.FIX:
            stage.now += BEGINS_WITHIN + timedelta(seconds=1)
        return recorded

    kept.record = slow
    report = stage.export_later()
    assert stage.inbox.files == {}
    assert states(stage) == [FileState.PLACING]
    assert report.resume_at is not None

    kept.record = record
    stage.export_later(minutes=6)
    assert states(stage) == [FileState.PLACED]
    assert len(stage.booked()) == 1


def test_a_run_killed_after_sending_finds_its_file_in_the_inbox(stage: Stage) -> None:
    stage.inbox.fail(Gone(), times=1, though_stored=True)
    with pytest.raises(Gone):
        stage.export_later()
    stage.export_later(hours=1)
    assert states(stage) == [FileState.PLACED]
    assert len(stage.booked()) == 1


def test_messages_that_wait_for_the_same_allowance_do_not_multiply(stage: Stage) -> None:
    until = stage.now + timedelta(hours=5)

    stage.api.fail(ShopRateLimited("429", until=until), "order")
    stage.export_later()
    assert len(stage.queue.sent) == 1
    stage.export_later(minutes=1)
    assert len(stage.queue.sent) == 1, "a message that was delivered twice has one successor"
    stage.export_later(minutes=15)
    assert len(stage.queue.sent) == 2


def test_a_message_whose_clock_is_behind_goes_on_all_the_same(stage: Stage) -> None:
    until = stage.now + timedelta(minutes=5)

    stage.api.fail(ShopRateLimited("429", until=until), "order")
    stage.export_later()
    stage.now = until - timedelta(seconds=1)  # by its own clock the successor comes early
    export_shop(stage.connector, Job(shop_id=SHOP_ID, run=f"{stage.queue.messages[0].run}/m2/1"))
    assert len(stage.queue.sent) == 2


def test_a_message_that_could_not_be_sent_silences_no_other(stage: Stage) -> None:
    stage.api.fail(ShopRateLimited("429", until=stage.now + timedelta(minutes=5)), "order")
    stage.queue.error = QueueError("no answer")
    with pytest.raises(QueueError):
        stage.export_later()
    stage.queue.error = None
    stage.export_later(minutes=1)
    assert len(stage.queue.sent) == 1


def missing(stage: Stage, *, listed: bool) -> None:
    if listed:
        stage.api.fail(ShopNotFound("nothing there", status=404), "order")
    else:
        stage.api.orders.pop(ID)


def test_an_order_that_is_neither_found_nor_listed_for_a_day_is_dropped(stage: Stage) -> None:
    missing(stage, listed=False)
    stage.export_later()
    assert stage.entry(KEY).state is EntryState.WAITING
    stage.export_later(hours=25)
    assert stage.entry(KEY).state is EntryState.DROPPED


def test_an_order_that_the_list_still_shows_goes_on_waiting(stage: Stage) -> None:
    missing(stage, listed=True)
    stage.export_later()
    stage.export_later(hours=25)
    assert stage.entry(KEY).state is EntryState.WAITING
