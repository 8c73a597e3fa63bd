"""Nothing ships under a licence that nobody has read."""

from __future__ import annotations

from importlib.metadata import PathDistribution
from pathlib import Path

import pytest

from tools.licences import Decisions, check_licences, list_locked, read_decisions

ALLOWED = frozenset({"MIT", "Apache-2.0", "BSD-3-Clause"})


def package(folder: Path, *lines: str, name: str = "oddity") -> PathDistribution:
    """A package that says this of itself."""
    info = folder / f"{name}-1.0.dist-info"
    info.mkdir(exist_ok=True)
    (info / "METADATA").write_text("\n".join(["Metadata-Version: 2.4", f"Name: {name}", *lines]))
    return PathDistribution(info)


def check(shipped: PathDistribution, **decided: str) -> list[str]:
    return check_licences([shipped], Decisions(decided, ALLOWED))


@pytest.mark.parametrize(
    ("said", "decided"),
    [
        ("License-Expression: MIT", "MIT"),
        ("License: MIT", "MIT"),
        ("License: Apache License 2.0", "Apache-2.0"),
        ("Classifier: License :: OSI Approved :: BSD License", "BSD-3-Clause"),
        ("License-Expression: MIT OR Apache-2.0", "MIT OR Apache-2.0"),
    ],
)
def test_a_licence_that_was_decided_and_that_the_package_has_may_ship(
    tmp_path: Path, said: str, decided: str
) -> None:
    assert check(package(tmp_path, said), oddity=decided) == []


def test_a_package_that_nobody_checked_is_named_with_what_it_says(tmp_path: Path) -> None:
    (wrong,) = check(package(tmp_path, "License-Expression: AGPL-3.0-only"))

    assert "oddity has no licence in licences.toml" in wrong
    assert "AGPL-3.0-only" in wrong


@pytest.mark.parametrize("decided", ["AGPL-3.0-only", "MIT AND GPL-2.0-only", "Commons-Clause"])
def test_a_licence_that_is_not_allowed_does_not_ship_whoever_wrote_it_down(
    tmp_path: Path, decided: str
) -> None:
    assert check(package(tmp_path, f"License-Expression: {decided}"), oddity=decided)


@pytest.mark.parametrize(
    "said",
    [
        "License-Expression: AGPL-3.0-only",
        "License: Proprietary",
        "Classifier: License :: OSI Approved :: GNU General Public License v3 (GPLv3)",
        "Summary: says nothing",
    ],
)
def test_a_package_that_changes_its_licence_is_checked_again(tmp_path: Path, said: str) -> None:
    (wrong,) = check(package(tmp_path, said), oddity="MIT")

    assert "of itself, and licences.toml MIT" in wrong


def test_what_ships_no_more_leaves_the_list(tmp_path: Path) -> None:
    (wrong,) = check(package(tmp_path, "License: MIT"), oddity="MIT", former="MIT")

    assert wrong.startswith("former does not ship")


def test_all_that_is_locked_has_a_licence_and_nothing_else_has() -> None:
    assert set(read_decisions().packages) == set(list_locked()) | {"chalice"}
