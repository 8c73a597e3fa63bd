"""An update that fails is put back, says why, and keeps nobody from the next one: on local AWS, by
the course that a deployment to AWS takes.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
import yaml

from tests.building import built
from tools import cloudformation, local
from tools.deploy import make_question
from tools.local_settings import STACK

pytestmark = pytest.mark.slow


@pytest.fixture
def environ(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    monkeypatch.setenv("YES", "1")
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return {**kept, "AWS_LOCAL_PORT": "0"}


@pytest.fixture
def folder(environ: dict[str, str]) -> Iterator[Path]:
    """A stack of its own: other tests change nothing of theirs meanwhile."""
    folder = Path(os.environ["BUILT_IN"]) / f"failed-{os.getpid()}"
    try:
        local.up(environ, built=built("local"), folder=folder)
        yield folder
    finally:
        local.down(folder)


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """A build whose template asks for something of a function that there is not."""
    shutil.copytree(built("local"), tmp_path / "broken")
    template: dict[str, Any] = yaml.safe_load((tmp_path / "broken" / "sam.yaml").read_text())
    template["Resources"]["Broken"] = {
        "Type": "AWS::Lambda::EventInvokeConfig",
        "Properties": {
            "FunctionName": "no-such-function",
            "Qualifier": "$LATEST",
            "MaximumRetryAttempts": 1,
        },
    }
    (tmp_path / "broken" / "sam.yaml").write_text(yaml.safe_dump(template))
    return tmp_path / "broken"


def test_an_update_that_fails_is_put_back_and_the_next_one_works(
    folder: Path, environ: dict[str, str], broken: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in local.aws_environment(local.load(folder).aws_endpoint).items():
        monkeypatch.setenv(name, value)

    with pytest.raises(SystemExit, match=r"(?s)was put back as it was:.*Broken: "):
        local.change(
            {**environ, "ORDERS_PER_FILE": "100"},
            folder=folder,
            built=broken,
            question=make_question,
        )
    found = cloudformation.find(boto3.client("cloudformation"), STACK)
    assert found is not None
    assert (found.status, found.parameters["OrdersPerFile"]) == ("UPDATE_ROLLBACK_COMPLETE", "250")

    local.change({**environ, "ORDERS_PER_FILE": "100"}, folder=folder, built=built("local"))
    found = cloudformation.find(boto3.client("cloudformation"), STACK)
    assert found is not None
    assert (found.status, found.parameters["OrdersPerFile"]) == ("UPDATE_COMPLETE", "100")
