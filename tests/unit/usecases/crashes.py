"""A function that is killed right after one of its writes to the ledger or the queue."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from tests.unit.usecases.stage import Stage

WRITES = {
    "entries": ("record_hint", "record"),
    "files": ("create", "record"),
    "shops": ("update", "save", "change", "forget_if", "append_audit", "lease", "release"),
    "queue": ("send",),
}


class Killed(BaseException):
    """The function is killed: no clean-up of ours is of any use."""


class Lifetime:
    """How many writes the function still has to live. Whatever it tries afterwards is in vain."""

    def __init__(self, writes: int) -> None:
        self.left = writes

    @property
    def is_over(self) -> bool:
        """Whether the function was killed."""
        return self.left <= 0

    def count(self, write: Callable[..., Any]) -> Callable[..., Any]:
        """The same write, counted."""

        def counted(*args: Any, **kwargs: Any) -> Any:
            if self.is_over:
                raise Killed
            result = write(*args, **kwargs)
            self.left -= 1
            if self.is_over:
                raise Killed
            return result

        return counted


@contextmanager
def killed_after(stage: Stage, writes: int) -> Iterator[Lifetime]:
    """What is run within is killed right after so many writes, and the test goes on."""
    lifetime = Lifetime(writes)
    tables = {name: getattr(stage.connector, name) for name in WRITES}
    for table, names in WRITES.items():
        for name in names:
            setattr(tables[table], name, lifetime.count(getattr(tables[table], name)))
    try:
        yield lifetime
    except Killed:
        assert lifetime.is_over
    finally:
        for table, names in WRITES.items():
            for name in names:
                delattr(tables[table], name)
