"""Check names: no retired words, no two modules of one name, no decision from free text.

``python -m tools.check_names`` prints ``file:line: what is wrong`` for each finding and exits with
1, or with 0 when there is none. It reads the Python files that git tracks or would track, and the
templates of the pages.
"""

from __future__ import annotations

import ast
import re
import subprocess
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath

from tools.build import ROOT
from tools.check_free_text import check_code, check_template

CLEAN_FOLDERS = (".",)
"""Folders whose names are checked; ``"."`` is the whole repository."""

RETIRED_PARTS = {
    "told": "report, notify, or a noun such as message",
    "hear": "receive or register",
    "hears": "receives or registers",
    "heard": "received or registered",
    "hearing": "receiving or registering",
    "settle": "resolve, record or confirm",
    "settles": "resolves, records or confirms",
    "settled": "resolved, recorded or confirmed",
    "settling": "resolving, recording or confirming",
    "looked": "read, checked or compared",
    "looks": "reads, checks or compares",
    "looking": "reading, checking or comparing",
    "marked": "set or flagged",
    "marking": "setting or flagging",
    "beginning": "start or initial",
}
"""Words that no identifier contains between its underscores, and what to write instead."""

RETIRED_NAMES = {
    "look": "a verb and its object, such as read_order",
    "mark": "a verb and its object, such as set_cursor",
    "line": "a verb and its object, such as make_line",
    "over": "a verb and its object, such as end_outage",
    "met": "a verb and its object, such as list_failures",
    "close": "a verb and its object, such as balance_totals",
    "closing": "a noun or a verb and its object, such as balance_totals",
}
"""Words that are no function's and no module's whole name, and what to write instead."""

SHARED_MODULE_NAMES = ("__init__", "__main__", "conftest")

ALLOWED: Mapping[tuple[str, str], str] = {
    ("tests/unit/adapters/seoshop/support.py", "close"): "requests closes its answers by that name",
    ("tests/books/sandbox_session.py", "close"): "requests closes its sessions by that name",
}
"""(file, identifier) pairs that stand in for a foreign library's name, each with its reason."""


def main() -> None:
    """Print every finding and exit with 1, or say that there is none."""
    modules = list_modules(ROOT)
    wrong = [*find_shared_names(modules)]
    for module in modules:
        text = (ROOT / module).read_text(encoding="utf-8")
        if is_clean(module):
            wrong += find_retired_words(module, text)
        if module.startswith("chalicelib/"):
            wrong += check_code(module, text)
    for template in sorted((ROOT / "templates" / "pages").rglob("*.html")):
        name = template.relative_to(ROOT).as_posix()
        wrong += check_template(name, template.read_text(encoding="utf-8"))
    if wrong:
        raise SystemExit("\n".join(wrong))
    print("Names say what they mean, and free text decides nothing.")


def list_modules(root: Path) -> list[str]:
    """The Python files of a git repository, as paths relative to `root`, new ones included, without
    links to others.
    """
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "*.py"],
        cwd=root,
        capture_output=True,
        text=True,
        check=True,
    )
    names = sorted(set(filter(None, listed.stdout.split("\0"))))
    files = (name for name in names if not (root / name).is_symlink())
    return [name for name in files if (root / name).is_file()]


def is_clean(module: str, folders: Sequence[str] = CLEAN_FOLDERS) -> bool:
    """Whether a file is in one of the folders that are checked."""
    return any(PurePosixPath(module).is_relative_to(folder) for folder in folders)


def find_shared_names(
    modules: Sequence[str], folders: Sequence[str] = CLEAN_FOLDERS
) -> Iterator[str]:
    """Findings on modules that share a name, where at least one of them is in `folders`."""
    by_name: dict[str, list[str]] = defaultdict(list)
    for module in modules:
        by_name[PurePosixPath(module).stem].append(module)
    for name, same in sorted(by_name.items()):
        if len(same) < 2 or name in SHARED_MODULE_NAMES:
            continue
        if any(is_clean(module, folders) for module in same):
            yield f"{same[0]}:1: {name!r} is the name of {', '.join(same[1:])} too"


def find_retired_words(module: str, text: str) -> list[str]:
    """Findings on retired words in the name of a module and in those it defines, by line."""
    found = [(1, PurePosixPath(module).stem, True), *_definitions(ast.parse(text))]
    return [
        f"{module}:{line}: {name!r} has the retired word {word!r}: write {instead}"
        for line, name, is_whole in sorted(found)
        for word, instead in _retired(name, is_whole=is_whole)
        if (module, name) not in ALLOWED
    ]


def _retired(name: str, *, is_whole: bool) -> Iterator[tuple[str, str]]:
    parts = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", name).lower().strip("_").split("_")
    for part in parts:
        if part in RETIRED_PARTS:
            yield part, RETIRED_PARTS[part]
    if is_whole and len(parts) == 1 and parts[0] in RETIRED_NAMES:
        yield parts[0], RETIRED_NAMES[parts[0]]


def _definitions(tree: ast.AST) -> Iterator[tuple[int, str, bool]]:
    """Line, name, and whether it is a function's, of all that a module defines."""
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield node.lineno, name, True
            case (
                ast.ClassDef(name=name)
                | ast.arg(arg=name)
                | ast.Name(id=name, ctx=ast.Store())
                | ast.Attribute(attr=name, ctx=ast.Store())
                | ast.alias(asname=str(name))
                | ast.ExceptHandler(name=str(name))
                | ast.MatchAs(name=str(name))
                | ast.MatchStar(name=str(name))
                | ast.MatchMapping(rest=str(name))
            ):
                yield node.lineno, name, False


if __name__ == "__main__":
    main()
