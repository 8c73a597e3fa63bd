"""Which AWS calls a function really makes: recorded while its entry points run on moto."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import boto3
import pytest
from botocore.client import BaseClient

from tests.fakes.batches_on_moto import mend_batches
from tests.fakes.fixed_secrets import APP_SECRET, ASPERION_SECRET, PRINT_SECRET, SESSION_SECRET
from tools.own_tables import create_tables

PREFIX, BUCKET = "t-", "inbox"
PARAMETERS = {
    "/t/app-key": ("AppKeyParameter", "key"),
    "/t/app-secret": ("AppSecretParameter", APP_SECRET),
    "/t/session-secret": ("SessionSecretParameter", SESSION_SECRET),
    "/t/fingerprint-secret": ("FingerprintSecretParameter", PRINT_SECRET),
    "/t/asperion-secret": ("AsperionSecretParameter", ASPERION_SECRET),
    "/t/data-key": ("DataKeyParameter", "alias/stack-data-1"),
}
TABLES = {"t-shops": "ShopsTable", "t-orders": "OrdersTable", "t-files": "FilesTable"}
QUEUES = {"export": "ExportQueue", "dead": "ExportDeadLetters"}

# What a call is called in a policy, where that is not the call's own name.
ACTIONS = {
    "sqs:SendMessageBatch": "sqs:SendMessage",
    "s3:HeadObject": "s3:GetObject",
    "sesv2:SendEmail": "ses:SendEmail",
}

MAIL_IDENTITIES = "mail identities"
SENDER = "koppeling@example.nl"
DATA_KEY = "data key/"
ALWAYS = {"sesv2": MAIL_IDENTITIES, "cloudwatch": "*", "sns": "AlarmTopic"}
"""What a call of these services is always done to."""

Grant = tuple[str, str]
"""An action and what it is done to: a resource of the template, with an index behind a slash."""


class Recorder:
    """The calls of each function, while `function` says whose they are: what its role must allow,
    and the operations themselves, of all functions together.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.calls: dict[str, set[Grant]] = defaultdict(set)
        self.operations: set[tuple[str, str]] = set()
        self.at_work: str | None = None
        make = vars(BaseClient)["_make_api_call"]  # every client's one door, PynamoDB's too

        def recorded(client: BaseClient, operation: str, params: dict[str, Any]) -> Any:
            if self.at_work is not None:
                service = client.meta.service_model.service_name
                self.operations.add((service, operation))
                self.calls[self.at_work].update(_list_grants(service, operation, params))
            return make(client, operation, params)

        monkeypatch.setattr(BaseClient, "_make_api_call", recorded)

    @contextmanager
    def function(self, name: str) -> Iterator[None]:
        """Meanwhile it is this function that calls."""
        self.at_work = name
        try:
            yield
        finally:
            self.at_work = None


def _list_grants(service: str, operation: str, params: dict[str, Any]) -> list[Grant]:
    """What a call has to be allowed; a transaction is what its parts are."""
    if "TransactItems" in params:
        parts = [each for item in params["TransactItems"] for each in item.items()]
        return [(f"{service}:{name}Item", TABLES[part["TableName"]]) for name, part in parts]
    if operation == "BatchExecuteStatement":
        texts = [each["Statement"] for each in params["Statements"]]
        return [("dynamodb:PartiQLUpdate", TABLES[text.split('"')[1]]) for text in texts]
    action = f"{service}:{operation}"
    granted_as = ACTIONS.get(action, action)
    return [(granted_as, target) for target in _list_targets(service, params)]


def _list_targets(service: str, params: dict[str, Any]) -> list[str]:
    if "RequestItems" in params:
        return [TABLES[name] for name in params["RequestItems"]]
    return [_target(service, params)]


