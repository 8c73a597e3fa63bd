"""The KMS key that seals shops' tokens and licence codes, and the SSM parameter that names it."""

from __future__ import annotations

from collections.abc import Iterator

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


def list_lacking(parameter: str, stack: str, *, is_in_use: bool) -> Iterator[str]:
    """What an operator has to do before a stack can use the data keys that a parameter names, as
    commands. When the key is in use already, no new one may take its place.
    """
    if not parameter.startswith("/"):
        yield (
            "DATA_KEY must name an SSM parameter (/…) that names the key: aws ssm put-parameter "
            f"--type SecureString --name /{stack}/data-key --value {parameter}"
        )
        return
    keys = list_keys(parameter)
    if not keys and is_in_use:
        yield (
            f"aws ssm put-parameter --type SecureString --name {parameter} --value …"
            "    # the ARN of the KMS key under which the shops' secrets are sealed"
        )
    for key in keys:
        if not _has_alias(key, stack):
            yield (
                f"aws kms create-alias --alias-name {alias_prefix(stack)}own "
                f"--target-key-id {key}    # by which the stack may use its data key"
            )


def make_missing(parameter: str, stack: str) -> None:
    """Make a data key and name it in the parameter, where that does not exist."""
    if not list_keys(parameter):
        name_key(parameter, key := make_key(stack))
        print(f"Made the data key {key}, named by {parameter}. Without it no secret can be read.")


def name_key(parameter: str, key: str) -> None:
    """Name the data key in a new SSM parameter, which is kept as those of secrets are."""
    boto3.client("ssm").put_parameter(Name=parameter, Value=key, Type="SecureString")


def list_keys(parameter: str) -> tuple[str, ...]:
    """The data keys that an SSM parameter names, the present one first; none without it."""
    ssm = boto3.client("ssm")
    try:
        found = ssm.get_parameter(Name=parameter, WithDecryption=True)
    except ssm.exceptions.ParameterNotFound:
        return ()
    return read_values(str(found["Parameter"]["Value"]), parameter)


def find_arn(key: str) -> str | None:
    """The ARN of a key that is given by id, ARN or alias; None when there is none."""
    kms = boto3.client("kms")
    try:
        return str(kms.describe_key(KeyId=key)["KeyMetadata"]["Arn"])
    except kms.exceptions.NotFoundException:
        return None


def _has_alias(key: str, stack: str) -> bool:
    """Whether a key is one that the roles of a stack may use."""
    arn = find_arn(key)
    if arn is None:
        return False
    pages = boto3.client("kms").get_paginator("list_aliases").paginate(KeyId=arn)
    aliases = [each["AliasName"] for page in pages for each in page["Aliases"]]
    return any(alias.startswith(alias_prefix(stack)) for alias in aliases)
