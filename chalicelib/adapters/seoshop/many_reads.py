"""Several calls of SEOshop's API at once: for a run that reads ahead, and where a person waits for
what they tell together.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from chalicelib.errors import ShopError

AT_ONCE = 10
"""Calls under way at once: enough for SEOshop's pace when it answers within half a second, and no
more answers than that wait for whoever takes them in their order."""

R = TypeVar("R")


def read_many(reads: Iterable[Callable[[], R]]) -> Generator[R | ShopError, None, None]:
    """The answers in the order of the calls, or the error in the place of each that failed. While
    one is worked with, at most `AT_ONCE` of those after it are begun. Whoever stops listening stops
    those that are not.
    """
    with ThreadPoolExecutor(AT_ONCE) as pool:
        begun: deque[Future[R | ShopError]] = deque()
        try:
            for read in reads:
                begun.append(pool.submit(_catch, read))
                if len(begun) > AT_ONCE:
                    yield begun.popleft().result()
            while begun:
                yield begun.popleft().result()
        finally:
            pool.shutdown(cancel_futures=True)


def _catch(read: Callable[[], R]) -> R | ShopError:
    try:
        return read()
    except ShopError as error:
        return error
