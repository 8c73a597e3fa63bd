"""Plain `chalice deploy`, with what belongs to it, on a local AWS of its own.

What ministack cannot carry is not tried here. It asks nobody for IAM's policies: what a role grants
is compared in tests/package/test_plain_policies.py. Of an API that Chalice imports it keeps no
path, and it has no PutRestApi, by which a second deployment updates one: so the pages' function is
called as API Gateway would, and there is one deployment.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import boto3
import pytest

from chalicelib.domain.nights import TOGETHER
from chalicelib.domain.slots import SLOTS
from tools import ministack, quick
from tools.local import aws_environment
from tools.plain_policies import DEAD_LETTERS, NAME, OWN

pytestmark = pytest.mark.slow

INBOX = "https://inbox.example/{licence}/{file}"


def test_a_developers_own_account_gets_an_app_that_answers_and_a_night_that_is_sent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deployed = tmp_path / "deployed"
    endpoint = ministack.start({**os.environ, "AWS_LOCAL_PORT": "0"}, tmp_path)
    try:
        for name, value in aws_environment(endpoint).items():
            monkeypatch.setenv(name, value)
        with pytest.raises(SystemExit, match=OWN["AppKeyParameter"]):
            quick.deploy({"ASPERION_INBOX_URL": INBOX}, deployed)
        assert boto3.client("dynamodb").list_tables()["TableNames"] == []
        for parameter in ("AppKeyParameter", "AppSecretParameter"):
            boto3.client("ssm").put_parameter(
                Name=OWN[parameter], Value="0123456789abcdef" * 2, Type="SecureString"
            )

        address = quick.deploy({"ASPERION_INBOX_URL": INBOX}, deployed)

        _answers(address, deployed)
        _sends_a_night()
        _keeps_what_failed()
    finally:
        ministack.stop(tmp_path)


def _answers(address: str, deployed: Path) -> None:
    state = json.loads((deployed / "quick.json").read_text())
    (api,) = (each for each in state["resources"] if each["name"] == "rest_api")
    assert api["rest_api_url"].rstrip("/") == address
    functions = [each for each in state["resources"] if each["resource_type"] == "lambda_function"]
    assert len(functions) == 9
    for each in functions:
        present = boto3.client("lambda").get_function_configuration(FunctionName=each["lambda_arn"])
        assert present["Environment"]["Variables"]["PUBLIC_URL"] == address
    answer = _invoke(
        NAME,
        {
            "requestContext": {"httpMethod": "GET", "resourcePath": "/health", "stage": "api"},
            "headers": {"Host": "connector.example"},
            "multiValueQueryStringParameters": None,
            "pathParameters": None,
            "stageVariables": None,
            "body": None,
            "isBase64Encoded": False,
        },
    )
    assert answer["statusCode"] == 200, answer


def _invoke(function: str, event: dict[str, Any]) -> dict[str, Any]:
    done = boto3.client("lambda").invoke(FunctionName=function, Payload=json.dumps(event))
    answer: dict[str, Any] = json.loads(done["Payload"].read())
    return answer


def _sends_a_night() -> None:
    """Without a window all shops begin at once."""
    assert _invoke(f"{NAME}-daily_export", {})["slices"] == SLOTS // TOGETHER


def _keeps_what_failed() -> None:
    lambdas, sqs = boto3.client("lambda"), boto3.client("sqs")
    (mapping,) = lambdas.list_event_source_mappings(FunctionName=f"{NAME}-export_shop")[
        "EventSourceMappings"
    ]
    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    queue = mapping["EventSourceArn"].rpartition(":")[2]
    url = sqs.get_queue_url(QueueName=queue)["QueueUrl"]
    found = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["RedrivePolicy"])
    redrive = json.loads(found["Attributes"]["RedrivePolicy"])
    assert redrive["deadLetterTargetArn"].endswith(f":{DEAD_LETTERS}")
