"""What a package is built for: settings for AWS, the interpreter itself for this machine."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from tools.build import ROOT
from tools.target import RUNTIMES, Target


def test_without_settings_it_is_python_3_13_on_arm64() -> None:
    assert str(Target.from_settings({})) == "python3.13 on arm64"


def test_the_environment_chooses() -> None:
    chosen = Target.from_settings({"LAMBDA_RUNTIME": "python3.14", "LAMBDA_ARCHITECTURE": "x86_64"})
    assert chosen == Target("python3.14", "x86_64")


@pytest.mark.parametrize(
    ("variable", "value", "choices"),
    [
        ("LAMBDA_RUNTIME", "python3.11", "python3.13, python3.14"),  # blocked by AWS
        ("LAMBDA_RUNTIME", "3.13", "python3.13, python3.14"),
        ("LAMBDA_ARCHITECTURE", "aarch64", "arm64, x86_64"),
    ],
)
def test_what_is_not_to_be_had_is_refused_with_the_choices(
    variable: str, value: str, choices: str
) -> None:
    with pytest.raises(SystemExit, match=f"{variable}={value}: choose one of {choices}"):
        Target.from_settings({variable: value})


def test_every_runtime_has_its_pinned_python() -> None:
    named = json.loads((ROOT / "package.json").read_text())["dependencies"]
    assert set(RUNTIMES) <= set(named)


def test_an_interpreter_is_asked_what_it_is() -> None:
    target = Target.of(Path(sys.executable))
    assert target.version == f"{sys.version_info.major}.{sys.version_info.minor}"
    assert target.python == Path(sys.executable)


def test_an_interpreter_that_does_not_start_is_named(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="python9 does not start"):
        Target.of(tmp_path / "python9")


def test_what_ships_is_what_is_tested_to_the_hash() -> None:
    """Two locks, one of which holds the other."""
    ships, tested = (
        set((ROOT / name).read_text().replace(" \\\n", "").splitlines()[2:])
        for name in ("requirements.txt", "requirements-dev.txt")
    )
    assert ships
    assert ships <= tested
