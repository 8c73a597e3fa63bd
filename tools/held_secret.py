"""One secret as SSM holds it: read with what is known of it, and written back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import boto3


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldSecret:
    """What the parameter `name` holds: its `values`, the new one first, `since` when (aware), the
    `version` that says so, and the KMS key it is encrypted with. Values are kept out of `repr`.
    """

    name: str
    text: str
    since: datetime
    version: int
    key_id: str

    def __repr__(self) -> str:
        """Without the values."""
        return f"HeldSecret({self.name})"


def read_held(name: str) -> HeldSecret:
    """Read a parameter. Raises SystemExit when there is none of that name."""
    ssm: Any = boto3.client("ssm")
    filters = [{"Key": "Name", "Values": [name]}]
    known = ssm.describe_parameters(ParameterFilters=filters)["Parameters"]
    if not known:
        raise SystemExit(f"There is no SSM parameter {name}: deploy first, it is made then.")
    found = ssm.get_parameter(Name=name, WithDecryption=True)["Parameter"]
    return HeldSecret(
        name=name,
        text=found["Value"],
        since=found["LastModifiedDate"],
        version=found["Version"],
        key_id=known[0].get("KeyId", ""),
    )


def write_values(held: HeldSecret, values: Sequence[str]) -> None:
    """Write the values, the new one first, under the same KMS key. Raises SystemExit when somebody
    else has written meanwhile: SSM cannot refuse that, only tell of it.
    """
    kept: dict[str, str] = {"KeyId": held.key_id} if held.key_id else {}
    written = boto3.client("ssm").put_parameter(
        Name=held.name, Value=" ".join(values), Type="SecureString", Overwrite=True, **kept
    )
    if written["Version"] != held.version + 1:
        raise SystemExit(
            f"Somebody else wrote {held.name} at the same moment. Look at its history: "
            f"aws ssm get-parameter-history --with-decryption --name {held.name}"
        )
