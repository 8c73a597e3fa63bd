"""The KMS key that seals shops' tokens and licence codes, and the SSM parameter that names it."""

from __future__ import annotations

from typing import Any

import boto3
from botocore.exceptions import ClientError

DESCRIPTION = "Seals the tokens and licence codes of the SEOshop-Asperion connector"


def make_key(stack: str) -> str:
    """Make a data key for a stack, whose material KMS turns by itself each year; its ARN.

    The alias is what lets the stack's roles use it: they may use every key with one that begins so.
    """
    kms = boto3.client("kms")
    made = kms.create_key(Description=DESCRIPTION)["KeyMetadata"]
    kms.enable_key_rotation(KeyId=made["KeyId"])
    kms.create_alias(
        AliasName=f"{alias_prefix(stack)}{made['KeyId'][:8]}", TargetKeyId=made["KeyId"]
    )
    return str(made["Arn"])


def alias_prefix(stack: str) -> str:
    """How the aliases of a stack's data keys begin, as in ``.chalice/policy-*.json``."""
    return f"alias/{stack}-data-"


def name_keys(parameter: str, *keys: str) -> None:
    """Name the data keys in an SSM parameter, the present one first. It is no secret."""
    boto3.client("ssm").put_parameter(
        Name=parameter, Value=" ".join(keys), Type="String", Overwrite=True
    )


def find_key(key: str) -> dict[str, Any] | None:
    """What KMS says of a key that is given by id, ARN or alias; None when there is no such."""
    try:
        found: dict[str, Any] = boto3.client("kms").describe_key(KeyId=key)["KeyMetadata"]
    except ClientError as error:
        if error.response.get("Error", {}).get("Code") == "NotFoundException":
            return None
        raise
    return found
