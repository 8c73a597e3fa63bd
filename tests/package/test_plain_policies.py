"""The policies of plain `chalice deploy` hold no CloudFormation, and grant what the stack's do."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.package.test_template import Template, functions, listed, statements
from tools.build import ROOT
from tools.deploy import PARAMETERS
from tools.plain_policies import CONVENTIONS, NAME, OWN, STAGE, make_policies, write_policies

PLAIN = ROOT / ".chalice" / "plain"
CONFIG = json.loads((ROOT / ".chalice" / "config.json").read_text())
WITH_MAIL = {**CONVENTIONS, "MailFrom": "connector@seoshop.example"}


def policy_of(function: str) -> str:
    """The name of a function's plain policy, as the stage says."""
    file = CONFIG["stages"][STAGE]["lambda_functions"][function]["iam_policy_file"]
    return str(file).removeprefix("plain/")


def function_of(handle: str) -> str:
    """The function in the template of a name that `chalice invoke` knows."""
    return "APIHandler" if handle == "api_handler" else handle.title().replace("_", "")


def grants(found: list[dict[str, Any]]) -> set[tuple[str, str]]:
    """Which actions are granted, each with the kind of its condition."""
    return {
        (action, json.dumps(sorted(statement.get("Condition", {}))))
        for statement in found
        for action in listed(statement["Action"])
    }


def test_what_is_committed_is_what_the_tool_writes(tmp_path: Path) -> None:
    write_policies(tmp_path)

    written = {file.name: file.read_text() for file in tmp_path.iterdir()}
    assert {file.name: file.read_text() for file in PLAIN.iterdir()} == written, (
        "run: .venv/bin/python -m tools.plain_policies"
    )


@pytest.mark.parametrize("given", [CONVENTIONS, WITH_MAIL, {**CONVENTIONS, "InboxBucket": ""}])
def test_no_function_of_cloudformation_is_left_and_every_resource_is_an_arn(
    given: dict[str, str],
) -> None:
    for name, policy in make_policies(given).items():
        assert not re.search(r'"Fn::|"Ref"|\$\{|AWS::', json.dumps(policy)), name
        sids = [statement["Sid"] for statement in policy["Statement"]]
        assert len(sids) == len(set(sids)), name
        for statement in policy["Statement"]:
            for resource in listed(statement["Resource"]):
                wildcard = listed(statement["Action"]) == ["cloudwatch:DescribeAlarms"]
                assert resource.startswith("arn:aws:") or (wildcard and resource == "*"), resource


@pytest.mark.parametrize("handle", CONFIG["stages"][STAGE]["lambda_functions"])
def test_a_plain_policy_grants_what_the_stacks_own_role_grants(
    template: Template, handle: str
) -> None:
    """The pages' function takes the webhooks as well, for which the stack has one of its own."""
    names = [function_of(handle), *(["WebhookFunction"] if handle == "api_handler" else [])]
    roles = [functions(template)[name]["Role"]["Fn::GetAtt"][0] for name in names]
    stacks = [statement for role in roles for statement in statements(template, role)]

    plain = make_policies(WITH_MAIL)[policy_of(handle)]["Statement"]

    assert grants(plain) == grants(stacks)


def test_every_function_of_the_stack_has_a_plain_policy(template: Template) -> None:
    handles = CONFIG["stages"][STAGE]["lambda_functions"]
    assert {*map(function_of, handles), "WebhookFunction"} == set(functions(template))
    assert {policy_of(each) for each in handles} == {file.name for file in PLAIN.iterdir()}


def test_nothing_of_another_stage_is_granted() -> None:
    text = json.dumps(make_policies(WITH_MAIL))
    for named in re.findall(r"(?:table/|parameter/|log-group:/aws/lambda/|alias/)([^/\"]+)", text):
        assert named.startswith(NAME), named


def test_the_stage_names_the_tables_and_parameters_that_its_policies_grant() -> None:
    given = CONFIG["stages"][STAGE]["environment_variables"]
    variables = {parameter: variable for variable, parameter in PARAMETERS.items()}
    assert given == {
        **{variables[parameter]: value for parameter, value in OWN.items()},
        "POWERTOOLS_SERVICE_NAME": NAME,
        "STACK_NAME": NAME,
    }
