"""Chromium for the browser tests: ``python -m tools.chromium`` installs it where that is possible,
starts it once, and says which it is, or what is missing and how to get it.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Error, sync_playwright
from playwright.sync_api import TimeoutError as StartedTooSlowly

from tools.node import NODE

NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
]


class NoBrowser(Exception):
    """No browser starts here. Its text is one line: what is missing, and how to get it."""


@contextmanager
def chromium() -> Iterator[Browser]:
    """A Chromium that has started; at most one at a time in a process. Raises NoBrowser."""
    program = _program()
    if program is None:
        raise NoBrowser("There is no Chromium. Install it: sudo apt-get install chromium")
    _check_driver()
    os.environ["PLAYWRIGHT_NODEJS_PATH"] = str(NODE)
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        except StartedTooSlowly:
            raise  # busy is not missing: no reason to skip what a machine can do
        except Error as error:
            raise NoBrowser(_explain(program, str(error), "chromium")) from None
        yield browser
        browser.close()


def _program() -> str | None:
    return next(filter(None, map(shutil.which, NAMES)), None)


def _check_driver() -> None:
    """Raises NoBrowser when that does not start which drives the browser."""
    done = subprocess.run([str(NODE), "--version"], capture_output=True, text=True, check=False)
    if done.returncode:
        raise NoBrowser(_explain(str(NODE), done.stderr, "libstdc++6"))


def _explain(program: str, error: str, package: str) -> str:
    if missing := re.search(r"([\w.+-]+\.so[\w.]*): cannot open shared object", error):
        what = f"it lacks {missing[1]}"
    else:
        said = [line.strip() for line in error.splitlines() if "[err]" in line]
        what = (said or error.splitlines() or ["it says nothing"])[0]
    return f"{program} does not start: {what}. Try: sudo apt-get install --reinstall {package}"


def _install() -> None:
    """From Debian, if we may. That it fails shows when the browser is started."""
    if os.geteuid() == 0 and shutil.which("apt-get"):
        environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for command in (["apt-get", "update"], ["apt-get", "install", "-y", "chromium"]):
            subprocess.run([*command, "-qq"], check=False, capture_output=True, env=environ)


def main() -> None:
    """Say which browser there is; one that is missing is no error."""
    if _program() is None:
        _install()
    try:
        with chromium() as browser:
            print(f"The browser tests run in Chromium {browser.version}.")
    except NoBrowser as error:
        line = f"*** THE BROWSER TESTS ARE SKIPPED. {error} ***"
        print("*" * len(line), line, "*" * len(line), sep="\n", file=sys.stderr)


if __name__ == "__main__":
    main()
