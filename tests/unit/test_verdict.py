"""The line at the end of a run."""

from __future__ import annotations

import platform

from tests.verdict import verdict

HERE = f"Python {platform.python_version()}"


def test_a_run_that_passed() -> None:
    outcomes = {"passed": [1, 2, 3], "skipped": [4], "": [5, 6]}
    assert verdict(outcomes, "Chromium 1.2") == (
        f"Passed on {HERE} with Chromium 1.2: 3 tests passed, 1 skipped."
    )


def test_a_run_that_did_not() -> None:
    outcomes = {"passed": [1], "failed": [2], "error": [3]}
    assert verdict(outcomes, "") == (
        f"Failed on {HERE} with no browser: 1 tests passed, 0 skipped, 2 failed."
    )


def test_nothing_at_all_is_no_pass() -> None:
    assert verdict({}, "").startswith("Failed")
