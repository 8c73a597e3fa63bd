"""A file that is in the inbox although it was given up: a known double is red until a person says
that it is dealt with.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from chalicelib import metrics
from chalicelib.domain.discrepancies import DiscrepancyKind
from chalicelib.domain.events import Actor, FileStep
from chalicelib.domain.ledger import EntryState, FileEntry, FileState
from chalicelib.domain.statement import DayStatement, Verdict
from chalicelib.errors import InboxUnknown, RequestError
from chalicelib.ports import Presence, Receipt
from chalicelib.usecases.operating.fleet import shops
from chalicelib.usecases.operating.overview import Headline, read_overview
from chalicelib.usecases.operating.repair import send_order_again
from chalicelib.usecases.operating.rerun import rerun
from tests.fakes.asperion_inbox import MemoryInbox
from tests.fakes.documents_of_shop import order
from tests.unit.usecases.stage import SHOP_ID, Stage

KEY, OTHER = "order-301204417", "order-301204418"


class SlowInbox(MemoryInbox):
    """Its next answer takes so long that others act meanwhile."""

    def __init__(self) -> None:
        super().__init__()
        self.meanwhile: Any = None

    def place(self, name: str, content: bytes) -> Receipt:
        deed, self.meanwhile = self.meanwhile, None
        if deed is not None:
            deed()
        return super().place(name, content)

    def ask(self, name: str, *, sha256: str, size: int) -> Presence:
        deed, self.meanwhile = self.meanwhile, None
        found = super().ask(name, sha256=sha256, size=size)
        if deed is not None:
            deed()
        return found


@pytest.fixture
def stage() -> Stage:
    stage = Stage()
    stage.inbox = SlowInbox()
    stage.receive(order())
    stage.receive(order(id=301204418, number="ORD00413"))
    return stage


def decide(stage: Stage, file: str, verdict: str, **more: Any) -> dict[str, Any]:
    wish = {"shop_id": SHOP_ID, "file": file, "settle": verdict, **more}
    return rerun(stage.connector, wish, run="rerun/1")


def files(stage: Stage) -> list[FileEntry]:
    kept: Any = stage.connector.files
    return list(kept.items[SHOP_ID].values())


def given_up(stage: Stage) -> str:
    """A file whose answer was lost; the operator looked in Asperion, and it was not there."""
    stage.inbox.fail(InboxUnknown("no answer"), times=1)
    stage.export_later()
    [file] = files(stage)
    stage.export_later(seconds=1)
    stage.now += timedelta(minutes=10)
    decide(stage, file.name, "again")
    assert stage.entry(KEY).state is EntryState.WAITING
    return file.name


def doubled(stage: Stage) -> tuple[str, str]:
    """That file, which is there after all, and the one that its orders went into."""
    first = given_up(stage)
    stage.export_later(seconds=1)
    second = stage.entry(KEY).file
    assert second not in (None, first)
    answer = decide(stage, first, "confirm")
    assert [(f["name"], f["state"]) for f in answer["files"]] == [(first, "double")]
    return first, str(second)


def is_red(stage: Stage, first: str, second: str) -> None:
    [double] = read_overview(stage.workspace()).doubles
    assert (double.file.name, double.others) == (first, (second,))
    assert {entry.key for entry in double.entries} == {KEY, OTHER}
    shown = read_overview(stage.workspace())
    assert [each.file.name for each in shown.doubles] == [first]
    assert (shown.headline, shown.attention) == (Headline.ORDERS, 2)
    (listed,) = shops(stage.connector, {})["shops"]
    assert (listed["severity"], listed["causes"][0]["cause"]) == ("wrong", "double_files")
    line = shops(stage.connector, {"shop_id": SHOP_ID})
    assert (line["double_files"], line["attention"]) == ([first], True)


def test_a_file_that_is_seen_before_its_orders_went_out_again_takes_them_back(stage: Stage) -> None:
    first = given_up(stage)
    answer = decide(stage, first, "confirm")
    assert [(f["name"], f["state"]) for f in answer["files"]] == [(first, "placed")]
    run = stage.export_later(minutes=1)
    assert run.files == []
    assert [(stage.entry(key).state, stage.entry(key).file) for key in (KEY, OTHER)] == [
        (EntryState.PLACED, first)
    ] * 2
    assert read_overview(stage.workspace()).doubles == ()
    [statement] = stage.shops.statements(SHOP_ID, 1)
    assert (statement.verdict, statement.files) == (Verdict.RIGHT, {first: 2})


def test_a_confirmed_file_whose_orders_went_out_again_is_double(stage: Stage) -> None:
    is_red(stage, *doubled(stage))


def test_a_slow_runs_upload_that_is_taken_after_all_is_double(stage: Stage) -> None:
    inbox: Any = stage.inbox

    def another_run_and_an_operator() -> None:
        stage.shops.leases.clear()
        stage.export_later(minutes=10)  # asks, and sends the same bytes again, whose answer is lost
        [file] = files(stage)
        stage.export_later(seconds=1)
        stage.inbox.recover()
        stage.now += timedelta(minutes=10)
        decide(stage, file.name, "again")
        stage.export_later(seconds=1)

    inbox.meanwhile = another_run_and_an_operator
    inbox.fail(InboxUnknown("no answer"), times=1)
    run = stage.export_later()
    first, second = (file.name for file in files(stage))
    assert FileState.DOUBLE in {file.state for file in run.files}
    is_red(stage, first, second)


def test_a_late_answer_to_the_question_finds_it_as_well(stage: Stage) -> None:
    inbox: Any = stage.inbox
    inbox.fail(InboxUnknown("no answer"), times=1, though_stored=True)
    stage.export_later()
    [file] = files(stage)

    def operator() -> None:
        decide(stage, file.name, "again")
        stage.shops.leases.clear()
        stage.export_later(seconds=1)

    inbox.meanwhile = operator
    run = stage.export_later(minutes=10)
    assert FileState.DOUBLE in {result.state for result in run.files}
    is_red(stage, file.name, str(stage.entry(KEY).file))


def test_a_file_that_another_run_doubts_is_placed_once_its_answer_comes(stage: Stage) -> None:
    inbox: Any = stage.inbox

    def another_run() -> None:
        stage.inbox.mute = True
        stage.shops.leases.clear()
        stage.export_later(minutes=10)
        [file] = files(stage)
        assert file.state is FileState.UNKNOWN
        stage.inbox.mute = False

    inbox.meanwhile = another_run
    stage.export_later()
    [file] = files(stage)
    assert file.state is FileState.PLACED
    assert stage.entry(KEY).state is EntryState.PLACED


def doubles_of(statement: DayStatement) -> tuple[str, ...]:
    [found] = statement.discrepancies
    assert found.kind is DiscrepancyKind.DOUBLES
    return found.names


def test_a_double_stays_red_night_after_night(
    stage: Stage, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = doubled(stage)
    for _ in range(3):
        run = stage.night()
        metrics.count_export(run)
        assert '"FilesDouble":[1.0]' in capsys.readouterr().out.replace(" ", "")
        [today, *_] = stage.shops.statements(SHOP_ID, 1)
        assert (today.verdict, doubles_of(today)) == (Verdict.WRONG, (first,))
        is_red(stage, first, second)
    assert len(stage.booked()) == 2, "the connector itself sends nothing twice"


def test_a_person_says_that_it_is_dealt_with_and_it_is_over(stage: Stage) -> None:
    first, _ = doubled(stage)
    stage.night()
    decide(stage, first, "resolved")
    assert read_overview(stage.workspace()).doubles == ()
    assert read_overview(stage.workspace()).doubles == ()
    for _ in range(3):
        run = stage.night()
        assert run.files == []
    [today, *_] = stage.shops.statements(SHOP_ID, 1)
    assert (today.verdict, today.discrepancies) == (Verdict.RIGHT, ())
    [file] = [file for file in files(stage) if file.name == first]
    assert file.history[-1].step is FileStep.RESOLVE


@pytest.mark.parametrize("verdict", ["confirm", "again", "resolved"])
def test_a_verdict_said_twice_is_one(stage: Stage, verdict: str) -> None:
    if verdict == "resolved":
        file, _ = doubled(stage)
    else:
        stage.inbox.fail(InboxUnknown("no answer"), times=1)
        stage.export_later()
        stage.export_later(minutes=1)
        file = files(stage)[0].name
        stage.now += timedelta(minutes=10)
    first = decide(stage, file, verdict)
    before = [one.history for one in files(stage)]
    again = decide(stage, file, verdict)
    assert first["skipped"] == []
    assert again["files"] == first["files"]
    [left_out] = again["skipped"]
    assert left_out["order"] == file
    assert "already" in left_out["reason"]
    assert [one.history for one in files(stage)] == before


def test_what_cannot_be_said_of_a_file_is_refused(stage: Stage) -> None:
    stage.export_later()
    [file] = files(stage)
    for verdict in ("again", "resolved"):
        with pytest.raises(RequestError, match="cannot be said of it"):
            decide(stage, file.name, verdict)
    assert files(stage) == [file]


def test_nothing_can_be_said_of_a_file_that_was_never_sent(stage: Stage) -> None:
    made = stage.connector.files.create(SHOP_ID, stage.now.date(), at=stage.now, by=Actor.EXPORT)
    stage.export_later(minutes=1)
    for verdict in ("confirm", "again", "resolved"):
        with pytest.raises(RequestError, match="cannot be said of it"):
            decide(stage, made.name, verdict)


def test_an_order_that_went_out_and_waits_again_is_double_too(stage: Stage) -> None:
    """It waits because somebody sent it again; that it is in the second file stays true."""
    first = given_up(stage)
    stage.export_later(seconds=1)
    second = stage.entry(KEY).file
    send_order_again(stage.workspace(), "ORD00412", reason="gone", by=Actor.MERCHANT)
    decide(stage, first, "confirm")
    [double] = read_overview(stage.workspace()).doubles
    assert (double.others, len(double.entries)) == ((second,), 2)
