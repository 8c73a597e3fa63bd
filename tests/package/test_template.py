"""The stack's template: sound, and nobody may do more than its job."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from chalicelib.adapters.dynamodb.schema import TABLES
from chalicelib.domain.shops import TroubleCause
from chalicelib.metrics import ALARMING, NAMESPACE, TROUBLES
from tests.building import built

Template = dict[str, Any]


def of_type(template: Template, kind: str) -> dict[str, Any]:
    return {
        name: resource.get("Properties", {})
        for name, resource in template["Resources"].items()
        if resource["Type"] == kind
    }


def functions(template: Template) -> dict[str, Any]:
    return of_type(template, "AWS::Serverless::Function")


def statements(template: Template, role: str) -> list[dict[str, Any]]:
    """All that a role may do; both branches of a condition."""
    policies = of_type(template, "AWS::IAM::Role")[role]["Policies"]
    found: list[dict[str, Any]] = []
    for policy in policies:
        for statement in policy["PolicyDocument"]["Statement"]:
            if "Fn::If" in statement:
                found += [each for each in statement["Fn::If"][1:] if "Effect" in each]
            else:
                found.append(statement)
    return found


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def test_cloudformations_linter_is_pleased() -> None:
    linter = Path(sys.executable).with_name("cfn-lint")
    done = subprocess.run(
        [str(linter), str(built("prod") / "sam.yaml")], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


def test_the_tables_are_those_the_code_expects(template: Template) -> None:
    tables = of_type(template, "AWS::DynamoDB::Table")
    found = {table["TableName"]["Fn::Sub"].rpartition("}")[2]: table for table in tables.values()}
    assert set(found) == set(TABLES)
    for name, wanted in TABLES.items():
        for property_, value in wanted.items():
            assert _sorted(found[name][property_]) == _sorted(value), (name, property_)


def _sorted(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _sorted(item) for key, item in value.items()}
    return sorted((_sorted(item) for item in value), key=str) if isinstance(value, list) else value


def test_every_function_has_a_role_of_its_own(template: Template) -> None:
    roles = [function["Role"]["Fn::GetAtt"][0] for function in functions(template).values()]

    assert len(roles) == len(set(roles)) == 8
    assert set(roles) == set(of_type(template, "AWS::IAM::Role"))


def test_no_role_may_do_anything_to_everything(template: Template) -> None:
    for role in of_type(template, "AWS::IAM::Role"):
        for statement in statements(template, role):
            assert "*" not in listed(statement["Resource"]), (role, statement)
            for action in listed(statement["Action"]):
                assert "*" not in action, (role, action)


def test_the_webhook_may_write_orders_and_read_a_shops_standing_and_nothing_else(
    template: Template,
) -> None:
    role = functions(template)["WebhookFunction"]["Role"]["Fn::GetAtt"][0]
    tables = {
        str(statement["Resource"]["Fn::GetAtt"][0]): sorted(listed(statement["Action"]))
        for statement in statements(template, role)
        if "dynamodb:" in str(statement["Action"])
    }
    assert set(tables["OrdersTable"]) <= {"dynamodb:PutItem", "dynamodb:UpdateItem"}
    assert tables["ShopsTable"] == ["dynamodb:GetItem"]
    assert set(tables) == {"OrdersTable", "ShopsTable"}
    standing = next(s for s in statements(template, role) if s.get("Sid") == "ShopStanding")
    readable = standing["Condition"]["ForAllValues:StringEquals"]["dynamodb:Attributes"]
    assert not {"token", "licence"} & set(readable)
    services = {
        action.split(":")[0]
        for statement in statements(template, role)
        for action in listed(statement["Action"])
    }
    assert services == {"dynamodb", "ssm", "logs"}


def test_webhooks_go_to_their_own_function_and_pages_do_not(template: Template) -> None:
    paths = of_type(template, "AWS::Serverless::Api")["RestAPI"]["DefinitionBody"]["paths"]

    def behind(path: str, method: str) -> str:
        return str(paths[path][method]["x-amazon-apigateway-integration"]["uri"])

    assert "WebhookFunction" in behind("/webhooks/{shop_id}/{topic}", "post")
    assert "APIHandler" in behind("/install", "get")
    assert "WebhookFunction" not in str(paths["/install"])


def test_a_message_outlives_the_function_and_a_failed_one_is_kept(template: Template) -> None:
    queues = of_type(template, "AWS::SQS::Queue")
    export = functions(template)["ExportShop"]

    assert queues["ExportQueue"]["VisibilityTimeout"] >= 6 * export["Timeout"]
    # A message that failed comes back after 15 minutes, one hour and three.
    assert queues["ExportQueue"]["RedrivePolicy"]["maxReceiveCount"] == 4
    assert queues["ExportDeadLetters"]["MessageRetentionPeriod"] == 14 * 86_400
    source = export["Events"]["ExportShopSqsEventSource"]["Properties"]
    assert source["FunctionResponseTypes"] == ["ReportBatchItemFailures"]


def test_tables_are_encrypted_recoverable_and_outlive_the_stack(template: Template) -> None:
    for name, table in of_type(template, "AWS::DynamoDB::Table").items():
        assert table["SSESpecification"] == {"SSEEnabled": True}
        assert table["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"] is True
        assert table["BillingMode"] == "PAY_PER_REQUEST"
        # Kept whatever becomes of the stack; gone again when the stack never came to stand.
        assert template["Resources"][name]["DeletionPolicy"] == "RetainExceptOnCreate"
        assert template["Resources"][name]["UpdateReplacePolicy"] == "Retain"
        assert table["DeletionProtectionEnabled"] == {"Fn::If": ["Protected", True, False]}
    assert template["Parameters"]["TablesAreProtected"]["Default"] == "true"


@pytest.mark.parametrize("secret", ["SEOSHOP_APP_SECRET", "SEOSHOP_APP_KEY", "SESSION_SECRET"])
def test_secrets_are_in_the_template_by_their_parameters_names_only(
    template: Template, secret: str
) -> None:
    variables = template["Globals"]["Function"]["Environment"]["Variables"]
    assert template["Parameters"][variables[secret]["Ref"]]["Default"].startswith("/")


def test_an_alarm_reaches_somebody(template: Template) -> None:
    topics = of_type(template, "AWS::SNS::Topic")
    # AWS's own key for SNS lets no alarm publish.
    assert [topic.get("KmsMasterKeyId") for topic in topics.values()] == [None]
    for name, alarm in of_type(template, "AWS::CloudWatch::Alarm").items():
        assert [action["Ref"] for action in alarm["AlarmActions"]] == list(topics), name


def test_whatever_runs_by_itself_is_missed_when_it_fails(template: Template) -> None:
    alarms = of_type(template, "AWS::CloudWatch::Alarm").values()
    watched = {
        (alarm["MetricName"], dimension["Value"]["Ref"])
        for alarm in alarms
        for dimension in alarm["Dimensions"]
        if "Ref" in dimension["Value"]
    }
    assert {("Errors", name) for name in ("DailyExport", "ExportShop", "Watch")} <= watched
    assert ("Invocations", "DailyExport") in watched
    assert ("5XXError", "AWS::StackName") in watched


def alarm(template: Template, name: str) -> dict[str, Any]:
    return dict(of_type(template, "AWS::CloudWatch::Alarm")[name])


def test_a_night_that_does_not_start_alarms_and_a_stack_before_its_first_night_does_not(
    template: Template,
) -> None:
    missed = alarm(template, "NightMissedAlarm")

    # No invocation is no figure: "breaching" would be red from the first minute of a deployment.
    assert missed["TreatMissingData"] == "missing"
    assert missed["InsufficientDataActions"] == missed["AlarmActions"]
    hours = missed["Period"] * missed["EvaluationPeriods"] / 3600
    assert 24 < hours < 28
    assert missed["Period"] < 86_400


def test_a_queue_that_nobody_takes_from_alarms_and_a_shop_found_busy_does_not(
    template: Template,
) -> None:
    stuck = alarm(template, "QueueStuckAlarm")
    visibility = of_type(template, "AWS::SQS::Queue")["ExportQueue"]["VisibilityTimeout"]

    assert stuck["MetricName"] == "ApproximateAgeOfOldestMessage"
    assert visibility < stuck["Threshold"] < 2 * visibility


def test_webhooks_have_a_concurrency_of_their_own_where_the_account_has_room(
    template: Template,
) -> None:
    reserved = functions(template)["WebhookFunction"]["ReservedConcurrentExecutions"]

    assert reserved["Fn::If"][:2] == ["WebhooksHaveTheirOwn", {"Ref": "WebhookConcurrency"}]
    assert template["Parameters"]["WebhookConcurrency"]["Default"] == 0


def test_a_flood_of_calls_is_stopped_before_it_takes_everybodys_functions(
    template: Template,
) -> None:
    settings = of_type(template, "AWS::Serverless::Api")["RestAPI"]["MethodSettings"]
    limited = {(each["ResourcePath"], each["HttpMethod"]): each for each in settings}

    assert set(limited) == {("/*", "*"), ("/~1webhooks~1{shop_id}~1{topic}", "POST")}
    for each in settings:
        assert 0 < each["ThrottlingRateLimit"] <= each["ThrottlingBurstLimit"] <= 1000


def test_cloudformation_takes_the_template_from_its_bucket(template: Template) -> None:
    assert len(json.dumps(template, separators=(",", ":"))) < 460_800


def test_every_alarm_on_our_own_figures_is_on_one_that_is_published(template: Template) -> None:
    named = {
        alarm["MetricName"]
        for alarm in of_type(template, "AWS::CloudWatch::Alarm").values()
        if alarm["Namespace"] == NAMESPACE
    }
    assert named == ALARMING


@pytest.mark.parametrize("cause", TroubleCause)
def test_what_passes_by_itself_alarms_when_the_later_tries_fail_and_anything_else_at_once(
    template: Template, cause: TroubleCause
) -> None:
    alarms = of_type(template, "AWS::CloudWatch::Alarm").values()
    (found,) = [each for each in alarms if each["MetricName"] == TROUBLES[cause]]
    hours = (found["Period"] / 3600, found["EvaluationPeriods"], found.get("DatapointsToAlarm"))
    at_once = (300 / 3600, 1, None)
    needs_a_person = cause in (TroubleCause.INBOX_UNKNOWN, TroubleCause.APP_REFUSED)
    is_patient = cause.passes and not needs_a_person
    assert hours == ((1, 4, 3) if is_patient else at_once)
    assert found["Threshold"] == 0
