"""Compile the gettext catalogues: ``python -m tools.catalogues``. They are not committed.

Their source texts are in the templates and in `chalicelib.web`, there by way of `extract_texts`.
"""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from babel.messages import mofile, pofile

LOCALE = Path(__file__).resolve().parents[1] / "templates" / "locale"

TEXTS = frozenset(
    {
        *("msgid", "list_msgids"),
        *("DiscrepancyText", "ErrorText", "EventText", "HoldText", "Label", "NoticeText"),
        *("OfferText", "TroubleText"),
        *("Choice", "Option", "Question", "Scheme", "Subject"),
    }
)
"""What `chalicelib.web` makes of texts: each string in such a call is one, but for `CODES`.
So is each value of a dictionary that is annotated as `Msgids`.
"""

CODES = frozenset({"name", "names", "since", "until"})


def extract_texts(
    file: BinaryIO, keywords: object, comment_tags: object, options: object
) -> Iterator[tuple[int, None, str, list[str]]]:
    """Babel's extraction method for `chalicelib.web`; yields line, function, text and comments."""
    for node in ast.walk(ast.parse(file.read())):
        for text in (text for argument in _list_arguments(node) for text in _strings(argument)):
            yield text.lineno, None, str(text.value), []


def _list_arguments(node: ast.AST) -> list[ast.expr]:
    match node:
        case ast.Call(func=ast.Name(id=name), args=args, keywords=keywords) if name in TEXTS:
            return [*args, *(each.value for each in keywords if each.arg not in CODES)]
        case ast.AnnAssign(ast.Name(), ast.Subscript(ast.Name(id="Msgids")), ast.Dict() as texts):
            return [texts]
        case _:
            return []


def _strings(argument: ast.expr) -> Iterator[ast.Constant]:
    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
        yield argument
    elif isinstance(argument, ast.Starred):
        yield from _strings(argument.value)
    elif isinstance(argument, ast.Tuple | ast.Dict):
        for each in argument.values if isinstance(argument, ast.Dict) else argument.elts:
            yield from _strings(each)


def compile_catalogues(folder: Path = LOCALE) -> None:
    """Compile every catalogue under `folder` beside its source. Each is put in place in one go, for
    those who read it meanwhile; what was compiled from a source that is gone is removed.
    """
    for compiled in folder.rglob("*.mo"):
        if not compiled.with_suffix(".po").exists():
            compiled.unlink()
    for source in sorted(folder.rglob("*.po")):
        with source.open("rb") as text:
            catalogue = pofile.read_po(text, abort_invalid=True)
        fresh = source.with_suffix(f".{os.getpid()}.tmp")
        with fresh.open("wb") as binary:
            mofile.write_mo(binary, catalogue)
        fresh.replace(source.with_suffix(".mo"))


if __name__ == "__main__":
    compile_catalogues()
