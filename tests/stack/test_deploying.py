"""``make deploy STAGE=local``: the operator's command, on a local AWS of its own."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tools import local
from tools.build import ROOT

pytestmark = pytest.mark.slow

_AT_HAND = ("-o", ".venv/.complete", "-o", ".venv-aws/.complete", "-o", "node_modules/.complete")


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / ".deployed"
    yield folder
    local.down(folder)


def deploy(folder: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        ["make", *_AT_HAND, "deploy", "STAGE=local"],
        env={**kept, "LOCAL_DIR": str(folder), "AWS_LOCAL_PORT": "0", **environ},
        cwd=ROOT,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        check=False,
    )


def test_nothing_is_deployed_before_the_operator_has_seen_it_and_agreed(folder: Path) -> None:
    refused = deploy(folder)
    assert refused.returncode
    assert "ExportShop" in refused.stdout, refused.stderr
    assert not (folder / local.STACK_FILE).exists()

    done = deploy(folder, YES="1")

    assert done.returncode == 0, done.stderr
    assert "ExportShop" in done.stdout
    stack = local.load(folder)
    assert stack.api_url in done.stdout
    assert requests.get(f"{stack.api_url}/health", timeout=60).status_code == 200
