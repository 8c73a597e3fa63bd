"""The KMS key that seals shops' tokens and licence codes, and the SSM parameter that names it."""

from __future__ import annotations

import boto3

from chalicelib.adapters.secret_values import read_values

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


def list_keys(parameter: str) -> tuple[str, ...]:
    """The data keys that an SSM parameter names, the present one first."""
    found = boto3.client("ssm").get_parameter(Name=parameter, WithDecryption=True)
    return read_values(str(found["Parameter"]["Value"]), parameter)


def has_alias(key: str, stack: str) -> bool:
    """Whether a key, given by id, ARN or alias, is one that the roles of a stack may use."""
    kms = boto3.client("kms")
    try:
        key_id = kms.describe_key(KeyId=key)["KeyMetadata"]["KeyId"]
    except kms.exceptions.NotFoundException:
        return False
    pages = kms.get_paginator("list_aliases").paginate(KeyId=key_id)
    aliases = [each["AliasName"] for page in pages for each in page["Aliases"]]
    return any(alias.startswith(alias_prefix(stack)) for alias in aliases)
