"""The EU's register of VAT numbers, simulated, and the customers whose numbers are in it. It has no
answer for a while; that must lose no order, and book none twice.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random
from typing import Any

from chalicelib.domain.policy import UnansweredNumbers
from chalicelib.domain.vat_answers import Silence, VatAnswer, VatVerdict
from tests.fakes import documents_of_shop
from tests.simulation.machine import Machine, Process

FAULTS = (Silence.SERVICE, Silence.STATE, Silence.REQUESTER)
NUMBERS = ("BE0403019261", "DE136695976", "ATU13585627")


@dataclass(slots=True)
class RegisterServer:
    """The server's side, by chance of its own. `trouble` is how often it has no answer."""

    machine: Machine
    rng: Random
    trouble: float = 0.0

    def choose(self) -> UnansweredNumbers:
        """Be in trouble from now on, more or less. Gives what the merchant chose about that."""
        self.trouble = self.rng.choice((0.0, 0.3, 1.0))
        return self.rng.choice(tuple(UnansweredNumbers))

    def calm_down(self) -> None:
        """Answer always."""
        self.trouble = 0.0

    def draw_business(self, price: int) -> dict[str, Any]:
        """What is special about an order of so many cents, sometimes: a business in another member
        state buys, without VAT.
        """
        if self.rng.random() < 0.75:
            return {}
        number = self.rng.choice(NUMBERS)
        address = replace(documents_of_shop.HOME, country=number[:2], postal_code="10115")
        line = documents_of_shop.order_line(f"{price / 100:.2f}", "0")
        return {
            "company_name": f"Firma {number}",
            "company_vat_number": number,
            "billing": address,
            "shipping": address,
            "lines": (line,),
            "price_excl": line.price_excl,
            "price_incl": line.price_incl,
        }


@dataclass(slots=True)
class SimRegister:
    """Port `VatRegister` as one process sees it."""

    server: RegisterServer
    process: Process

    def limit_time(self, call_time: float) -> SimRegister:
        return self

    def ask(self, number: str, requester: str = "") -> VatAnswer | Silence:
        return self.process.effect("register.ask", self._answer)

    def _answer(self) -> VatAnswer | Silence:
        server = self.server
        if server.rng.random() < server.trouble:
            return server.rng.choice(FAULTS)
        return VatAnswer(verdict=VatVerdict.VALID, at=server.machine.now())
