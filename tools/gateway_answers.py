"""What API Gateway answers by itself, and what it takes for binary, on local AWS.

ministack does not read these parts of an API's definition. It makes an API anew, under another
address, when anything in its definition changes, as the app's own address in the answers does once
it is known: so they are taken out of the template there, and put in place by calls. The binary
types stand in the API's properties instead, which ministack takes as they are written.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import boto3
import yaml

STAGE = "api"
_ANSWERS = "x-amazon-apigateway-gateway-responses"
_BINARY_TYPES = "x-amazon-apigateway-binary-media-types"


def adapt_definition(template: dict[str, Any]) -> None:
    """Take out of a template's definition of the API what ministack does not read there."""
    definition = _find_definition(template)
    del definition[_ANSWERS]
    template["Resources"]["RestAPI"]["Properties"]["BinaryMediaTypes"] = definition[_BINARY_TYPES]


def put_answers(built: Path, rest_api_id: str, public_url: str) -> None:
    """Take the gateway's answers of the package `built` to its API, as AWS does when it deploys."""
    client = boto3.client("apigateway")
    for kind, answer in read_answers(built, public_url).items():
        client.put_gateway_response(restApiId=rest_api_id, responseType=kind, **answer)
    client.create_deployment(restApiId=rest_api_id, stageName=STAGE)


def read_answers(built: Path, public_url: str) -> dict[str, dict[str, Any]]:
    """The answers of a package by their type, filled in for the app's own address."""
    template = yaml.safe_load((built / "sam.yaml").read_text())
    answers: dict[str, dict[str, Any]] = _find_definition(template)[_ANSWERS]
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


def _find_definition(template: dict[str, Any]) -> dict[str, Any]:
    definition: dict[str, Any] = template["Resources"]["RestAPI"]["Properties"]["DefinitionBody"]
    return definition


def _fill_in(given: Any, own: Mapping[str, str]) -> str:
    """What CloudFormation makes of a text, or of ``Fn::Sub`` with a text, or a text and values."""
    if isinstance(given, str):
        return given
    written = given["Fn::Sub"]
    text, values = (written, {}) if isinstance(written, str) else written
    for name, value in {**own, **values}.items():
        text = text.replace(f"${{{name}}}", value)
    return str(text)
