"""AWS on this machine: ``python -m tools.local up`` and ``down``.

ministack runs from its own virtual environment, bound to loopback; the packaged app is deployed on
it as it would be on AWS. ``.local/stack.json`` says where everything is; the variable ``LOCAL_DIR``
names another folder, for a second stack beside the first.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import boto3

from chalicelib.adapters.turning_secrets import READ_AS
from chalicelib.errors import SettingsError
from tools import data_key, ministack, sandboxes
from tools.build import ROOT, build
from tools.deploy import PARAMETERS, deploy, values_from
from tools.gateway_answers import adapt_definition, put_answers
from tools.ministack import REGION
from tools.own_tables import enable_lifetimes
from tools.target import Target

LOCAL = ROOT / ".local"
STACK_FILE = "stack.json"
STACK = "seoshop-asperion-local"
BUCKET = "seoshop-asperion-code"

# A pair for a sandbox on this machine; a real app's pair is given in the environment.
LOCAL_APP = {
    "SEOSHOP_APP_KEY": "0123456789abcdef0123456789abcdef",
    "SEOSHOP_APP_SECRET": "fedcba9876543210fedcba9876543210",
}
SECRET_NAMES = (
    *("SEOSHOP_APP_KEY", "SEOSHOP_APP_SECRET", "SESSION_SECRET", "FINGERPRINT_SECRET"),
    "ASPERION_CLIENT_SECRET",
)
NOT_LOCAL = ("DATA_KEY", "EXPORT_CONCURRENCY", "WEBHOOK_CONCURRENCY", "ALARM_EMAIL", "ACCESS_LOG")
"""Settings that `make up` makes itself, or has no use for."""


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
    folder.mkdir(parents=True, exist_ok=True)
    package = built or build("local", Target.of(ministack.interpreter()))
    endpoint = ministack.start(environ, folder)
    with _environment(aws_environment(endpoint)):
        try:
            stack = _deploy(environ, endpoint, package, recorded_as=stage_of(folder))
        except BaseException:
            down(folder)
            raise
    (folder / STACK_FILE).write_text(json.dumps(asdict(stack), indent=2) + "\n")
    return stack


def down(folder: Path = LOCAL) -> None:
    """Stop local AWS and everything it runs; nothing is kept."""
    (folder / STACK_FILE).unlink(missing_ok=True)
    ministack.stop(folder)


def stage_of(folder: Path) -> str:
    """What `chalice invoke --stage` calls the stack of this folder: for ``.local`` it is ``dev``,
    Chalice's own default, so that ``chalice invoke -n rerun`` needs no stage.
    """
    return "dev" if folder.name == ".local" else folder.name.lstrip(".")


def load(folder: Path = LOCAL) -> Stack:
    """The stack that is up. Raises SystemExit when none is."""
    try:
        return Stack(**json.loads((folder / STACK_FILE).read_text()))
    except FileNotFoundError:
        raise SystemExit("No local stack: run `make up` first.") from None


def _deploy(environ: Mapping[str, str], endpoint: str, package: Path, *, recorded_as: str) -> Stack:
    boto3.client("s3").create_bucket(
        Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION}
    )
    settings = {
        **_list_addresses(environ),
        **_put_secrets(environ),
        "DATA_KEY": _put_data_key(environ),
        "NIGHT_WINDOW": "0",  # a night that is played begins at once
    }
    if environ.get("SEOSHOP_API_URL_EU1"):
        for name in ("SEOSHOP_ORDER_URL_EU1", "SEOSHOP_APPS_URL_EU1"):
            settings.pop(name)  # another's back office is elsewhere
    handed_on = [each for each in PARAMETERS if each not in (*SECRET_NAMES, *NOT_LOCAL)]
    settings.update((name, environ[name]) for name in handed_on if environ.get(name))
    if sender := environ.get("MAIL_FROM"):
        boto3.client("sesv2").create_email_identity(EmailIdentity=sender)
    done = deploy(
        "local",
        stack=STACK,
        bucket=BUCKET,
        values=values_from(settings),
        own_url=f"{endpoint}/restapis/{{api}}/api/_user_request_",
        recorded_as=recorded_as,
        built=package,
        adapt=adapt_definition,
    )
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


def _list_addresses(environ: Mapping[str, str]) -> dict[str, str]:
    """The sandboxes' addresses, for what the environment does not name itself."""
    where = sandboxes.read_addresses(environ)
    return {
        "SEOSHOP_API_URL_EU1": where.shop_url,
        "SEOSHOP_ORDER_URL_EU1": f"{where.shop_url}/backoffice/{{shop}}/orders/{{order}}",
        "SEOSHOP_APPS_URL_EU1": f"{where.shop_url}/apps",
        "ASPERION_INBOX_URL": f"{where.asperion_url}/inbox/{{licence}}/{{file}}",
        "ASPERION_API_URL": where.asperion_url,
        "ASPERION_IDENTITY_URL": where.asperion_url,
        "ASPERION_CLIENT_ID": sandboxes.ASPERION_CLIENT["ASPERION_CLIENT_ID"],
        "VIES_URL": f"{where.vies_url}{sandboxes.VIES_API}",
    }


def _put_secrets(environ: Mapping[str, str]) -> dict[str, str]:
    """The secrets as SSM parameters, as on AWS; returns the parameters' names."""
    known = {**LOCAL_APP, **sandboxes.ASPERION_CLIENT}
    values = {name: known.get(name) or secrets.token_hex(32) for name in SECRET_NAMES}
    values.update((name, environ[name]) for name in SECRET_NAMES if environ.get(name))
    check_values(values)
    names = {name: f"/{STACK}/{name.lower().replace('_', '-')}" for name in SECRET_NAMES}
    ssm = boto3.client("ssm")
    for name, parameter in names.items():
        ssm.put_parameter(Name=parameter, Value=values[name], Type="SecureString", Overwrite=True)
    return names


def check_values(values: Mapping[str, str]) -> None:
    """Raises SystemExit for a secret that the functions would refuse, by its variable."""
    for name, value in values.items():
        try:
            READ_AS[name](value, name)
        except SettingsError as error:
            raise SystemExit(str(error)) from None


def _put_data_key(environ: Mapping[str, str]) -> str:
    """A KMS key of local AWS, named by an SSM parameter; returns the parameter's name. Local AWS
    begins without any key: one that `environ` gives by alias is made under that alias, and where it
    gives a parameter the key is named there.
    """
    given = environ.get("DATA_KEY", "").strip()
    key = data_key.make_key(STACK)
    if given.startswith("alias/"):
        boto3.client("kms").create_alias(AliasName=given, TargetKeyId=key)
        key = given
    elif given and not given.startswith("/"):
        print(f"Local AWS has no key {given}: one of its own takes its place.")
    parameter = given if given.startswith("/") else f"/{STACK}/data-key"
    data_key.name_key(parameter, key)
    return parameter


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
    """Up or down from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=("up", "down"))
    folder = ROOT / os.environ.get("LOCAL_DIR", LOCAL.name)
    if parser.parse_args().what == "down":
        down(folder)
        return
    stack = up(os.environ, folder=folder)
    print(f"The connector answers at {stack.api_url}")
    print(f"AWS answers at {stack.aws_endpoint}; see {folder / STACK_FILE}")


if __name__ == "__main__":
    main()
