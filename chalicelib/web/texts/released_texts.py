"""What is said after held orders were looked at again: how many are free, why others are not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from chalicelib.usecases.operating.releasing import Released
from chalicelib.web.texts.hold_texts import find_hold_text
from chalicelib.web.texts.localisation import msgid
from chalicelib.web.texts.notice_texts import NOTICES, NoticeLine, NoticeText

RELEASED = "released"
MOST_REASONS = 4

_FREE = NoticeText(
    "%(count)s order is released and goes with the next delivery",
    "%(count)s orders are released and go with the next delivery",
)
_NONE_FREE = NoticeText("No order could be released yet", is_good=False)
_ALL_LATER = NoticeText("The orders are looked at again before the next delivery")
_NOTHING = NoticeText("There was nothing left to do")

_FREE_LINES = (
    msgid("%(count)s held order is released and goes with the next delivery."),
    msgid("%(count)s held orders are released and go with the next delivery."),
)
_HELD_LINES = (
    msgid("%(count)s order stays held: %(what)s"),
    msgid("%(count)s orders stay held: %(what)s"),
)
_MORE_LINES = (
    msgid("%(count)s order stays held for another reason; see below."),
    msgid("%(count)s orders stay held for other reasons; see below."),
)
_NOTHING_LINES = (
    msgid("%(count)s order has nothing to book any more and is left out."),
    msgid("%(count)s orders have nothing to book any more and are left out."),
)
_LATER_LINES = (
    msgid("%(count)s order has not been looked at yet; that is done before the next delivery."),
    msgid("%(count)s orders have not been looked at yet; that is done before the next delivery."),
)


def word_notice(kind: str, result: Any) -> NoticeText | None:
    """The notice of that kind, a key of `NOTICES` or `RELEASED`; where something was released, with
    what `Released` as a mapping says of it. None for any other kind.
    """
    if result is None:
        return NOTICES.get(kind)
    released = Released.read(result)
    if kind == RELEASED:
        return word_released(released)
    return add_released(NOTICES[kind], released)


def word_released(released: Released) -> NoticeText:
    """The notice for a button that lets held orders be looked at again."""
    if not released.count:
        return _NOTHING
    unfree = _NONE_FREE if released.held else _ALL_LATER
    title = _FREE if released.free else unfree
    return replace(title, lines=tuple(_list_lines(released)))


def add_released(notice: NoticeText, released: Released) -> NoticeText:
    """A notice of something else, as of saved choices, that freed held orders besides."""
    free = [_choose(_FREE_LINES, released.free)] if released.free else []
    return replace(notice, lines=(*notice.lines, *free, *_list_lines(released)))


def _list_lines(released: Released) -> Iterator[NoticeLine]:
    """What became of the orders that are not free."""
    reasons = sorted(released.held.items(), key=lambda held: (-held[1], held[0]))
    for reason, count in reasons[:MOST_REASONS]:
        yield replace(_choose(_HELD_LINES, count), what=find_hold_text(reason).what)
    if more := sum(count for _, count in reasons[MOST_REASONS:]):
        yield _choose(_MORE_LINES, more)
    if released.nothing:
        yield _choose(_NOTHING_LINES, released.nothing)
    if released.later:
        yield _choose(_LATER_LINES, released.later)


def _choose(texts: tuple[str, str], count: int) -> NoticeLine:
    return NoticeLine(texts[count != 1], count)
