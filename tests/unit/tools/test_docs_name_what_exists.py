"""What the documents for developers name exists: files, and names of modules and classes."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from tools.build import ROOT

DOCUMENTS = (
    "README.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    *("docs/architecture.md", "docs/operator.md"),
)
FOLDERS = ("chalicelib", "tests", "tools", "sandbox", "templates", "docs", "vendor", ".chalice")

SUFFIXES = {".py", ".md", ".toml", ".xml", ".json", ".yaml", ".html", ".po", ".txt"}
MADE = (".chalice/deployed/prod.json",)  # by a command, and not committed

Names = dict[str, set[str]]


def names_in(tree: ast.AST) -> Iterator[str]:
    """What a module or class defines at its own level."""
    for node in getattr(tree, "body", ()):
        match node:
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                yield name
            case ast.AnnAssign(target=ast.Name(id=name)):
                yield name
            case ast.Assign(targets=targets):
                for target in targets:
                    yield from (one.id for one in ast.walk(target) if isinstance(one, ast.Name))


@pytest.fixture(scope="module")
def known() -> Names:
    """By a module's or a class's name, what it defines; modules of one name count together."""
    found: Names = defaultdict(set)
    for folder in ("chalicelib", "tests", "tools", "sandbox"):
        for module in (ROOT / folder).rglob("*.py"):
            tree = ast.parse(module.read_text(encoding="utf-8"))
            found[module.stem].update(names_in(tree))
            for node in tree.body:
                if isinstance(node, ast.ClassDef):
                    found[node.name].update(names_in(node))
    return found


def quoted(document: str) -> list[str]:
    return re.findall(r"`([^`\n]+)`", (ROOT / document).read_text(encoding="utf-8"))


def is_path(text: str) -> bool:
    return (
        re.fullmatch(r"[\w./-]+", text) is not None
        and text.partition("/")[0] in FOLDERS
        and "/" in text
    )


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_file_and_folder_that_is_named_exists(document: str) -> None:
    named = [text for text in quoted(document) if is_path(text) and text not in MADE]
    assert not [text for text in named if not (ROOT / text).exists()]


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_link_leads_somewhere(document: str) -> None:
    text = (ROOT / document).read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^)#\s]+)", text)
    here = (ROOT / document).parent
    assert not [link for link in links if ":" not in link and not (here / link).exists()]


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_name_of_a_module_or_class_exists(document: str, known: Names) -> None:
    dotted = (re.fullmatch(r"(\w+)\.([A-Za-z_]\w*)", text) for text in quoted(document))
    missing = [
        found[0]
        for found in dotted
        if found and found[2] not in known[found[1]] and Path(found[0]).suffix not in SUFFIXES
    ]
    assert not missing


@pytest.mark.parametrize("document", ["docs/architecture.md", "CONTRIBUTING.md"])
def test_every_class_that_is_named_exists(document: str, known: Names) -> None:
    classes = {text for text in quoted(document) if re.fullmatch(r"(?:[A-Z][a-z]+){1,4}", text)}
    missing = classes.difference(*known.values())
    assert not missing
