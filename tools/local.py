"""AWS on this machine: ``python -m tools.local up``, ``deploy`` and ``down``.

ministack runs from its own virtual environment, bound to loopback; the packaged app is deployed on
it as it would be on AWS: ``up`` begins afresh and asks nothing, ``deploy`` changes what is up, if
anything is, by the course that a deployment to AWS takes. ``.local/stack.json`` says where
everything is; the variable ``LOCAL_DIR`` names another folder, for a second stack beside the first.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import boto3

from tools import cloudformation, ministack, preflight
from tools.alarm_subscriptions import say_if_nobody
from tools.build import ROOT, build
from tools.chalice_state import find_state_file
from tools.composite_alarms import put_composites, take_out_composites
from tools.deploy import deploy, make_question
from tools.gateway_answers import adapt_definition, put_answers
from tools.local_settings import STACK, list_values, put_data_key, put_secrets
from tools.logs_role import ROLE
from tools.ministack import REGION
from tools.own_tables import enable_lifetimes
from tools.queue_share import put_share, take_out_share
from tools.target import Target

LOCAL = ROOT / ".local"
STACK_FILE = "stack.json"
BUCKET = "seoshop-asperion-code"


@dataclass(frozen=True, slots=True)
class Stack:
    """Where the deployed app is: what ``.local/stack.json`` holds."""

    api_url: str
    aws_endpoint: str
    region: str
    functions: Mapping[str, str]
    tables: Mapping[str, str]
    queue_url: str
    dead_letters_url: str


def aws_environment(endpoint: str) -> dict[str, str]:
    """What the AWS SDK needs to talk to the local stack."""
    return {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",  # ministack takes any
    }


def up(environ: Mapping[str, str], *, built: Path | None = None, folder: Path = LOCAL) -> Stack:
    """Start local AWS afresh and deploy the app against what `environ` names.

    `folder` holds what is known of the stack; two folders are two stacks. `built` is a package to
    take instead of building one. Raises SystemExit when something does not come up, saying where
    its log is.
    """
    down(folder)
    return change(environ, built=built, folder=folder, question=_ask_nothing)


def change(
    environ: Mapping[str, str],
    *,
    built: Path | None = None,
    folder: Path = LOCAL,
    question: Callable[[preflight.Ready, int], Callable[[str], None]] = make_question,
) -> Stack:
    """Deploy the app on the local AWS of `folder`, which is started where it is not up. What would
    change is shown, and done when `question` is answered with yes. Raises SystemExit.
    """
    folder.mkdir(parents=True, exist_ok=True)
    package = built or build("local", Target.of(ministack.interpreter()))
    endpoint = _find_endpoint(folder)
    is_started_here = endpoint is None
    if endpoint is None:
        down(folder)
        endpoint = ministack.start(environ, folder)
    with _environment(aws_environment(endpoint)):
        try:
            stack = _deploy(environ, endpoint, package, stage_of(folder), question)
        except BaseException:
            if is_started_here:
                down(folder)
            raise
    (folder / STACK_FILE).write_text(json.dumps(asdict(stack), indent=2) + "\n")
    return stack


def down(folder: Path = LOCAL) -> None:
    """Stop local AWS and everything it runs; nothing is kept, nor what Chalice knew of it."""
    with contextlib.suppress(FileNotFoundError):
        (folder / STACK_FILE).unlink()
        find_state_file(stage_of(folder)).unlink()
    ministack.stop(folder)


def _find_endpoint(folder: Path) -> str | None:
    """The address of the local AWS that is up, or None."""
    try:
        endpoint = load(folder).aws_endpoint
    except SystemExit:
        return None
    return endpoint if ministack.answers(f"{endpoint}/_ministack/health") else None


def _ask_nothing(ready: preflight.Ready, _: int) -> Callable[[str], None]:
    return lambda shown: ready.make()


def stage_of(folder: Path) -> str:
    """What `chalice invoke --stage` calls the stack of this folder: for ``.local`` it is ``dev``,
    Chalice's own default, so that ``chalice invoke -n rerun`` needs no stage.
    """
    return "dev" if folder.name == ".local" else folder.name.lstrip(".")


def find_folder(environ: Mapping[str, str]) -> Path:
    """The folder of the stack that is meant: what ``LOCAL_DIR`` says, or ``.local``."""
    return ROOT / environ.get("LOCAL_DIR", LOCAL.name)


def load(folder: Path = LOCAL) -> Stack:
    """The stack that is up. Raises SystemExit when none is."""
    try:
        return Stack(**json.loads((folder / STACK_FILE).read_text()))
    except FileNotFoundError:
        raise SystemExit("No local stack: run `make up` first.") from None


def _deploy(
    environ: Mapping[str, str],
    endpoint: str,
    package: Path,
    recorded_as: str,
    question: Callable[[preflight.Ready, int], Callable[[str], None]],
) -> Stack:
    is_new = cloudformation.find_standing(boto3.client("cloudformation"), STACK) is None
    _furnish(environ, is_new=is_new)
    values = list_values(environ, is_new=is_new)
    with preflight.plain_words():
        ready = preflight.check(values, stack=STACK, bucket=BUCKET)
        done = deploy(
            "local",
            stack=STACK,
            bucket=BUCKET,
            values={**values, **ready.values},
            own_url=f"{endpoint}/restapis/{{api}}/api/_user_request_",
            recorded_as=recorded_as,
            built=package,
            adapt=_adapt,
            agree=question(ready, 0),
        )
    put_composites(package, STACK)
    put_share(STACK)
    outputs = done.outputs
    enable_lifetimes(outputs[f"{name}TableName"] for name in ("Shops", "Orders", "Files"))
    api_url = f"{endpoint}/restapis/{outputs['RestAPIId']}/api/_user_request_"
    put_answers(package, outputs["RestAPIId"], outputs["PublicUrl"])
    ministack.until(
        lambda: ministack.answers(f"{api_url}/health"), seconds=120, what=f"{api_url}/health"
    )
    return Stack(
        api_url=api_url,
        aws_endpoint=endpoint,
        region=REGION,
        functions=dict(done.functions),
        tables={
            "shops": outputs["ShopsTableName"],
            "orders": outputs["OrdersTableName"],
            "files": outputs["FilesTableName"],
        },
        queue_url=outputs["ExportQueueUrl"],
        dead_letters_url=outputs["ExportDeadLettersUrl"],
    )


def _adapt(template: dict[str, Any]) -> None:
    """Take out of a template what ministack does not take in one."""
    adapt_definition(template)
    take_out_composites(template, STACK, REGION)
    take_out_share(template)


def _furnish(environ: Mapping[str, str], *, is_new: bool) -> None:
    """What an account has before the first deployment: a bucket for the code, secrets, a data key,
    a verified sender, and the role by which API Gateway writes logs.
    """
    if is_new:
        with contextlib.suppress(boto3.client("s3").exceptions.BucketAlreadyOwnedByYou):
            boto3.client("s3").create_bucket(
                Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION}
            )
        put_data_key(environ)
        role = f"arn:aws:iam::000000000000:role/{ROLE}"
        patch = {"op": "replace", "path": "/cloudwatchRoleArn", "value": role}
        boto3.client("apigateway").update_account(patchOperations=[patch])
    put_secrets(environ, is_new=is_new)
    if sender := environ.get("MAIL_FROM"):
        boto3.client("sesv2").create_email_identity(EmailIdentity=sender)


@contextlib.contextmanager
def _environment(values: Mapping[str, str]) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.update(values)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def main() -> None:
    """Up, deploy or down from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=("up", "deploy", "down"))
    what = parser.parse_args().what
    folder = find_folder(os.environ)
    if what == "down":
        down(folder)
        return
    stack = up(os.environ, folder=folder) if what == "up" else change(os.environ, folder=folder)
    print(f"The connector answers at {stack.api_url}")
    print(f"AWS answers at {stack.aws_endpoint}; see {folder / STACK_FILE}")
    if what == "deploy":
        with _environment(aws_environment(stack.aws_endpoint)):
            if warning := say_if_nobody(STACK):
                print(warning)


if __name__ == "__main__":
    main()
