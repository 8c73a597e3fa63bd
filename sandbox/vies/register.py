"""What the stand-in knows of VAT numbers, and who asked for which."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sandbox.serving import Clock
from sandbox.vies.register_faults import RegisterFaults

STATES = frozenset(
    {"AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "EL", "ES", "FI", "FR", "HR", "HU", "IE"}
    | {"IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK", "XI"}
)
"""The member states as VIES writes them: Greece is EL, Northern Ireland XI."""

NOT_IN_USE = ("BE0123456749",)
"""Numbers of a good form that nobody has, from the start: for the examples of the webshop."""

_MOST_KEPT = 500
_LONGEST = 14


@dataclass(frozen=True)
class Question:
    """One question: which number, in whose name (maybe nobody's), and what was answered."""

    at: datetime
    number: str
    requester: str
    answer: str


@dataclass
class Register:
    """The register. A number of a known member state is in use unless `numbers` says otherwise, or
    `others_in_use` does of all that it does not name.
    """

    clock: Clock
    numbers: dict[str, bool] = field(default_factory=lambda: dict.fromkeys(NOT_IN_USE, False))
    others_in_use: bool = True
    questions: list[Question] = field(default_factory=list)
    faults: RegisterFaults = field(default_factory=RegisterFaults)
    lock: threading.Lock = field(default_factory=threading.Lock)
    consultations: int = 0

    def is_in_use(self, number: str) -> bool:
        """Whether a number is in use."""
        with self.lock:
            return self.numbers.get(number, self.others_in_use)

    def switch(self, number: str, in_use: bool | None) -> None:
        """Say of a number whether it is in use; None forgets what was said. Raises ValueError for
        what is no number of a member state.
        """
        number = "".join(sign for sign in number.upper() if sign.isalnum())
        if not is_number(number):
            raise ValueError("A VAT number begins with a member state, such as BE0403019261.")
        with self.lock:
            if in_use is None:
                self.numbers.pop(number, None)
            else:
                self.numbers[number] = in_use

    def note(self, number: str, requester: str, answer: str) -> None:
        """Keep a question, the newest last."""
        with self.lock:
            asked = Question(self.clock(), number, requester, answer)
            self.questions = [*self.questions, asked][-_MOST_KEPT:]

    def make_consultation(self) -> str:
        """A consultation number that nobody else has."""
        with self.lock:
            self.consultations += 1
            return f"WAPIAAAAZ{self.consultations:07d}"

    def reset(self) -> None:
        """As it was at its start."""
        self.faults.clear()
        with self.lock:
            self.numbers = dict.fromkeys(NOT_IN_USE, False)
            self.others_in_use = True
            self.questions = []

    def as_json(self) -> Mapping[str, object]:
        """All of it, for tests."""
        with self.lock:
            return {
                "numbers": dict(self.numbers),
                "others_in_use": self.others_in_use,
                "questions": [
                    {"number": one.number, "requester": one.requester, "answer": one.answer}
                    for one in self.questions
                ],
            }


def is_number(number: str) -> bool:
    """Whether that is a member state and something of a number's form."""
    return number[:2] in STATES and number[2:].isalnum() and 4 < len(number) <= _LONGEST
