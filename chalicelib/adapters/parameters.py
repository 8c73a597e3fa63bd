"""Secrets that are kept in SSM Parameter Store, and not in a function's environment.

Plain boto3: the client is there anyway, and a utility around it would only be imported.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.errors import SettingsError

_read: dict[str, str] = {}


def read_secret(value: str, *, ssm: Callable[[], Any]) -> str:
    """The secret that `value` stands for: a value that begins with a slash is the name of an SSM
    SecureString parameter, any other is the secret itself.

    `ssm` gives a boto3 SSM client and is called only when a parameter has to be read. A parameter
    is read once per process: after a rotation the functions need a restart. Raises `SettingsError`
    naming the parameter.
    """
    if not value.startswith("/"):
        return value
    if value not in _read:
        _read[value] = _parameter(value, ssm())
    return _read[value]


def forget_secrets() -> None:
    """Read every parameter anew from now on."""
    _read.clear()


def _parameter(name: str, client: Any) -> str:
    try:
        answer = client.get_parameter(Name=name, WithDecryption=True)
    except ClientError as error:
        code = error.response.get("Error", {}).get("Code", "unknown")
        if code == "ParameterNotFound":
            raise SettingsError(
                f"SSM parameter {name} does not exist. Create it as a SecureString."
            ) from None
        raise SettingsError(f"SSM parameter {name} cannot be read: {code}.") from None
    except BotoCoreError as error:
        raise SettingsError(
            f"SSM parameter {name} cannot be read: {type(error).__name__}."
        ) from None
    secret: str = answer["Parameter"]["Value"].strip()
    if not secret:
        raise SettingsError(f"SSM parameter {name} is empty.")
    return secret
