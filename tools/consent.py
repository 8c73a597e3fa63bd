"""A person's yes, before something is done that is shown."""

from __future__ import annotations

import os
import sys


def ask(question: str) -> None:
    """Return when a person on a terminal says yes, or ``YES=1`` says it for them. Raises SystemExit
    when nobody does.
    """
    if os.environ.get("YES") == "1":
        return
    if not sys.stdin.isatty():
        raise SystemExit(
            "Nothing was done: nobody is here to agree. Say yes on a terminal, or give YES=1."
        )
    try:
        said = input(f"{question} Only yes counts: ")
    except EOFError:
        said = ""
    if said.strip().lower() != "yes":
        raise SystemExit("Nothing was done.")
