"""SQS and SSM through boto3, against moto."""

from __future__ import annotations

import json
from collections.abc import Iterator

import boto3
import pytest
from moto import mock_aws

from chalicelib.adapters.parameters import forget_secrets, read_secret
from chalicelib.adapters.sqs import SqsExportQueue


@pytest.fixture(autouse=True)
def _aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        yield
    forget_secrets()


def test_queued_shops_arrive() -> None:
    sqs = boto3.client("sqs")
    url = sqs.create_queue(QueueName="exports")["QueueUrl"]
    queue = SqsExportQueue(lambda: sqs, url)

    queue.send(1, run="now")
    assert queue.send_many(range(2, 14), run="night") == 12

    arrived: dict[int, str] = {}
    while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        for message in messages:
            body = json.loads(message["Body"])
            arrived[body["shop_id"]] = body["run"]
    assert arrived == {1: "now", **dict.fromkeys(range(2, 14), "night")}


def test_a_secure_string_comes_back_decrypted() -> None:
    ssm = boto3.client("ssm")
    ssm.put_parameter(Name="/connector/secret", Value="s3cret", Type="SecureString")
    assert read_secret("/connector/secret", ssm=lambda: ssm) == "s3cret"
