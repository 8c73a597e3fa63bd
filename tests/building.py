"""The built package, made once for all tests that need it."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

from tools.build import build


@cache
def built(stage: str) -> Path:
    """A folder with ``deployment.zip`` and ``sam.yaml``, built afresh for this test run; a copy, so
    that it stays what it is when somebody builds meanwhile.
    """
    folder = Path(tempfile.mkdtemp(prefix=f"built-{stage}-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Path(shutil.copytree(build(stage), folder / stage))
