"""With ``--verdict`` a test run says in its last line where it passed, and how whole."""

from __future__ import annotations

import platform
from typing import Any

import pytest

BROWSER = pytest.StashKey[str]()
"""The browser in use. A worker of pytest-xdist tells the process that started it."""

STATUS = pytest.StashKey[int]()
"""How the run ended: what pytest exits with. Counts alone do not tell one that was broken off."""

_FROM_WORKER = "verdict-browser"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--verdict", action="store_true", help="end with one line on the whole run")


def note_browser(config: pytest.Config, name: str) -> None:
    """Say which browser the tests of this process run in."""
    config.stash[BROWSER] = name


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    session.config.stash[STATUS] = int(exitstatus)
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        output[_FROM_WORKER] = session.config.stash.get(BROWSER, "")


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    if name := getattr(node, "workeroutput", {}).get(_FROM_WORKER):
        note_browser(node.config, name)


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    if config.getoption("--verdict") and reporter is not None:
        whole = config.stash.get(STATUS, -1) == pytest.ExitCode.OK
        reporter.write_line(verdict(whole, reporter.stats, config.stash.get(BROWSER, "")))


def verdict(whole: bool, outcomes: dict[str, list[Any]], browser: str) -> str:
    """One line on a run: whether it ended well as a `whole`, and its reports by outcome, as the
    reporter of pytest holds them.
    """
    failed, passed, skipped = (
        sum(len(outcomes.get(name, ())) for name in names)
        for names in (("failed", "error"), ("passed",), ("skipped",))
    )
    counts = f"{passed} tests passed, {skipped} skipped" + (f", {failed} failed" if failed else "")
    where = f"Python {platform.python_version()} with {browser or 'no browser'}"
    return f"{'Passed' if whole else 'Failed'} on {where}: {counts}."
