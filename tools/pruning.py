"""What leaves the dependencies before they are packed: what no function imports or reads.

tests/package/test_pruning.py checks the lists below against what the functions import, against
what what ships imports, and against the services and the VAT numbers that are in use.
"""

from __future__ import annotations

import gzip
import json
import shutil
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

OPERATIONS: Mapping[str, Sequence[str]] = {
    "cloudwatch": ("DescribeAlarms",),
    "dynamodb": (
        *("BatchExecuteStatement", "BatchGetItem", "BatchWriteItem", "DeleteItem", "GetItem"),
        *("PutItem", "Query", "TransactWriteItems", "UpdateItem"),
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

PAGINATORS: Mapping[str, Sequence[str]] = {
    "cloudwatch": ("DescribeAlarms",),
    "sns": ("ListSubscriptionsByTopic",),
}
"""What is read by pages; what botocore knows of the pages of all others leaves."""

NUMBERS: Mapping[str, str] = {
    "": "__init__ exceptions luhn util",
    "iso7064": "mod_11_10 mod_97_10",
    "eu": "oss vat",
    "at": "postleitzahl uid vnr",
    "be": "nn vat",
    "bg": "egn pnf vat",
    "cy": "vat",
    "cz": "dic rc",
    "de": "handelsregisternummer vat",
    "dk": "cpr cvr",
    "ee": "ik kmkr registrikood",
    "es": "cif dni nie nif",
    "fi": "alv hetu ytunnus",
    "fr": "accise siren tva",
    "gb": "vat",
    "gr": "vat",
    "hr": "oib",
    "hu": "anum",
    "ie": "vat",
    "it": "iva",
    "lt": "pvm",
    "lu": "tva",
    "lv": "pvn",
    "mt": "vat",
    "nl": "bsn btw postcode",
    "pl": "nip",
    "pt": "nif",
    "ro": "cf cnp cui",
    "se": "orgnr personnummer postnummer vat",
    "si": "ddv emso maticna",
    "sk": "dph rc",
}
"""Modules of stdnum that stay, by folder: those of the VAT numbers of the EU's states and of the
United Kingdom, and what these import.
"""

POWERTOOLS = ("exceptions", "logging", "metrics", "shared", "tracing", "utilities", "warnings")
"""Parts of Powertools that stay: logging and metrics, and what they import."""

ZONES = ("Europe/Amsterdam", "UTC")
"""The time zones that stay."""

UNUSED = (
    *("examples-1.json*", "*.po", "*.pyi", "py.typed", ".DS_Store"),
    *("RECORD", "INSTALLER", "REQUESTED", ".lock"),  # how it was installed here
    *("botocore/data/*/*/waiters-2*", "botocore/data/*/*/paginators-*.sdk-extras.json"),
    *("boto3/data/*", "boto3/examples/*"),  # of resources, which nothing opens
    *("s3transfer/crt.py", "boto3/crt.py"),
    "botocore/cacert.pem",  # certifi's are taken, by botocore too
    "dateutil/zoneinfo/*.tar.gz",  # time zones are tzdata's
    *("dateutil/rrule.py", "dateutil/easter.py"),
    *("stdnum/*.dat", "stdnum/*/*.dat"),  # banks and places
    "tzdata/zones",  # a list of them
    *("charset_normalizer/cli/*", "idna/cli.py"),  # commands
    *(
        "charset_normalizer/*.so",
        "*__mypyc*.so",
    ),  # its quicker half: no answer's encoding is guessed
    "urllib3/contrib/emscripten/*",  # for a browser's Python
)


def prune(tree: Path) -> None:
    """Remove from a folder of installed dependencies what is not used."""
    _keep(tree / "botocore" / "data", OPERATIONS)
    for service, operations in OPERATIONS.items():
        _shorten(tree / "botocore" / "data" / service, operations)
        _shorten_pages(tree / "botocore" / "data" / service, PAGINATORS.get(service, ()))
    _prune_numbers(tree / "stdnum")
    _keep(tree / "aws_lambda_powertools", POWERTOOLS)
    _keep(tree / "aws_lambda_powertools" / "utilities", ("jmespath_utils",))
    _prune_zones(tree / "tzdata" / "zoneinfo")
    for pattern in UNUSED:
        for file in list(tree.rglob(pattern)):
            shutil.rmtree(file) if file.is_dir() else file.unlink()
    for folder in [tree / "bin", *tree.rglob("tests"), *tree.rglob("__pycache__")]:
        shutil.rmtree(folder, ignore_errors=True)
    for file in tree.glob("*.dist-info/METADATA"):
        _leave_out_description(file)


def _prune_numbers(stdnum: Path) -> None:
    _keep(stdnum, NUMBERS)
    for folder, modules in NUMBERS.items():
        _keep_modules(stdnum / folder, {"__init__", *modules.split()})


def _keep_modules(folder: Path, names: Collection[str]) -> None:
    for module in folder.glob("*.py"):
        if module.stem not in names:
            module.unlink()


def _prune_zones(zones: Path) -> None:
    for file in zones.rglob("*"):
        if (
            file.is_file()
            and file.suffix != ".py"
            and file.relative_to(zones).as_posix() not in ZONES
        ):
            file.unlink()
    _keep(zones, {zone.rpartition("/")[0] for zone in ZONES})


def _leave_out_description(file: Path) -> None:
    """Leave what a package says of itself to machines, without the page that follows."""
    head, _, _ = file.read_text(encoding="utf-8").partition("\n\n")
    file.write_text(f"{head}\n", encoding="utf-8")


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
    file.unlink()
    # Not packed: each Python packs in its own way, and the zip around it packs anyhow.
    file.with_name("service-2.json").write_text(text)


def _shorten_pages(service: Path, operations: Sequence[str]) -> None:
    """Likewise the pages of these lists."""
    for file in service.glob("*/paginators-1.json"):
        if not operations:
            file.unlink()
            continue
        known = json.loads(file.read_text())["pagination"]
        pages = {"pagination": {name: known[name] for name in operations}}
        file.write_text(json.dumps(pages))


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
