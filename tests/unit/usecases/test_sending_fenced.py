"""Two runs with one delivery: the slow one sends nothing more, and what it sent is counted once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest

from chalicelib.domain.causes import ReleaseCause
from chalicelib.domain.events import Actor, OrderStep
from chalicelib.domain.ledger import Entry, FileEntry, FileState
from chalicelib.domain.sending_progress import SendingProgress
from chalicelib.errors import ShopUnavailable
from chalicelib.ports import StepTaken
from chalicelib.usecases.filing.recovery import recover_files
from chalicelib.usecases.filing.run import Run
from tests.fakes.asperion_faults import ApiCall, Fault
from tests.fakes.memory_asperion import MemoryAsperionApi
from tests.unit.usecases.api_stage import ApiStage, covered, placed_once
from tests.unit.usecases.arrivals import decide
from tests.unit.usecases.crashes import Killed, killed_after
from tests.unit.usecases.stage import SHOP_ID

LEASE = timedelta(minutes=5)
MOST_WRITES = 60


@pytest.fixture
def stage() -> ApiStage:
    return ApiStage()


def once(deed: Callable[[], object], *, name: str, at: int = 1) -> Callable[[ApiCall], None]:
    """Do something once, right before the call of that name and number."""
    calls = iter(range(1, 999))

    def act(call: ApiCall) -> None:
        if call.name == name and next(calls) == at:
            deed()

    return act


def hold_up(stage: ApiStage, *, minutes: float, then: Callable[[], object]) -> Callable[[], None]:
    """The run stands still for so long, and others go on meanwhile."""

    def stand_still() -> None:
        stage.asperion.before_call = lambda call: None
        stage.now += timedelta(minutes=minutes)
        then()

    return stand_still


def export_and_die(stage: ApiStage, writes: int, lived: list[bool]) -> None:
    """A run that is killed after so many writes; whether it lived is noted."""
    with killed_after(stage, writes) as lifetime:
        stage.export_later()
    lived.append(not lifetime.is_over)


@pytest.mark.parametrize("name", ["find_debtors", "add_debtor", "add_invoice"])
@pytest.mark.parametrize("at", [1, 2, 3])
def test_a_run_that_lost_the_shop_sends_nothing_more(stage: ApiStage, name: str, at: int) -> None:
    stage.sell(1, 2, 3)
    deed = hold_up(stage, minutes=6, then=stage.export_later)
    stage.asperion.before_call = once(deed, name=name, at=at)
    stage.export_later()
    for _ in range(3):
        stage.export_later(minutes=20)
    assert placed_once(stage, 1, 2, 3), (stage.states(1, 2, 3), stage.descriptions())
    assert covered(stage.files()) == Decimal("72.60")
    assert all(file.is_finished for file in stage.files(with_empty=True))


def test_a_run_that_gives_it_up_and_is_killed_after_any_write_leaves_no_delivery_open() -> None:
    """Meanwhile the slow run learns that what it sent is placed."""
    for writes in range(1, MOST_WRITES):
        stage = ApiStage()
        stage.sell(1)
        lived: list[bool] = []
        die = partial(export_and_die, stage, writes, lived)
        slow = hold_up(stage, minutes=6, then=die)
        stage.asperion.before_call = once(slow, name="add_invoice")
        stage.export_later()
        for _ in range(3):
            stage.export_later(minutes=20)
        assert placed_once(stage, 1), (writes, stage.states(1), stage.descriptions())
        assert covered(stage.files()) == Decimal("24.20"), writes
        assert all(file.is_finished for file in stage.files(with_empty=True)), writes
        if lived[0]:
            return
    pytest.fail("the run has more writes than were tried")


def test_what_a_slow_run_sent_after_all_is_placed_when_it_was_given_up(stage: ApiStage) -> None:
    """Its document was asked for, proven absent, and waits for another delivery."""
    stage.sell(1)

    def give_up() -> None:
        stage.export_later()
        stage.now += timedelta(minutes=6)
        stage.api.fail(ShopUnavailable("502"), "order")
        stage.export_later()
        stage.api.recover()
        assert stage.states(1) == ["waiting"]

    stage.asperion.before_call = once(hold_up(stage, minutes=6, then=give_up), name="add_invoice")
    stage.export_later()
    assert placed_once(stage, 1)
    stage.export_later(minutes=20)
    assert placed_once(stage, 1)
    assert covered(stage.files()) == Decimal("24.20")


def test_what_a_slow_run_sent_after_another_had_sent_it_is_double(stage: ApiStage) -> None:
    stage.sell(1)

    def send_anew() -> None:
        stage.export_later()
        stage.export_later(minutes=6)

    stage.asperion.before_call = once(hold_up(stage, minutes=6, then=send_anew), name="add_invoice")
    stage.export_later()
    assert len(stage.shown()) == 2, "nobody can help that"
    (double,) = [file for file in stage.files() if file.state is FileState.DOUBLE]
    assert stage.states(1) == ["placed"]
    assert decide(stage, double.name, "resolved") is FileState.PLACED


def test_what_was_sent_again_is_not_found_for_the_delivery_in_doubt(stage: ApiStage) -> None:
    """Two runs ask for one invoice; the faster learns that it is not there, and sends it anew."""
    stage.sell(1)
    stage.asperion.fail(Fault.LOST_BEFORE, "add_invoice", times=1)
    stage.export_later()
    deed = hold_up(stage, minutes=6, then=stage.export_later)
    stage.asperion.before_call = once(deed, name="list_invoices")
    stage.export_later(minutes=6)
    stage.export_later(minutes=20)
    assert placed_once(stage, 1)
    assert stage.deliveries() == [("placed", 1)]


def test_what_another_run_takes_for_broken_off_too_late_goes_on(
    stage: ApiStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was read before it was fixed; then it can no longer be discarded, nor its progress."""
    stage.sell(1, 2)
    record, found = stage.connector.files.record, list[FileEntry]()

    def keep_first(file: FileEntry, *args: Any, **kwargs: Any) -> Any:
        found.append(file)
        return record(file, *args, **kwargs)

    def discard_late() -> None:
        slow = Run(
            stage.connector,
            stage.workspace().shop,
            name="slow",
            by=Actor.EXPORT,
            stop_at=stage.now + LEASE,
        )
        get, early = stage.connector.files.get, iter([found[0]])
        with monkeypatch.context() as patch:
            patch.setattr(stage.connector.files, "get", lambda *one: next(early, None) or get(*one))
            patch.setattr(stage.connector.files, "list_unfinished", lambda shop_id: [found[0]])
            recover_files(slow)

    monkeypatch.setattr(stage.connector.files, "record", keep_first)
    stage.asperion.before_call = once(discard_late, name="add_invoice")
    stage.export_later()
    assert found[0].state is FileState.CLAIMED
    assert placed_once(stage, 1, 2)
    assert stage.deliveries() == [("placed", 2)]


