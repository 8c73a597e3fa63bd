"""Deploying: what a variable that is not set leaves alone, and what a failure says."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import boto3
import pytest
import yaml
from botocore.exceptions import ClientError

from tests.fakes.cloud import Cloud
from tools import deploy, preflight, stack_changes
from tools.build import ROOT, read_resources
from tools.stack_changes import Course, Template

STACK, BUCKET = "koppeling", "code"
OWN = "https://abc123.execute-api.eu-central-1.amazonaws.com/api"
DOMAIN = "https://koppeling.example.nl"
INBOX = "https://inbox.example/{licence}/{file}"
TEMPLATE = {
    "Parameters": {
        "AsperionInboxUrl": {"Type": "String"},
        "InboxBucket": {"Type": "String", "Default": ""},
        "PublicUrl": {"Type": "String", "Default": ""},
        "OrdersPerFile": {"Type": "String", "Default": "250"},
        "TablesAreProtected": {"Type": "String", "Default": "true"},
    },
    "Resources": {"ExportQueue": {"Type": "AWS::SQS::Queue"}},
    "Outputs": {"EndpointURL": {"Value": f"{OWN}/"}, "RestAPIId": {"Value": "abc123"}},
}
TEMPLATE_IN_ITS_BUCKET = Template(
    "https://s3.example/code/it", tuple(TEMPLATE["Parameters"]), tuple(TEMPLATE["Resources"])
)


@pytest.fixture
def built(tmp_path: Path) -> Path:
    (tmp_path / "deployment.zip").write_bytes(b"code")
    (tmp_path / "sam.yaml").write_text(yaml.safe_dump(TEMPLATE))
    return tmp_path


@pytest.fixture(autouse=True)
def cloud(monkeypatch: pytest.MonkeyPatch) -> Cloud:
    """AWS without a stack, and a bucket that takes everything."""
    cloud = Cloud()
    clients = {"cloudformation": cloud, "s3": cloud.bucket}
    monkeypatch.setattr(boto3, "client", clients.__getitem__)
    monkeypatch.setattr(deploy, "write_state", lambda *_: None)
    return cloud


def deployed(built: Path, cloud: Cloud, **environ: str) -> Mapping[str, str]:
    """Deploy with these variables; the stack's parameters afterwards."""
    done = deploy.deploy(
        "prod", stack=STACK, bucket=BUCKET, values=deploy.values_from(environ), built=built
    )
    assert done.outputs["PublicUrl"] == cloud.parameters["PublicUrl"]
    return dict(cloud.parameters)


def test_the_first_deployment_tells_the_stack_its_own_address(built: Path, cloud: Cloud) -> None:
    assert deployed(built, cloud, ASPERION_INBOX_URL=INBOX)["PublicUrl"] == OWN


def test_a_domain_of_ones_own_outlives_a_deployment_that_does_not_name_it(
    built: Path, cloud: Cloud
) -> None:
    assert (
        deployed(built, cloud, ASPERION_INBOX_URL=INBOX, PUBLIC_URL=DOMAIN)["PublicUrl"] == DOMAIN
    )
    assert deployed(built, cloud)["PublicUrl"] == DOMAIN
    assert deployed(built, cloud, ORDERS_PER_FILE="100")["PublicUrl"] == DOMAIN


def test_an_address_that_api_gateway_made_follows_a_new_api(built: Path, cloud: Cloud) -> None:
    deployed(built, cloud, ASPERION_INBOX_URL=INBOX)
    moved = json.loads(json.dumps(TEMPLATE).replace("abc123", "def456"))
    (built / "sam.yaml").write_text(yaml.safe_dump(moved))

    assert deployed(built, cloud)["PublicUrl"] == OWN.replace("abc123", "def456")


def test_a_variable_that_is_not_set_keeps_the_stacks_value(built: Path, cloud: Cloud) -> None:
    deployed(built, cloud, ASPERION_INBOX_URL=INBOX, ORDERS_PER_FILE="100")
    after = deployed(built, cloud)

    assert (after["OrdersPerFile"], after["AsperionInboxUrl"]) == ("100", INBOX)


def test_an_inbox_that_is_no_longer_a_bucket_takes_its_permissions_away(
    built: Path, cloud: Cloud
) -> None:
    bucket = "s3://books/{licence}/{file}"
    assert deployed(built, cloud, ASPERION_INBOX_URL=bucket)["InboxBucket"] == "books"
    assert deployed(built, cloud)["InboxBucket"] == "books"
    assert deployed(built, cloud, ASPERION_INBOX_URL=INBOX)["InboxBucket"] == ""


