"""What the Chalice CLI knows of a deployment: ``.chalice/deployed/<stage>.json``, by which
``chalice invoke``, ``logs`` and ``url`` find a stack's functions. CloudFormation does not write it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import boto3

from tools.build import ROOT
from tools.cloudformation import list_resources


def find_state_file(stage: str) -> Path:
    """Where the Chalice CLI looks for a stage's deployment."""
    return ROOT / ".chalice" / "deployed" / f"{stage}.json"


def find_functions(stack: str) -> dict[str, str]:
    """The deployed functions of a stack that stands, by their names for ``chalice invoke``."""
    return {
        _handle(resource["LogicalResourceId"]): resource["PhysicalResourceId"]
        for resource in list_resources(boto3.client("cloudformation"), stack)
        if resource["ResourceType"] == "AWS::Lambda::Function"
    }


def _handle(logical_id: str) -> str:
    """``DailyExport`` → ``daily_export``, as `chalice invoke -n` knows it."""
    if logical_id == "APIHandler":
        return "api_handler"
    if logical_id == "WebhookFunction":
        return "webhook"
    return re.sub(r"(?<!^)(?=[A-Z])", "_", logical_id).lower()


def write_state(stage: str, functions: Mapping[str, str], outputs: Mapping[str, str]) -> None:
    """Write down a deployment under the name by which ``chalice --stage`` is to find it."""
    lambdas = boto3.client("lambda")
    resources: list[dict[str, Any]] = []
    for name, deployed in sorted(functions.items()):
        arn = lambdas.get_function(FunctionName=deployed)["Configuration"]["FunctionArn"]
        resources.append({"name": name, "resource_type": "lambda_function", "lambda_arn": arn})
    resources.append(
        {
            "name": "rest_api",
            "resource_type": "rest_api",
            "rest_api_id": outputs["RestAPIId"],
            "rest_api_url": outputs.get("PublicUrl") or outputs["EndpointURL"],
        }
    )
    state = find_state_file(stage)
    state.parent.mkdir(exist_ok=True)
    state.write_text(
        json.dumps({"schema_version": "2.0", "backend": "api", "resources": resources}, indent=2)
    )
