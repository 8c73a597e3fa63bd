"""Put a built stage on AWS: ``python -m tools.deploy --stack NAME --bucket BUCKET``.

Uploads the zip, creates or updates the stack, tells it its own address where no custom domain is
used, and writes ``.chalice/deployed/<stage>.json`` so that ``chalice invoke``, ``logs`` and ``url``
find the functions. Parameters come from the environment (see `PARAMETERS`); a variable that is not
set keeps the stack's present value, or the template's default at the first deployment.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import yaml
from botocore.exceptions import ClientError, WaiterError

from tools.build import ROOT

PARAMETERS = {
    "TABLE_PREFIX": "TablePrefix",
    "SEOSHOP_APP_KEY": "AppKeyParameter",
    "SEOSHOP_APP_SECRET": "AppSecretParameter",
    "SESSION_SECRET": "SessionSecretParameter",
    "SEOSHOP_API_URL_EU1": "SeoshopApiUrlEu1",
    "SEOSHOP_API_URL_US1": "SeoshopApiUrlUs1",
    "SEOSHOP_ORDER_URL_EU1": "SeoshopOrderUrlEu1",
    "SEOSHOP_ORDER_URL_US1": "SeoshopOrderUrlUs1",
    "ASPERION_INBOX_URL": "AsperionInboxUrl",
    "PUBLIC_URL": "PublicUrl",
    "ORDERS_PER_FILE": "OrdersPerFile",
    "AXML_PROFILE": "AxmlProfile",
    "INBOX_PROOF_DELAY": "InboxProofDelay",
    "ALARM_EMAIL": "AlarmEmail",
}
CAPABILITIES = ["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"]


@dataclass(frozen=True, slots=True)
class Deployed:
    """A stack that stands. `functions` maps ``chalice invoke`` names to deployed names."""

    outputs: Mapping[str, str]
    functions: Mapping[str, str]


def deploy(
    stage: str,
    *,
    stack: str,
    bucket: str,
    values: Mapping[str, str],
    own_url: str | None = None,
    recorded_as: str | None = None,
    built: Path | None = None,
) -> Deployed:
    """Deploy what is in `built`, by default ``build/<stage>``. `values` are template parameters;
    `own_url` makes the app's address out of the REST API's id where it is not API Gateway's usual
    one (``…/{api}/…``). `recorded_as` is what `chalice invoke --stage` is to call it, when that is
    not `stage`.
    """
    template = _located(built or ROOT / "build" / stage, bucket, stage)
    cloudformation = boto3.client("cloudformation")
    _apply(cloudformation, stack, template, values)
    outputs = _outputs(cloudformation, stack)
    if not values.get("PublicUrl"):
        address = (own_url or outputs["EndpointURL"]).replace("{api}", outputs["RestAPIId"])
        if outputs.get("PublicUrl") != address.rstrip("/"):
            _apply(cloudformation, stack, template, {**values, "PublicUrl": address.rstrip("/")})
            outputs = {**_outputs(cloudformation, stack), "PublicUrl": address.rstrip("/")}
    functions = _functions(cloudformation, stack)
    _write_state(recorded_as or stage, functions, outputs)
    return Deployed(outputs, functions)


def _located(built: Path, bucket: str, stage: str) -> str:
    """Upload the zip under its hash; returns the template pointing there, as JSON."""
    content = (built / "deployment.zip").read_bytes()
    key = f"{stage}/{hashlib.sha256(content).hexdigest()}.zip"
    boto3.client("s3").put_object(Bucket=bucket, Key=key, Body=content)
    template = yaml.safe_load((built / "sam.yaml").read_text())
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            resource["Properties"]["CodeUri"] = {"Bucket": bucket, "Key": key}
    return json.dumps(template, separators=(",", ":"))


def _apply(cloudformation: Any, stack: str, template: str, values: Mapping[str, str]) -> None:
    arguments = {
        "StackName": stack,
        "TemplateBody": template,
        "Capabilities": CAPABILITIES,
    }
    present = _present_parameters(cloudformation, stack)
    if present is None:
        cloudformation.create_stack(**arguments, Parameters=_parameters(template, values, ()))
        _wait(cloudformation, "stack_create_complete", stack)
        return
    try:
        cloudformation.update_stack(**arguments, Parameters=_parameters(template, values, present))
    except ClientError as error:
        if "No updates" in str(error):
            return
        raise
    _wait(cloudformation, "stack_update_complete", stack)


def _parameters(
    template: str, values: Mapping[str, str], present: tuple[str, ...]
) -> list[dict[str, Any]]:
    known = json.loads(template)["Parameters"]
    given = [
        {"ParameterKey": name, "ParameterValue": value}
        for name, value in values.items()
        if name in known and value
    ]
    kept = [
        {"ParameterKey": name, "UsePreviousValue": True}
        for name in known
        if name in present and not values.get(name)
    ]
    return [*given, *kept]


def _present_parameters(cloudformation: Any, stack: str) -> tuple[str, ...] | None:
    try:
        found = cloudformation.describe_stacks(StackName=stack)["Stacks"]
    except ClientError:
        return None
    standing = [each for each in found if not each["StackStatus"].startswith("DELETE")]
    if not standing:
        return None
    return tuple(each["ParameterKey"] for each in standing[0].get("Parameters", ()))


def _wait(cloudformation: Any, waiter: str, stack: str) -> None:
    try:
        cloudformation.get_waiter(waiter).wait(
            StackName=stack, WaiterConfig={"Delay": 1, "MaxAttempts": 900}
        )
    except WaiterError as error:
        events = cloudformation.describe_stack_events(StackName=stack)["StackEvents"]
        failures = [
            f"  {event['LogicalResourceId']}: {event['ResourceStatusReason']}"
            for event in events
            if "FAILED" in event["ResourceStatus"] and event.get("ResourceStatusReason")
        ]
        raise SystemExit(f"Stack {stack} failed:\n" + "\n".join(failures)) from error


def _outputs(cloudformation: Any, stack: str) -> dict[str, str]:
    described = cloudformation.describe_stacks(StackName=stack)["Stacks"][0]
    outputs = {each["OutputKey"]: each["OutputValue"] for each in described.get("Outputs", ())}
    for parameter in described.get("Parameters", ()):
        if parameter["ParameterKey"] == "PublicUrl":
            outputs.setdefault("PublicUrl", parameter["ParameterValue"])
    return outputs


def _functions(cloudformation: Any, stack: str) -> dict[str, str]:
    pages = cloudformation.get_paginator("list_stack_resources").paginate(StackName=stack)
    return {
        _handle(resource["LogicalResourceId"]): resource["PhysicalResourceId"]
        for page in pages
        for resource in page["StackResourceSummaries"]
        if resource["ResourceType"] == "AWS::Lambda::Function"
    }


def _handle(logical_id: str) -> str:
    """``DailyExport`` → ``daily_export``, as `chalice invoke -n` knows it."""
    if logical_id == "APIHandler":
        return "api_handler"
    if logical_id == "WebhookFunction":
        return "webhook"
    return re.sub(r"(?<!^)(?=[A-Z])", "_", logical_id).lower()


def _write_state(stage: str, functions: Mapping[str, str], outputs: Mapping[str, str]) -> None:
    """Chalice's record of a deployment, which CloudFormation does not write."""
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
    state = ROOT / ".chalice" / "deployed" / f"{stage}.json"
    state.parent.mkdir(exist_ok=True)
    state.write_text(
        json.dumps({"schema_version": "2.0", "backend": "api", "resources": resources}, indent=2)
    )


def values_from(environ: Mapping[str, str]) -> dict[str, str]:
    """Template parameters out of the connector's own variables."""
    values = {
        parameter: environ[variable]
        for variable, parameter in PARAMETERS.items()
        if environ.get(variable)
    }
    bucket = re.match(r"s3://([^/]+)/", values.get("AsperionInboxUrl", ""))
    if bucket:
        values["InboxBucket"] = bucket[1]
    return values


def main() -> None:
    """Deploy from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--stage", default="prod")
    parser.add_argument("--stack", default="seoshop-asperion")
    parser.add_argument("--bucket", required=True, help="where the zip is uploaded")
    given = parser.parse_args()
    done = deploy(
        given.stage, stack=given.stack, bucket=given.bucket, values=values_from(os.environ)
    )
    print(f"{given.stack} stands at {done.outputs.get('PublicUrl')}")


if __name__ == "__main__":
    main()
