"""Reads secrets from SSM Parameter Store, which keeps them out of a function's environment."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.adapters.aws_refusals import read_code
from chalicelib.errors import SettingsError

_cached: dict[str, str] = {}


def read_secret(value: str, *, ssm: Callable[[], Any]) -> str:
    """Read the secret that `value` stands for: with a slash in front it is the name of an SSM
    SecureString parameter, else the secret itself.

    `ssm` gives a boto3 SSM client and is called only when a parameter has to be read. A parameter
    is read once per process: after a rotation the functions need a restart. Raises `SettingsError`
    naming the parameter.
    """
    if not value.startswith("/"):
        return value
    if value not in _cached:
        _cached[value] = _fetch_parameter(value, ssm())
    return _cached[value]


def forget_secrets() -> None:
    """Read every parameter anew from now on."""
    _cached.clear()


def _fetch_parameter(name: str, client: Any) -> str:
    try:
        answer = client.get_parameter(Name=name, WithDecryption=True)
    except (BotoCoreError, ClientError) as error:
        code = read_code(error)
        if code == "ParameterNotFound":
            what = "does not exist. Create it as a SecureString"
        else:
            what = f"cannot be read: {code}"
        raise SettingsError(f"SSM parameter {name} {what}.") from None
    secret: str = answer["Parameter"]["Value"].strip()
    if not secret:
        raise SettingsError(f"SSM parameter {name} is empty.")
    return secret
