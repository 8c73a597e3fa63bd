"""What the app is deployed with on local AWS: the sandboxes' addresses, and secrets of its own."""

from __future__ import annotations

import secrets
from collections.abc import Mapping

import boto3

from chalicelib.adapters.turning_secrets import READ_AS
from chalicelib.errors import SettingsError
from tools import data_key, sandboxes
from tools.deploy import PARAMETERS, values_from
from tools.stages import find_stack_name, list_own_names

STACK = find_stack_name("local")
OWN = list_own_names(STACK)

# A pair for a sandbox on this machine; a real app's pair is given in the environment.
LOCAL_APP = {
    "SEOSHOP_APP_KEY": "0123456789abcdef0123456789abcdef",
    "SEOSHOP_APP_SECRET": "fedcba9876543210fedcba9876543210",
}
SECRET_NAMES = (
    *("SEOSHOP_APP_KEY", "SEOSHOP_APP_SECRET", "SESSION_SECRET", "FINGERPRINT_SECRET"),
    "ASPERION_CLIENT_SECRET",
)
NOT_LOCAL = (
    *("DATA_KEY", "TABLE_PREFIX", "EXPORT_CONCURRENCY", "WEBHOOK_CONCURRENCY", "ACCESS_LOG"),
)
"""Settings that local AWS makes itself, or has no use for."""


def list_values(environ: Mapping[str, str], *, is_new: bool) -> dict[str, str]:
    """The template parameters that `environ` names; of a new stack all that it needs here."""
    # A night that is played begins at once.
    settings = {**_list_addresses(environ), "NIGHT_WINDOW": "0"} if is_new else {}
    if environ.get("SEOSHOP_API_URL_EU1"):
        for name in ("SEOSHOP_ORDER_URL_EU1", "SEOSHOP_APPS_URL_EU1"):
            settings.pop(name, None)  # another's back office is elsewhere
    handed_on = [each for each in PARAMETERS if each not in (*SECRET_NAMES, *NOT_LOCAL)]
    settings.update((name, environ[name]) for name in handed_on if environ.get(name))
    own = {**OWN, PARAMETERS["DATA_KEY"]: _name_of_data_key(environ)} if is_new else {}
    return {**values_from(settings), **own, "WebhookConcurrency": "0"}


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


def put_secrets(environ: Mapping[str, str], *, is_new: bool) -> None:
    """Put the secrets as SSM parameters, as on AWS; in a stack that stands those alone that
    `environ` gives. Raises SystemExit for one that the functions would refuse.
    """
    known = {**LOCAL_APP, **sandboxes.ASPERION_CLIENT}
    made = {name: known.get(name) or secrets.token_hex(32) for name in SECRET_NAMES}
    given = {name: environ[name] for name in SECRET_NAMES if environ.get(name)}
    values = {**made, **given} if is_new else given
    check_values(values)
    ssm = boto3.client("ssm")
    for name, value in values.items():
        parameter = OWN[PARAMETERS[name]]
        ssm.put_parameter(Name=parameter, Value=value, Type="SecureString", Overwrite=True)


def check_values(values: Mapping[str, str]) -> None:
    """Raises SystemExit for a secret that the functions would refuse, by its variable."""
    for name, value in values.items():
        try:
            READ_AS[name](value, name)
        except SettingsError as error:
            raise SystemExit(str(error)) from None


def put_data_key(environ: Mapping[str, str]) -> None:
    """A KMS key of local AWS, named by an SSM parameter. Local AWS begins without any key: one that
    `environ` gives by alias is made under that alias, and where it gives a parameter the key is
    named there.
    """
    given = environ.get("DATA_KEY", "").strip()
    key = data_key.make_key(STACK)
    if given.startswith("alias/"):
        boto3.client("kms").create_alias(AliasName=given, TargetKeyId=key)
        key = given
    elif given and not given.startswith("/"):
        print(f"Local AWS has no key {given}: one of its own takes its place.")
    data_key.name_key(_name_of_data_key(environ), key)


def _name_of_data_key(environ: Mapping[str, str]) -> str:
    given = environ.get("DATA_KEY", "").strip()
    return given if given.startswith("/") else OWN[PARAMETERS["DATA_KEY"]]
