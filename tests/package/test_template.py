"""The stack's template: sound, and nobody may do more than its job."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from chalicelib.adapters.dynamodb.schema import TABLES
from chalicelib.domain.shops import TroubleCause
from chalicelib.figures import NAMESPACE, REFUSALS
from chalicelib.metrics import ALARMING, TROUBLES
from chalicelib.web.http.http_messages import Response
from chalicelib.web.http.routes import ANY_ADDRESS, METHODS
from chalicelib.web.http.security_headers import add_security_headers
from tests.building import built
from tools.gateway_answers import read_answers

OF_THE_ACCESS_LOG = {"Fn::Sub": f"{NAMESPACE}/${{AWS::StackName}}"}
"""The namespace of what no function publishes: without a dimension, it has the stack's name."""

Template = dict[str, Any]

PUBLISHED = ALARMING | {
    *("ShopsExported", "OrdersPlaced", "OrdersHeld", "OrdersLeft"),
    *("ShopsWatched", "WatchesFailed", "ShopsIll"),
}
"""The figures of ours that the dashboard may show."""


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

    assert len(roles) == len(set(roles)) == 10
    assert set(roles) == set(of_type(template, "AWS::IAM::Role"))


FOR_EVERYTHING = "cloudwatch:DescribeAlarms"
"""AWS gives alarms that are made of others to nobody who may not describe all."""


def test_no_role_may_do_anything_to_everything(template: Template) -> None:
    for role in of_type(template, "AWS::IAM::Role"):
        for statement in statements(template, role):
            if listed(statement["Action"]) != [FOR_EVERYTHING]:
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
    assert not {"token", "licence", "sealed_token", "sealed_licence"} & set(readable)
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


def test_whatever_starts_by_itself_leaves_a_failed_start_behind(template: Template) -> None:
    kept = {"Fn::GetAtt": ["AsyncDeadLetters", "Arn"]}
    started = 0
    for name, function in functions(template).items():
        for event in function.get("Events", {}).values():
            if event["Type"] == "Schedule":
                started += 1
                assert event["Properties"]["DeadLetterConfig"] == {"Arn": kept}, name
                assert function["DeadLetterQueue"] == {"Type": "SQS", "TargetArn": kept}, name
    assert started >= 2
    queue = of_type(template, "AWS::SQS::Queue")["AsyncDeadLetters"]
    assert queue["MessageRetentionPeriod"] == 14 * 86_400
    (policy,) = of_type(template, "AWS::SQS::QueuePolicy").values()
    (allowed,) = policy["PolicyDocument"]["Statement"]
    assert allowed["Principal"] == {"Service": "events.amazonaws.com"}
    assert allowed["Resource"] == kept
    source = allowed["Condition"]["ArnLike"]["aws:SourceArn"]["Fn::Sub"]
    assert source.endswith(":rule/${AWS::StackName}-*")


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


@pytest.mark.parametrize(
    "secret",
    [
        *("SEOSHOP_APP_SECRET", "SEOSHOP_APP_KEY", "SESSION_SECRET", "FINGERPRINT_SECRET"),
        "ASPERION_CLIENT_SECRET",
    ],
)
def test_secrets_are_in_the_template_by_their_parameters_names_only(
    template: Template, secret: str
) -> None:
    variables = template["Globals"]["Function"]["Environment"]["Variables"]
    assert template["Parameters"][variables[secret]["Ref"]]["Default"].startswith("/")


def alarms(template: Template) -> dict[str, dict[str, Any]]:
    """All alarms, those too that are made of others."""
    return of_type(template, "AWS::CloudWatch::Alarm") | of_type(
        template, "AWS::CloudWatch::CompositeAlarm"
    )


def test_an_alarm_reaches_somebody_or_is_part_of_one_that_does(template: Template) -> None:
    topics = of_type(template, "AWS::SNS::Topic")
    # AWS's own key for SNS lets no alarm publish.
    assert [topic.get("KmsMasterKeyId") for topic in topics.values()] == [None]
    rules = " ".join(str(each.get("AlarmRule", "")) for each in alarms(template).values())
    for name, alarm in alarms(template).items():
        if "AlarmActions" in alarm:
            assert [action["Ref"] for action in alarm["AlarmActions"]] == list(topics), name
        else:
            assert f"${{{name}}}" in rules, name


def test_an_alarm_of_alarms_names_none_that_may_not_be_there(template: Template) -> None:
    for name, alarm in alarms(template).items():
        for part in re.findall(r"\$\{(\w+)\}", str(alarm.get("AlarmRule", ""))):
            assert "Condition" not in template["Resources"][part], (name, part)


