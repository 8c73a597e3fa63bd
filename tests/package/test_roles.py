"""Every function's role against the calls that the function makes: nothing is denied on AWS that
moto lets pass, and nothing is allowed that nobody needs.

Each function's own entry points run on moto through whatever makes them call something else. A call
that a change brings is found here as soon as a branch of `play` comes upon it: add that with it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest

from chalicelib.adapters.dynamodb import orders_table
from tests.fakes.aws import aws_in_memory
from tests.package.client_calls import list_client_calls, list_paginators
from tests.package.play import MANY, play_all
from tests.package.recording import Grant, Recorder, granted
from tests.package.scene import Scene
from tests.package.test_template import Template, functions, statements
from tools.pruning import OPERATIONS, PAGINATORS

Functions = Mapping[str, set[Grant]]

# Without it, S3 answers a HEAD of a missing key with 403, and not with the 404 that proves.
PROOF: Grant = ("s3:ListBucket", "inbox")

UNSEEN: Mapping[str, set[Grant]] = {
    # Lambda itself takes the messages, in the function's name.
    "ExportShop": {
        ("sqs:ReceiveMessage", "ExportQueue"),
        ("sqs:DeleteMessage", "ExportQueue"),
        ("sqs:GetQueueAttributes", "ExportQueue"),
        PROOF,
    },
    "Rerun": {PROOF},
    # Lambda sends a start that led to nothing there, in the function's name.
    "DailyExport": {("sqs:SendMessage", "AsyncDeadLetters")},
    "Watch": {("sqs:SendMessage", "AsyncDeadLetters")},
    "Report": {("sqs:SendMessage", "AsyncDeadLetters")},
}
"""What a function needs without calling it."""

LOGS: set[Grant] = {("logs:CreateLogStream", "logs"), ("logs:PutLogEvents", "logs")}
"""Lambda writes the log, in every function's name."""


@pytest.fixture(scope="module")
def played() -> Iterator[Recorder]:
    """All calls of the whole play."""
    with pytest.MonkeyPatch.context() as monkeypatch, aws_in_memory():
        monkeypatch.setattr(orders_table, "LEAST_OF_A_RANGE", MANY)
        scene = Scene(monkeypatch)
        play_all(scene)
        yield scene.recorder


@pytest.fixture(scope="module")
def used(played: Recorder) -> Functions:
    """What every function called."""
    return played.calls


def role(template: Template, function: str) -> set[Grant]:
    name = functions(template)[function]["Role"]["Fn::GetAtt"][0]
    return granted(statements(template, name))


def variables(template: Template, function: str) -> set[str]:
    """What a function is told by its environment."""
    given = (template["Globals"]["Function"], functions(template)[function])
    return {name for each in given for name in each.get("Environment", {}).get("Variables", {})}


def test_every_function_was_played(template: Template, used: Functions) -> None:
    assert set(used) == set(functions(template))


@pytest.mark.parametrize(
    "function",
    [
        *("APIHandler", "WebhookFunction", "DailyExport", "ExportShop"),
        *("Watch", "Report", "Rerun", "Backfill", "Behaviours", "Shops"),
    ],
)
def test_a_role_grants_what_its_function_calls_and_nothing_else(
    template: Template, used: Functions, function: str
) -> None:
    allowed = role(template, function)
    unseen = {*LOGS, *UNSEEN.get(function, set())}

    assert used[function] - allowed == set(), "AWS would deny this"
    assert allowed - used[function] - unseen == set(), "nobody needs this"


def test_the_package_describes_every_call_that_is_made_and_no_other(played: Recorder) -> None:
    described = {(service, name) for service, names in OPERATIONS.items() for name in names}

    assert played.operations - described == set(), "botocore would not know it in the package"
    assert described - played.operations == set(), "nobody calls it, or `play` has no branch of it"


def test_every_call_that_stands_in_the_code_is_played(played: Recorder) -> None:
    calls = list_client_calls()
    assert len(calls) > 10
    for place, operation in calls:
        services = [service for service, name in played.operations if name == operation]
        assert services, f"{place} calls {operation}: add a branch to the play"
        assert any(operation in OPERATIONS[service] for service in services)


def test_the_package_knows_the_pages_of_each_list_that_is_read_by_pages() -> None:
    read = {operation for _, operation in list_paginators()}
    assert read == {operation for names in PAGINATORS.values() for operation in names}


@pytest.mark.parametrize("function", ["WebhookFunction", "DailyExport", "Watch", "Report"])
def test_who_needs_no_secret_of_a_shop_can_open_none_and_does_not_know_the_key(
    template: Template, function: str
) -> None:
    assert not [action for action, _ in role(template, function) if action.startswith("kms:")]
    assert "DATA_KEY" not in variables(template, function)
    assert ("ssm:GetParameter", "DataKeyParameter") not in role(template, function)


@pytest.mark.parametrize("function", ["APIHandler", "Backfill", "Behaviours", "Shops"])
def test_pages_and_those_that_send_nothing_cannot_open_a_licence_code(
    template: Template, function: str
) -> None:
    assert ("kms:Decrypt", "data key/licence") not in role(template, function)
    assert ("kms:Decrypt", "data key/") not in role(template, function)


@pytest.mark.parametrize(
    "function",
    ["WebhookFunction", "DailyExport", "Watch", "Report", "Backfill", "Behaviours", "Shops"],
)
def test_who_does_not_call_asperions_api_can_neither_open_its_access_nor_renew_it(
    template: Template, function: str
) -> None:
    allowed = role(template, function)
    assert ("ssm:GetParameter", "AsperionSecretParameter") not in allowed
    for kind in ("asperion_access", "asperion_refresh"):
        assert ("kms:Decrypt", f"data key/{kind}") not in allowed


@pytest.mark.parametrize(
    "function", ["APIHandler", "ExportShop", "Rerun", "Backfill", "Behaviours"]
)
def test_a_key_is_used_only_where_its_alias_says_that_it_is_the_stacks(
    template: Template, function: str
) -> None:
    name = functions(template)[function]["Role"]["Fn::GetAtt"][0]
    of_keys = [each for each in statements(template, name) if ":kms:" in str(each["Resource"])]
    assert of_keys
    own = {"kms:ResourceAliases": {"Fn::Sub": "alias/${AWS::StackName}-data-*"}}
    for statement in of_keys:
        assert statement["Condition"]["ForAnyValue:StringLike"] == own
        is_metadata = statement["Action"] == ["kms:DescribeKey"]
        assert is_metadata or statement["Condition"]["StringEquals"]
