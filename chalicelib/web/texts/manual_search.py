"""Looks words up in the manual: which sections have them, and how they stand there."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache

from markupsafe import Markup, escape

from chalicelib.lazy_dataclass import dataclass
from chalicelib.web.texts.manual import Chapter, Section

MOST_HITS = 20
_MOST_WORDS = 8
_BEFORE, _AFTER = 90, 170  # characters of context
_WORD = r"\w+"
_SHORT = 3  # letters; shorter words find nothing by themselves
_STEM = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A section that has the words; `title` and `context` have them in ``<mark>``."""

    chapter: Chapter
    section: Section
    title: Markup
    context: Markup


def search_manual(chapters: Iterable[Chapter], query: str) -> tuple[Hit, ...]:
    """The sections that have all words of a query, the best first; when no section has all, those
    that have some; when none has any, those with words that begin alike (``facturen`` and
    ``factuur``). Case and accents make no difference.
    """
    found = dict.fromkeys(re.findall(_WORD, _fold(query)[0]))
    words = [word for word in found if len(word) > 1][:_MOST_WORDS]
    if not words:
        return ()
    sections = [(chapter, section) for chapter in chapters for section in chapter.sections]
    long = [word for word in words if len(word) > _SHORT] or words
    stems = [word[: max(_STEM, len(word) - 3)] for word in long]
    for sought, most_missing in ((words, 0), (long, len(long) - 1), (stems, len(stems) - 1)):
        rated = [
            (_rate(chapter, section, sought, most_missing), chapter, section)
            for chapter, section in sections
        ]
        best = sorted((one for one in rated if one[0]), key=lambda one: -one[0])[:MOST_HITS]
        if best:
            return tuple(_show(chapter, section, sought) for _, chapter, section in best)
    return ()


def _rate(chapter: Chapter, section: Section, words: Sequence[str], most_missing: int) -> int:
    """How well a section answers; 0 for one that lacks more words than it may."""
    title, text = _fold(section.title or chapter.title)[0], _fold(section.text)[0]
    in_title = {word for word in words if _pattern_of(word).search(title)}
    in_text = {word for word in words if _pattern_of(word).search(text)}
    found = in_title | in_text
    if len(words) - len(found) > most_missing:
        return 0
    at_start = sum(f" {word}" in f" {text}" for word in found)
    return 100 * len(found) + 10 * len(in_title) + at_start


@lru_cache(maxsize=256)
def _pattern_of(word: str) -> re.Pattern[str]:
    """A word of a few letters counts only as a whole."""
    return re.compile(rf"\b{word}\b" if len(word) <= _SHORT else word)


def _show(chapter: Chapter, section: Section, words: Sequence[str]) -> Hit:
    title = section.title or chapter.title
    return Hit(
        chapter=chapter,
        section=section,
        title=_mark_words(title, words),
        context=_mark_words(_cut_out(section.text, words), words),
    )


def _cut_out(text: str, words: Sequence[str]) -> str:
    """The words' first place in a text, with what stands around it, cut between words."""
    places = [start for start, _ in _find_words(text, words)]
    middle = places[0] if places else 0
    start, end = max(middle - _BEFORE, 0), middle + _AFTER
    if start:
        start = text.find(" ", start) + 1
    if end < len(text):
        end = max(text.rfind(" ", start, end), middle)
    before, after = ("… " if start else ""), (" …" if end < len(text) else "")
    return f"{before}{text[start:end].strip()}{after}"


def _mark_words(text: str, words: Sequence[str]) -> Markup:
    shown, done = Markup(), 0
    for start, end in _find_words(text, words):
        shown += escape(text[done:start]) + Markup("<mark>{}</mark>").format(text[start:end])
        done = end
    return shown + escape(text[done:])


def _find_words(text: str, words: Sequence[str]) -> list[tuple[int, int]]:
    """Where the words stand in a text: start and end, one after the other, none in another."""
    folded, places = _fold(text)
    sought = "|".join(_pattern_of(word).pattern for word in sorted(words, key=len, reverse=True))
    return [
        (places[found.start()], places[found.end() - 1] + 1)
        for found in re.finditer(sought, folded)
    ]


def _fold(text: str) -> tuple[str, list[int]]:
    """A text without case and accents, and for each of its characters the place in `text`."""
    letters, places = [], []
    for place, letter in enumerate(text):
        for part in unicodedata.normalize("NFKD", letter).casefold():
            if not unicodedata.combining(part):
                letters.append(part)
                places.append(place)
    return "".join(letters), places
