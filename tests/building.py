"""The built package, made once for all tests that need it."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from tools.build import build


@cache
def built(stage: str) -> Path:
    """The folder with ``deployment.zip`` and ``sam.yaml``, built afresh for this test run."""
    return build(stage)
