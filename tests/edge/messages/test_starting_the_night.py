"""What starts the night of all shops, by the clock or by hand."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import boto3
import pytest

from chalicelib.adapters.sqs import SqsExportQueue
from chalicelib.entries import (
    export_messages,
    nightly,
    operator_backfill,
    operator_rerun,
    operator_shops,
)
from chalicelib.errors import RequestError
from tests.edge.messages.queue_messages import OTHER_SHOP, deliver, use, watched
from tests.fakes.aws import aws_in_memory
from tests.unit.usecases.stage import SHOP_ID, Stage


def test_the_watch_sends_every_shop_a_message_that_has_it_watched_over(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    with aws_in_memory():
        sqs = boto3.client("sqs")
        url = sqs.create_queue(QueueName="exports")["QueueUrl"]
        use(replace(stage.connector, queue=SqsExportQueue(lambda: sqs, url)), monkeypatch)

        assert nightly.watch({"id": "night"}) == {"shops": 2}
        found = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]

    bodies = [each["Body"] for each in found]
    assert [json.loads(body) for body in bodies] == [watched(OTHER_SHOP), watched()]
    assert deliver(*bodies) == []
    assert [each.topic for each in stage.api.subscriptions] == ["orders/paid"] * 2
    assert stage.inbox.files == {}


def test_the_daily_export_sends_what_it_always_sent(stage: Stage) -> None:
    assert nightly.daily_export({"id": "night"}) == {"shops": 2}
    assert stage.queue.sent == [(OTHER_SHOP, 0), (SHOP_ID, 0)]
    assert stage.queue.watches == []


@pytest.mark.parametrize("event", [{}, None, {"id": "night"}], ids=repr)
def test_an_operator_starts_the_night_for_all_shops_by_hand(stage: Stage, event: Any) -> None:
    assert nightly.daily_export(event) == {"shops": 2}
    assert nightly.watch(event) == {"shops": 2}
    assert stage.queue.sent == [(OTHER_SHOP, 0), (SHOP_ID, 0)]
    assert stage.queue.watches == [OTHER_SHOP, SHOP_ID]


@pytest.mark.parametrize("event", [{"shop_id": SHOP_ID}, {"Records": []}, [1], "text", 7], ids=repr)
@pytest.mark.parametrize("function", [nightly.daily_export, nightly.watch])
def test_what_is_meant_for_one_shop_does_not_start_the_night_of_all(
    stage: Stage, function: Any, event: Any
) -> None:
    with pytest.raises(RequestError, match=r"all shops and takes \{\}.*rerun"):
        function(event)
    assert stage.queue.messages == []


@pytest.mark.parametrize("event", [{}, None, {"shop_id": SHOP_ID}, []], ids=repr)
def test_what_only_the_queue_starts_says_what_does_it_by_hand(event: Any) -> None:
    with pytest.raises(RequestError, match=r"rerun.*daily_export"):
        export_messages.export_shop(event, None)


@pytest.mark.parametrize(
    ("function", "wanted"),
    [(operator_rerun.rerun, "shop_id|JSON"), (operator_backfill.backfill, "shop_id|JSON")],
)
@pytest.mark.parametrize("event", [{}, None], ids=repr)
def test_a_repair_without_a_shop_says_what_it_wants(
    stage: Stage, function: Any, wanted: str, event: Any
) -> None:
    with pytest.raises(RequestError, match=wanted):
        function(event, None)


@pytest.mark.parametrize("event", [{}, None], ids=repr)
def test_shops_lists_all_of_them(stage: Stage, event: Any) -> None:
    assert len(operator_shops.shops(event, None)["shops"]) == 2


@pytest.mark.parametrize("name", ["daily_export", "watch"])
@pytest.mark.parametrize("event", [{}, None, {"id": "1", "version": "0"}], ids=repr)
def test_chalice_lets_a_night_be_started_by_hand(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, name: str, event: Any
) -> None:
    import app

    assert getattr(app, name)(event, None) == {"shops": 2}
