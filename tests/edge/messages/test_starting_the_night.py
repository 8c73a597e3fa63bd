"""What starts the night of all shops, by the clock or by hand."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import boto3
import pytest

from chalicelib.adapters.queue_messages import write_message
from chalicelib.adapters.sqs import SqsExportQueue
from chalicelib.domain.nights import TOGETHER, list_slices
from chalicelib.domain.slots import SLOTS
from chalicelib.domain.tasks import Task
from chalicelib.entries import (
    export_messages,
    nightly,
    operator_backfill,
    operator_rerun,
    operator_shops,
)
from chalicelib.errors import QueueError, RequestError
from tests.edge.messages.delivered_messages import OTHER_SHOP, deliver, figures, use, watched
from tests.fakes.aws import aws_in_memory
from tests.unit.usecases.night_of_slices import work_slices
from tests.unit.usecases.stage import SHOP_ID, Stage

FEW = SLOTS // TOGETHER  # messages of a night without a window


def receive_all(sqs: Any, url: str) -> list[str]:
    found: list[str] = []
    while letters := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        found += [each["Body"] for each in letters]
    return found


def test_a_night_goes_from_its_start_by_slices_to_the_shops(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    with aws_in_memory():
        sqs = boto3.client("sqs")
        url = sqs.create_queue(QueueName="exports")["QueueUrl"]
        use(replace(stage.connector, queue=SqsExportQueue(lambda: sqs, url)), monkeypatch)

        assert nightly.watch({"id": "night"}) == {"slices": FEW, "run": "night"}
        slices = receive_all(sqs, url)
        assert len(slices) == FEW
        assert deliver(*slices) == []
        bodies = sorted(receive_all(sqs, url))

    assert [json.loads(body) for body in bodies] == [watched(), watched(OTHER_SHOP)]
    assert deliver(*bodies) == []
    assert [each.topic for each in stage.api.subscriptions] == ["orders/paid"] * 2
    assert stage.inbox.files == {}


def test_the_daily_export_sends_slices_alone(stage: Stage) -> None:
    assert nightly.daily_export({"id": "night"}) == {"slices": FEW, "run": "night"}
    assert [one for one, _ in stage.queue.slices] == list_slices(Task.EXPORT, "night", stage.now)
    assert stage.queue.messages == []
    work_slices(stage.connector)
    assert sorted(stage.queue.sent) == [(SHOP_ID, 0), (OTHER_SHOP, 0)]
    assert stage.queue.watches == []


@pytest.mark.parametrize("event", [{}, None, {"id": "night"}], ids=repr)
def test_an_operator_starts_the_night_for_all_shops_by_hand(stage: Stage, event: Any) -> None:
    assert nightly.daily_export(event)["slices"] == FEW
    assert nightly.watch(event)["slices"] == FEW
    work_slices(stage.connector)
    assert sorted(stage.queue.sent) == [(SHOP_ID, 0), (OTHER_SHOP, 0)]
    assert sorted(stage.queue.watches) == [SHOP_ID, OTHER_SHOP]


def test_a_slice_that_fails_comes_back(stage: Stage, capsys: pytest.CaptureFixture[str]) -> None:
    nightly.daily_export({"id": "night"})
    bodies = [write_message(one) for one, _ in stage.queue.slices]
    stage.queue.error = QueueError("the queue does not answer")
    failed = deliver(*bodies)
    assert len(failed) == 2, "those with shops; what is empty is done"
    assert figures(capsys.readouterr().out)["ExportsFailed"] == 1
    assert stage.queue.kept.count(("r", 900)) == 2
    stage.queue.error = None
    assert deliver(*bodies) == []
    assert sorted(stage.queue.sent) == [(SHOP_ID, 0), (OTHER_SHOP, 0)]


@pytest.mark.parametrize("event", [{"shop_id": SHOP_ID}, {"Records": []}, [1], "text", 7], ids=repr)
@pytest.mark.parametrize("function", [nightly.daily_export, nightly.watch])
def test_what_is_meant_for_one_shop_does_not_start_the_night_of_all(
    stage: Stage, function: Any, event: Any
) -> None:
    with pytest.raises(RequestError, match=r"all shops and takes \{\}.*rerun"):
        function(event)
    assert stage.queue.messages == []
    assert stage.queue.slices == []


@pytest.mark.parametrize("event", [{}, None, {"shop_id": SHOP_ID}, []], ids=repr)
def test_what_only_the_queue_starts_says_what_does_it_by_hand(event: Any) -> None:
    with pytest.raises(RequestError, match=r"rerun.*daily_export"):
        export_messages.export_shop(event, None)


@pytest.mark.parametrize("function", [operator_rerun.rerun, operator_backfill.backfill])
@pytest.mark.parametrize("event", [{}, None], ids=repr)
def test_a_repair_without_a_shop_says_what_it_wants(
    stage: Stage, function: Any, event: Any
) -> None:
    assert "shop_id" in json.dumps(function(event, None))


@pytest.mark.parametrize("event", [{}, None], ids=repr)
def test_shops_answers_without_anything_that_is_asked(stage: Stage, event: Any) -> None:
    assert operator_shops.shops(event, None)["shops"] == []  # nobody needs somebody


@pytest.mark.parametrize("name", ["daily_export", "watch"])
@pytest.mark.parametrize("event", [{}, None, {"id": "1", "version": "0"}], ids=repr)
def test_chalice_lets_a_night_be_started_by_hand(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, name: str, event: Any
) -> None:
    import app

    assert getattr(app, name)(event, None)["slices"] == FEW
