"""Turn the merchants' manual into what the help pages show: ``python -m tools.draw_manual`` makes
``templates/help/nl.json`` of ``docs/merchant.md``, and ``en.json`` of ``docs/merchant.en.md``.

A heading of the second level begins a chapter, named by a comment on its line, as in
``## Installeren <!-- installing -->``: the pages link to chapters by that name, in every language.
A heading of the third level, or a paragraph that begins in bold, as questions do, begins a section;
a comment names one that pages link to. A paragraph that is one image is a picture of the help
pages, see `tests.browser.pictures`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

import msgspec
from markdown_it import MarkdownIt
from markdown_it.token import Token

from chalicelib.web.texts.manual import Block, Chapter, Manual, Section
from tools.build import ROOT

SOURCES = {"nl": ROOT / "docs/merchant.md", "en": ROOT / "docs/merchant.en.md"}
MADE = ROOT / "templates/help"

_NAME = re.compile(r"<!--\s*([a-z0-9-]+)\s*-->")
_MARKDOWN = MarkdownIt("commonmark").enable("table")


@dataclass
class _Part:
    """A chapter or a section while it is read."""

    name: str
    title: str
    blocks: list[Block] = field(default_factory=list)
    sections: list[_Part] = field(default_factory=list)


def main() -> None:
    """Write the manual of every language."""
    MADE.mkdir(exist_ok=True)
    for language in SOURCES:
        path = MADE / f"{language}.json"
        path.write_bytes(draw_manual(language))
        print(f"{path.relative_to(ROOT)} is written.")


def draw_manual(language: str) -> bytes:
    """The file of a language. Raises SystemExit for what the help pages cannot show."""
    manual = read_manual(SOURCES[language])
    written = msgspec.json.encode(_leave_out_empty(msgspec.to_builtins(manual)))
    return msgspec.json.format(written, indent=1) + b"\n"


def _leave_out_empty(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _leave_out_empty(each) for name, each in value.items() if each}
    return [_leave_out_empty(each) for each in value] if isinstance(value, tuple | list) else value


def read_manual(source: Path) -> Manual:
    """The manual in a file. Raises SystemExit naming the file and what is wrong in it."""
    title = ""
    root = _Part("", "")
    try:
        for block in _list_blocks(_MARKDOWN.parse(source.read_text(encoding="utf-8"))):
            title = _add(root, block) or title
    except ValueError as error:
        raise SystemExit(f"{source.name}: {error}") from None
    return Manual(
        title=title,
        lead=" ".join(block.text for block in root.blocks),
        chapters=tuple(_close_chapter(part) for part in root.sections),
    )


def _list_blocks(tokens: Sequence[Token]) -> Iterator[Sequence[Token]]:
    """The tokens of each paragraph, heading, list and table."""
    start = 0
    for place, token in enumerate(tokens):
        if token.level == 0 and token.nesting <= 0:
            yield tokens[start : place + 1]
            start = place + 1


def _add(root: _Part, block: Sequence[Token]) -> str:
    """Add a block where it belongs. Returns the manual's title, if that is what it is."""
    kind, inline = block[0], block[1] if len(block) > 1 else None
    if kind.type == "html_block":
        raise ValueError(f"HTML is not shown: {kind.content.strip()[:60]}")
    if kind.type == "heading_open" and inline is not None:
        name, words = _take_name(inline)
        if kind.tag == "h1":
            return words
        part = _Part(name or make_name(words), words)
        (root if kind.tag == "h2" else root.sections[-1]).sections.append(part)
        return ""
    chapter = root.sections[-1] if root.sections else root
    if kind.type == "paragraph_open" and inline is not None and root.sections:
        opened = _take_opening(inline)
        if opened is not None:
            chapter.sections.append(opened)
    target = chapter.sections[-1] if chapter.sections else chapter
    if drawn := _draw(block):
        target.blocks.append(drawn)
    return ""


def _take_name(inline: Token) -> tuple[str, str]:
    """The name in a heading's comment, and the heading without it."""
    found = _NAME.search(inline.content)
    words = _NAME.sub("", inline.content)
    return found[1] if found else "", " ".join(words.replace("*", "").replace("`", "").split())


def _take_opening(inline: Token) -> _Part | None:
    """The section that a paragraph begins, when it begins in bold; the bold words are taken out."""
    children = [child for child in inline.children or () if child.content or child.nesting]
    if not children or children[0].type != "strong_open":
        return None
    end = next(place for place, child in enumerate(children) if child.type == "strong_close")
    title = "".join(child.content for child in children[1:end])
    left = children[end + 1 :]
    name = ""
    for child in left[:2]:
        if child.type == "html_inline" and (found := _NAME.fullmatch(child.content)):
            name = found[1]
            left.remove(child)
    while left and left[0].type in ("text", "softbreak"):
        left[0].content = left[0].content.lstrip()
        if left[0].content:
            break
        del left[0]
    inline.children = left
    return _Part(name or make_name(title), title)


def _draw(block: Sequence[Token]) -> Block | None:
    """A block as the pages show it; None for one without content. Raises `ValueError`."""
    for token in block:
        for child in token.children or ():
            _check(child)
    children = block[1].children if len(block) == 3 and block[1].type == "inline" else None
    if children is not None and not children:
        return None
    if children is not None and [child.type for child in children] == ["image"]:
        picture = PurePosixPath(str(children[0].attrs["src"]))
        return Block(picture=picture.stem, shows=children[0].content)
    html: str = _MARKDOWN.renderer.render(list(block), _MARKDOWN.options, {})
    return Block(html=html.strip())


def _check(child: Token) -> None:
    if child.type == "html_inline":
        raise ValueError(f"HTML is not shown: {child.content}")
    if child.type == "link_open" and not str(child.attrs["href"]).startswith("https://"):
        raise ValueError(f"The help pages cannot follow {child.attrs['href']}")


def _close_chapter(part: _Part) -> Chapter:
    opening = [Section(blocks=tuple(part.blocks))] if part.blocks else []
    sections = [
        Section(name=each.name, title=each.title, blocks=tuple(each.blocks))
        for each in part.sections
    ]
    return Chapter(name=part.name, title=part.title, sections=(*opening, *sections))


def make_name(title: str) -> str:
    """A title as a part of an address: ``Hoe stop ik?`` is ``hoe-stop-ik``."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return "-".join(re.findall(r"[a-z0-9]+", plain))


if __name__ == "__main__":
    main()