def test_the_dashboard_shows_every_alarm_and_figures_that_there_are(template: Template) -> None:
    (dashboard,) = of_type(template, "AWS::CloudWatch::Dashboard").values()
    body = dashboard["DashboardBody"]["Fn::Sub"]
    widgets = json.loads(body)["widgets"]
    shown = {
        metric[1]
        for widget in widgets
        for metric in widget["properties"].get("metrics", ())
        if metric[0] == NAMESPACE
    }
    assert shown <= PUBLISHED
    assert set(TROUBLES.values()) <= shown
    loud = {name for name, each in alarms(template).items() if "AlarmActions" in each}
    named = set(re.findall(r"\$\{(\w+)\.Arn\}", body))
    assert named == {name for name in loud if "Condition" not in template["Resources"][name]}
    for metric in (m for widget in widgets for m in widget["properties"].get("metrics", ())):
        for value in metric[3:4]:
            assert re.fullmatch(r"\$\{(AWS::StackName|\w+?(\.QueueName)?)\}", value)
    for name in re.findall(r"\$\{(\w+)(?:\.\w+)?\}", body):
        assert name in template["Resources"], name


def test_whatever_runs_by_itself_is_missed_when_it_fails(template: Template) -> None:
    watched = {
        (alarm["MetricName"], dimension["Value"]["Ref"])
        for alarm in of_type(template, "AWS::CloudWatch::Alarm").values()
        for dimension in alarm.get("Dimensions", ())
        if "Ref" in dimension["Value"]
    }
    assert {("Errors", name) for name in ("DailyExport", "ExportShop", "Watch")} <= watched
    assert {("Throttles", name) for name in ("WebhookFunction", "APIHandler", "ExportShop")} <= (
        watched
    )
    assert ("Invocations", "DailyExport") in watched
    assert ("5XXError", "AWS::StackName") in watched


def alarm(template: Template, name: str) -> dict[str, Any]:
    return dict(of_type(template, "AWS::CloudWatch::Alarm")[name])


@pytest.mark.parametrize("name", ["NightMissedAlarm", "ReportMissedAlarm"])
def test_a_night_that_does_not_start_alarms_and_a_stack_before_its_first_night_does_not(
    template: Template, name: str
) -> None:
    missed = alarm(template, name)

    # No invocation is no figure: "breaching" would be red from the first minute of a deployment.
    assert missed["TreatMissingData"] == "missing"
    assert missed["InsufficientDataActions"] == missed["AlarmActions"]
    hours = missed["Period"] * missed["EvaluationPeriods"] / 3600
    assert 24 < hours < 28
    assert missed["Period"] < 86_400


def test_a_queue_is_stuck_after_more_than_a_run_may_take(template: Template) -> None:
    idle, waits = alarm(template, "QueueIdle"), alarm(template, "QueueWaits")
    longest = functions(template)["ExportShop"]["Timeout"]

    for part in (idle, waits):
        assert part["Period"] * part["EvaluationPeriods"] >= 2 * longest
    ages = [each for each in alarms(template).values() if "Age" in each.get("MetricName", "")]
    assert ages == []  # a message that comes back is old, and nothing is wrong


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


def test_figures_and_logs_carry_the_name_of_their_stack(template: Template) -> None:
    variables = template["Globals"]["Function"]["Environment"]["Variables"]
    assert variables["POWERTOOLS_SERVICE_NAME"] == {"Ref": "AWS::StackName"}
    ours = [{"Name": "service", "Value": {"Ref": "AWS::StackName"}}]
    for name, alarm in alarms(template).items():
        assert alarm.get("Namespace") != NAMESPACE or alarm["Dimensions"] == ours, name


def test_every_alarm_on_our_own_figures_is_on_one_that_is_published(template: Template) -> None:
    named = {
        alarm["MetricName"]
        for alarm in of_type(template, "AWS::CloudWatch::Alarm").values()
        if alarm["Namespace"] in (NAMESPACE, OF_THE_ACCESS_LOG)
    }
    assert named == ALARMING | figures_of_the_access_log(template)


def figures_of_the_access_log(template: Template) -> set[str]:
    """What is counted out of the access log, because it reaches no function."""
    return {
        made["MetricName"]
        for metric in of_type(template, "AWS::Logs::MetricFilter").values()
        for made in metric["MetricTransformations"]
        if made["MetricNamespace"] == OF_THE_ACCESS_LOG
    }


@pytest.mark.parametrize("figure", [*REFUSALS.values(), "CallsThrottled"])
def test_calls_that_are_turned_away_alarm_in_a_burst(template: Template, figure: str) -> None:
    alarms = of_type(template, "AWS::CloudWatch::Alarm").values()
    (found,) = [each for each in alarms if each["MetricName"] == figure]

    assert (found["Statistic"], found["Period"], found["EvaluationPeriods"]) == ("Sum", 300, 1)
    assert 5 <= found["Threshold"] <= 50


def access_log(template: Template) -> dict[str, Any]:
    setting = of_type(template, "AWS::Serverless::Api")["RestAPI"]["AccessLogSetting"]
    condition, logged, otherwise = setting["Fn::If"]
    assert (condition, otherwise) == ("AccessIsLogged", {"Ref": "AWS::NoValue"})
    return dict(logged)


def test_the_access_log_has_nothing_that_a_caller_chose_or_is_known_by(template: Template) -> None:
    line = json.loads(access_log(template)["Format"])

    assert set(line.values()) == {
        *("$context.requestId", "$context.requestTimeEpoch", "$context.responseLatency"),
        *("$context.httpMethod", "$context.status", "$context.error.responseType"),
        "$context.resourcePath",  # the route's pattern: $context.path has numbers and names in it
    }


