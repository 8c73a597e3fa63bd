"""The quick path into a developer's own account: ``make quick ASPERION_INBOX_URL=…``.

Plain `chalice deploy`, of the stage ``quick``. What Chalice cannot make is made before it (see
`tools.quick_account`), and set after it: that a failed message comes back, and the app's own
address. No alarms, no backups, no function of its own for webhooks: what merchants use is deployed
by `tools.deploy`. It may be run again at any time.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import boto3

from tools import preflight
from tools.build import ROOT, copy_sources, install
from tools.catalogues import compile_catalogues
from tools.deploy import PARAMETERS
from tools.plain_policies import NAME, OWN, STAGE, write_policies
from tools.pruning import prune
from tools.quick_account import Furnished, check, furnish
from tools.target import Target

DEPLOYED = ROOT / ".chalice" / "deployed"
SHOPS_AT_ONCE = 20
"""So many messages are worked on side by side at most, as in a stack."""

_OF_THE_STACK = frozenset(
    ("EXPORT_CONCURRENCY", "WEBHOOK_CONCURRENCY", "ALARM_EMAIL", "ACCESS_LOG", "BACKUP_DAYS")
)
"""Settings of what is not made here."""


def deploy(environ: Mapping[str, str], deployed: Path = DEPLOYED) -> str:
    """Deploy what is here with the settings that `environ` gives; the app's own address. Chalice
    writes down what it made in the folder `deployed`, and finds it there the next time.

    Raises SystemExit saying what is missing, or went wrong.
    """
    check(environ)
    furnished = furnish()
    address = environ.get("PUBLIC_URL") or _find_address(deployed)
    _deploy_code(_list_settings(environ, furnished, address), furnished, environ, deployed)
    _let_failed_messages_come_back()
    if not address:  # API Gateway gives it as soon as the app is deployed
        address = _find_address(deployed)
        _tell_address(address, deployed)
    return address


def _find_address(deployed: Path) -> str:
    """Where the app answers, by what Chalice wrote down; empty before the first deployment."""
    found = [each["rest_api_url"] for each in _read_resources(deployed, "rest_api")]
    return str(found[0]).rstrip("/") if found else ""


def _read_resources(deployed: Path, kind: str) -> list[dict[str, Any]]:
    """What Chalice wrote down of one kind of resource; nothing before the first deployment."""
    try:
        state = json.loads((deployed / f"{STAGE}.json").read_text())
    except FileNotFoundError:
        return []
    return [each for each in state["resources"] if each["resource_type"] == kind]


def _tell_address(address: str, deployed: Path) -> None:
    """Give the functions the app's address, which the next deployment knows from the start."""
    lambdas = boto3.client("lambda")
    for each in _read_resources(deployed, "lambda_function"):
        function = {"FunctionName": each["lambda_arn"]}
        lambdas.get_waiter("function_updated_v2").wait(**function)
        present = lambdas.get_function_configuration(**function)["Environment"]["Variables"]
        lambdas.update_function_configuration(
            **function, Environment={"Variables": {**present, "PUBLIC_URL": address}}
        )


def _list_settings(
    environ: Mapping[str, str], furnished: Furnished, address: str
) -> dict[str, str]:
    """The functions' variables, besides those that ``.chalice/config.json`` has."""
    handed_on = {
        name: environ[name]
        for name, parameter in PARAMETERS.items()
        if parameter not in OWN and name not in _OF_THE_STACK and environ.get(name)
    }
    found = {
        "EXPORT_QUEUE_URL": furnished.queue_url,
        "EXPORT_QUEUE_ARN": furnished.queue,
        "ALARM_TOPIC": furnished.topic,
        "PUBLIC_URL": address,
    }
    return {**handed_on, **{name: value for name, value in found.items() if value}}


def _deploy_code(
    settings: Mapping[str, str], furnished: Furnished, environ: Mapping[str, str], deployed: Path
) -> None:
    """`chalice deploy`, on a copy: the settings of an account are nothing to commit."""
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder)
        copy_sources(project)
        compile_catalogues(project / "templates" / "locale")
        _install_packages(project / "vendor")
        config = project / ".chalice" / "config.json"
        described = json.loads(config.read_text())
        described["stages"][STAGE]["environment_variables"].update(settings)
        config.write_text(json.dumps(described))
        write_policies(project / ".chalice" / "plain", _list_own(furnished, settings))
        deployed.mkdir(parents=True, exist_ok=True)
        (project / ".chalice" / "deployed").symlink_to(deployed.resolve())
        command = "from chalice.cli import main; main()"
        done = subprocess.run(
            [sys.executable, "-c", command, "deploy", "--stage", STAGE],
            cwd=project,
            env={**os.environ, **environ, "PYTHONDONTWRITEBYTECODE": "1"},
            stdin=subprocess.DEVNULL,
            check=False,
        )
    if done.returncode:
        raise SystemExit("chalice deploy failed, see above. Mend that, and run this again.")


def _install_packages(vendor: Path) -> None:
    """By the lock's hashes, as wheels of what Chalice deploys on: the Python that runs it."""
    runtime = f"python{sys.version_info.major}.{sys.version_info.minor}"
    install(ROOT / "requirements.txt", Target(runtime, "x86_64"), vendor)
    prune(vendor)


def _list_own(furnished: Furnished, settings: Mapping[str, str]) -> dict[str, str]:
    """What the policies name, of this account and region alone."""
    _, partition, _, region, account, _ = furnished.queue.split(":")
    bucket = re.match(r"s3://([^/]+)/", settings["ASPERION_INBOX_URL"])
    return {
        "AWS::Partition": partition,
        "AWS::Region": region,
        "AWS::AccountId": account,
        "InboxBucket": bucket[1] if bucket else "",
        "MailFrom": settings.get("MAIL_FROM", ""),
    }


def _let_failed_messages_come_back() -> None:
    """Chalice has no setting for it: Lambda would take every message for done."""
    lambdas = boto3.client("lambda")
    found = lambdas.list_event_source_mappings(FunctionName=f"{NAME}-export_shop")
    for each in found["EventSourceMappings"]:
        lambdas.update_event_source_mapping(
            UUID=each["UUID"],
            FunctionResponseTypes=["ReportBatchItemFailures"],
            ScalingConfig={"MaximumConcurrency": SHOPS_AT_ONCE},
        )


def main() -> None:
    """Deploy from the command line."""
    with preflight.plain_words():
        print(f"{NAME} stands at {deploy(os.environ)}")


if __name__ == "__main__":
    main()
