"""The bill of materials lists what is in the zip, all of it and nothing else, with its licences."""

from __future__ import annotations

import hashlib
import json
import zipfile
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packaging.utils import canonicalize_name

from chalicelib.version import VERSION
from tests.building import built
from tools.build import ROOT
from tools.licences import list_identifiers, list_locked, read_decisions

OURS = ("app.pyc", "chalicelib/", "templates/")


@pytest.fixture(scope="module", params=["local", "prod"])
def stage(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def bill(stage: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((built(stage) / "bom.json").read_text())
    return found


@pytest.fixture(scope="module")
def zipped(stage: str) -> set[str]:
    with zipfile.ZipFile(built(stage) / "deployment.zip") as packed:
        return set(packed.namelist())


def source_of(path: str) -> str:
    """A compiled module's source, or of a shortened description the packed one, or the file."""
    if path.endswith("/service-2.json"):
        return f"{path}.gz"
    return f"{path.removesuffix('.pyc')}.py" if path.endswith(".pyc") else path


def files_of(component: dict[str, Any]) -> set[str]:
    """The files of a package, as it is installed here."""
    package = distribution(component["name"])
    assert package.version == component["version"]
    return {file.as_posix() for file in package.files or ()}


def test_it_is_cyclonedx(stage: str) -> None:
    text = (built(stage) / "bom.json").read_text()
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None


def test_every_file_of_the_zip_belongs_to_a_part_that_is_listed(
    bill: dict[str, Any], zipped: set[str], stage: str
) -> None:
    known = set().union(*(files_of(component) for component in bill["components"]))
    strange = {
        path
        for path in zipped
        if not path.startswith(OURS)
        and source_of(path) not in known
        and not path.endswith((".so", "/WHEEL"))  # of the target's wheel, not of the one here
    }
    assert strange == set()


def test_every_part_that_is_listed_is_in_the_zip_as_it_says(
    bill: dict[str, Any], zipped: set[str]
) -> None:
    shipped = {
        (canonicalize_name(name), version)
        for folder in {path.split("/")[0] for path in zipped if ".dist-info/" in path}
        for name, _, version in [folder.removesuffix(".dist-info").rpartition("-")]
    }
    assert {(each["name"], each["version"]) for each in bill["components"]} == shipped
    assert {each["name"] for each in bill["components"]} == set(list_locked()) | {"chalice"}


def test_each_part_has_the_hash_of_its_wheel_its_address_and_its_licence(
    bill: dict[str, Any],
) -> None:
    locked = (ROOT / "requirements.txt").read_text() + (ROOT / "requirements-dev.txt").read_text()
    for part in bill["components"]:
        (digest,) = part["hashes"]
        assert digest["alg"] == "SHA-256"
        assert f"sha256:{digest['content']}" in locked
        assert part["purl"].startswith(f"pkg:pypi/{part['name']}@{part['version']}?file_name=")
        (licence,) = part["licenses"]
        said = licence.get("expression") or licence["license"]["id"]
        assert said == read_decisions().packages[part["name"]]


def test_it_is_the_bill_of_this_very_zip_and_version(bill: dict[str, Any], stage: str) -> None:
    app = bill["metadata"]["component"]
    content = (built(stage) / "deployment.zip").read_bytes()

    assert app["version"] == VERSION
    assert app["hashes"] == [{"alg": "SHA-256", "content": hashlib.sha256(content).hexdigest()}]


def test_what_our_code_uses_stands_apart_from_what_that_uses_in_turn(bill: dict[str, Any]) -> None:
    uses = {each["ref"].split("@")[0]: each.get("dependsOn", []) for each in bill["dependencies"]}
    direct = {each.split("@")[0] for each in uses["seoshop-asperion"]}

    assert {"boto3", "requests", "jinja2", "chalice"} <= direct
    assert not {"urllib3", "certifi", "six"} & direct
    assert {"urllib3", "certifi"} <= {each.split("@")[0] for each in uses["requests"]}


def test_it_says_nothing_of_where_and_when_it_was_made(bill: dict[str, Any]) -> None:
    assert "timestamp" not in bill["metadata"]
    assert "://" not in json.dumps({**bill, "$schema": "", "metadata": {}})


def test_the_text_of_each_licence_ships_and_each_notice(
    bill: dict[str, Any], zipped: set[str]
) -> None:
    for part in bill["components"]:
        own = {
            Path(path).name.upper()
            for path in zipped
            if canonicalize_name(path.split("-")[0]) == part["name"] and ".dist-info/" in path
        }
        assert any(name.startswith(("LICENSE", "COPYING")) for name in own), part["name"]
        if "Apache-2.0" in list_identifiers(read_decisions().packages[part["name"]]):
            notices = {
                Path(file).name.upper()
                for file in files_of(part)
                if Path(file).name.upper().startswith("NOTICE")
            }
            assert notices <= own, part["name"]
