"""The EU's register of VAT numbers, in memory."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from chalicelib.domain.vat_answers import Silence, VatAnswer, VatVerdict


class MemoryRegister:
    """Port `VatRegister`: every number is in use but those `not_in_use`. `silences` come in place
    of answers, one a question; `silent` states (and ``""`` for all) give none at all. Who asks in
    a name gets a consultation number, unless the name is in `strangers`.
    """

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self.clock = clock
        self.not_in_use: set[str] = set()
        self.silent: dict[str, Silence] = {}
        self.silences: list[Silence] = []
        self.strangers: set[str] = set()
        self.asked: list[tuple[str, str]] = []

    def limit_time(self, call_time: float) -> MemoryRegister:
        return self

    def ask(self, number: str, requester: str = "") -> VatAnswer | Silence:
        self.asked.append((number, requester))
        if requester in self.strangers:
            return Silence.REQUESTER
        if self.silences:
            return self.silences.pop(0)
        silence = self.silent.get(number[:2], self.silent.get(""))
        if silence is not None:
            return silence
        return VatAnswer(
            verdict=VatVerdict.INVALID if number in self.not_in_use else VatVerdict.VALID,
            at=self.clock(),
            consultation=f"WAPI{len(self.asked):04d}" if requester else "",
        )

    @property
    def numbers(self) -> list[str]:
        """The numbers that were asked for, in order."""
        return [number for number, _ in self.asked]