def test_a_run_that_is_held_up_before_it_posts_does_not(
    stage: ApiStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.sell(1, 2)
    change, calls = stage.shops.change, iter(range(99))

    def change_slowly(shop_id: int, kind: type, *args: Any, **kwargs: Any) -> Any:
        kept = change(shop_id, kind, *args, **kwargs)
        if kind is SendingProgress and next(calls) == 2:  # opened, the first, the second
            stage.now += timedelta(seconds=40)
        return kept

    with monkeypatch.context() as patch:
        patch.setattr(stage.shops, "change", change_slowly)
        run = stage.export_later()
    assert run.stopped_by is ReleaseCause.HELD_UP
    assert stage.states(1, 2) == ["placed", "waiting"]
    stage.export_later(minutes=6)
    assert placed_once(stage, 1, 2)


def test_an_error_that_nobody_foresaw_leaves_one_order_in_doubt(
    stage: ApiStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.sell(1, 2)

    def fail(*args: Any, **kwargs: Any) -> Any:
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr(MemoryAsperionApi, "add_invoice", fail)
        with pytest.raises(ZeroDivisionError):
            stage.export_later()
    stage.export_later(minutes=6)
    assert sorted(stage.states(1, 2)) == ["claimed", "waiting"]
    stage.export_later(minutes=6)
    assert placed_once(stage, 1, 2)
    assert stage.shops.load_each(SHOP_ID, SendingProgress) == {}


def test_what_the_run_learns_in_the_very_moment_of_its_recovery_stands(
    stage: ApiStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its document is placed after the recovery found it undecided, and before it is moved."""
    stage.sell(1, 2)
    record, late = stage.entries.record, list[StepTaken]()

    def record_late(shop_id: int, taken: StepTaken) -> Entry | None:
        """The first placement is written when the first move is about to be."""
        if taken.event.step is OrderStep.PLACE and not late:
            late.append(taken)
            stage.now += timedelta(minutes=6)
            stage.export_later()
            return stage.entries.get(shop_id, taken.key)
        if taken.event.step is OrderStep.MOVE:
            assert record(shop_id, late[0]) is not None
        return record(shop_id, taken)

    monkeypatch.setattr(stage.entries, "record", record_late)
    stage.export_later()
    monkeypatch.undo()
    for _ in range(3):
        stage.export_later(minutes=20)
    assert placed_once(stage, 1, 2)
    assert covered(stage.files()) == Decimal("48.40")
    delivered = {key: file.name for file in stage.files() for key in file.keys}
    assert delivered == {stage.order(n).key: stage.order(n).file for n in (1, 2)}


def test_a_recovery_that_was_killed_itself_still_keeps_the_slow_run_from_sending(
    stage: ApiStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.sell(1, 2, 3)

    def be_killed_at_the_end() -> None:
        def die(*args: Any, **kwargs: Any) -> None:
            raise Killed

        with monkeypatch.context() as patch:
            patch.setattr("chalicelib.usecases.filing.delivery_ending._finish", die)
            with pytest.raises(Killed):
                stage.export_later()

    deed = hold_up(stage, minutes=6, then=be_killed_at_the_end)
    stage.asperion.before_call = once(deed, name="find_debtors", at=2)
    stage.export_later()
    assert len(stage.shown()) == 1
    for _ in range(3):
        stage.export_later(minutes=20)
    assert placed_once(stage, 1, 2, 3)
