"""The line at the end of a run."""

from __future__ import annotations

import platform
import subprocess
import sys
from pathlib import Path

import pytest

from tests.verdict import verdict
from tools.build import ROOT

HERE = f"Python {platform.python_version()}"


def test_a_run_that_passed() -> None:
    outcomes = {"passed": [1, 2, 3], "skipped": [4], "": [5, 6]}
    assert verdict(True, outcomes, "Chromium 1.2") == (
        f"Passed on {HERE} with Chromium 1.2: 3 tests passed, 1 skipped."
    )


def test_a_run_that_did_not() -> None:
    outcomes = {"passed": [1], "failed": [2], "error": [3]}
    assert verdict(False, outcomes, "") == (
        f"Failed on {HERE} with no browser: 1 tests passed, 0 skipped, 2 failed."
    )


@pytest.mark.slow  # a whole run of pytest each
@pytest.mark.parametrize("ends", ["raise KeyboardInterrupt", "import pytest; pytest.exit('no')"])
def test_a_run_that_was_broken_off_has_not_passed(tmp_path: Path, ends: str) -> None:
    tests = tmp_path / "test_some.py"
    tests.write_text(f"def test_good(): pass\ndef test_ends(): {ends}\n")
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-p", "tests.verdict", "--verdict"),
            *("-c", "/dev/null", "--rootdir", str(tmp_path), str(tests)),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 2
    assert done.stdout.splitlines()[-1] == (
        f"Failed on {HERE} with no browser: 1 tests passed, 0 skipped."
    )
