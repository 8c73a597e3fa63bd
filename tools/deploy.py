"""Put what is built on AWS: ``python -m tools.deploy --stage STAGE --bucket BUCKET``.

Uploads the zip, shows what would change and asks, creates or updates the stack, gives it its own
address where none was set, and writes ``.chalice/deployed/<stage>.json`` for ``chalice invoke``,
``logs`` and ``url``. Every stage is the same build, ``build/prod``. Parameters come from the
environment (see `PARAMETERS`); a variable that is not set keeps the stack's present value, or the
template's default at the first deployment.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import json
import os
import re
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any

import boto3
import yaml

from tools import cloudformation, preflight, stack_changes
from tools.alarm_subscriptions import say_if_nobody
from tools.build import ROOT
from tools.chalice_state import find_functions, write_state
from tools.cloudformation import Stack
from tools.consent import ask
from tools.rollback import MINUTES, watch_over
from tools.stack_changes import PROTECTION, Course, Template, wait_idly
from tools.stages import find_stack_name

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
    "BEHAVIOUR": "Behaviour",
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
    "ALARM_SHOPS": "AlarmShops",
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
    agree: Callable[[str], None] = lambda shown: None,
    watched: int = 0,
) -> Deployed:
    """Deploy what is in `built`, by default ``build/<stage>``. `values` are template parameters;
    `own_url` makes the app's address out of the REST API's id where it is not API Gateway's usual
    one (``…/{api}/…``). `adapt` changes the template before it is uploaded. `recorded_as` is what
    `chalice invoke --stage` is to call it, when that is not `stage`.

    `agree` is shown what would change before any of it is done, and raises SystemExit to stop it.
    For `watched` minutes after an update its alarms put it back. Raises SystemExit saying what went
    wrong.
    """
    template = _upload(built or ROOT / "build" / stage, bucket, stage, adapt)
    client = boto3.client("cloudformation")
    before = cloudformation.find_standing(client, stack)
    course = Course(agree)
    if before is not None:
        rollback = watch_over(stack, template.resources, watched)
        course = Course(agree, rollback, partial(_knock, before) if watched else wait_idly)
    standing = stack_changes.apply(client, stack, template, values, course)
    rest = _known_afterwards(standing, values, own_url)
    if rest:  # agreed upon with what it belongs to
        standing = stack_changes.apply(client, stack, template, {**values, **rest}, Course())
    functions = find_functions(stack)
    outputs = {**standing.outputs, "PublicUrl": standing.parameters.get("PublicUrl", "")}
    write_state(recorded_as or stage, functions, outputs)
    return Deployed(outputs, functions)


def _knock(stack: Stack) -> None:
    """Call the app, so that an alarm notices when new code does not start although nobody is at it.
    What it answers is the alarm's affair.
    """
    address = stack.parameters.get("PublicUrl") or stack.outputs.get("EndpointURL", "")
    with contextlib.suppress(OSError, ValueError):
        urllib.request.urlopen(f"{address.rstrip('/')}/health", timeout=30).close()


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
    if "PublicUrl" not in values and (not present or own_url or GATEWAYS_OWN.match(present)):
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
    return Template(
        url=f"{s3.meta.endpoint_url}/{bucket}/{where}",
        parameters=tuple(template["Parameters"]),
        resources=tuple(template["Resources"]),
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


def make_question(ready: preflight.Ready, watched: int) -> Callable[[str], None]:
    """What `deploy` asks a person, who is shown what would change; our own secrets are made as soon
    as there is a yes.
    """
    make = cache(ready.make)

    def agree(shown: str) -> None:
        print(shown)
        if watched:
            print(f"An update is watched for {watched} minutes, and undone when its alarms ring.")
        ask("Carry this out?")
        make()

    return agree


def main() -> None:
    """Deploy from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--stage", default="prod")
    parser.add_argument("--stack", default="", help="unless it is the stage's own")
    parser.add_argument("--bucket", required=True, help="where the zip is uploaded")
    parser.add_argument("--watched", type=int, default=MINUTES, help="minutes, 0 to 180")
    given = parser.parse_args()
    stack = find_stack_name(given.stage, given.stack)
    with preflight.plain_words():
        values = preflight.add_own_names(values_from(os.environ), stack)
        ready = preflight.check(values, stack=stack, bucket=given.bucket)
        done = deploy(
            given.stage,
            stack=stack,
            bucket=given.bucket,
            values={**values, **ready.values},
            built=ROOT / "build" / "prod",
            agree=make_question(ready, given.watched),
            watched=given.watched,
        )
        print(f"{stack} stands at {done.outputs['PublicUrl']}")
        if warning := say_if_nobody(stack):
            print(warning)


if __name__ == "__main__":
    main()
