"""The built package, made once for all tests of a run, whichever worker they are in."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from functools import cache
from pathlib import Path

import pytest

from tools import ministack
from tools.build import build
from tools.target import Target

BUILT_IN = "BUILT_IN"
"""The variable by which the workers of a run know the folder of its packages."""


def share_folder(config: pytest.Config) -> None:
    """Make the folder of this run's packages, and remove it when the run ends. A worker is given
    that of the process that started it.
    """
    if "PYTEST_XDIST_WORKER" not in os.environ:
        os.environ[BUILT_IN] = folder = tempfile.mkdtemp(prefix="built-")
        config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))


def target_of(stage: str) -> Target:
    """Local AWS's own interpreter, or what is deployed when nobody says otherwise."""
    return Target.of(ministack.interpreter()) if stage == "local" else Target.from_settings({})


@cache
def built(stage: str) -> Path:
    """A folder with ``deployment.zip`` and ``sam.yaml``, built afresh for this test run."""
    folder = Path(os.environ[BUILT_IN])
    with (folder / f"{stage}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # another worker may be building it
        made = folder / stage
        return made if made.exists() else build(stage, target_of(stage), made)
