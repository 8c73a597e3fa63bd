"""Something that happens while a write of the shops table is under way."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.fakes.web import World


def act_before_write(
    world: World, method: str, deed: Callable[[], Any], *, skip: int = 0
) -> list[Any]:
    """Do something, once, right before a write by that method, or the next one after `skip` of
    them; gives what came of it.
    """
    answers: list[Any] = []
    write = getattr(world.shops, method)
    calls = iter(range(1000))

    def write_later(*args: Any, **kwargs: Any) -> Any:
        if next(calls) == skip:
            answers.append(deed())
        return write(*args, **kwargs)

    setattr(world.shops, method, write_later)
    return answers
