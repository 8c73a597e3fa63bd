"""The manual as the help pages show it, read from ``templates/help``.

`tools.draw_manual` makes those files of the manual's one source, ``docs/merchant.md`` and
``docs/merchant.en.md``: the functions ship without a reader of Markdown.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import msgspec
from markupsafe import Markup

from chalicelib.lazy_dataclass import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A paragraph, a list or a table as HTML, or else a picture: its name and what it shows."""

    html: str = ""
    picture: str = ""
    shows: str = ""

    @property
    def text(self) -> str:
        """Its words, without tags."""
        return " ".join(Markup(self.html.replace("<", " <")).striptags().split())  # noqa: S704


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part of a chapter under a title of its own, which may be a question; what stands before the
    first of them has no title. `name` is its place in the address: ``/help/questions#deposit``.
    """

    name: str = ""
    title: str = ""
    blocks: tuple[Block, ...] = ()

    @property
    def text(self) -> str:
        """Its words without the title's."""
        return " ".join(block.text for block in self.blocks if block.html)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """A chapter; `name` is its place in the address, and the same in every language."""

    name: str
    title: str
    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Manual:
    """The whole manual of one language; `lead` is what stands before the first chapter."""

    title: str
    lead: str
    chapters: tuple[Chapter, ...]


@cache
def load_manual(language: str, folder: Path) -> Manual:
    """The manual of a language in a folder of such files. Raises `OSError` without one."""
    content = (folder / f"{language}.json").read_bytes()
    return msgspec.json.decode(content, type=Manual)
