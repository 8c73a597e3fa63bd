"""Which calls go wrong, for what is in memory."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from typing import Protocol


class NamedCall(Protocol):
    """A call as a fake records it."""

    @property
    def name(self) -> str: ...
    @property
    def about(self) -> object: ...


@dataclass(slots=True, kw_only=True)
class CallFault:
    """Calls of these names (of any when there is none), about these things when `about` is given;
    from when `after` of them went well, and only so many `times`.
    """

    names: tuple[str, ...]
    about: Container[object] | None
    after: int
    times: int | None

    def concerns(self, call: NamedCall) -> bool:
        """Whether this call goes wrong; calls that do not are counted off from `after`."""
        if self.names and call.name not in self.names:
            return False
        if self.about is not None and call.about not in self.about:
            return False
        if self.after:
            self.after -= 1
            return False
        if self.times is not None:
            self.times -= 1
        return self.times is None or self.times >= 0
