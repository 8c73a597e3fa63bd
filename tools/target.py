"""What a package runs on: which Python, on which processor.

For AWS that is a matter of settings, whatever machine builds it; for local AWS it is the
interpreter that local AWS runs.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

RUNTIMES = ("python3.13", "python3.14")
"""Lambda's runtimes to choose from; ``package.json`` pins a compiler for each."""

ARCHITECTURES = {"arm64": "aarch64", "x86_64": "x86_64"}
"""Lambda's processors, and what wheels call them. The first costs a fifth less."""

_LIBC = "manylinux_2_34"
"""The newest wheels that Amazon Linux 2023 takes, on which these runtimes stand."""

_WHO_ARE_YOU = "import platform, sys; print(*sys.version_info[:2], platform.machine())"


@dataclass(frozen=True, slots=True)
class Target:
    """What a package runs on, by Lambda's names: ``python3.13`` on ``arm64``. `python` is the
    interpreter itself, where the package runs on this machine.
    """

    runtime: str
    architecture: str
    python: Path | None = None

    @classmethod
    def from_settings(cls, environ: Mapping[str, str]) -> Self:
        """What ``LAMBDA_RUNTIME`` and ``LAMBDA_ARCHITECTURE`` say; by default ``python3.13`` on
        ``arm64``. Raises SystemExit for what is not to be had.
        """
        return cls(
            runtime=_chosen("LAMBDA_RUNTIME", environ, RUNTIMES),
            architecture=_chosen("LAMBDA_ARCHITECTURE", environ, tuple(ARCHITECTURES)),
        )

    @classmethod
    def of(cls, python: Path) -> Self:
        """An interpreter on this machine. Raises SystemExit when it does not start."""
        try:
            said = subprocess.run(
                [str(python), "-c", _WHO_ARE_YOU], capture_output=True, text=True, check=True
            )
        except (OSError, subprocess.CalledProcessError) as error:
            raise SystemExit(f"{python} does not start: {error}") from error
        major, minor, machine = said.stdout.split()
        names = {wheels: ours for ours, wheels in ARCHITECTURES.items()}
        return cls(f"python{major}.{minor}", names.get(machine, machine), python)

    @property
    def version(self) -> str:
        """The Python, as in ``3.13``."""
        return self.runtime.removeprefix("python")

    @property
    def wheels(self) -> list[str]:
        """The arguments by which `uv pip install` takes this target's wheels, and no others."""
        if self.python is not None:
            return ["--python", str(self.python)]
        platform = f"{ARCHITECTURES[self.architecture]}-{_LIBC}"
        return [
            *("--python", sys.executable),  # which only carries it out
            *("--python-version", self.version, "--python-platform", platform),
        ]

    def __str__(self) -> str:
        return f"{self.runtime} on {self.architecture}"


def _chosen(variable: str, environ: Mapping[str, str], choices: tuple[str, ...]) -> str:
    value = environ.get(variable) or choices[0]
    if value not in choices:
        raise SystemExit(f"{variable}={value}: choose one of {', '.join(choices)}.")
    return value
