"""The built zip, unpacked as Lambda would."""

from __future__ import annotations

import json
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.building import built
from tools import ministack

SETTINGS = {
    "SEOSHOP_APP_KEY": "0123456789abcdef0123456789abcdef",
    "SEOSHOP_APP_SECRET": "fedcba9876543210fedcba9876543210",
    "SESSION_SECRET": "0123456789abcdef" * 4,
    "ASPERION_INBOX_URL": "https://inbox.example/{licence}/{file}",
    "PUBLIC_URL": "https://connector.example/api",
    "TABLE_PREFIX": "connector-",
    "DATA_KEY": "alias/connector-data",
    "EXPORT_QUEUE_URL": "https://sqs.eu-central-1.amazonaws.com/000000000000/export",
    "AWS_REGION": "eu-central-1",
    "AWS_DEFAULT_REGION": "eu-central-1",
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_ENDPOINT_URL": "http://127.0.0.1:1",  # whatever is called does not answer
}


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


@pytest.fixture(scope="session")
def interpreter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Local AWS's Python without any package, pip included."""
    folder = tmp_path_factory.mktemp("empty")
    python = str(ministack.interpreter())
    subprocess.run([python, "-m", "venv", "--without-pip", str(folder)], check=True)
    return folder / "bin" / "python"


@pytest.fixture
def run(interpreter: Path, tree: Path, tmp_path: Path) -> Any:
    def run(code: str, **settings: str) -> Any:
        """Run code on the unpacked zip; what it prints last is JSON."""
        done = subprocess.run(
            [str(interpreter), "-c", code],
            env={"PYTHONPATH": str(tree), "HOME": "/nonexistent", **SETTINGS, **settings},
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.splitlines()[-1])

    return run
