"""The built package, made once for all tests that need it."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

from tools import ministack
from tools.build import build
from tools.target import Target


def target_of(stage: str) -> Target:
    """Local AWS's own interpreter, or what is deployed when nobody says otherwise."""
    return Target.of(ministack.interpreter()) if stage == "local" else Target.from_settings({})


@cache
def built(stage: str) -> Path:
    """A folder with ``deployment.zip`` and ``sam.yaml``, built afresh for this test run."""
    folder = Path(tempfile.mkdtemp(prefix=f"built-{stage}-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return build(stage, target_of(stage), folder / stage)
