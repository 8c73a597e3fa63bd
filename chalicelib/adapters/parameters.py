"""Reads SSM Parameter Store, which keeps secrets out of a function's environment."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.adapters.aws_refusals import read_code
from chalicelib.errors import SettingsError


class ParameterStore:
    """SSM Parameter Store. `open_client` gives an SSM client, and is called when the
    first parameter is read.
    """

    def __init__(self, open_client: Callable[[], Any]) -> None:
        self._open_client = open_client

    @cached_property
    def _client(self) -> Any:
        return self._open_client()

    def fetch(self, name: str) -> str:
        """The present value of the parameter of that name. Raises `SettingsError` naming it."""
        try:
            answer = self._client.get_parameter(Name=name, WithDecryption=True)
        except (BotoCoreError, ClientError) as error:
            code = read_code(error)
            if code == "ParameterNotFound":
                what = "does not exist. Create it as a SecureString"
            else:
                what = f"cannot be read: {code}"
            raise SettingsError(f"SSM parameter {name} {what}.") from None
        return str(answer["Parameter"]["Value"])
