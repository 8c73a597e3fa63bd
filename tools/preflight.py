"""Checks what a deployment needs, before anything is built.

``python -m tools.preflight --stack NAME --bucket BUCKET`` exits with 1 and prints what to run
when something is missing. It makes session secret, fingerprint secret and data key itself.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, NoReturn

import boto3
import yaml
from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.adapters.aws_refusals import read_http_status
from chalicelib.adapters.inbox import check_inbox_url
from chalicelib.adapters.turning_secrets import READ_AS
from chalicelib.errors import SettingsError
from chalicelib.safe_urls import check_url
from tools import cloudformation, concurrency, data_key
from tools.build import ROOT
from tools.logs_role import find_no_role

WEBHOOKS_AT_ONCE = 50
LEFT_TO_OTHERS = 100  # AWS lets no function take the last of an account's concurrency

SESSION_SECRET, FINGERPRINT_SECRET = "SessionSecretParameter", "FingerprintSecretParameter"
ASPERION_SECRET = "AsperionSecretParameter"  # read only where there is a client id
SECRETS = {
    "AppKeyParameter": ("SEOSHOP_APP_KEY", "the SEOshop app's key"),
    "AppSecretParameter": ("SEOSHOP_APP_SECRET", "the SEOshop app's secret"),
    SESSION_SECRET: ("SESSION_SECRET", "a random value"),
    FINGERPRINT_SECRET: ("FINGERPRINT_SECRET", "a random value"),
    ASPERION_SECRET: ("ASPERION_CLIENT_SECRET", "the secret of the client id at Asperion"),
}
"""Template parameters that name SSM parameters: their variable, and what is in them."""

DATA_KEY = "DataKeyParameter"


def prepare(values: Mapping[str, str], *, stack: str, bucket: str) -> dict[str, str]:
    """Check that all is there; make our own secrets and the data key if only those are missing.
    Returns the parameters that depend on the account. Raises SystemExit saying what to do first.
    """
    standing = cloudformation.find(boto3.client("cloudformation"), stack)
    if standing is not None and standing.status == cloudformation.NEVER_STOOD:
        standing = None
    present = standing.parameters if standing else {}
    names = _list_names(values, present)
    is_older = standing is not None and FINGERPRINT_SECRET not in present
    key_name = values.get(DATA_KEY) or present.get(DATA_KEY) or _default(DATA_KEY)
    if is_older:  # beside its session secret: another stack may use the default names
        folder = names[SESSION_SECRET].rpartition("/")[0]
        names[FINGERPRINT_SECRET] = values.get(FINGERPRINT_SECRET) or f"{folder}/fingerprint-secret"
        key_name = values.get(DATA_KEY) or f"{folder}/data-key"
    if wrong := list(_wrong_names(values)):
        _first(wrong)  # before a secret is asked for as if it were a name, and shown
    absent = _absent(names)
    webhooks = _find_webhooks(values, present, is_new=standing is None)
    exports = concurrency.find_share(values, present, webhooks)
    is_logged = values.get("AccessLog") or present.get("AccessLog") or _default("AccessLog")
    lacking = [
        *_wrong_values(values, is_new=standing is None),
        *_no_bucket(bucket),
        *data_key.list_lacking(key_name, stack, is_in_use=DATA_KEY in present),
        *(
            f"aws ssm put-parameter --type SecureString --name {names[each]} --value …"
            f"    # {SECRETS[each][1]}"
            for each in absent
            if standing is not None or each not in (SESSION_SECRET, FINGERPRINT_SECRET)
            if not (is_older and each == FINGERPRINT_SECRET)
        ),
        *_unusable(names),
        *(find_no_role() if is_logged == "true" else ()),
        *exports.lacking,
    ]
    if lacking:
        _first(lacking)
    data_key.make_missing(key_name, stack)
    if SESSION_SECRET in absent:
        _make_secret(names[SESSION_SECRET], secrets.token_hex(32))
    if FINGERPRINT_SECRET in absent:
        # By the session secret older versions printed what is booked: it is compared still.
        present_prints = _read(names[SESSION_SECRET]) if is_older else secrets.token_hex(32)
        _make_secret(names[FINGERPRINT_SECRET], present_prints)
    newer = {FINGERPRINT_SECRET: names[FINGERPRINT_SECRET], DATA_KEY: key_name}
    chosen = {**(newer if is_older else {}), **exports.parameters}
    if standing is not None or concurrency.WEBHOOKS in values:
        return chosen
    return {**chosen, concurrency.WEBHOOKS: webhooks}


def _list_names(values: Mapping[str, str], present: Mapping[str, str]) -> dict[str, str]:
    """The names of the SSM parameters that are read, by those of the template."""
    names = {each: values.get(each) or present.get(each) or _default(each) for each in SECRETS}
    if not (values.get("AsperionClientId") or present.get("AsperionClientId")):
        del names[ASPERION_SECRET]
    return names


def _first(lacking: Sequence[str]) -> NoReturn:
    raise SystemExit("\n".join(["First:", *(f"  {each}" for each in lacking)]))


def _wrong_names(values: Mapping[str, str]) -> Iterator[str]:
    for name, (variable, _) in SECRETS.items():
        if not values.get(name, "/").startswith("/"):
            yield f"{variable} must name an SSM parameter (/…): the secret itself stays out of it"


def _wrong_values(values: Mapping[str, str], *, is_new: bool) -> Iterator[str]:
    if is_new and not values.get("AsperionInboxUrl"):
        yield "say where files go: ASPERION_INBOX_URL='https://inbox.example/{licence}/{file}'"
    checks: dict[str, Callable[[str], None]] = {
        "AsperionInboxUrl": check_inbox_url,
        "PublicUrl": partial(check_url, variable="PUBLIC_URL"),
        "ViesUrl": partial(check_url, variable="VIES_URL"),
        "AsperionApiUrl": partial(check_url, variable="ASPERION_API_URL"),
        "AsperionIdentityUrl": partial(check_url, variable="ASPERION_IDENTITY_URL"),
        "SeoshopApiUrlEu1": partial(check_url, variable="SEOSHOP_API_URL_EU1"),
        "SeoshopApiUrlUs1": partial(check_url, variable="SEOSHOP_API_URL_US1"),
    }
    for name, check in checks.items():
        try:
            if values.get(name):
                check(values[name])
        except SettingsError as error:
            yield str(error)


def _no_bucket(bucket: str) -> Iterator[str]:
    if not bucket:
        yield "say which bucket the code goes to: BUCKET=…"
        return
    try:
        boto3.client("s3").head_bucket(Bucket=bucket)
    except ClientError as error:
        if read_http_status(error) == 404:
            yield f"aws s3 mb s3://{bucket}"
        else:
            yield f"choose another bucket: you may not use {bucket} ({read_http_status(error)})"


def _default(parameter: str) -> str:
    template = yaml.safe_load((ROOT / ".chalice" / "resources.yaml").read_text())
    return str(template["Parameters"][parameter]["Default"])


def _absent(names: Mapping[str, str]) -> list[str]:
    found = boto3.client("ssm").get_parameters(Names=sorted(set(names.values())))
    return [each for each, name in names.items() if name in found["InvalidParameters"]]


def _unusable(names: Mapping[str, str]) -> Iterator[str]:
    """What the functions would refuse of the secrets that are there, values left out."""
    ssm = boto3.client("ssm")
    found = ssm.get_parameters(Names=sorted(set(names.values())), WithDecryption=True)
    texts = {one["Name"]: one["Value"] for one in found["Parameters"]}
    for parameter, name in names.items():
        variable = SECRETS[parameter][0]
        try:
            if name in texts:
                READ_AS[variable](texts[name], f"{variable}, SSM parameter {name},")
        except SettingsError as error:
            yield str(error)


def _read(name: str) -> str:
    found = boto3.client("ssm").get_parameter(Name=name, WithDecryption=True)
    return str(found["Parameter"]["Value"])


def _make_secret(name: str, value: str) -> None:
    boto3.client("ssm").put_parameter(Name=name, Value=value, Type="SecureString", Overwrite=False)
    print(f"Made the secret {name}. Keep it, and change it by make turn alone.")


def _find_webhooks(values: Mapping[str, str], present: Mapping[str, str], *, is_new: bool) -> str:
    """How many functions are kept for webhooks: as given, as it stands, or as there is room."""
    said = values.get(concurrency.WEBHOOKS) or present.get(concurrency.WEBHOOKS)
    return said or (_webhooks_share() if is_new else "0")


def _webhooks_share() -> str:
    """The webhook's own concurrency in a new stack, if the account has so much to spare."""
    limits: Any = boto3.client("lambda").get_account_settings()["AccountLimit"]
    free = int(limits["UnreservedConcurrentExecutions"])
    if free >= WEBHOOKS_AT_ONCE + LEFT_TO_OTHERS:
        return str(WEBHOOKS_AT_ONCE)
    print(
        f"This account runs only {free} functions at once, so none are kept for webhooks. Ask AWS "
        f"for more (quota L-B99A9384), then deploy with WEBHOOK_CONCURRENCY={WEBHOOKS_AT_ONCE}."
    )
    return "0"


@contextlib.contextmanager
def plain_words() -> Iterator[None]:
    """Turn an error of AWS into one sentence instead of a traceback."""
    try:
        yield
    except ClientError as error:
        refusal = error.response.get("Error", {})
        raise SystemExit(
            f"AWS refuses {error.operation_name}: {refusal.get('Message') or refusal.get('Code')}"
        ) from error
    except BotoCoreError as error:  # no credentials, no region, no connection
        raise SystemExit(f"AWS cannot be reached: {error}") from error


def main() -> None:
    """Check from the command line."""
    from tools.deploy import values_from

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--stack", default="seoshop-asperion")
    parser.add_argument("--bucket", default="")
    given = parser.parse_args()
    with plain_words():
        prepare(values_from(os.environ), stack=given.stack, bucket=given.bucket)


if __name__ == "__main__":
    main()
