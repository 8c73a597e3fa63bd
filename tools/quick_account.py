"""What an account has besides the functions on the quick path, see `tools.quick`: tables, queues,
secrets, the data key, a topic. What is there already is kept.
"""

from __future__ import annotations

import contextlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import boto3

from chalicelib.adapters.inbox import check_inbox_url
from chalicelib.errors import SettingsError
from tools import data_key
from tools.build import read_resources
from tools.own_tables import create_missing_tables, enable_lifetimes
from tools.plain_policies import ALARM_TOPIC, DEAD_LETTERS, EXPORT_QUEUE, NAME, OWN


@dataclass(frozen=True, slots=True)
class Furnished:
    """What was made for the functions: the queue's address and ARN, the topic's ARN."""

    queue_url: str
    queue: str
    topic: str


def check(environ: Mapping[str, str]) -> None:
    """Raises SystemExit naming what only a person has, where it is missing; makes nothing."""
    lacking = []
    try:
        check_inbox_url(environ.get("ASPERION_INBOX_URL", ""))
    except SettingsError as error:
        lacking.append(str(error))
    names = [OWN["AppKeyParameter"], OWN["AppSecretParameter"]]
    if environ.get("ASPERION_CLIENT_ID"):
        names.append(OWN["AsperionSecretParameter"])
    absent = set(_list_absent(names))
    lacking += [
        f"aws ssm put-parameter --type SecureString --name {name} --value …"
        for name in names
        if name in absent
    ]
    if lacking:
        raise SystemExit("\n".join(["First:", *(f"  {each}" for each in lacking)]))


def _list_absent(names: list[str]) -> list[str]:
    return list(boto3.client("ssm").get_parameters(Names=names)["InvalidParameters"])


def furnish() -> Furnished:
    """Make what Chalice cannot, as far as it is not there."""
    create_missing_tables(prefix := OWN["TablePrefix"])
    enable_lifetimes(f"{prefix}{name}" for name in ("shops", "orders", "files"))
    for name in _list_absent([OWN["SessionSecretParameter"], OWN["FingerprintSecretParameter"]]):
        value = secrets.token_hex(32)
        boto3.client("ssm").put_parameter(Name=name, Value=value, Type="SecureString")
    data_key.make_missing(OWN["DataKeyParameter"], NAME)
    logs: Any = boto3.client("logs")
    with contextlib.suppress(logs.exceptions.ResourceAlreadyExistsException):
        # Chalice makes one for the pages' function by a name that the function does not have.
        logs.create_log_group(logGroupName=f"/aws/lambda/{NAME}")
    logs.put_retention_policy(logGroupName=f"/aws/lambda/{NAME}", retentionInDays=30)
    _, dead = _make_queue(DEAD_LETTERS, "ExportDeadLetters")
    url, queue = _make_queue(EXPORT_QUEUE, "ExportQueue", dead)
    return Furnished(url, queue, boto3.client("sns").create_topic(Name=ALARM_TOPIC)["TopicArn"])


def _make_queue(name: str, resource: str, dead: str = "") -> tuple[str, str]:
    """The address and the ARN of a queue that is as the stack's own."""
    attributes = dict(read_resources()["Resources"][resource]["Properties"])
    if dead:
        attributes["RedrivePolicy"] = {**attributes["RedrivePolicy"], "deadLetterTargetArn": dead}
    sqs = boto3.client("sqs")
    url = sqs.create_queue(
        QueueName=name, Attributes={key: json.dumps(value) for key, value in attributes.items()}
    )["QueueUrl"]
    found = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
    return url, found["Attributes"]["QueueArn"]