def test_the_access_log_is_kept_for_thirty_days_as_every_other(template: Template) -> None:
    groups = of_type(template, "AWS::Logs::LogGroup")

    assert {group["RetentionInDays"] for group in groups.values()} == {30}
    assert access_log(template)["DestinationArn"]["Fn::Sub"].endswith(":${AccessLogGroup}")
    assert template["Resources"]["AccessLogGroup"]["Condition"] == "AccessIsLogged"


def test_api_gateway_logs_no_bodies_and_no_queries_of_the_calls_it_carries_out(
    template: Template,
) -> None:
    api = of_type(template, "AWS::Serverless::Api")["RestAPI"]
    for each in api["MethodSettings"]:
        assert not {"LoggingLevel", "DataTraceEnabled"} & set(each)
    assert not api.get("TracingEnabled")


def test_a_workbook_reaches_a_browser_that_names_pages_first(template: Template) -> None:
    definition = of_type(template, "AWS::Serverless::Api")["RestAPI"]["DefinitionBody"]
    assert definition["x-amazon-apigateway-binary-media-types"] == ["*/*"]


def answers(template: Template) -> dict[str, Any]:
    """What API Gateway answers by itself, filled in."""
    filled = read_answers(built("prod"), "https://koppeling.example/api")
    definition = of_type(template, "AWS::Serverless::Api")["RestAPI"]["DefinitionBody"]
    assert set(filled) == set(definition["x-amazon-apigateway-gateway-responses"])
    return filled


def test_what_api_gateway_answers_by_itself_is_a_page_of_ours(template: Template) -> None:
    status = {
        "MISSING_AUTHENTICATION_TOKEN": "404",
        "RESOURCE_NOT_FOUND": "404",
        "REQUEST_TOO_LARGE": "413",
        "THROTTLED": "429",
        "QUOTA_EXCEEDED": "429",
        "DEFAULT_4XX": None,  # each its own
        "DEFAULT_5XX": None,
    }
    found = answers(template)
    assert {kind: answer.get("statusCode") for kind, answer in found.items()} == status
    for answer in found.values():
        page = answer["responseTemplates"]["application/json"]
        assert page.startswith('<!doctype html><html lang="nl">')
        assert page.count('href="https://koppeling.example/api/"') == 2  # in either language
        assert "$" not in page
        assert "<script" not in page
        assert " style=" not in page


def test_it_has_the_headers_of_every_page(template: Template) -> None:
    ours = add_security_headers(Response(status=200), "https://koppeling.example/api").headers
    for answer in answers(template).values():
        headers = {
            name.removeprefix("gatewayresponse.header."): value.strip("'")
            for name, value in answer["responseParameters"].items()
        }
        policy = headers.pop("Content-Security-Policy")
        assert "'" not in policy  # API Gateway's own sign for the value
        allowed = {each.strip().split(" ", 1)[0]: each.split()[1:] for each in policy.split(";")}
        assert {name for name, given in allowed.items() if given} == {"style-src", "img-src"}
        assert {"default-src", "form-action", "base-uri", "frame-ancestors"} < set(allowed)
        assert headers.pop("Content-Type") == "text/html; charset=utf-8"
        headers.pop("Retry-After", None)
        assert headers == {k: v for k, v in ours.items() if k != "Content-Security-Policy"}


def test_every_method_of_every_address_reaches_our_pages(template: Template) -> None:
    paths = of_type(template, "AWS::Serverless::Api")["RestAPI"]["DefinitionBody"]["paths"]
    for path in ("/", ANY_ADDRESS):
        assert {method.upper() for method in paths[path]} == set(METHODS)
        for method in paths[path].values():
            assert "APIHandler" in str(method["x-amazon-apigateway-integration"]["uri"])
    for path, methods in paths.items():
        assert ("get" in methods) == ("head" in methods), path


def test_the_accounts_own_role_for_logs_is_left_to_the_account(template: Template) -> None:
    """Deleting the stack would take the logs of the account's other APIs with it."""
    assert of_type(template, "AWS::ApiGateway::Account") == {}


@pytest.mark.parametrize("cause", TroubleCause)
def test_many_shops_with_a_trouble_alarm_and_with_one_that_passes_when_later_tries_fail_too(
    template: Template, cause: TroubleCause
) -> None:
    (found,) = [
        each
        for each in of_type(template, "AWS::CloudWatch::Alarm").values()
        if each["MetricName"] == TROUBLES[cause]
    ]
    periods = (found["Period"], found["EvaluationPeriods"], found.get("DatapointsToAlarm"))
    if cause is TroubleCause.APP_REFUSED:  # which is every shop's
        assert (periods, found["Threshold"]) == ((300, 1, None), 0)
        return
    asks_about_it = cause is TroubleCause.INBOX_UNKNOWN  # it counts files, settled or not
    is_patient = cause.passes and not asks_about_it
    assert periods == ((3600, 4, 3) if is_patient else (900, 1, None))
    assert found["Threshold"] == {"Ref": "AlarmShops"}
