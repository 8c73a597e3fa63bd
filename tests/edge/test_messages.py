"""The export queue from end to end: what is sent at night, and what becomes of each message."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import boto3
import pytest
from moto import mock_aws

from chalicelib import bootstrap, entry, logs
from chalicelib.adapters.sqs import SqsExportQueue
from chalicelib.domain.days import local_day
from chalicelib.domain.events import Actor, OrderStep
from chalicelib.domain.shops import Shop, ShopState
from chalicelib.errors import InboxRefused, ShopUnauthorised, ShopUnavailable, Unforeseen
from chalicelib.usecases.connector import Connector
from tests.fakes import documents_of_shop
from tests.unit.usecases.stage import SHOP_ID, Stage

CONTENT = "s.devries@example.nl"  # what an error's own message may quote
OTHER_SHOP = SHOP_ID + 1


@pytest.fixture
def stage(monkeypatch: pytest.MonkeyPatch) -> Stage:
    stage = Stage()
    stage.shops.add(replace(stage.connector.find_shop(SHOP_ID), shop_id=OTHER_SHOP))
    use(stage.connector, monkeypatch)
    return stage


def use(connector: Connector, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "open_connector", lambda: connector)


@pytest.fixture(autouse=True)
def said() -> Iterator[io.StringIO]:
    """All that is logged, formatted as on Lambda."""
    root, stream = logging.getLogger(), io.StringIO()
    before = root.level, list(root.handlers)
    root.handlers = [logging.StreamHandler(stream)]
    logs.configure_logs()
    yield stream
    root.level, root.handlers = before


def message(body: object, number: int = 1) -> dict[str, Any]:
    text = body if isinstance(body, str) else json.dumps(body)
    return {"messageId": f"m{number}", "receiptHandle": "r", "body": text}


def deliver(*bodies: object) -> list[str]:
    """Hand messages to the function; those that it gives back."""
    records = [message(body, number) for number, body in enumerate(bodies)]
    answer = entry.export_shop({"Records": records}, None)
    return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]


def watched(shop_id: int = SHOP_ID) -> dict[str, object]:
    return {"shop_id": shop_id, "run": "night", "task": "watch"}


def figures(printed: str) -> dict[str, int]:
    """The metrics that were printed for CloudWatch."""
    found: dict[str, int] = {}
    for line in printed.splitlines():
        printed_line = json.loads(line)
        for metric in printed_line["_aws"]["CloudWatchMetrics"][0]["Metrics"]:
            found[metric["Name"]] = int(printed_line[metric["Name"]][0])
    return found


def test_the_watch_sends_every_shop_a_message_that_has_it_watched_over(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        sqs = boto3.client("sqs")
        url = sqs.create_queue(QueueName="exports")["QueueUrl"]
        use(replace(stage.connector, queue=SqsExportQueue(lambda: sqs, url)), monkeypatch)

        assert entry.watch({"id": "night"}) == {"shops": 2}
        found = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]

    bodies = [each["Body"] for each in found]
    assert [json.loads(body) for body in bodies] == [watched(), watched(OTHER_SHOP)]
    assert deliver(*bodies) == []
    assert [each.topic for each in stage.api.subscriptions] == ["orders/paid"] * 2
    assert stage.inbox.files == {}


def test_the_daily_export_sends_what_it_always_sent(stage: Stage) -> None:
    assert entry.daily_export({"id": "night"}) == {"shops": 2}
    assert stage.queue.sent == [(SHOP_ID, 0), (OTHER_SHOP, 0)]
    assert stage.queue.watches == []


def test_one_shops_unforeseen_error_comes_back_alone_and_is_logged_without_its_words(
    stage: Stage,
    monkeypatch: pytest.MonkeyPatch,
    said: io.StringIO,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def open_shop(shop: Shop) -> Any:
        if shop.shop_id == OTHER_SHOP:
            raise ValueError(f"not a phone number: {CONTENT}")
        return stage.api

    use(replace(stage.connector, open_shop=open_shop), monkeypatch)
    stage.receive(documents_of_shop.order(id=1001, number="ORD1"))

    back = deliver(watched(OTHER_SHOP), watched(), {"shop_id": OTHER_SHOP}, {"shop_id": SHOP_ID})

    assert back == ["m0", "m2"]
    assert len(stage.api.subscriptions) == 1
    assert len(stage.inbox.files) == 1
    logged = said.getvalue()
    assert CONTENT not in logged
    assert "ValueError" in logged
    assert f"{__file__}:" in logged, "nobody could find the place"
    assert str(OTHER_SHOP) in logged
    counted = figures(capsys.readouterr().out)
    assert counted["WatchesFailed"] == counted["ExportsFailed"] == counted["ShopsWatched"] == 1


POISON = {
    "not JSON": "not JSON",
    "[]": "JSON object",
    '"text"': "JSON object",
    "{}": "shop_id",
    '{"shop": 1}': "shop_id",
    '{"shop_id": true}': "shop_id",
    '{"shop_id": "184520"}': "shop_id",
    '{"shop_id": -1}': "shop_id",
    '{"shop_id": 184520, "run": 3}': "run",
    '{"shop_id": 184520, "task": "wach"}': "none of export, watch",
    '{"shop_id": 184520, "task": ["watch"]}': "none of export, watch",
    '{"shop_id": 184520, "task": null}': "none of export, watch",
    '{"shop_id": "s.devries@example.nl"}': "shop_id",
}


@pytest.mark.parametrize(("body", "why"), POISON.items())
def test_poison_is_refused_in_words_and_comes_back_until_it_is_a_dead_letter(
    stage: Stage,
    said: io.StringIO,
    capsys: pytest.CaptureFixture[str],
    body: str,
    why: str,
) -> None:
    assert deliver(body) == ["m0"]

    (line,) = [json.loads(line) for line in said.getvalue().splitlines()]
    assert why in line["message"]
    assert (line["error"], line["message_id"]) == ("RequestError", "m0")
    assert CONTENT not in said.getvalue()
    assert figures(capsys.readouterr().out) == {"ExportsFailed": 1}
    assert stage.api.subscriptions == []


def test_a_shop_that_does_not_answer_its_watch_is_tried_again(
    stage: Stage, said: io.StringIO
) -> None:
    stage.api.fail(ShopUnavailable("SEOshop did not answer GET webhooks.json in time."), "webhooks")

    assert deliver(watched()) == ["m0"]
    assert "did not answer" in said.getvalue()


def test_a_refused_token_disconnects_the_shop_and_needs_no_second_try(stage: Stage) -> None:
    stage.api.fail(ShopUnauthorised("SEOshop refuses the shop's token.", status=401), "webhooks")

    assert deliver(watched()) == []
    assert stage.connector.find_shop(SHOP_ID).state is ShopState.DISCONNECTED


@pytest.mark.parametrize("task", ["watch", "export"])
def test_a_message_of_a_shop_that_has_left_is_done_with(stage: Stage, task: str) -> None:
    stage.shops.update(SHOP_ID, lambda shop: replace(shop, state=ShopState.PAUSED))

    assert deliver({"shop_id": SHOP_ID, "task": task}, {"shop_id": 5, "task": task}) == []
    assert not stage.api.calls
    assert stage.api.subscriptions == []


def test_what_a_watch_finds_is_logged_and_counted(
    stage: Stage, said: io.StringIO, capsys: pytest.CaptureFixture[str]
) -> None:
    deliver(watched())
    first, counted = said.getvalue(), figures(capsys.readouterr().out)
    deliver(watched())

    assert "shop needs a look" in first
    assert "orders/paid" in first
    assert counted == {"ShopsWatched": 1, "SubscriptionsMended": 1, "ShopsQuiet": 0}
    assert "shop needs a look" not in said.getvalue().removeprefix(first)
    assert figures(capsys.readouterr().out)["SubscriptionsMended"] == 0


@pytest.mark.parametrize("function", [entry.rerun, entry.backfill, entry.shops])
def test_lambda_is_given_no_errors_words_but_ours(
    function: Any,
    stage: Stage,
    monkeypatch: pytest.MonkeyPatch,
    said: io.StringIO,
) -> None:
    def get(shop_id: int) -> Shop:
        raise ValueError(CONTENT)

    monkeypatch.setattr(stage.shops, "get", get)

    with pytest.raises(Unforeseen, match="ValueError") as caught:
        function({"shop_id": SHOP_ID}, SimpleNamespace(aws_request_id="1"))

    assert CONTENT not in str(caught.value)
    assert CONTENT not in said.getvalue()
    assert f"{__file__}:" in said.getvalue()


def test_an_inbox_that_says_no_is_counted_and_a_file_made_anew_is_not(
    stage: Stage, capsys: pytest.CaptureFixture[str]
) -> None:
    stage.inbox.fail(InboxRefused("403"), times=1)
    stage.receive(documents_of_shop.order(id=1001, number="ORD1"))
    deliver({"shop_id": SHOP_ID})
    assert figures(capsys.readouterr().out)["FilesRefused"] == 1

    file = stage.connector.files.create(
        SHOP_ID, local_day(stage.now), at=stage.now, by=Actor.EXPORT
    )
    assert stage.workspace().record("order-1001", OrderStep.CLAIM, by=Actor.EXPORT, file=file.name)
    stage.now += timedelta(hours=1)
    deliver({"shop_id": SHOP_ID})
    assert figures(capsys.readouterr().out)["FilesRefused"] == 0
    assert len(stage.inbox.files) == 1
