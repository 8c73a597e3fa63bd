"""One real start of the browser decides: where it fails, a line says why, and tests are skipped."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tools.build import ROOT

SKIPPED = "THE BROWSER TESTS ARE SKIPPED"
A_BROWSER_TEST = "tests/sandbox/asperion/test_asperion_server.py"


def run(path: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """A module of ours where `path` is all that is installed; not as root, who could install."""
    code = (
        "import os, runpy, sys; os.geteuid = lambda: 1000; sys.argv = sys.argv[1:];"
        "runpy.run_module(sys.argv[0], run_name='__main__', alter_sys=True)"
    )
    return subprocess.run(
        [sys.executable, "-c", code, *command],
        cwd=ROOT,
        env={**os.environ, "PATH": str(path)},
        capture_output=True,
        text=True,
        check=False,
    )


def put_chromium(folder: Path, says: str) -> None:
    """A browser that dies with these last words."""
    program = folder / "chromium"
    program.write_text(f"#!/bin/sh\necho '{says}' >&2\nexit 127\n")
    program.chmod(0o755)


def test_without_a_browser_one_line_says_how_to_get_one(tmp_path: Path) -> None:
    done = run(tmp_path, "tools.chromium")

    assert done.returncode == 0
    line = next(line for line in done.stderr.splitlines() if SKIPPED in line)
    assert "There is no Chromium. Install it: sudo apt-get install chromium" in line


@pytest.mark.parametrize(
    ("says", "shown"),
    [
        ("libnss3.so: cannot open shared object file: No such file", "it lacks libnss3.so"),
        ("No usable sandbox!", "No usable sandbox!"),
    ],
)
def test_a_browser_that_does_not_start_is_named_with_what_it_lacks(
    tmp_path: Path, says: str, shown: str
) -> None:
    put_chromium(tmp_path, says)
    done = run(tmp_path, "tools.chromium")

    assert done.returncode == 0
    line = next(line for line in done.stderr.splitlines() if SKIPPED in line)
    assert str(tmp_path / "chromium") in line
    assert shown in line
    assert "sudo apt-get install --reinstall chromium" in line


@pytest.mark.parametrize("workers", [(), ("-n", "1")], ids=["alone", "with a worker"])
def test_browser_tests_are_then_skipped_and_the_last_line_counts_them(
    tmp_path: Path, workers: Sequence[str]
) -> None:
    put_chromium(tmp_path, "No usable sandbox!")
    done = run(tmp_path, "pytest", "-rs", "--verdict", "-m", "browser", *workers, A_BROWSER_TEST)

    assert "1 skipped" in done.stdout, done.stdout + done.stderr
    assert SKIPPED in done.stdout
    assert done.stdout.splitlines()[-1] == (
        f"Passed on Python {sys.version.split()[0]} with no browser: 0 tests passed, 1 skipped."
    )
