"""The built zip, unpacked as Lambda would."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.building import built


@pytest.fixture(scope="session", params=["local", "prod"])
def archive(request: pytest.FixtureRequest) -> Path:
    return built(request.param) / "deployment.zip"


@pytest.fixture(scope="session")
def names(archive: Path) -> set[str]:
    with zipfile.ZipFile(archive) as packed:
        return set(packed.namelist())


@pytest.fixture(scope="session")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What runs on this machine, unpacked."""
    return unpack(built("local") / "deployment.zip", tmp_path_factory.mktemp("task"))


def unpack(archive: Path, folder: Path) -> Path:
    """Lay a zip out as Lambda does, read-only."""
    with zipfile.ZipFile(archive) as packed:
        packed.extractall(folder)
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)
    return folder


@pytest.fixture(scope="session")
def template() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((built("prod") / "sam.yaml").read_text())
    return found
