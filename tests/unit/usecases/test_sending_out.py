"""A night sends out all shops, slice by slice: 100,000 of them, whatever goes wrong."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest

from chalicelib.domain.fleet_halt import FleetPart
from chalicelib.domain.nights import Slice, SliceProgress, list_slices
from chalicelib.domain.slots import EVERY_SLOT, SLOTS, slot_of
from chalicelib.domain.tasks import Task
from chalicelib.usecases.filing import sending_out
from chalicelib.usecases.filing.night_start import start_night
from chalicelib.usecases.filing.sending_out import send_slice
from tests.unit.usecases.fleet_of_shops import Fleet
from tests.unit.usecases.night_of_slices import TIME, send_out, work_slices
from tests.unit.usecases.stage import SHOP_ID, Stage

WINDOW = 3600
SLOT = slot_of(SHOP_ID)
OTHERS = [number for number in range(SHOP_ID + 1, SHOP_ID + 2000) if slot_of(number) == SLOT][:6]


@pytest.fixture
def stage() -> Stage:
    return Stage()


@pytest.fixture
def slot(stage: Stage) -> list[int]:
    """Seven shops of one slot."""
    first = stage.shops.records[SHOP_ID]
    for number in OTHERS:
        stage.shops.add(replace(first, shop_id=number))
    return [SHOP_ID, *OTHERS]


def slice_of(stage: Stage, **other: object) -> Slice:
    one = Slice(slot=SLOT, task=Task.EXPORT, run="night", due_at=stage.now)
    return replace(one, **other)  # type: ignore[arg-type]


def work(stage: Stage, one: Slice, time: timedelta = TIME) -> SliceProgress | None:
    done = work_all(stage, one, time)
    return done[-1] if done else None


def work_all(stage: Stage, one: Slice, time: timedelta = TIME) -> list[SliceProgress]:
    return send_slice(stage.connector, one, stop_at=stage.now + time, receipt="r")


def kept(stage: Stage, one: Slice) -> SliceProgress:
    found = stage.shops.load(0, SliceProgress, one.name)
    assert found is not None
    return found


def sent(stage: Stage) -> list[int]:
    return [message.shop_id for message in stage.queue.messages]


# ---- A whole fleet ---------------------------------------------------------------------------


@pytest.mark.parametrize("seed", [1, 2])
def test_of_100_000_shops_each_has_a_message_every_night_whatever_goes_wrong(seed: int) -> None:
    print(f"seed {seed}")
    fleet = Fleet(100_000, Random(seed), chance=0.05, window=WINDOW)
    exporting = {*fleet.numbers} - fleet.paused
    for night in ("monday", "tuesday"):
        fleet.play_night(night)
        fleet.now += timedelta(hours=20)
        counts = fleet.sent[night]
        assert counts.keys() == exporting
        repeated = fleet.repeated[night]
        assert all(n <= 1 + repeated[slot_of(shop_id)] for shop_id, n in counts.items())
        assert sum(counts.values()) < 1.5 * len(exporting), "most have exactly one"
        done = fleet.progress()
        assert {each.slot for each in done if each.done_at and each.run == night} == {*EVERY_SLOT}
    fleet.play_night("watch", Task.WATCH)
    assert fleet.sent["watch"].keys() == {*fleet.numbers}
    assert len(+fleet.happened) == 10, fleet.happened  # each kind of trouble, dead letters too


def test_in_quiet_nights_each_shop_has_one_message_at_its_own_time_of_the_night() -> None:
    fleet = Fleet(100_000, Random(3), chance=0, window=WINDOW)
    for night in ("monday", "tuesday"):
        fleet.play_night(night)
        fleet.now += timedelta(hours=20)
    assert Counter(fleet.sent["monday"].values()) == {1: 90_000}
    assert fleet.sent["monday"] == fleet.sent["tuesday"]
    assert fleet.minutes["monday"] == fleet.minutes["tuesday"]
    a_slot = WINDOW / SLOTS / 60
    assert all(
        EVERY_SLOT.index(slot_of(number)) * a_slot
        <= minute
        <= (EVERY_SLOT.index(slot_of(number)) + 1) * a_slot
        for number, minute in fleet.minutes["monday"].items()
    )


# ---- What starts a night ---------------------------------------------------------------------


def test_a_night_begins_with_one_message_a_slice_spread_over_its_window(stage: Stage) -> None:
    assert start_night(stage.connector, Task.EXPORT, run="night", window=WINDOW) == SLOTS
    slices = [one for one, _ in stage.queue.slices]
    assert slices == list_slices(Task.EXPORT, "night", stage.now, window=WINDOW)
    delays = [delay for _, delay in stage.queue.slices]
    assert (delays[0], delays[1], delays[16], delays[63]) == (0, 56, 900, 900)
    assert stage.queue.messages == []


def test_a_slice_that_comes_before_its_time_is_sent_again(stage: Stage) -> None:
    one = slice_of(stage, due_at=stage.now + timedelta(seconds=1000))
    assert work(stage, one) is None
    assert stage.queue.slices == [(one, 900)]
    stage.now += timedelta(seconds=900)
    assert work(stage, one) is None
    assert stage.queue.slices[1:] == [(one, 100)]
    assert sent(stage) == []
    stage.now += timedelta(seconds=100)
    assert work(stage, one) is not None
    assert sent(stage) == [SHOP_ID]


def test_a_night_without_a_window_begins_with_a_few_messages_of_many_slots(stage: Stage) -> None:
    assert start_night(stage.connector, Task.EXPORT, run="night") == 4
    slices = [one for one, _ in stage.queue.slices]
    assert [one.slot for one in slices] == ["slot-00", "slot-16", "slot-32", "slot-48"]
    done = [
        each
        for one in slices
        for each in send_slice(stage.connector, one, stop_at=stage.now + TIME)
    ]
    assert [each.slot for each in done] == [*EVERY_SLOT]
    assert all(each.done_at for each in done)
    assert sent(stage) == [SHOP_ID]


def test_slots_that_there_was_no_time_for_go_on_by_a_message(stage: Stage) -> None:
    one = slice_of(stage, slot="slot-58", further=5)
    begun = send_slice(stage.connector, one, stop_at=stage.now)
    assert [(each.slot, each.done_at) for each in begun] == [("slot-58", None)]
    ((rest, _),) = stage.queue.slices
    assert (rest.slot, rest.further) == ("slot-58", 5)
    assert len(work_all(stage, rest)) == 6
    assert sent(stage) == [SHOP_ID]
    assert len(work_all(stage, one)) == 6, "the same message again"
    assert sent(stage) == [SHOP_ID], "sends nothing more"


# ---- What a slice does -----------------------------------------------------------------------


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending_out, "PAGE", 3)


@pytest.mark.usefixtures("small_pages")
def test_a_slice_is_paged_through_and_says_how_far_it_is(stage: Stage, slot: list[int]) -> None:
    one = slice_of(stage)
    assert work(stage, one) == kept(stage, one)
    assert sent(stage) == slot
    assert {message.run for message in stage.queue.messages} == {"night"}
    progress = kept(stage, one)
    assert (progress.sent, progress.after, progress.done_at) == (7, slot[-1], stage.now)
    assert stage.queue.kept == [("r", 300)] * 3


@pytest.mark.usefixtures("small_pages")
def test_a_slice_whose_time_is_up_goes_on_by_a_message(stage: Stage, slot: list[int]) -> None:
    one = slice_of(stage)
    count = stage.shops.exporting

    def take_long(slot: str, *, after: int, limit: int) -> list[int]:
        stage.now += timedelta(minutes=1)
        return count(slot, after=after, limit=limit)

    stage.shops.exporting = take_long  # type: ignore[method-assign]
    progress = work(stage, one, timedelta(minutes=2))
    assert progress is not None
    assert (progress.after, progress.sent, progress.done_at) == (slot[5], 6, None)
    assert stage.queue.slices == [(replace(one, after=slot[5]), 0)]
    work_slices(stage.connector)
    assert sent(stage) == slot
    assert kept(stage, one).sent == 7


@pytest.mark.usefixtures("small_pages")
def test_a_slice_that_is_delivered_again_does_nothing_twice(stage: Stage, slot: list[int]) -> None:
    one = slice_of(stage)
    work(stage, one)
    work(stage, one)
    work(stage, replace(one, after=slot[2]))
    assert sent(stage) == slot


def test_a_slice_of_an_earlier_night_leaves_the_shops_to_the_later_one(stage: Stage) -> None:
    work(stage, slice_of(stage))
    earlier = slice_of(stage, run="yesterday", due_at=stage.now - timedelta(days=1))
    progress = work(stage, earlier)
    assert progress is not None
    assert progress.run == "night"
    assert sent(stage) == [SHOP_ID]
    later = slice_of(stage, run="tomorrow")
    work(stage, later)
    assert kept(stage, later).run == "tomorrow"
    assert sent(stage) == [SHOP_ID, SHOP_ID]


def test_a_slice_of_a_part_sends_its_shops_and_has_a_record_of_its_own(
    stage: Stage, slot: list[int]
) -> None:
    for number in slot[::2]:
        stage.shops.update(number, lambda shop: replace(shop, cluster="us1"))
    whole, part = slice_of(stage), slice_of(stage, run="resume", part=FleetPart.US1)
    work(stage, whole)
    stage.queue.messages.clear()
    work(stage, part)
    assert sent(stage) == slot[::2]
    assert (kept(stage, part).sent, kept(stage, whole).sent) == (4, 7)


def test_shops_that_an_earlier_version_stored_enter_their_slot_with_the_watch(
    stage: Stage,
) -> None:
    entered: list[tuple[str, int]] = []

    def enter(slot: str, *, limit: int) -> int:
        entered.append((slot, limit))
        return 0

    stage.shops.enter_slot = enter  # type: ignore[method-assign]
    send_out(stage.connector)
    assert entered == []
    send_out(stage.connector, Task.WATCH)
    assert entered == [(slot, 1000) for slot in EVERY_SLOT]
