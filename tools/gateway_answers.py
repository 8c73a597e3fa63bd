"""What API Gateway answers by itself on local AWS: ministack leaves that part of a template out."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import boto3
import yaml

STAGE = "api"


def put_answers(built: Path, rest_api_id: str, public_url: str) -> None:
    """Take the gateway's answers of the package `built` to its API, as AWS does when it deploys."""
    client = boto3.client("apigateway")
    for kind, answer in read_answers(built, public_url).items():
        client.put_gateway_response(restApiId=rest_api_id, responseType=kind, **answer)
    client.create_deployment(restApiId=rest_api_id, stageName=STAGE)


def read_answers(built: Path, public_url: str) -> dict[str, dict[str, Any]]:
    """The answers of a package by their type, filled in for the app's own address."""
    template = yaml.safe_load((built / "sam.yaml").read_text())
    body = template["Resources"]["RestAPI"]["Properties"]["DefinitionBody"]
    answers: dict[str, dict[str, Any]] = body["x-amazon-apigateway-gateway-responses"]
    own = {"PublicUrl": public_url}
    return {
        kind: {
            name: {key: _fill_in(text, own) for key, text in given.items()}
            if isinstance(given, dict)
            else given
            for name, given in answer.items()
        }
        for kind, answer in answers.items()
    }


def _fill_in(given: Any, own: Mapping[str, str]) -> str:
    """What CloudFormation makes of a text, or of ``Fn::Sub`` with a text, or a text and values."""
    if isinstance(given, str):
        return given
    written = given["Fn::Sub"]
    text, values = (written, {}) if isinstance(written, str) else written
    for name, value in {**own, **values}.items():
        text = text.replace(f"${{{name}}}", value)
    return str(text)
