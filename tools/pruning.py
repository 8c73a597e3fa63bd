"""What leaves the dependencies before they are packed: what no function imports or reads.

tests/package/test_pruning.py checks the lists below against what the functions import, against
what what ships imports, and against the services and the VAT numbers that are in use.
"""

from __future__ import annotations

import gzip
import json
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

OPERATIONS: Mapping[str, Sequence[str]] = {
    "cloudwatch": ("DescribeAlarms",),
    "dynamodb": (
        *("BatchExecuteStatement", "BatchGetItem", "BatchWriteItem", "DeleteItem", "DescribeTable"),
        *("GetItem", "PutItem"),
        *("Query", "Scan", "TransactGetItems", "TransactWriteItems", "UpdateItem"),
    ),
    "kms": ("Decrypt", "DescribeKey", "Encrypt"),
    "s3": ("HeadObject", "PutObject"),
    "sesv2": ("SendEmail",),
    "sns": ("ListSubscriptionsByTopic", "Publish"),
    "sqs": (
        *("ChangeMessageVisibility", "DeleteMessage", "GetQueueAttributes", "ReceiveMessage"),
        *("SendMessage", "SendMessageBatch"),
    ),
    "ssm": ("GetParameter",),
}
"""The AWS services that functions call, and what they call of each. botocore's description of all
others leaves; a client is made quicker from a short one, too.
"""

NUMBER_STATES = (
    *("at", "be", "bg", "cy", "cz", "de", "dk", "ee", "es", "eu", "fi", "fr", "gb", "gr", "hr"),
    *("hu", "ie", "it", "iso7064", "lt", "lu", "lv", "mt", "nl", "pl", "pt", "ro", "se", "si"),
    "sk",
)
"""Folders of stdnum that stay: the states whose VAT numbers are checked, and their check digits."""

NUMBER_MODULES = ("__init__", "exceptions", "luhn", "util")
"""Modules of stdnum's own folder that stay."""

POWERTOOLS = ("exceptions", "logging", "metrics", "shared", "tracing", "utilities", "warnings")
"""Parts of Powertools that stay: logging and metrics, and what they import."""

ZONES = ("Etc", "Europe")
"""Folders of time zones that stay; those that stand in no folder stay too, such as UTC."""

UNUSED = (
    *("examples-1.json*", "*.po", "*.pyi", "py.typed", ".DS_Store"),
    *("RECORD", "INSTALLER", "REQUESTED", ".lock"),  # how it was installed here
    "botocore/data/*/*/waiters-2*",
    "botocore/cacert.pem",  # certifi's are taken, by botocore too
    "dateutil/zoneinfo/*.tar.gz",  # time zones are tzdata's
    *("dateutil/rrule.py", "dateutil/easter.py"),
    *("stdnum/*/*.dat", "stdnum/*/iban.py", "stdnum/*/bankaccount.py"),  # banks and places
    *("tzdata/zoneinfo/*.tab", "tzdata/zoneinfo/*.zi", "tzdata/zones"),  # lists of them
)


def prune(tree: Path) -> None:
    """Remove from a folder of installed dependencies what is not used."""
    _keep(tree / "botocore" / "data", OPERATIONS)
    for service, operations in OPERATIONS.items():
        _shorten(tree / "botocore" / "data" / service, operations)
    _keep(tree / "stdnum", NUMBER_STATES)
    _keep(tree / "aws_lambda_powertools", POWERTOOLS)
    _keep(tree / "aws_lambda_powertools" / "utilities", ("jmespath_utils",))
    _keep(tree / "tzdata" / "zoneinfo", ZONES)
    for file in (tree / "stdnum").iterdir():
        if file.is_file() and file.stem not in NUMBER_MODULES:
            file.unlink()
    for pattern in UNUSED:
        for file in tree.rglob(pattern):
            file.unlink()
    for folder in [tree / "bin", *tree.rglob("tests"), *tree.rglob("__pycache__")]:
        shutil.rmtree(folder, ignore_errors=True)


def _shorten(service: Path, operations: Sequence[str]) -> None:
    """Describe these operations alone, in the newest version of a service's interface."""
    newest = max(version.name for version in service.iterdir())
    _keep(service, [newest])
    file = service / newest / "service-2.json.gz"
    model = json.loads(gzip.decompress(file.read_bytes()))
    model["operations"] = {name: model["operations"][name] for name in operations}
    needed = set(_list_shapes(model["operations"], model["shapes"], set()))
    model["shapes"] = {name: model["shapes"][name] for name in sorted(needed)}
    text = json.dumps(_leave_out_texts(model), separators=(",", ":"))
    file.write_bytes(gzip.compress(text.encode(), mtime=0))


def _list_shapes(part: Any, shapes: Mapping[str, Any], seen: set[str]) -> Iterator[str]:
    """The names of all shapes that a part of a description refers to, and those to others."""
    if isinstance(part, list):
        part = dict(enumerate(part))
    if not isinstance(part, dict):
        return
    for key, value in part.items():
        if key == "shape" and value in shapes and value not in seen:
            seen.add(value)
            yield value
            yield from _list_shapes(shapes[value], shapes, seen)
        yield from _list_shapes(value, shapes, seen)


def _leave_out_texts(part: Any) -> Any:
    """A description without what is said to its reader."""
    if isinstance(part, list):
        return [_leave_out_texts(each) for each in part]
    if isinstance(part, dict):
        return {
            key: _leave_out_texts(value)
            for key, value in part.items()
            if key != "documentation" or not isinstance(value, str)
        }
    return part


def _keep(folder: Path, names: Iterable[str]) -> None:
    """Remove the folders of a folder but these."""
    for each in folder.iterdir():
        if each.is_dir() and each.name not in names:
            shutil.rmtree(each)
