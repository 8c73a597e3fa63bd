"""Calls a deployed function by the name that ``chalice invoke`` knows it by."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from tools.build import ROOT
from tools.local import aws_environment, find_folder, load, stage_of

DEPLOYED = ROOT / ".chalice" / "deployed"
_ONCE = Config(read_timeout=900, retries={"total_max_attempts": 1})
"""An action is not to be repeated because its answer takes long."""


class NotCalled(Exception):
    """The function could not be called; the message says why, and what to do."""


class Refused(Exception):
    """The function was called and refused; the message is its own."""


@dataclass(frozen=True, slots=True)
class Stage:
    """A deployed stage: the ARN of each of its functions, and where AWS is (None: the real one)."""

    name: str
    arns: Mapping[str, str]
    aws: Mapping[str, str]

    def invoke(self, function: str, event: object) -> Any:
        """What a function answers. Raises `NotCalled`, `Refused`."""
        if function not in self.arns:
            raise NotCalled(f"Stage {self.name} has no function {function}: deploy it anew.")
        try:
            answer = self._client(self.arns[function]).invoke(
                FunctionName=self.arns[function], Payload=json.dumps(event).encode()
            )
            payload = json.loads(answer["Payload"].read() or b"null")
        except (BotoCoreError, ClientError, ValueError) as error:
            raise NotCalled(f"{function} could not be called: {error}") from None
        if "FunctionError" in answer:
            raise Refused(_say_error(payload))
        return payload

    def _client(self, arn: str) -> Any:
        return boto3.client(
            "lambda",
            region_name=arn.split(":")[3],
            endpoint_url=self.aws.get("AWS_ENDPOINT_URL"),
            config=_ONCE,
            aws_access_key_id=self.aws.get("AWS_ACCESS_KEY_ID"),
            aws_secret_access_key=self.aws.get("AWS_SECRET_ACCESS_KEY"),
        )


def _say_error(payload: object) -> str:
    if not isinstance(payload, Mapping):
        return "It failed, and does not say why; its log does."
    return str(payload.get("errorMessage") or payload.get("errorType") or payload)


def find_stage(name: str, deployed: Path = DEPLOYED) -> Stage:
    """The stage of that name; ``local`` is what ``make up`` started. Raises `NotCalled`."""
    aws: Mapping[str, str] = {}
    if name == "local":
        folder = find_folder(os.environ)
        try:
            aws, name = aws_environment(load(folder).aws_endpoint), stage_of(folder)
        except SystemExit as none:
            raise NotCalled(str(none)) from None
    try:
        state = json.loads((deployed / f"{name}.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise NotCalled(
            f"Nothing is known of a stage {name}: .chalice/deployed/{name}.json is not there."
            " It is written by the deployment (make deploy, make up)."
        ) from None
    arns = {each["name"]: each["lambda_arn"] for each in state["resources"] if "lambda_arn" in each}
    return Stage(name, arns, aws)
