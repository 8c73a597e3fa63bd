"""Which of the app's pairs of key and secret SEOshop takes, while there are two."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from chalicelib.errors import ShopUnauthorised
from chalicelib.ports import AppPair

T = TypeVar("T")


class PairsInTurn:
    """The app's pairs in the order in which calls try them: first the one that SEOshop took last,
    so that it does not matter whether SEOshop turned first or the connector. One for all calls of a
    process; `read` gives the pairs as they are now.
    """

    def __init__(self, read: Callable[[], tuple[AppPair, ...]]) -> None:
        self._read = read
        self._taken: AppPair | None = None

    def call(self, call: Callable[[AppPair], T]) -> T:
        """Make a call of SEOshop: with the second pair when the first one's answer is 401, since
        that carries nothing out. `ShopUnauthorised` then says that SEOshop refuses both; other
        errors are those of `call`, or `SettingsError`.
        """
        *others, last = sorted(self._read(), key=lambda pair: pair != self._taken)
        for pair in others:
            with suppress(ShopUnauthorised):
                return self._note_taken(pair, call(pair))
        return self._note_taken(last, call(last))

    def _note_taken(self, pair: AppPair, answer: T) -> T:
        self._taken = pair
        return answer
