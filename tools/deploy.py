"""Put a built stage on AWS: ``python -m tools.deploy --stack NAME --bucket BUCKET``.

Uploads the zip, creates or updates the stack, gives it its own address where none was set, and
writes ``.chalice/deployed/<stage>.json`` so that ``chalice invoke``, ``logs`` and ``url``
find the functions. Parameters come from the environment (see `PARAMETERS`); a variable that is not
set keeps the stack's present value, or the template's default at the first deployment.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import yaml

from tools import cloudformation, preflight
from tools.build import ROOT
from tools.cloudformation import PROTECTION, Stack, Template

PARAMETERS = {
    "TABLE_PREFIX": "TablePrefix",
    "SEOSHOP_APP_KEY": "AppKeyParameter",
    "SEOSHOP_APP_SECRET": "AppSecretParameter",
    "SESSION_SECRET": "SessionSecretParameter",
    "FINGERPRINT_SECRET": "FingerprintSecretParameter",
    "SECRETS_AGE": "SecretsAge",
    "DATA_KEY": "DataKeyParameter",
    "SEOSHOP_API_URL_EU1": "SeoshopApiUrlEu1",
    "SEOSHOP_API_URL_US1": "SeoshopApiUrlUs1",
    "SEOSHOP_ORDER_URL_EU1": "SeoshopOrderUrlEu1",
    "SEOSHOP_ORDER_URL_US1": "SeoshopOrderUrlUs1",
    "SEOSHOP_APPS_URL_EU1": "SeoshopAppsUrlEu1",
    "SEOSHOP_APPS_URL_US1": "SeoshopAppsUrlUs1",
    "ASPERION_INBOX_URL": "AsperionInboxUrl",
    "PUBLIC_URL": "PublicUrl",
    "ORDERS_PER_FILE": "OrdersPerFile",
    "AXML_PROFILE": "AxmlProfile",
    "INBOX_PROOF_DELAY": "InboxProofDelay",
    "RUN_LEASE": "RunLease",
    "VIES_URL": "ViesUrl",
    "ASPERION_API_URL": "AsperionApiUrl",
    "ASPERION_IDENTITY_URL": "AsperionIdentityUrl",
    "ASPERION_CLIENT_ID": "AsperionClientId",
    "ASPERION_CLIENT_SECRET": "AsperionSecretParameter",
    "ASPERION_PACE": "AsperionPace",
    "ASPERION_SCOPE": "AsperionScope",
    "ASPERION_PKCE": "AsperionPkce",
    "ASPERION_TENANT_HEADER": "AsperionTenantHeader",
    "ASPERION_DEBTOR_FIELD": "AsperionDebtorField",
    "ASPERION_LINE_AMOUNTS": "AsperionLineAmounts",
    "ASPERION_STATUS_SENT": "AsperionStatusSent",
    "ASPERION_PERIOD_SENT": "AsperionPeriodSent",
    "ASPERION_CUSTOMER_NUMBER": "AsperionCustomerNumber",
    "ASPERION_DELETES": "AsperionDeletes",
    "ASPERION_PAGE_SIZE": "AsperionPageSize",
    "ASPERION_ORDER_BY": "AsperionOrderBy",
    "MAIL_FROM": "MailFrom",
    "SUPPORT_ADDRESS": "SupportAddress",
    "TRIAL_DAYS": "TrialDays",
    "MONTHLY_PRICE": "MonthlyPrice",
    "KEEP_AUDIT_DAYS": "KeepAuditDays",
    "KEEP_AFTER_LEAVING_DAYS": "KeepAfterLeavingDays",
    "BACKUP_DAYS": "BackupDays",
    "EXPORT_CONCURRENCY": "ExportConcurrency",
    "NIGHT_WINDOW": "NightWindow",
    "WEBHOOK_CONCURRENCY": "WebhookConcurrency",
    "ALARM_EMAIL": "AlarmEmail",
    "ACCESS_LOG": "AccessLog",
}
GATEWAYS_OWN = re.compile(r"https://[a-z0-9]+\.execute-api\.")
"""An address of API Gateway's making, and so of ours: anything else was chosen."""


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
    adapt: Callable[[dict[str, Any]], None] = lambda template: None,
) -> Deployed:
    """Deploy what is in `built`, by default ``build/<stage>``. `values` are template parameters;
    `own_url` makes the app's address out of the REST API's id where it is not API Gateway's usual
    one (``…/{api}/…``). `adapt` changes the template before it is uploaded. `recorded_as` is what
    `chalice invoke --stage` is to call it, when that is not `stage`. Raises SystemExit saying what
    went wrong.
    """
    template = _upload(built or ROOT / "build" / stage, bucket, stage, adapt)
    client = boto3.client("cloudformation")
    standing = cloudformation.apply(client, stack, template, values)
    rest = _known_afterwards(standing, values, own_url)
    if rest:
        standing = cloudformation.apply(client, stack, template, {**values, **rest})
    functions = _functions(client, stack)
    outputs = {**standing.outputs, "PublicUrl": standing.parameters.get("PublicUrl", "")}
    _write_state(recorded_as or stage, functions, outputs)
    return Deployed(outputs, functions)


def _known_afterwards(
    standing: Stack, values: Mapping[str, str], own_url: str | None
) -> dict[str, str]:
    """Parameters that only a stack that stands can have: protected tables, and its own address
    unless it was given one, now or before.
    """
    rest = {}
    if standing.parameters.get(PROTECTION) == "false":
        rest[PROTECTION] = "true"
    present = standing.parameters.get("PublicUrl", "")
    if "PublicUrl" not in values and (not present or GATEWAYS_OWN.match(present)):
        address = own_url or standing.outputs["EndpointURL"]
        address = address.replace("{api}", standing.outputs["RestAPIId"]).rstrip("/")
        if address != present:
            rest["PublicUrl"] = address
    return rest


def _upload(
    built: Path, bucket: str, stage: str, adapt: Callable[[dict[str, Any]], None]
) -> Template:
    """Upload the zip under its hash, and the template that points there."""
    s3 = boto3.client("s3")
    content = (built / "deployment.zip").read_bytes()
    key = f"{stage}/{hashlib.sha256(content).hexdigest()}.zip"
    s3.put_object(Bucket=bucket, Key=key, Body=content)
    template = yaml.safe_load((built / "sam.yaml").read_text())
    adapt(template)
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            resource["Properties"]["CodeUri"] = {"Bucket": bucket, "Key": key}
    written = json.dumps(template, separators=(",", ":")).encode()
    where = f"{stage}/{hashlib.sha256(written).hexdigest()}.json"
    s3.put_object(Bucket=bucket, Key=where, Body=written)
    return Template(f"{s3.meta.endpoint_url}/{bucket}/{where}", tuple(template["Parameters"]))


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
    if address := values.get("AsperionInboxUrl"):
        bucket = re.match(r"s3://([^/]+)/", address)
        values["InboxBucket"] = bucket[1] if bucket else ""  # a former bucket's, no longer ours
    return values


def main() -> None:
    """Deploy from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--stage", default="prod")
    parser.add_argument("--stack", default="seoshop-asperion")
    parser.add_argument("--bucket", required=True, help="where the zip is uploaded")
    given = parser.parse_args()
    values = values_from(os.environ)
    with preflight.plain_words():
        values |= preflight.prepare(values, stack=given.stack, bucket=given.bucket)
        done = deploy(given.stage, stack=given.stack, bucket=given.bucket, values=values)
    print(f"{given.stack} stands at {done.outputs['PublicUrl']}")


if __name__ == "__main__":
    main()
