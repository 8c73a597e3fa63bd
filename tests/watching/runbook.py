"""The runbook, read: its sections, and the commands in each."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

RUNBOOK = Path(__file__).parents[2] / "docs" / "runbook.md"
PARTS = ("What it means.", "By itself.", "What to do.", "Mended when.")
_FENCED = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_INVOKE = re.compile(
    r"echo '(?P<input>.*)' \| \.venv/bin/chalice invoke --stage prod -n (?P<function>[a-z_]+)"
)


@dataclass(frozen=True, slots=True)
class Invocation:
    """A function of ours that is started with some input."""

    function: str
    given: object


@dataclass(frozen=True, slots=True)
class Command:
    """Any other command, by its words."""

    words: tuple[str, ...]


def read_sections() -> dict[str, str]:
    """The text of every section by its heading of the second level."""
    found = re.split(r"^## ", RUNBOOK.read_text(), flags=re.MULTILINE)[1:]
    return {
        each.partition("\n")[0]: re.split(r"^# ", each, flags=re.MULTILINE)[0] for each in found
    }


def list_commands(text: str) -> Iterator[Invocation | Command]:
    """Every command of a text, in order. Fails for one that a shell could not read."""
    for block in _FENCED.findall(text):
        for line in block.splitlines():
            if match := _INVOKE.fullmatch(line):
                yield Invocation(match["function"], json.loads(match["input"]))
            else:
                yield Command(tuple(shlex.split(line)))
