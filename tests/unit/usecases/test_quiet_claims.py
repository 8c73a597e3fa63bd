"""A list of what waits shows claimed documents as well: nobody counts, files or offers them so."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import pytest

from chalicelib.domain.events import Actor, OrderStep
from chalicelib.domain.ledger import EntryState, FileState
from chalicelib.errors import InboxUnknown
from chalicelib.usecases.operating import fleet
from chalicelib.usecases.operating.overview import Overview, read_overview
from chalicelib.usecases.operating.rerun import rerun
from tests.fakes.documents_of_shop import order
from tests.fakes.seoshop import Call
from tests.unit.usecases.crashes import killed_after
from tests.unit.usecases.stage import SHOP_ID, Stage


def sell(stage: Stage, *numbers: int, made: datetime | None = None) -> None:
    for number in numbers:
        sold = order(id=number, number=f"ORD{number}")
        stage.receive(replace(sold, created_at=made or stage.now, paid_at=stage.now))


def files(stage: Stage) -> dict[str, tuple[FileState, int]]:
    kept: Any = stage.connector.files
    return {name: (file.state, len(file.keys)) for name, file in kept.items[SHOP_ID].items()}


def states(stage: Stage, *numbers: int) -> list[EntryState]:
    return [stage.entry(f"order-{number}").state for number in numbers]


def show(stage: Stage) -> Overview:
    return read_overview(stage.workspace())


def described(stage: Stage) -> dict[str, Any]:
    return fleet.shops(stage.connector, {"shop_id": SHOP_ID})


@pytest.fixture
def stage() -> Stage:
    """A shop with two orders in a file whose outcome nobody can learn."""
    stage = Stage()
    stage.inbox.mute = True
    sell(stage, 1, 2)
    stage.inbox.fail(InboxUnknown("no answer"), times=1)
    stage.export_later()
    assert states(stage, 1, 2) == [EntryState.CLAIMED] * 2
    return stage


def test_what_is_in_an_unknown_file_is_claimed_and_does_not_wait(stage: Stage) -> None:
    made = stage.now + timedelta(days=1)
    sell(stage, 3, made=made)
    assert (show(stage).waiting, show(stage).claimed) == (1, 2)
    assert (described(stage)["waiting"], described(stage)["oldest_waiting"]) == (
        1,
        made.date().isoformat(),
    )
    assert stage.workspace().count_waiting() == 1
    listed = stage.workspace().list_waiting(limit=1)
    assert [entry.number for entry in listed] == ["ORD3"]


def test_it_is_never_overdue(stage: Stage) -> None:
    stage.now += timedelta(days=3)
    assert (show(stage).overdue, described(stage)["overdue"]) == (0, 0)
    assert described(stage)["oldest_waiting"] is None


def test_a_run_reports_what_waits_without_it(stage: Stage) -> None:
    assert stage.export_later(minutes=10).count_waiting() == 0


def test_a_rehearsal_leaves_it_out(stage: Stage) -> None:
    sell(stage, 3)
    answer = rerun(stage.connector, {"shop_id": SHOP_ID, "dry_run": True}, run="dry")
    assert answer["files"] == [{"name": None, "orders": ["ORD3"], "state": "would be placed"}]
    assert (answer["skipped"], answer["held"], answer["waiting"]) == ([], [], 1)


def test_no_empty_file_is_made_while_nothing_else_waits(stage: Stage) -> None:
    before = files(stage)
    for _ in range(3):
        stage.export_later(days=1)
    assert files(stage) == before


@pytest.mark.parametrize("per_file", [1, 2, 3])
def test_others_go_along_file_by_file_and_the_run_comes_to_an_end(
    stage: Stage, per_file: int
) -> None:
    settings = replace(stage.connector.settings, orders_per_file=per_file)
    stage.connector = replace(stage.connector, settings=settings)
    sell(stage, 3, 4, 5, 6, 7)
    report = stage.export_later(minutes=10)
    placed = [file.orders for file in report.files if file.state is FileState.PLACED]
    assert sum(placed) == 5
    assert max(placed) == per_file
    assert states(stage, 1, 2) == [EntryState.CLAIMED] * 2
    assert states(stage, 3, 4, 5, 6, 7) == [EntryState.PLACED] * 5
    assert len(files(stage)) == 1 + len(placed)
    assert (show(stage).waiting, report.count_waiting()) == (0, 0)


def test_counts_are_right_whenever_a_run_is_killed() -> None:
    """A file that is placed may have reported it to some of its documents and not to others."""
    for writes in count(1):
        stage = Stage()
        sell(stage, 1, 2, 3)
        with killed_after(stage, writes) as lifetime:
            stage.export_later()
        sell(stage, 4, 5)
        found = states(stage, 1, 2, 3, 4, 5)
        unfinished = stage.connector.files.list_unfinished(SHOP_ID)
        # A file that is being filled names nobody yet: until then its documents count as waiting.
        is_named = all(file.state is not FileState.CLAIMED for file in unfinished)
        claimed = found.count(EntryState.CLAIMED) if is_named else 0
        waiting = sum(state in (EntryState.WAITING, EntryState.CLAIMED) for state in found)
        assert (show(stage).claimed, show(stage).waiting) == (claimed, waiting - claimed)
        if not lifetime.is_over:
            return


def forget(stage: Stage, number: int) -> None:
    """An order is claimed by a file that was discarded meanwhile, and its run is gone."""
    name = f"axml-orders-20260301-{SHOP_ID}-001.xml"
    claim = stage.workspace().record(f"order-{number}", OrderStep.CLAIM, by=Actor.EXPORT, file=name)
    assert claim is not None


def test_what_a_discarded_file_forgot_goes_along_in_the_same_run_and_file() -> None:
    stage = Stage()
    sell(stage, 1, 2, 3)
    forget(stage, 2)
    report = stage.export_later()
    assert [(file.orders, file.state) for file in report.files] == [(3, FileState.PLACED)]
    assert len(files(stage)) == 1
    assert [one.number for one in stage.booked()] == ["ORD1", "ORD2", "ORD3"]
    steps = [event.step for event in stage.entry("order-2").history]
    assert steps == [
        OrderStep.HINT,
        OrderStep.CLAIM,
        OrderStep.RELEASE,
        OrderStep.CLAIM,
        OrderStep.PLACE,
    ]


def test_what_a_live_file_holds_is_not_taken_away_from_it() -> None:
    """Another run without the lease claims it between the list and the claim."""
    stage = Stage()
    sell(stage, 1, 2)
    create = stage.connector.files.create

    def claimed_meanwhile(*args: Any, **kwargs: Any) -> Any:
        other = create(*args, **kwargs)
        taken = stage.workspace().record(
            "order-1", OrderStep.CLAIM, by=Actor.EXPORT, file=other.name
        )
        assert taken is not None
        kept: Any = stage.connector.files
        kept.create = create
        return create(*args, **kwargs)

    kept: Any = stage.connector.files
    kept.create = claimed_meanwhile
    report = stage.export_later()
    assert [file.orders for file in report.files] == [1]
    assert states(stage, 1, 2) == [EntryState.CLAIMED, EntryState.PLACED]
    stage.export_later(hours=1)
    assert states(stage, 1, 2) == [EntryState.PLACED] * 2
    assert len(stage.booked()) == 2


def test_a_file_that_lost_its_orders_to_nobody_is_made_again_with_them_in_order() -> None:
    """Killed while it reads: the next run discards the file, and takes all of them up at once."""
    stage = Stage()
    sell(stage, 1, 2, 3)

    class Gone(BaseException):
        pass

    def die(call: Call) -> None:
        if call.name == "order":
            raise Gone

    stage.api.before_call = die
    release = stage.entries.record
    stage.entries.record = _only_claims(release)  # type: ignore[method-assign]
    with pytest.raises(Gone):
        stage.export_later()
    stage.entries.record = release  # type: ignore[method-assign]
    stage.api.before_call = lambda call: None
    stage.shops.leases.clear()
    assert states(stage, 1, 2, 3) == [EntryState.CLAIMED] * 3
    report = stage.export_later(hours=1)
    assert [file.orders for file in report.files] == [3]
    assert list(files(stage).values()) == [(FileState.VOID, 0), (FileState.PLACED, 3)]
    assert [one.number for one in stage.booked()] == ["ORD1", "ORD2", "ORD3"]


def _only_claims(record: Any) -> Any:
    def recording(shop_id: int, taken: Any) -> Any:
        return record(shop_id, taken) if taken.event.step is OrderStep.CLAIM else None

    return recording
