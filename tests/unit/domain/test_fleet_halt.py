"""Halting a part of all shops."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from chalicelib.domain.administrations import Administration
from chalicelib.domain.connection import Connection
from chalicelib.domain.fleet_halt import FleetHalt, FleetPart, Halt, halt_part, resume_part
from chalicelib.domain.shops import ShopState
from tests.tables.conftest import NOW, shop

EU1_BY_FILE = replace(shop(184520, ShopState.ACTIVE), cluster="eu1")
US1 = replace(EU1_BY_FILE, cluster="us1")
BY_API = replace(
    EU1_BY_FILE,
    connection=Connection(
        administration=Administration(id=7, name="a"), is_on=True, connected_at=NOW
    ),
)
LATER = NOW + timedelta(hours=1)


def test_a_part_covers_its_shops() -> None:
    covered = {
        part: [part.covers(each) for each in (EU1_BY_FILE, US1, BY_API)] for part in FleetPart
    }
    assert covered == {
        FleetPart.ALL: [True, True, True],
        FleetPart.EU1: [True, False, True],
        FleetPart.US1: [False, True, False],
        FleetPart.FILE: [True, True, False],
        FleetPart.API: [False, False, True],
    }


def test_a_part_that_is_halted_again_stays_so_since_the_first_time() -> None:
    once = halt_part(FleetHalt(), FleetPart.EU1, Halt(since=NOW, reason="n"))
    again = halt_part(once, FleetPart.EU1, Halt(since=LATER, reason="m"))
    assert again == FleetHalt(parts={FleetPart.EU1: Halt(since=NOW, reason="m")})
    assert again.find(EU1_BY_FILE) == Halt(since=NOW, reason="m")
    assert again.find(US1) is None


def test_parts_are_resumed_one_by_one_or_all_at_once() -> None:
    halted = halt_part(FleetHalt(), FleetPart.EU1, Halt(since=LATER, reason="n"))
    halted = halt_part(halted, FleetPart.ALL, Halt(since=NOW))
    assert halted.find(EU1_BY_FILE) == Halt(since=NOW)
    assert resume_part(halted, FleetPart.EU1).find(EU1_BY_FILE) == Halt(since=NOW)
    assert resume_part(halted, FleetPart.ALL) == FleetHalt()
    assert resume_part(FleetHalt(), FleetPart.US1) == FleetHalt()
