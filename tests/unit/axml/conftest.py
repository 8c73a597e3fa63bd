"""The profiles the tests render with."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from chalicelib.axml import Profile, load_profile

DEFAULT = Path(__file__).resolve().parents[3] / "templates" / "axml" / "reconstructed-1.4"
DEVIATING = Path(__file__).resolve().parent / "profiles" / "deviating"


@pytest.fixture(scope="session")
def default() -> Profile:
    return load_profile(DEFAULT)


@pytest.fixture(scope="session")
def deviating() -> Profile:
    return load_profile(DEVIATING)


@pytest.fixture
def changed(tmp_path: Path) -> Callable[..., Path]:
    """Copies the default profile with one text in one of its files replaced."""

    def change(file: str, old: str, new: str) -> Path:
        folder = tmp_path / "profile"
        shutil.copytree(DEFAULT, folder)
        text = (folder / file).read_text("utf-8")
        assert text.count(old) == 1, f"{old!r} is in {file} {text.count(old)} times"
        (folder / file).write_text(text.replace(old, new), "utf-8")
        return folder

    return change