def test_tables_are_protected_as_soon_as_the_stack_stands_and_not_while_it_is_made(
    built: Path, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    applied: list[str | None] = []
    apply = stack_changes.apply

    def watched(client: Any, name: str, template: Template, *rest: Any) -> Any:
        stack = apply(client, name, template, *rest)
        applied.append(stack.parameters["TablesAreProtected"])
        return stack

    monkeypatch.setattr(stack_changes, "apply", watched)

    deployed(built, cloud, ASPERION_INBOX_URL=INBOX, PUBLIC_URL=DOMAIN)
    deployed(built, cloud)

    assert applied == ["false", "true", "true"]


@pytest.mark.parametrize(
    ("status", "done"),
    [
        (None, ["create"]),
        ("ROLLBACK_COMPLETE", ["delete", "create"]),
        ("REVIEW_IN_PROGRESS", ["create"]),
        ("CREATE_COMPLETE", ["update"]),
        ("UPDATE_ROLLBACK_COMPLETE", ["update"]),
    ],
)
def test_a_creation_that_failed_is_cleared_away_and_begun_anew(
    status: str | None, done: list[str]
) -> None:
    cloud = Cloud(status=status, parameters={"AsperionInboxUrl": INBOX})
    cloud.bucket.put_object(Bucket="code", Key="it", Body=json.dumps(TEMPLATE).encode())
    stack_changes.apply(cloud, STACK, TEMPLATE_IN_ITS_BUCKET, {"AsperionInboxUrl": INBOX}, Course())
    assert cloud.done == done


@pytest.mark.parametrize(
    ("status", "what"),
    [
        ("UPDATE_IN_PROGRESS", "wait until"),
        ("CREATE_IN_PROGRESS", "wait until"),
        ("UPDATE_ROLLBACK_FAILED", "continue-update-rollback --stack-name koppeling"),
        ("ROLLBACK_FAILED", "delete-stack --stack-name koppeling"),
        ("DELETE_FAILED", "delete-stack --stack-name koppeling"),
    ],
)
def test_a_stack_that_cannot_be_updated_says_what_to_do_instead(status: str, what: str) -> None:
    cloud = Cloud(status=status, parameters={"AsperionInboxUrl": INBOX})
    with pytest.raises(SystemExit, match=what):
        stack_changes.apply(
            cloud, STACK, TEMPLATE_IN_ITS_BUCKET, {"AsperionInboxUrl": INBOX}, Course()
        )
    assert cloud.done == []


@pytest.mark.parametrize("status", [None, "CREATE_COMPLETE"])
def test_nothing_is_done_before_somebody_agreed_to_what_was_shown(
    status: str | None, built: Path, cloud: Cloud
) -> None:
    if status:
        deployed(built, cloud, ASPERION_INBOX_URL=INBOX)
    before = list(cloud.done)

    def refuse(shown: str) -> None:
        assert "ExportQueue" in shown
        raise SystemExit("no")

    with pytest.raises(SystemExit, match="no"):
        deploy.deploy(
            "prod",
            stack=STACK,
            bucket=BUCKET,
            values={"AsperionInboxUrl": INBOX, "OrdersPerFile": "100"},
            built=built,
            agree=refuse,
        )
    # Of a stack that was only proposed an empty one stands, which goes again.
    assert cloud.done == [*before, *([] if status else ["delete"])]
    assert cloud.status == ("UPDATE_COMPLETE" if status else None)


def test_an_update_whose_alarm_rings_is_put_back_and_says_which_and_the_next_one_works(
    built: Path, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    deployed(built, cloud, ASPERION_INBOX_URL=INBOX)
    triggers = {"RollbackTriggers": [{"Arn": "arn:1"}], "MonitoringTimeInMinutes": 10}
    monkeypatch.setattr(deploy, "watch_over", lambda *_: triggers)
    cloud.rings = True

    with pytest.raises(SystemExit) as failure:
        deployed(built, cloud, ORDERS_PER_FILE="100")
    assert str(failure.value).splitlines() == [
        "Stack koppeling failed, and was put back as it was:",
        "  koppeling: Alarm PagesErrorAlarm rings",
        "Mend that, then deploy again.",
    ]
    assert cloud.parameters["OrdersPerFile"] == "250"
    assert cloud.watched[-1] == triggers

    cloud.rings = False
    assert deployed(built, cloud, ORDERS_PER_FILE="100")["OrdersPerFile"] == "100"


def test_our_own_secrets_are_made_once_there_is_a_yes(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[int] = []
    agree = deploy.make_question(preflight.Ready({}, lambda: made.append(1)), 10)
    monkeypatch.setattr(deploy, "ask", lambda _: made.append(0))
    agree("what changes")
    agree("what is left of it is removed")
    assert made == [0, 1, 0]


def test_an_access_denied_is_not_taken_for_no_stack() -> None:
    class Closed(Cloud):
        def describe_stacks(self, *, StackName: str) -> dict[str, Any]:  # noqa: N803
            message = f"not you, {StackName}"
            raise ClientError({"Error": {"Code": "AccessDenied", "Message": message}}, "Describe")

    cloud = Closed()
    with pytest.raises(ClientError, match="not you"):
        stack_changes.apply(
            cloud, STACK, TEMPLATE_IN_ITS_BUCKET, {"AsperionInboxUrl": INBOX}, Course()
        )
    assert cloud.done == []


def test_the_operators_manual_knows_every_variable() -> None:
    manual = (ROOT / "docs" / "operator.md").read_text()
    template = read_resources()
    for name in deploy.PARAMETERS:
        assert f"`{name}`" in manual, name
    assert set(deploy.PARAMETERS.values()) <= set(template["Parameters"])
