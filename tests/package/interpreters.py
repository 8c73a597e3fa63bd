"""The Pythons that this machine has."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tools.target import Target

VERSIONS = ("3.11", "3.12", "3.13", "3.14")


@cache
def interpreters() -> dict[str, Path]:
    """Each version that starts, pyenv's too: ``python3.13`` → where it is."""
    return {f"python{version}": path for version in VERSIONS for path in _found(version)}


def _found(version: str) -> Iterator[Path]:
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"), "versions")
    places = [*pyenv.glob(f"{version}.*/bin/python{version}")]
    if on_path := shutil.which(f"python{version}"):
        places.append(Path(on_path))
    for place in places:
        try:
            Target.of(place)
        except SystemExit:  # pyenv's shims are there for versions that are not selected
            continue
        yield place