def _target(service: str, params: dict[str, Any]) -> str:
    if service == "dynamodb":
        index = f"/{params['IndexName']}" if "IndexName" in params else ""
        return TABLES[params["TableName"]] + index
    if service == "sqs":
        return QUEUES[params["QueueUrl"].rpartition("/")[2]]
    if service == "kms":
        return f"{DATA_KEY}{params.get('EncryptionContext', {}).get('what', '')}"
    if service == "ssm":
        return PARAMETERS[params["Name"]][0]
    if service in ALWAYS:
        return ALWAYS[service]
    return f"{params['Bucket']}/*"


def make_resources(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Tables, queues, secrets, a data key and a bucket; the settings that name them, in the
    environment too.
    """
    mend_batches()
    create_tables(PREFIX)
    sqs, ssm = boto3.client("sqs"), boto3.client("ssm")
    dead = sqs.create_queue(QueueName="dead")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"])["Attributes"]
    policy = f'{{"deadLetterTargetArn": "{arn["QueueArn"]}", "maxReceiveCount": "3"}}'
    queue = sqs.create_queue(QueueName="export", Attributes={"RedrivePolicy": policy})["QueueUrl"]
    kms = boto3.client("kms")
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    kms.create_alias(AliasName=PARAMETERS["/t/data-key"][1], TargetKeyId=key)
    for name, (_, value) in PARAMETERS.items():
        ssm.put_parameter(Name=name, Value=value, Type="SecureString")
    where = {"LocationConstraint": "eu-central-1"}
    boto3.client("s3").create_bucket(Bucket=BUCKET, CreateBucketConfiguration=where)
    settings = {
        "SEOSHOP_APP_KEY": "/t/app-key",
        "SEOSHOP_APP_SECRET": "/t/app-secret",
        "SESSION_SECRET": "/t/session-secret",
        "FINGERPRINT_SECRET": "/t/fingerprint-secret",
        "ASPERION_CLIENT_ID": "connector",
        "ASPERION_CLIENT_SECRET": "/t/asperion-secret",
        "DATA_KEY": "/t/data-key",
        "ASPERION_INBOX_URL": f"s3://{BUCKET}/{{licence}}/{{file}}",
        "PUBLIC_URL": "https://koppeling.example/api",
        "MAIL_FROM": SENDER,
        "TABLE_PREFIX": PREFIX,
        "EXPORT_QUEUE_URL": queue,
        "STACK_NAME": "stack",
        "ALARM_TOPIC": boto3.client("sns").create_topic(Name="alarms")["TopicArn"],
    }
    boto3.client("sesv2").create_email_identity(EmailIdentity=SENDER)
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    return settings


def granted(statements: list[dict[str, Any]]) -> set[Grant]:
    """Every pair of action and resource that a role's statements allow; of the data key with the
    kind of secret.
    """
    return {
        (action, _named(resource) + what)
        for statement in statements
        for action in _listed(statement["Action"])
        for resource in _listed(statement["Resource"])
        for what in _list_secrets(statement)
    }


def _list_secrets(statement: dict[str, Any]) -> list[str]:
    """The kinds of secret that a statement about a key is limited to; one empty where to none."""
    equal = statement.get("Condition", {}).get("StringEquals", {})
    return _listed(equal.get("kms:EncryptionContext:what", ""))


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _named(resource: dict[str, Any] | str) -> str:
    if isinstance(resource, str) or "Ref" in resource:
        return resource if isinstance(resource, str) else str(resource["Ref"])
    if "Fn::GetAtt" in resource:
        return str(resource["Fn::GetAtt"][0])
    text = str(resource["Fn::Sub"])
    if ".Arn}/index/" in text:
        return text.removeprefix("${").replace(".Arn}/index/", "/")
    if ":parameter${" in text:
        return text.partition(":parameter${")[2].rstrip("}")
    if ":s3:::${InboxBucket}" in text:
        return text.partition(":s3:::")[2].replace("${InboxBucket}", BUCKET)
    kinds = {":kms:": DATA_KEY, ":identity/": MAIL_IDENTITIES, ":log-group:": "logs"}
    return next((name for part, name in kinds.items() if part in text), text)
