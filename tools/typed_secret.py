"""Values of secrets that somebody else makes: from the environment, or typed."""

from __future__ import annotations

import getpass
import os
import sys
from collections.abc import Callable, Iterable


def refuse_command_line(names: Iterable[str], secret: str) -> None:
    """Raises SystemExit when one of these variables is on the command line of make."""
    if any(f"{name}=" in os.environ.get("MAKEFLAGS", "") for name in names):
        raise SystemExit(
            f"{secret} was typed on the command line, which the shell keeps in its history: "
            "let another one be made, and give that in the environment or when asked."
        )


def ask_for(variable: str, question: str, *, where: str, is_secret: bool = True) -> str:
    """The value in the environment, or what is typed; `where` says how it is given otherwise.
    Raises SystemExit where nobody can type.
    """
    if given := os.environ.get(variable):
        return given
    if not sys.stdin.isatty():
        raise SystemExit(where)
    ask: Callable[[str], str] = getpass.getpass if is_secret else input
    return ask(question)
