"""The slots of a night."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.domain.nights import Slice, SliceProgress, list_slices
from chalicelib.domain.slots import EVERY_SLOT, SLOTS, slot_of
from chalicelib.domain.tasks import Task

NOW = datetime(2026, 1, 23, 1, 15, tzinfo=UTC)


def test_a_shop_keeps_its_slot_for_ever() -> None:
    """Stored: these never change."""
    assert [slot_of(number) for number in (1, 184520, 184521, 999999, 10**9)] == [
        *("slot-55", "slot-60", "slot-42", "slot-55", "slot-08"),
    ]


@pytest.mark.parametrize(
    "numbers", [range(100_000, 200_000), range(10, 1_000_000, 10), range(1, 10_000_000, 101)]
)
def test_shops_are_spread_evenly(numbers: range) -> None:
    counts = Counter(map(slot_of, numbers))
    even = len(numbers) / SLOTS
    assert counts.keys() == {*EVERY_SLOT}
    assert all(0.85 * even < count < 1.15 * even for count in counts.values())


def test_the_slices_of_a_night_are_spread_over_its_window() -> None:
    slices = list_slices(Task.EXPORT, "night", NOW, window=3600)
    assert [each.slot for each in slices] == [*EVERY_SLOT]
    assert slices[0].due_at == NOW
    assert slices[63].due_at == NOW + timedelta(seconds=3543)
    assert {each.due_at for each in list_slices(Task.WATCH, "night", NOW)} == {NOW}


def test_a_later_night_takes_a_slice_over() -> None:
    one = Slice(slot="slot-07", task=Task.EXPORT, run="monday", due_at=NOW)
    kept = SliceProgress(
        task=Task.EXPORT, slot="slot-07", run="tuesday", due_at=NOW, started_at=NOW, at=NOW
    )
    assert not kept.is_of(one)
    assert not kept.comes_after(one)
    earlier = replace(one, due_at=NOW - timedelta(days=1))
    assert kept.comes_after(earlier)
    assert not kept.comes_after(replace(earlier, run="tuesday"))
