"""The debtors of one administration, made by import or by API."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sandbox.asperion.imported_orders import DebtorDetails

FIRST_DEBTOR_NUMBER = 1000001
Fields = Mapping[str, object]


@dataclass
class Debtor:
    """A customer with a number of this administration; details are those of the first order.

    `kind` is a kind's description. `fields` holds what only the API knows of, by its names there.
    """

    id: int
    number: str
    details: DebtorDetails
    kind: str
    added_at: datetime
    changed_at: datetime
    fields: Fields = field(default_factory=dict)
    is_blocked: bool = False


class Debtors:
    """All debtors by number. Not locked: the administration does that."""

    def __init__(self) -> None:
        self.by_number: dict[str, Debtor] = {}
        self._last_id = 0
        self._next_number = FIRST_DEBTOR_NUMBER

    def all(self) -> list[Debtor]:
        """All debtors, oldest first."""
        return sorted(self.by_number.values(), key=lambda debtor: debtor.id)

    def get(self, debtor_id: int) -> Debtor | None:
        """One debtor by its id."""
        return next((each for each in self.by_number.values() if each.id == debtor_id), None)

    def find(self, email: str) -> Debtor | None:
        """The oldest debtor of an e-mail address in any capitals, before those that are blocked."""
        key = email.strip().casefold()
        if not key:
            return None
        same = [each for each in self.all() if each.details.email.strip().casefold() == key]
        return min(same, key=lambda debtor: (debtor.is_blocked, debtor.id), default=None)

    def recognise(self, details: DebtorDetails, kind: str, at: datetime) -> Debtor:
        """The debtor of an imported order: known by e-mail address, else made."""
        return self.find(details.email) or self.add(details, kind, at)

    def add(
        self, details: DebtorDetails, kind: str, at: datetime, fields: Fields | None = None
    ) -> Debtor:
        """Make a debtor, with the wanted number unless that is taken."""
        self._last_id += 1
        number = self._choose_number(details.number)
        debtor = Debtor(self._last_id, number, details, kind, at, at, fields or {})
        self.by_number[number] = debtor
        return debtor

    def block(self, debtor_id: int, at: datetime, *, is_blocked: bool = True) -> bool:
        """Block a debtor, or lift that; False if there is none of that id."""
        debtor = self.get(debtor_id)
        if debtor is None:
            return False
        debtor.is_blocked, debtor.changed_at = is_blocked, at
        return True

    def remove(self, debtor: Debtor) -> None:
        """Forget a debtor."""
        del self.by_number[debtor.number]

    def _choose_number(self, wanted: str) -> str:
        if wanted and wanted not in self.by_number:
            return wanted
        while str(self._next_number) in self.by_number:
            self._next_number += 1
        return str(self._next_number)
